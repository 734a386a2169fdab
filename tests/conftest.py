"""Settings of every test."""

from hypothesis import settings

# The first call of a kernel may compile it, which no deadline of one example allows for. Failures reproduce: the same
# examples every run.
settings.register_profile("suite", deadline=None, derandomize=True)
settings.load_profile("suite")
