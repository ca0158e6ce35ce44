"""What a measure is: name, unit, direction, threshold that matters, and a function of a run.

A measure turns a `RunResult` and a `Context` into rows (segment, channel, numerator,
denominator); "all" stands for all segments, or all channels. Its value is
`scale * numerator / denominator`; with fewer than `minimum_observations` in the
denominator it is "not measured" (NaN), never 0 or 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from inspect import cleandoc
from typing import Literal

from simsuite.vocabulary import ALL as ALL

NEEDS, DAYS, END = "needs of the horizon", "days of the horizon", "end of the horizon"  # what a measure looks at
PERIODS = (NEEDS, DAYS, END)
ANYTHING, NOT_NEGATIVE = (-math.inf, math.inf), (0.0, math.inf)


@dataclass(frozen=True)
class Measure:
    """The declaration of one measure.

    name : identifier, e.g. "conversion"
    title : what a person reads, e.g. "Orders per 100 needs"
    unit : "" for plain numbers, "%" for shares, else a word
    base : what is in the denominator, "candidate needs"
    period : needs that arise in the horizon, followed to the end of the run; days of the horizon; or its end
    scale : value = scale * numerator / denominator (100 for shares in percent)
    better : whether more is better, less is better, or neither
    threshold : smallest change that matters, in displayed units; with
        `threshold_is_relative` a share of the reference value
    headline : one of the declared measures that carry simultaneous intervals and a verdict
    bounds : the least and the largest value that is possible, displayed units; default: of what
        is counted in percent 0 and 100, of anything else none
    minimum_observations : below this denominator the value is not measured
    not_comparable : why a difference between strategies is no effect of theirs: they themselves
        change who is in the denominator; empty where it is one
    by_channel : a question about channels: stands channel by channel beside the declared ones
    compute : (RunResult, Context) -> list of rows (segment, channel, numerator, denominator)
    definition : what is counted over what, in words; the docstring of `compute`
    """

    name: str
    title: str
    unit: str
    scale: float
    better: Literal["higher", "lower", "neither"]
    threshold: float
    compute: Callable
    threshold_is_relative: bool = False
    headline: bool = False
    minimum_observations: int = 1
    not_comparable: str = ""
    by_channel: bool = False
    decimals: int = 2
    base: str = ""
    period: str = ""
    definition: str = ""
    bounds: tuple[float, float] | None = None

    def within_what_is_possible(self, reference_value: float, low: float, high: float) -> tuple[float, float]:
        """The range of a change, cut off where the measure would leave its bounds, seen from the reference."""
        least, most = self.bounds or ((0.0, 100.0) if self.unit == "%" else ANYTHING)
        return max(low, least - reference_value), min(high, most - reference_value)

    @property
    def comparable(self) -> bool:
        """Whether a difference between strategies means anything."""
        return not self.not_comparable

    def value(self, numerator: float, denominator: float) -> float:
        """The value in displayed units; NaN with fewer observations than it takes."""
        if denominator < max(self.minimum_observations, 1e-12):
            return float("nan")
        return self.scale * numerator / denominator


REGISTRY: dict[str, Measure] = {}


def measure(**declaration) -> Callable:
    """Decorate a function of a run and its context; registers it, by default under its own name."""

    def register(function: Callable) -> Callable:
        name = declaration.pop("name", function.__name__)
        if name in REGISTRY:
            raise ValueError(f"measure {name!r} is declared twice")
        REGISTRY[name] = Measure(
            name=name, compute=function, definition=cleandoc(function.__doc__ or ""), **declaration
        )
        return function

    return register


def headline_measures() -> list[Measure]:
    """The declared measures that carry a verdict."""
    return [measure for measure in REGISTRY.values() if measure.headline]


def companion_measures() -> list[Measure]:
    """The other measures, which stand beside them."""
    return [measure for measure in REGISTRY.values() if not measure.headline]
