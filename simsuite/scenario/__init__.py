"""From a person's file to numbers: read, complete, check, and know where every value came from."""

from simsuite.scenario.loading import Scenario, load, parse_overrides

__all__ = ["Scenario", "load", "parse_overrides"]
