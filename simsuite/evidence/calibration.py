"""Calibration of the core: at most twelve free parameters, fitted to what `targets.py` names for it.

`python -m simsuite.evidence.calibration` fits again (about ten minutes) and prints values and spreads;
`python -m simsuite.evidence.calibration table` prints the table of `docs/calibration.md` for the present values.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from simsuite.engines.batch import BatchEngine
from simsuite.evidence.targets import CALIBRATION, RATIOS, VALIDATION, Target
from simsuite.run_result import RunResult
from simsuite.scenario.pack import pack
from simsuite.specs.scenario import ScenarioSpec


@dataclass(frozen=True)
class Free:
    """One free parameter: dotted path ("segments.*" means every segment), range, whether it multiplies."""

    path: str
    low: float
    high: float
    start: float
    factor: bool = False


FREE = (
    Free("parameters.race.search_self_service", -5, 0, -2.14),
    Free("parameters.race.cart_self_service", -4, 2, -1.31),
    Free("parameters.race.checkout_self_service", -1, 4, 1.70),
    Free("parameters.race.search_staffed", -4, 2, -1.41),
    Free("parameters.race.cart_staffed", -2, 4, 0.97),
    Free("parameters.race.friction_cart", 0, 4, 0.77),
    Free("parameters.race.friction_checkout", 0, 4, 1.64),
    Free("segments.*.need_rate", 0.3, 3, 1.0, factor=True),
    Free("segments.*.need_rate_shape", 0.1, 2, 0.50),
    Free("segments.*.engagement_intent", 0, 2, 0.22),
    Free("parameters.choice.buy_inspection", 0, 6, 2.20),
    Free("parameters.choice.search_information", 0, 6, 4.28),
)


def with_values(spec: ScenarioSpec, values: Sequence[float]) -> ScenarioSpec:
    """The scenario with the free parameters at these values."""
    data = spec.model_dump()
    for free, value in zip(FREE, values, strict=True):
        *path, name = free.path.split(".")
        for table in _tables(data, path):
            table[name] = table[name] * float(value) if free.factor else float(value)
    return ScenarioSpec.model_validate(data)


def _tables(data: dict, path: list[str]) -> list[dict]:
    tables = [data]
    for step in path:
        tables = [entry for table in tables for entry in (table.values() if step == "*" else (table[step],))]
    return tables


def simulate(spec: ScenarioSpec, replications: int) -> list[RunResult]:
    """Runs of the isolated world, on all cores."""
    packed = pack(spec)

    def one(replication: int) -> RunResult:
        engine = BatchEngine(packed, packed.reference, replication)
        engine.run(packed.days)
        return engine.result()

    with ThreadPoolExecutor() as pool:
        return list(pool.map(one, range(replications)))


def misfit(spec: ScenarioSpec, values: Sequence[float], replications: int,
           targets: Sequence[Target] = CALIBRATION, wanted: Sequence[float] | None = None) -> np.ndarray:
    """Residuals (value - target) / scale of every target, and a weak pull to the start of every parameter.

    The pull (a tenth of a unit of misfit for a quarter of the range) keeps what the
    targets do not identify near where it was judged to be.
    """
    results = simulate(with_values(spec, values), replications)
    wanted = [target.target for target in targets] if wanted is None else wanted
    fit = [(target.measure(results) - goal) / target.scale for target, goal in zip(targets, wanted, strict=True)]
    pull = [0.1 * (value - free.start) / (0.25 * (free.high - free.low)) for free, value in zip(FREE, values, strict=True)]
    return np.nan_to_num(np.array(fit + pull), nan=10.0)


def fit(spec: ScenarioSpec, replications: int = 2, rounds: int = 8, wanted: Sequence[float] | None = None,
        start: Sequence[float] | None = None, report=lambda line: None):
    """Least squares (trust region, finite differences under common random numbers); a scipy result."""
    from scipy.optimize import least_squares

    low, high = np.array([free.low for free in FREE]), np.array([free.high for free in FREE])
    begin = np.array([free.start for free in FREE] if start is None else start, dtype=float)
    calls = [0]

    def residuals(shares: np.ndarray) -> np.ndarray:
        values = low + (high - low) * shares
        found = misfit(spec, values, replications, wanted=wanted)
        calls[0] += 1
        report(f"{calls[0]:4d}  misfit {float(found @ found):9.3f}  " + " ".join(f"{value:.3f}" for value in values))
        return found

    result = least_squares(residuals, (begin - low) / (high - low), bounds=(0.0, 1.0), diff_step=0.02,
                           max_nfev=rounds, x_scale=1.0)
    result["fitted"] = low + (high - low) * result.x
    return result


def identified(result) -> list[tuple[str, float]]:
    """Share of its range by which each parameter can move at one unit of misfit; above 0.5: not identified."""
    information = result.jac.T @ result.jac
    spread = np.sqrt(np.diag(np.linalg.pinv(information)))
    return [(free.path, float(value)) for free, value in zip(FREE, spread, strict=True)]


def table(results: list[RunResult]) -> str:
    """Every target with its value and whether it lies in its band, as Markdown."""
    lines = ["| code | quantity | used for | target | band | value | |", "|---|---|---|---|---|---|---|"]
    for purpose, targets in (("calibration", CALIBRATION), ("calibration, band only", RATIOS), ("validation", VALIDATION)):
        for target in targets:
            value = target.measure(results)
            goal = "" if target.target is None else f"{target.target:g}"
            lines.append(f"| {target.code} | {target.words} | {purpose} | {goal} | {target.low:.3g} to {target.high:.3g} | {value:.3g} "
                         f"| {'pass' if target.passes(value) else '**fail**'} |")
    return "\n".join(lines)


def main() -> None:
    """Fit, or print the table of the present values."""
    from simsuite.scenario import load

    if sys.argv[1:] == ["table"]:
        print(table(simulate(load("flagship_retailer", {"experiment.horizon": 364}).spec, 4)))
        return
    spec = load("flagship_retailer", {"experiment.warm_up": 120, "experiment.horizon": 273}).spec
    result = fit(spec, report=lambda line: print(line, file=sys.stderr, flush=True))
    print(json.dumps({"values": dict(zip([free.path for free in FREE], result["fitted"].tolist(), strict=True)),
                      "misfit": float(2 * result.cost), "spread": identified(result)}, indent=1))


if __name__ == "__main__":
    main()
