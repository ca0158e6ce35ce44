"""Do differences of conversion between channels come from who goes there? People are sent to channels by lot.

A pattern that comes from selection shrinks when nobody selects (P2, "how it could fail"; F21).

    python -m simsuite.evidence.random_assignment
"""

from __future__ import annotations

from simsuite.evidence.calibration import calibrated_world, simulate
from simsuite.evidence.targets import ORDER, ratio, session_conversion
from simsuite.rules import replace
from simsuite.rules.choice import UNREACHABLE, is_open
from simsuite.rules.luck import draw
from simsuite.run_result import RunResult
from simsuite.specs.scenario import ScenarioSpec
from simsuite.vocabulary import Decision

GAPS = {
    "store / desktop": ratio(session_conversion("store"), session_conversion("desktop_web")),
    "app / mobile web": ratio(session_conversion("app"), session_conversion("mobile_web")),
    "desktop / mobile web": ratio(session_conversion("desktop_web"), session_conversion("mobile_web")),
    "marketplace / desktop": ratio(session_conversion("marketplace"), session_conversion("desktop_web")),
}


def choose_channel(customer, visit, occasion, world):
    """In place of the choice: by lot among the channels that are open and that she can reach; -1 if there is none."""
    chosen = -1
    lowest = 2.0
    for index in range(len(world.channels)):
        if visit.utilities[index] > UNREACHABLE and is_open(world.channels[index], world.now.daypart):
            u = draw(world.luck, customer.number, occasion, Decision.CHOICE, world.channels[index].code)
            if u < lowest:
                lowest = u
                chosen = index
    return chosen


def reached_by_all(spec: ScenarioSpec) -> ScenarioSpec:
    """The scenario in which everybody has every channel, the app too."""
    data = spec.model_dump()
    for channel in data["channels"].values():
        channel["reach_share"] = 1.0
        channel["reach_engagement"] = 0.0
    return ScenarioSpec.model_validate(data)


def worlds(spec: ScenarioSpec, replications: range) -> dict[str, list[RunResult]]:
    """The same people choosing by themselves, sent by lot to channels they have, and to any channel."""
    by_lot = replace(choose_channel=choose_channel)
    return {
        "own choice": simulate(spec, replications),
        "by lot, among her channels": simulate(spec, replications, by_lot),
        "by lot, everybody has all channels": simulate(reached_by_all(spec), replications, by_lot),
    }


def table(results: dict[str, list[RunResult]]) -> str:
    """Conversion per visit of every channel and the gaps between them, as Markdown."""
    lines = [f"| | {' | '.join(results)} |", "|---" * (len(results) + 1) + "|"]
    rows = {channel.replace("_", " "): session_conversion(channel) for channel in ORDER} | GAPS
    for words, measure in rows.items():
        lines.append(f"| {words} | {' | '.join(f'{measure(runs):.3g}' for runs in results.values())} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table for the present values."""
    print(table(worlds(calibrated_world(10_000), range(4))))


if __name__ == "__main__":
    main()
