"""Runs made by hand, for these tests."""

from hand_made_runs import context, make_run, value_of, worlds  # noqa: F401
