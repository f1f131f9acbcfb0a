"""What holds for every test: how Hypothesis searches."""

import os

from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None)  # the same examples for everyone
settings.register_profile("search", deadline=None)  # other examples at every run
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "search"))
