"""How many examples a property is tried on: few, or many with `--hypothesis-profile=long` (see `make test-long`)."""

from hypothesis import settings

settings.register_profile("quick", max_examples=40, deadline=None)  # a busy machine is late for any deadline
settings.register_profile("long", max_examples=2_000, deadline=None)
settings.load_profile("quick")  # the option, where it is given, is read after this file
