"""The command line. Its clock begins with it, before any library is there."""

from simsuite.cli import clock as clock
