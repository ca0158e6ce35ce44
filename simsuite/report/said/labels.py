"""Names and numbers as tables and figures show them: titles, causes, what strategies do."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simsuite.experiment import statistics
from simsuite.metrics.measure import DAYS, END, NEEDS, PERIODS, REGISTRY
from simsuite.metrics.run_tables import AT_HOME
from simsuite.scenario import titles
from simsuite.scenario.delays import acts_otherwise, in_words
from simsuite.scenario.fields import leaves, plain_number
from simsuite.scenario.library import CODED
from simsuite.scenario.titles import from_code
from simsuite.scenario.words import counted
from simsuite.specs.base import code_of
from simsuite.specs.strategy import FlowSpec, StrategySpec
from simsuite.vocabulary import Cause, Flow, Outcome

if TYPE_CHECKING:
    import pandas

    from simsuite.scenario import Scenario
    from simsuite.specs.scenario import ScenarioSpec

TINY = 1e-12  # below it a change is 0
MORE_DECIMALS = 4  # at most, beyond those of a measure
NO_BREAK = "\N{NO-BREAK SPACE}"
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=%|(?:pt|min|h|days?|weeks?|[A-Z]{3})\b)")
PROSE = (
    "title",
    "question",
    "story",
    "look_at",
    "surprise",
    "sources",
)  # differs, but changes no run


@dataclass(frozen=True)
class Labels:
    """Titles by code; a code without one is read as words."""

    strategies: Mapping[str, str]
    channels: Mapping[str, str]
    segments: Mapping[str, str]

    def strategy(self, name: str) -> str:
        return self.strategies.get(name) or from_code(name)

    def channel(self, name: str) -> str:
        if name == AT_HOME:
            return titles.AT_HOME
        return self.channels.get(name) or from_code(name)

    def segment(self, name: str) -> str:
        return self.segments.get(name) or from_code(name)


def labels_of(scenario: Scenario) -> Labels:
    """The titles that a scenario, or one that is compared with it, gives to strategies, channels and segments; none of a kind twice."""
    spec, files = scenario.spec, [*(other.spec for other in scenario.beside), scenario.spec]
    return Labels(
        titles.titles_by_name(spec.strategies),
        titles.titles_by_code(*(each.channels for each in files), taken=(titles.AT_HOME,)),
        titles.titles_by_code(*(each.segments for each in files)),
    )


def within(title: str) -> str:
    """A title in the middle of a sentence: its first letter small, unless it is an abbreviation."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def cause(name: str, outcome: str = "GAVE_UP") -> str:
    """Why a need was not ordered, in words; where no cause is booked, its outcome."""
    if name in Cause.__members__:
        return Cause[name].words.label
    return Outcome[outcome].words.label if outcome in Outcome.__members__ else from_code(name).lower()


def switched_off(scenario: Scenario) -> str:
    """'Switched off: statements.'; empty where nothing is."""
    return f"Switched off: {', '.join(scenario.switched_off)}." if scenario.switched_off else ""


def period(spec: ScenarioSpec) -> str:
    """Of which days figures are: 'needs of 180 days after a warm-up of 180, followed for 60 more'."""
    days = spec.experiment
    warm_up = f" after a warm-up of {days.warm_up}" if days.warm_up else ""
    followed = f", followed for {days.cool_down} more" if days.cool_down else ""
    return f"needs of {counted(days.horizon, 'day')}{warm_up}{followed}"


def bases(rows: Sequence[Mapping], spec: ScenarioSpec, one_period: bool = True) -> str:
    """What each measure is a share or a mean of, and over which time, in a sentence or two.

    rows : of a comparison or a run, with the name of a measure each
    one_period : whether all rows are of the days of this scenario; else each has its own
    """
    found = [REGISTRY[row["measure"]] for row in rows if row["measure"] in REGISTRY]
    told: dict[str, dict[str, list[str]]] = {}
    for each in dict.fromkeys(found):
        title = within(each.title.removeprefix("- "))
        told.setdefault(each.period, {}).setdefault(each.base, []).append(title)
    parts = {
        when: "; ".join(f"{listed(list(dict.fromkeys(titles)))}: {base}" for base, titles in by_base.items())
        for when, by_base in told.items()
    }
    days = spec.experiment.horizon
    heads = {
        NEEDS: f"Of what, for {period(spec)}",
        DAYS: f"On the {counted(days, 'day')} {'itself' if days == 1 else 'themselves'}",
        END: f"At the end of the {counted(days, 'day')}",
    }
    if not one_period:
        heads = {NEEDS: "Of what, for the needs of each period", DAYS: "On the days of each", END: "At the end of each"}
    return " ".join(f"{heads[when]}: {parts[when]}." for when in PERIODS if when in parts)


def listed(texts: Sequence[str]) -> str:
    """'a, b and c'"""
    return " and ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def together(text: str, blank: str = NO_BREAK) -> str:
    """The text with `blank` between a number and its unit, so that no line is broken there."""
    return _BEFORE_UNIT.sub(blank, text)


def number(value: float, decimals: int, signed: bool = False) -> str:
    """'1,234.5', '+0.3', '-0.30'; '-' where nothing was measured; never '-0.0'."""
    if math.isnan(value):
        return "-"
    text = f"{value:{'+' if signed else ''},.{decimals}f}"
    return text if any(digit in text for digit in "123456789") else text.lstrip("+-")


def decimals_of(measure: str, unit: str) -> int:
    """Decimals of a measure: as declared, one less in percent."""
    declared = REGISTRY[measure].decimals if measure in REGISTRY else 2
    return max(declared - (unit == "%"), 0)


def decimals_needed(row: Mapping) -> int:
    """Decimals of a change, its range and its threshold: those of the measure, and more until what is printed says the same.

    The rounded figures give the verdict of the exact ones, however finely the threshold is written, and each end of the range
    has the sign of the exact end, except where nothing that matters lies between them.
    """
    declared = decimals_of(row["measure"], row["unit"])
    if math.isnan(row["low"]):
        return declared
    figures = [row[name] if abs(row[name]) > TINY else 0.0 for name in ("change", "low", "high")]
    threshold, most = row.get("threshold", math.nan), declared + MORE_DECIMALS

    def said(numbers: Sequence[float], smallest: float) -> str | tuple:
        _, low, high = numbers
        found = statistics.verdict(*numbers, smallest, "higher")
        return found if found == statistics.NO_DIFFERENCE else (found, low > 0, low < 0, high > 0, high < 0)

    def agrees(decimals: int) -> bool:
        rounded = [round(figure, decimals) for figure in figures]
        written = [round(threshold, _places(threshold, finer)) for finer in range(decimals, most + 1)]
        return all(said(rounded, smallest) == said(figures, threshold) for smallest in written)

    return next((decimals for decimals in range(declared, most + 1) if agrees(decimals)), declared)


def definition(measure: str) -> str:
    """What a measure counts, with other measures by their titles."""

    def titled(name: re.Match) -> str:
        return (
            f"\N{LEFT DOUBLE QUOTATION MARK}{REGISTRY[name[1]].title}\N{RIGHT DOUBLE QUOTATION MARK}"
            if name[1] in REGISTRY
            else name[1]
        )

    return re.sub(r"`([^`]+)`", titled, REGISTRY[measure].definition)


def level(row: Mapping, column: str) -> str:
    """A value in a row of a comparison, '71.0 %'."""
    text = number(row[column], decimals_of(row["measure"], row["unit"]))
    return f"{text} {row['unit']}" if row["unit"] in ("%", "min") and text != "-" else text


def change(row: Mapping) -> str:
    """The change in a row of a comparison, '-1.9 pt'."""
    text = number(row["change"], decimals_needed(row), signed=True)
    unit = {"%": " pt", "min": " min"}.get(row["unit"], "")
    return text if text == "-" else text + unit


def likely_range(row: Mapping) -> str:
    """'0.4 to 0.6', in the unit of the change; with signs where 0 lies within."""
    if math.isnan(row["low"]):
        return "-"
    decimals = decimals_needed(row)
    signed = round(row["low"], decimals) < 0 < round(row["high"], decimals)
    low, high = (number(row[end], decimals, signed) for end in ("low", "high"))
    return f"{low} to {high}"


def interval(low: float, high: float, decimals: int) -> str:
    """'0.4 to 0.6'; '-' where nothing was measured."""
    if low != low:
        return "-"
    signed = low < 0 < high
    return f"{number(low, decimals, signed)} to {number(high, decimals, signed)}"


def measure_title(row: Mapping, currency: str) -> str:
    """Title of the measure of a row, with the currency where it is money."""
    return f"{row['title']} ({currency})" if row["unit"] == "money" else row["title"]


def thresholds(rows: Sequence[Mapping], currency: str) -> str:
    """From where a change matters: 'orders per 100 needs 0.1, margin per customer 0.005 to 0.05 EUR'; each measure once.

    rows : of a comparison; what was not measured is left out
    """
    found: dict[str, list[Mapping]] = {}
    for row in rows:
        if not math.isnan(row["threshold"]):
            found.setdefault(row["title"], []).append(row)
    return ", ".join(f"{within(title)} {threshold(measured, currency)}" for title, measured in found.items())


def threshold(rows: Sequence[Mapping], currency: str) -> str:
    """The smallest change of a measure that matters, '0.5 pt', '0.1 EUR'; from the least to the largest where rows differ."""
    unit, decimals = rows[0]["unit"], max(map(decimals_needed, rows))
    ends = [_smallest(end(row["threshold"] for row in rows), decimals) for end in (min, max)]
    return " to ".join(dict.fromkeys(ends)) + {"%": " pt", "min": " min", "money": f" {currency}"}.get(unit, "")


def _smallest(value: float, decimals: int) -> str:
    """'0.5'; below the last of the decimals with one significant digit, '0.0003'."""
    text = number(value, _places(value, decimals))
    return text.rstrip("0").rstrip(".") if "." in text else text


def _places(threshold: float, decimals: int) -> int:
    """With how many decimals a threshold is written: at least one digit of it."""
    return -math.floor(math.log10(threshold)) if 0 < threshold < 10**-decimals else decimals


def is_missing(value: object) -> bool:
    """Whether a cell of a data frame is empty: None, NaN or the missing value of pandas."""
    return value is None or type(value).__name__ == "NAType" or value != value


def verdict(row: Mapping) -> str:
    """'better', 'cannot tell yet (run about 60 more)'; the number rounded up to two digits, as it is known no better.

    Where the range excludes no change, only how large it is is open: 'worse, cannot tell yet if it matters'.
    """
    said = f"{direction(row)}, {row['verdict']} if it matters" if only_size_is_open(row) else row["verdict"]
    if is_missing(row["run_more"]):
        return said
    more = int(row["run_more"])
    last = 10 ** max(len(str(more)) - 2, 0)
    return f"{said} (run about {plain_number(-(-more // last) * last)} more)"


def direction(row: Mapping) -> str:
    """Which way a change goes: better or worse; higher or lower where neither is better."""
    return statistics.direction(row["change"], row["better"])


def only_size_is_open(rows: Mapping | pandas.DataFrame) -> bool | pandas.Series:
    """Whether the likely range of a change that cannot be told yet excludes zero: of one row, or of each row of a table."""
    return (rows["verdict"] == statistics.CANNOT_TELL) & ((rows["low"] > 0) | (rows["high"] < 0))


def what_differs(
    scenario: Scenario, names: Sequence[str], others: Mapping[str, Scenario] | None = None
) -> list[tuple[str, list[str]]]:
    """What arms do differently, and only that: a label, and words for each arm.

    Parameters
    ----------
    scenario : of the reference
    names : of the arms; strategies of the scenario, unless files are compared
    others : the scenarios of arms that are files of their own, by name; without them nothing
        is told of arms that are no strategies of the scenario
    """
    if not others and not set(names) <= set(scenario.spec.strategies):
        return []
    if not others:
        facets = [_facets(scenario.spec.strategies[name]) for name in names]
        rows = [(label, [facet[label] for facet in facets]) for label in facets[0]]
    else:
        specs = [others.get(name, scenario).spec for name in names]
        values = [
            {
                _path_of_arm(path, spec): value
                for path, value in leaves(spec)
                if path[0] not in CODED or path[2] != "code"
            }
            for spec in specs
        ]
        paths = [path for path in {path: None for entry in values for path in entry} if path not in PROSE]
        rows = [(path, [_shown(entry.get(path)) for entry in values]) for path in paths]
    return [(label, texts) for label, texts in rows if len(set(texts)) > 1]


def _path_of_arm(path: Sequence[str], spec: ScenarioSpec) -> str:
    """A dotted path, by codes; of a spec with one strategy its name is left out, so that two stand side by side."""
    if path[0] == "strategies" and len(spec.strategies) == 1:
        return ".".join(("strategy", *path[2:]))
    if path[:2] == ("population", "segments"):
        named = {2: spec.segments}
    elif path[0] == "check":
        named = {1: spec.channels}
    elif path[0] in CODED:
        named = {1: getattr(spec, path[0])} | ({3: spec.channels} if path[2:3] == ("tastes",) else {})
    else:
        named = {}
    steps = [code_of(step, named[place][step]) if place in named else step for place, step in enumerate(path)]
    return ".".join(steps)


def _shown(value: object) -> str:
    from simsuite.scenario.written import toml_value

    return "-" if value is None else toml_value(value)


def _facets(strategy: StrategySpec) -> dict[str, str]:
    """Everything that a strategy says, by label."""
    flows = type(strategy.flows).model_fields
    facets = {name: _flow(Flow[name.upper()], getattr(strategy.flows, name)) for name in flows}
    authority = strategy.authority
    for name in ("price", "promotion"):
        facets[f"who sets {name}"] = "one for all" if getattr(authority, name) == "central" else "each channel"
    facets["level of the one price"] = _level_of(authority.price_level) if authority.price == "central" else "-"
    for name, can in strategy.capabilities:
        facets[name.replace("_", " ")] = "yes" if can else "no"
    told = strategy.announcement
    facets["announced"] = (
        f"to {_percent(told.reach)}, strength {told.strength:g}, level {told.level:g}"
        if told.reach and told.strength
        else "no"
    )
    return facets


MOST_REGIONS = 5  # that are named one by one


def _level_of(said: str | float) -> str:
    """Where one price for all lies: 'mean of the channels', 'list', '5 % below list'."""
    if isinstance(said, str):
        return {"mean": "mean of the channels", "list": "list", "lowest": "the lowest of the channels"}[said]
    return "list" if said == 0 else f"{_percent(abs(said))} {'above' if said > 0 else 'below'} list"


def _flow(kind: Flow, flow: FlowSpec) -> str:
    if not flow.coverage:
        return "off"
    days = "day" if flow.delay == 1 else "days"
    acting = f" (acts as {in_words(kind, flow.delay)})" if acts_otherwise(kind, flow.delay) else ""
    parts = [_percent(flow.coverage), f"after {flow.delay:g} {days}{acting}" if flow.delay else "at once"]
    if flow.error:
        parts.append(f"{_percent(flow.error)} wrong")
    if flow.channels is not None:
        parts.append(f"only {listed(flow.channels)}")
    if flow.regions is not None:
        few = len(flow.regions) <= MOST_REGIONS
        named = f"{'region' if len(flow.regions) == 1 else 'regions'} {listed(list(map(str, flow.regions)))}"
        parts.append(named if few else f"{len(flow.regions)} regions, {min(flow.regions)} to {max(flow.regions)}")
    return ", ".join(parts)


def _percent(share: float) -> str:
    return f"{100 * share:g} %"
