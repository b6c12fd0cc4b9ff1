"""`python -m rnn_tutor`."""

import sys

from rnn_tutor.cli import main

if __name__ == "__main__":  # the processes that `check` starts read this module too
    sys.exit(main())
