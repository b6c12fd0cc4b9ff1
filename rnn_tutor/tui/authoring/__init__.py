"""`rnn-tutor author`: the learner's screens on a file that is being written, and what is to be said of it."""
