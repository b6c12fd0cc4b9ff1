"""`python -m rnn_tutor`."""

import sys

from rnn_tutor.cli import main

sys.exit(main())
