"""Calibration of the core: at most twelve free parameters, fitted to what `targets.py` names for it.

python -m simsuite.evidence.calibration first      # fit the first set of parameters again (about ten minutes)
python -m simsuite.evidence.calibration second     # and the second, the third
python -m simsuite.evidence.calibration table      # the table of docs/calibration.md, present values
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from simsuite.engines.batch import BatchEngine
from simsuite.evidence.parameter_sets import SETS, Free, judged, with_values
from simsuite.evidence.targets import CALENDAR_OF_BUYERS, CALIBRATION, FITTED, VALIDATION, Target
from simsuite.machine.rulebook import Rulebook
from simsuite.run_result import RunResult
from simsuite.scenario import load
from simsuite.scenario.pack import pack
from simsuite.specs.scenario import ScenarioSpec

STEP = 0.02  # of a range: for differences that stand in for derivatives
PULL = 0.1  # unit of misfit for a quarter of a range away from the judged value
UNKNOWN = 10.0  # misfit, in units, of a quantity that cannot be measured


@dataclass(frozen=True)
class Fit:
    """A finished calibration.

    free, values : the parameters and what they came to
    spread : share of its range by which each can move at one unit of misfit; above 0.5 it is not identified
    misfit : sum of squared residuals, the pull included
    """

    free: tuple[Free, ...]
    values: np.ndarray
    spread: np.ndarray
    misfit: float

    def identified(self) -> np.ndarray:
        """Which parameters the targets determine."""
        return self.spread < 0.5


def calibrated_world(customers: int, horizon: int = CALENDAR_OF_BUYERS, warm_up: int = 180) -> ScenarioSpec:
    """The flagship world in which targets are measured."""
    return load(
        "flagship_retailer",
        {
            "population.customers": customers,
            "experiment.horizon": horizon,
            "experiment.warm_up": warm_up,
            "parameters.audit.shoppers": 1,
        },
    ).spec


def simulate(spec: ScenarioSpec, replications: Iterable[int], rules: Rulebook | None = None) -> list[RunResult]:
    """Runs of the isolated world with these replications' luck, on all cores."""
    packed = pack(spec)

    def one(replication: int) -> RunResult:
        engine = BatchEngine(packed, packed.reference, replication, rules=rules)
        engine.run(packed.days)
        return engine.finish()

    with ThreadPoolExecutor() as pool:
        return list(pool.map(one, replications))


def measured(results: list[RunResult], targets: Sequence[Target] = FITTED) -> np.ndarray:
    """The value of every target."""
    return np.array([target.measure(results) for target in targets])


def residuals(
    values: Sequence[float], found: np.ndarray, free: Sequence[Free], targets: Sequence[Target], wanted: Sequence[float]
) -> np.ndarray:
    """(value - wanted) / scale of every target, then a weak pull of every parameter to its judged value.

    The pull keeps what the targets do not identify near where it was judged to be.
    """
    scale = np.array([target.scale for target in targets])
    pull = [
        PULL * (value - parameter.judged) / (0.25 * (parameter.high - parameter.low))
        for value, parameter in zip(values, free, strict=True)
    ]
    return np.concatenate([np.nan_to_num((found - np.asarray(wanted)) / scale, nan=UNKNOWN), pull])


def fit(
    spec: ScenarioSpec,
    free: Sequence[Free],
    targets: Sequence[Target] = FITTED,
    wanted: Sequence[float] | None = None,
    start: Sequence[float] | None = None,
    replications: Sequence[int] = (0, 1),
    rounds: int = 8,
    report: Callable[[str], None] = lambda line: None,
) -> Fit:
    """Least squares (trust region; finite differences of STEP under common random numbers).

    Parameters
    ----------
    wanted : what the targets shall come to; by default what is registered
    start : where to begin; by default at the judged values
    rounds : of differences, at most
    """
    from scipy.optimize import least_squares

    low, high = (np.array([getattr(parameter, end) for parameter in free]) for end in ("low", "high"))
    begin = np.array(judged(free) if start is None else start, dtype=float)
    wanted = [target.target for target in targets] if wanted is None else wanted

    def at(shares: np.ndarray) -> np.ndarray:
        values = low + (high - low) * shares
        found = measured(simulate(with_values(spec, free, values), replications), targets)
        return residuals(values, found, free, targets, wanted)

    known: dict[bytes, np.ndarray] = {}

    def function(shares: np.ndarray) -> np.ndarray:
        found = known[shares.tobytes()] = at(shares)
        values = " ".join(f"{value:.3f}" for value in low + (high - low) * shares)
        report(f"misfit {float(found @ found):9.3f}  {values}")
        return found

    def jacobian(shares: np.ndarray) -> np.ndarray:
        here = known[shares.tobytes()]
        steps = np.where(shares + STEP <= 1.0, STEP, -STEP)
        return np.column_stack(
            [(at(shares + step * axis) - here) / step for step, axis in zip(steps, np.eye(len(shares)), strict=True)]
        )

    result = least_squares(function, (begin - low) / (high - low), jacobian, bounds=(0.0, 1.0), max_nfev=rounds)
    spread = np.sqrt(np.diag(np.linalg.pinv(result.jac.T @ result.jac)))
    return Fit(tuple(free), low + (high - low) * result.x, spread, float(2.0 * result.cost))


def table(results: list[RunResult]) -> str:
    """Every registered quantity with its value and whether it lies in its band, as Markdown."""
    lines = ["| code | quantity | used for | target | value | band | |", "|---|---|---|---|---|---|---|"]
    for purpose, targets in (("calibration", CALIBRATION), ("validation", VALIDATION)):
        for target in targets:
            goal = "" if target.target is None else f"{target.target:g}"
            verdict = "pass" if target.passes(target.judge(results)) else "**fail**"
            lines.append(
                f"| {target.code} | {target.words} | {purpose} | {goal} | {target.measure(results):.3g} "
                f"| {_band(target, results)} | {verdict} |"
            )
    return "\n".join(lines)


def _band(target: Target, results: list[RunResult]) -> str:
    """The band in words, with the judged quantity where it is another one."""
    if target.low == target.high:
        band = f"{target.low:g}"
    elif target.strict:
        band = f"above {target.low:g}" if target.high == float("inf") else f"below {target.high:g}"
    else:
        band = f"{target.low:.3g} to {target.high:.3g}"
    return f"{target.judged_words} {band}: {target.judge(results):.3g}" if target.judged else band


def to_stderr(line: str) -> None:
    """Progress of a fit, for a person."""
    print(line, file=sys.stderr, flush=True)


def main() -> None:
    """Fit a set, or print the table of the present values."""
    if sys.argv[1:] == ["table"]:
        print(table(simulate(calibrated_world(20_000), range(4))))
        return
    if len(sys.argv) != 2 or sys.argv[1] not in SETS:
        sys.exit(f"usage: python -m simsuite.evidence.calibration table|{'|'.join(SETS)}")
    found = fit(calibrated_world(10_000), SETS[sys.argv[1]], report=to_stderr)
    print(
        json.dumps(
            {
                "misfit": found.misfit,
                "parameters": {
                    parameter.name: {"value": round(float(value), 4), "spread": round(float(spread), 3)}
                    for parameter, value, spread in zip(found.free, found.values, found.spread, strict=True)
                },
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
