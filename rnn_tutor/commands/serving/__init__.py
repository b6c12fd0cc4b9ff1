"""`rnn-tutor serve`: the tutor in a browser, for those without a terminal.

Each visitor has a kiosk of their own, on a pseudo-terminal; the browser draws what the kiosk writes and sends keys. So
nothing in the tutor knows of browsers: its driver, its bounds and what a kiosk closes are those of a shared account.
"""
