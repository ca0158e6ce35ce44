"""Does a fit find parameters that are known? Targets are made at known values, with luck that the fit never sees.

python -m simsuite.evidence.recovery first|second|third      # as long as a fit
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from simsuite.evidence.calibration import Fit, calibrated_world, fit, measured, simulate, to_stderr
from simsuite.evidence.parameter_sets import SETS, Free, values_of, with_values
from simsuite.evidence.targets import FITTED, Target
from simsuite.specs.scenario import ScenarioSpec

OTHER_LUCK = (100, 101)  # replications of the targets; fits use 0 and 1


@dataclass(frozen=True)
class Recovery:
    """A fit to targets that were made at `truth`."""

    truth: np.ndarray
    found: Fit

    def distance(self) -> np.ndarray:
        """How far each parameter was missed, as a share of its range."""
        width = np.array([parameter.high - parameter.low for parameter in self.found.free])
        return np.abs(self.found.values - self.truth) / width

    def recovered(self) -> np.ndarray:
        """Which parameters lie within their stated spread."""
        return self.distance() <= self.found.spread


def recover(
    spec: ScenarioSpec,
    free: Sequence[Free],
    truth: Sequence[float],
    targets: Sequence[Target] = FITTED,
    start: Sequence[float] | None = None,
    rounds: int = 8,
    report: Callable[[str], None] = lambda line: None,
) -> Recovery:
    """Make targets at `truth` under other luck, then fit from `start` (by default the judged values)."""
    wanted = measured(simulate(with_values(spec, free, truth), OTHER_LUCK), targets)
    return Recovery(np.array(truth, dtype=float), fit(spec, free, targets, wanted, start, rounds=rounds, report=report))


def table(recovery: Recovery) -> str:
    """True and found value of every parameter, as Markdown."""
    lines = ["| parameter | true | found | missed by, share of range | spread | |", "|---|---|---|---|---|---|"]
    found = recovery.found
    rows = zip(
        found.free, recovery.truth, found.values, recovery.distance(), found.spread, recovery.recovered(), strict=True
    )
    for parameter, true, value, missed, spread, hit in rows:
        verdict = ("recovered" if hit else "**missed**") if spread < 0.5 else "not identified"
        lines.append(f"| {parameter.name} | {true:.2f} | {value:.2f} | {missed:.2f} | {spread:.2f} | {verdict} |")
    return "\n".join(lines)


def main() -> None:
    """Recover the present values of a set."""
    if len(sys.argv) != 2 or sys.argv[1] not in SETS:
        sys.exit(f"usage: python -m simsuite.evidence.recovery {'|'.join(SETS)}")
    free = SETS[sys.argv[1]]
    spec = calibrated_world(10_000)
    print(table(recover(spec, free, values_of(spec, free), report=to_stderr)))


if __name__ == "__main__":
    main()
