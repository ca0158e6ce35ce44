"""What all tests share: few examples in property tests, no deadline, the same ones every time."""

import signal

import pytest
from hypothesis import settings

settings.register_profile("simsuite", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("simsuite")


@pytest.fixture(scope="session", autouse=True)
def ctrl_c_interrupts():
    """A shell that starts the tests in the background has them, and what they start, ignore Ctrl-C."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
