"""What two files, or a file and what it said before, call otherwise: who loses the old code is dealt anew, and that is said."""

from __future__ import annotations

from collections.abc import Sequence

from simsuite.scenario.library import CODED
from simsuite.scenario.loading import Scenario
from simsuite.specs.base import code_of


def _in_use(scenario: Scenario, section: str) -> dict[str, str]:
    """Names by code of the channels, or of the segments or categories that anybody or any need is of."""
    spec = scenario.spec
    entries = getattr(spec, section)
    shares = {
        "segments": spec.population.segments,
        "categories": {name: category.need_share for name, category in spec.categories.items()},
    }.get(section, dict.fromkeys(entries, 1.0))
    return {code_of(name, entries[name]): name for name, share in shares.items() if share}


def renamed(scenarios: Sequence[Scenario]) -> str:
    """Where one of two files lacks a segment, channel or category and has another instead: how to keep the old code."""
    first, told = scenarios[0], []
    for other in scenarios[1:]:
        for section in CODED:
            old, new = (_in_use(each, section) for each in (first, other))
            gone, came = [code for code in old if code not in new], [new[code] for code in new if code not in old]
            if gone and came:
                told.append(
                    f"{other.name} has the {section} {', '.join(came)} where {first.name} has {', '.join(gone)}, and luck deals "
                    f'them anew. If one is another under a new name, let it keep the old code: code = "{gone[0]}" in '
                    f"[{section}.{came[0]}]."
                )
    return " ".join(told)
