"""How many examples a property is tried on: few, or many with `--hypothesis-profile=long` (see `make test-long`).

CI tries the same examples each time, so that what it says of a change is about that change; others are tried here.
"""

import os

from hypothesis import settings

SAME = bool(os.environ.get("CI"))
settings.register_profile("quick", max_examples=40, deadline=None, derandomize=SAME)  # a busy machine is late for any
settings.register_profile("long", max_examples=500, deadline=None, derandomize=SAME)
settings.load_profile("quick")  # the option, where it is given, is read after this file
