"""Looking at scenarios: every value with its declaration, and what differs between two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simsuite.errors import UsageError
from simsuite.scenario.delays import acts_otherwise, flow_of, in_words
from simsuite.scenario.fields import declared, leaves
from simsuite.scenario.library import SECTIONS, catalog_file, shown_path
from simsuite.scenario.loading import Scenario
from simsuite.scenario.origin import Origin
from simsuite.scenario.source import read_table
from simsuite.scenario.validate import validate
from simsuite.scenario.words import did_you_mean, shown_name
from simsuite.specs.base import Spec
from simsuite.specs.scenario import ScenarioSpec
from simsuite.specs.strategy import StrategySpec


@dataclass(frozen=True)
class ShownValue:
    """One value of a scenario with its declaration and its place.

    acts_as : what it acts as where that is something else, such as a delay between two days; else empty
    """

    path: str
    value: Any
    unit: str
    source: str
    description: str
    origin: Origin
    acts_as: str = ""


@dataclass(frozen=True)
class Difference:
    """One value that two scenarios or strategies do not share; None: the one has no such value."""

    path: str
    left: Any
    right: Any


def values_of(scenario: Scenario, prefix: str = "") -> list[ShownValue]:
    """Every value at or below a dotted path, in the order of the spec.

    Raises
    ------
    UsageError
        Nothing has this path.
    """
    shown = []
    for path, value in leaves(scenario.spec):
        dotted = ".".join(path)
        if not prefix or f"{dotted}.".startswith(f"{prefix.rstrip('.')}."):
            about = declared(ScenarioSpec, path)
            shown.append(
                ShownValue(
                    dotted,
                    value,
                    about.unit,
                    about.source,
                    about.description,
                    scenario.origins[dotted],
                    _acts_as(path, value),
                )
            )
    if not shown:
        raise UsageError(_unknown_path(scenario, prefix))
    return shown


def _acts_as(path: tuple[str, ...], value: Any) -> str:
    flow = flow_of(path)
    return in_words(flow, value) if flow is not None and acts_otherwise(flow, value) else ""


def _unknown_path(scenario: Scenario, prefix: str) -> str:
    paths = {".".join(path[:length]) for path, _ in leaves(scenario.spec) for length in range(1, len(path) + 1)}
    meant = did_you_mean(prefix, sorted(paths))
    remedy = f"Did you mean '{meant}'?" if meant else f"It begins with one of: {', '.join(ScenarioSpec.model_fields)}."
    return f"{scenario.name} has no value '{shown_name(prefix)}'. {remedy}"


def differences(left: Spec, right: Spec) -> list[Difference]:
    """What differs between two specs of the same kind, and only that.

    A channel, segment, category or strategy that only one of them has is one difference.
    """
    one, other = _by_path(left), _by_path(right)
    found: dict[str, Difference] = {}
    for path in one | other:
        if one.get(path) == other.get(path):
            continue
        entry = path[:2]
        if len(path) > 2 and entry[0] in SECTIONS and _has(one, entry) != _has(other, entry):
            found[".".join(entry)] = Difference(".".join(entry), _presence(one, entry), _presence(other, entry))
        else:
            found[".".join(path)] = Difference(".".join(path), one.get(path), other.get(path))
    return list(found.values())


def _by_path(spec: Spec) -> dict[tuple[str, ...], Any]:
    return dict(leaves(spec))


def _has(values: Mapping[tuple[str, ...], Any], entry: tuple[str, ...]) -> bool:
    return any(path[:2] == entry for path in values)


def _presence(values: Mapping[tuple[str, ...], Any], entry: tuple[str, ...]) -> str | None:
    return "there" if _has(values, entry) else None


def strategy_of(scenario: Scenario, name: str) -> StrategySpec:
    """A strategy of a scenario; UsageError if it has none of this name."""
    strategies = scenario.spec.strategies
    if not isinstance(name, str) or name not in strategies:
        meant = did_you_mean(str(name), strategies)
        remedy = f"Did you mean '{meant}'?" if meant else f"It has: {', '.join(strategies)}."
        raise UsageError(f"{scenario.name} has no strategy '{shown_name(name)}'. {remedy}")
    return strategies[name]


def catalog_strategy(name: str) -> StrategySpec | None:
    """A strategy of the catalog, None if it has none of this name."""
    file = catalog_file("strategies", name)
    return None if file is None else validate(StrategySpec, read_table(file, shown_path(file)))
