"""What is a pass worth? Share of the registered quantities in their bands at parameters drawn from their ranges.

python -m simsuite.evidence.random_parameters first|second|third
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np

from simsuite.evidence.calibration import calibrated_world, simulate
from simsuite.evidence.parameter_sets import SETS, Free, with_values
from simsuite.evidence.targets import CALIBRATION, VALIDATION
from simsuite.specs.scenario import ScenarioSpec

QUANTITIES = (*CALIBRATION, *VALIDATION)


def passes(spec: ScenarioSpec, replications: Sequence[int]) -> np.ndarray:
    """Which registered quantities lie in their bands; those that cannot be measured do not."""
    results = simulate(spec, replications)
    return np.array([target.passes(target.judge(results)) for target in QUANTITIES])


def at_random(spec: ScenarioSpec, free: Sequence[Free], draws: int, seed: int = 0) -> np.ndarray:
    """Passes [draw, quantity] at values uniform over the ranges; every draw has its own luck."""
    generator = np.random.default_rng(seed)
    low, high = (np.array([getattr(parameter, end) for parameter in free]) for end in ("low", "high"))
    return np.array(
        [
            passes(with_values(spec, free, low + (high - low) * generator.random(len(free))), (draw,))
            for draw in range(draws)
        ]
    )


def table(found: np.ndarray) -> str:
    """Share of draws in which each quantity passes, then the share of quantities that pass, as Markdown."""
    lines = ["| code | quantity | passes at random |", "|---|---|---|"]
    lines += [
        f"| {target.code} | {target.judged_words or target.words} | {share:.0%} |"
        for target, share in zip(QUANTITIES, found.mean(axis=0), strict=True)
    ]
    for words, part in (("calibration", found[:, : len(CALIBRATION)]), ("validation", found[:, len(CALIBRATION) :])):
        count = part.sum(axis=1)
        summary = f"all {part.shape[1]} for {words}: mean {count.mean():.1f}, most {count.max()}"
        lines.append(f"| | {summary} | {part.mean():.0%} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table of 40 draws."""
    if len(sys.argv) != 2 or sys.argv[1] not in SETS:
        sys.exit(f"usage: python -m simsuite.evidence.random_parameters {'|'.join(SETS)}")
    print(table(at_random(calibrated_world(3_000), SETS[sys.argv[1]], 40)))


if __name__ == "__main__":
    main()
