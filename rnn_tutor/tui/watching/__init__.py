"""`rnn-tutor class watch`: a class as it works, on the lecturer's screen."""
