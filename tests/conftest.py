"""What all tests share: few examples in property tests, no deadline, the same ones every time."""

from hypothesis import settings

settings.register_profile("simsuite", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("simsuite")
