"""Vary one value: an arm per value, the curve of every measure against the reference."""

from __future__ import annotations

import hashlib
import json
import math
import re
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from simsuite.cli import clock
from simsuite.cli.story_and_export import as_data, compared_strategy
from simsuite.errors import ScenarioWarning, UsageError
from simsuite.experiment.comparison import WHAT_THE_INTERVAL_COVERS, compare
from simsuite.experiment.manifest import write_manifest
from simsuite.experiment.plan import Experiment, paired_replications, said_once
from simsuite.experiment.results import Results
from simsuite.experiment.simulate import arm_of_file, arms_of
from simsuite.experiment.store import ResultsStore
from simsuite.metrics.measure import headline_measures
from simsuite.report.said import labels
from simsuite.report.said.answer import period_as_data
from simsuite.report.said.certainty import without_range
from simsuite.report.said.terminal import columns, filled
from simsuite.report.summary import manifest_of
from simsuite.scenario import Scenario
from simsuite.scenario.delays import acts_otherwise, days_in_words, flow_of, in_words
from simsuite.scenario.ineffective import AT_REST, kept_at_rest
from simsuite.scenario.origin import Given
from simsuite.scenario.pack import Rows, StrategyTables, pack
from simsuite.scenario.words import counted
from simsuite.specs.base import Spec
from simsuite.specs.channel import ChannelSpec
from simsuite.specs.parameters import Parameters
from simsuite.specs.scenario import ScenarioSpec
from simsuite.specs.strategy import AnnouncementSpec, FlowSpec, StrategySpec

if TYPE_CHECKING:
    import pandas

MOST_POINTS = 101
NEARLY = 1e-9  # of the end of a range: numbers with decimals add up that well
WIDEST_VERDICT = 38  # with a value and its range beside it, a line of 80 columns
_NUMBER = r"\s*([-+]?(?:\d{1,15}\.?\d*|\.\d+)(?:[eE][-+]?\d{1,2})?)\s*"
_RANGE = re.compile(rf"^\s*([\w.]+)\s*={_NUMBER}:{_NUMBER}:{_NUMBER}$")


@dataclass(frozen=True)
class Sweep:
    """What is varied, over which values, and the experiment behind it; `over`: as it was asked for."""

    over: str
    path: str
    values: tuple[float, ...]
    experiment: Experiment
    of_the_world: bool

    @property
    def against(self) -> str:
        """What the change is against, in words."""
        scenario = self.experiment.scenario
        reference = labels.within(labels.labels_of(scenario).strategy(scenario.spec.experiment.reference))
        return f"{reference} at the same value" if self.of_the_world else reference


def plan_sweep(
    scenario: Scenario, at: Callable[[str, float], Scenario], over: str, strategy: str | None, replications: int | None
) -> Sweep:
    """One arm per value. A path that begins with flows, authority, capabilities or announcement means the compared strategy.

    A value of the world, such as parameters.choice.inertia, or of the reference holds for both arms:
    the curve then shows how the difference between them depends on it.

    Parameters
    ----------
    at : the scenario with another value at a dotted path
    over : PATH=FROM:TO:STEP
    strategy : the one that is varied; None: the one that the path names, else the first that is not the reference
    replications : None: the scenario's

    Raises
    ------
    UsageError : also if the values make no difference in any run, such as those of a mechanism that is switched off, of
        experiment.replications, or of a strategy that is neither the reference nor the compared one
    ScenarioError
    """
    path, values = _path_and_values(over)
    if path == "experiment.seed":
        raise UsageError(
            f"--over {over}: another seed is other luck, over which replications are averaged already. Say --replications for "
            "more of it, or --seed for others."
        )
    section, _, rest = path.partition(".")
    named, reference = rest.partition(".")[0], scenario.spec.experiment.reference
    if strategy is None and section == "strategies" and named in scenario.spec.strategies and named != reference:
        strategy = named
    compared = compared_strategy(scenario, strategy)
    if path.split(".")[0] in ("flows", "authority", "capabilities", "announcement"):
        path = f"strategies.{compared}.{path}"
    said_once("replications", replications, "experiment.replications", scenario.set_values)
    if path in scenario.set_values:
        warnings.warn(f"--set {path} acts on nothing: --over varies it.", ScenarioWarning, stacklevel=2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenarioWarning)  # what an end of the range leaves without effect is meant
        varied = {value: replace(at(path, value), name=name_at(scenario.name, value)) for value in values}
    of_the_world = not path.startswith("strategies.") or any(
        each.spec.strategies[reference] != scenario.spec.strategies[reference] for each in varied.values()
    )
    if len(values) > 1 and len({_start_digest(each, reference, compared) for each in varied.values()}) == 1:
        off = "".join(f" --without {name} holds values where they do nothing." for name in scenario.switched_off)
        pair = f", which compares {compared} with {reference}" if path.startswith("strategies.") else ""
        why = _what_is_off(scenario, path) or _said_in_vain(varied.values(), path)
        raise UsageError(
            f"--over {path}: its values change nothing that happens in a run of {scenario.name}{pair}.{why}{off}"
        )
    others: dict[str, Scenario] = {}
    arms = [] if of_the_world else [arms_of(scenario.spec)[0]]
    for value, each in varied.items():
        names = {beside(value): reference} if of_the_world else {}
        for name, own in {**names, label(value): compared}.items():
            others[name] = each
            arms.append(arm_of_file(name, each.spec, own))
    experiment = Experiment(
        f"{scenario.name}_sweep_{path.replace('.', '_')}",
        scenario,
        arms,
        scenario.spec.experiment.replications if replications is None else paired_replications(replications),
        others=others,
    )
    if note := not_reached(over, values):
        warnings.warn(note, ScenarioWarning, stacklevel=2)
    return Sweep(over, path, values, experiment, of_the_world)


def _start_digest(scenario: Scenario, *strategies: str) -> str:
    """Digest of the tables that runs of these strategies start from, but for what acts in none of them, and the seed."""
    spec = scenario.spec
    acting = {
        "channels": {name: _channel_that_acts(channel) for name, channel in spec.channels.items()},
        "strategies": {name: _what_acts(spec.strategies[name]) for name in strategies},
    }
    tables = replace(pack(spec.model_copy(update=acting)), seed=0)
    return hashlib.sha256(json.dumps(vars(tables), default=_as_plain).encode()).hexdigest()


def _as_plain(table: Rows | StrategyTables | Parameters) -> dict[str, Any]:
    """A table of a packed scenario as JSON can hold it; of its columns the digests."""
    if isinstance(table, Rows):
        return {name: hashlib.sha256(column.tobytes()).hexdigest() for name, column in table.columns.items()}
    return table.model_dump(mode="json") if isinstance(table, Parameters) else vars(table)


def _channel_that_acts(channel: ChannelSpec) -> ChannelSpec:
    """A channel without the values that others of its values keep from acting."""
    resting = [value for value in AT_REST if kept_at_rest(channel, value)]
    return channel.model_copy(update={value: ChannelSpec.model_fields[value].default for value in resting})


def _what_acts(strategy: StrategySpec) -> StrategySpec:
    """A strategy without what nobody looks at: the level of one price where there is none, flows and news that are off."""
    changes: dict[str, Spec] = {
        "flows": strategy.flows.model_copy(
            update={name: FlowSpec() for name, flow in strategy.flows if not flow.coverage}
        )
    }
    if strategy.authority.price != "central":
        changes["authority"] = strategy.authority.model_copy(update={"price_level": "mean"})
    if not (strategy.announcement.reach and strategy.announcement.strength):
        changes["announcement"] = AnnouncementSpec()
    return strategy.model_copy(update=changes)


def _what_is_off(scenario: Scenario, path: str) -> str:
    """Why a value of a flow or an announcement changes nothing: it reaches nobody; empty for others."""
    section, name, part, *rest = [*path.split("."), "", ""]
    strategy = scenario.spec.strategies.get(name) if section == "strategies" else None
    if strategy and part == "flows":
        flow = getattr(strategy.flows, rest[0], None)
        return f" The flow {rest[0]} is off in {name}: coverage = 0." if flow and not flow.coverage else ""
    if strategy and part == "announcement":
        off = [each for each in ("reach", "strength") if each != rest[0] and not getattr(strategy.announcement, each)]
        return f" The announcement is off in {name}: {off[0]} = 0." if off else ""
    return ""


def _said_in_vain(scenarios: Iterable[Scenario], path: str) -> str:
    """What a scenario with one of the values warns of: why it has no effect; empty where it warns of nothing."""
    table, _, name = path.rpartition(".")
    told = [problem.message for each in scenarios for problem in each.warnings]
    return next((f" {text}" for text in told if text.startswith(f"[{table}] {name} ") and "has no effect" in text), "")


def _path_and_values(over: str) -> tuple[str, tuple[float, ...]]:
    """What PATH=FROM:TO:STEP means."""
    match = _RANGE.match(over)
    if not match:
        raise UsageError(f"--over {over!r}: write PATH=FROM:TO:STEP, such as flows.identity.coverage=0:1:0.1.")
    start, stop, step = _numbers(match)
    if stop < start:
        raise UsageError(f"--over {over!r}: FROM, {start:g}, is above TO, {stop:g}. Name the smaller one first.")
    if step <= 0 or (stop - start) / step > MOST_POINTS:
        raise UsageError(f"--over {over!r}: FROM to TO in at most {MOST_POINTS} steps above zero.")
    return match.group(1), tuple(
        round(start + step * place, 12) for place in range(int((stop - start) / step + 1e-9) + 1)
    )


def _numbers(match: re.Match) -> list[float]:
    """FROM, TO and STEP."""
    return [float(text) for text in match.groups()[1:]]


def not_reached(over: str, values: Sequence[float]) -> str:
    """That the steps end before TO, and with which they would not; empty if they reach it."""
    start, stop, step = _numbers(_RANGE.match(over))
    if abs(values[-1] - stop) <= NEARLY * max(1.0, abs(stop)):
        return ""
    said = f"The values end at {values[-1]:.12g}: steps of {step:.12g} from {start:.12g} do not reach {stop:.12g}."
    even = ((stop - start) / count for count in range(len(values), MOST_POINTS))
    fitting = next((size for size in even if math.isclose(size, float(f"{size:.3g}"))), None)
    return said if fitting is None else f"{said} Steps of {fitting:.3g} do."


def acting(path: str, values: Sequence[float]) -> str:
    """Which values of a delay act as another one; empty where each acts as it is said."""
    flow = flow_of(tuple(path.split(".")))
    told = [value for value in values if flow is not None and acts_otherwise(flow, value)]
    return (
        f"Acts as: {', '.join(f'{days_in_words(value)} as {in_words(flow, value)}' for value in told)}." if told else ""
    )


def override(path: str, value: float) -> dict[str, Given]:
    """A value of a sweep as an option of a scenario; whole numbers stay whole."""
    return {path: Given(int(value) if value.is_integer() else value, f"--over {path}, value {value:.12g}")}


def name_at(name: str, value: float) -> str:
    """Name of a scenario with this value, under which the results folder keeps it."""
    return f"{name}_{value:.12g}"


def label(value: float) -> str:
    """Name of the arm with this value."""
    return f"= {value:.12g}"


def beside(value: float) -> str:
    """Name of the reference arm with this value."""
    return f"reference {label(value)}"


def curve(plan: Sweep, results: Results) -> pandas.DataFrame:
    """The comparison with the varied value as a column."""
    import pandas as pd

    if not plan.of_the_world:
        table = results.table.copy()
        table.insert(0, "at", table["strategy"].map({label(value): value for value in plan.values}))
        return table.drop(columns="strategy")
    level, pieces = plan.experiment.scenario.spec.experiment.level, []
    for value in plan.values:
        pair = results.measures[results.measures["strategy"].isin([beside(value), label(value)])]
        table = compare(pair, beside(value), headline_measures(), level, runs=results.tables["runs"]).table
        table.insert(0, "at", value)
        pieces.append(table.drop(columns="strategy"))
    return pd.concat(pieces, ignore_index=True)


def write_sweep(
    plan: Sweep,
    results: Results,
    store: ResultsStore,
    command: Sequence[str],
    last_command: Sequence[str],
    as_json: bool,
) -> str:
    """Write curve.csv, curve.svg and manifest.json; the curve in words, or as data.

    store, command, last_command : as in `manifest_of`
    """
    from simsuite.report.drawn.curves import sweep_svg

    table, folder = curve(plan, results), results.folder
    store.write("curve.csv", table.to_csv(index=False).encode())
    drawn = sweep_svg(table, plan.path, plan.against, plan.experiment.scenario.spec.currency)
    store.write("curve.svg", drawn.encode())
    write_manifest(store, manifest_of(replace(results, seconds=clock.seconds()), store, command, last_command))
    if as_json:
        spec = plan.experiment.scenario.spec
        return as_data(
            plan.experiment.scenario,
            **_periods(plan),
            over=plan.path,
            values=plan.values,
            notes=_notes(plan),
            reference=spec.experiment.reference,
            strategy=plan.experiment.arms[1].strategy,
            replications=_replications(results),
            curve=table,
        )
    return "\n".join(
        [
            *_head(plan, results),
            "",
            *_lines(table, plan),
            "",
            *_foot(table, plan),
            f"Curve    {folder / 'curve.svg'}",
            f"Values   {folder / 'curve.csv'}",
        ]
    )


def _periods(plan: Sweep) -> dict[str, Any]:
    """Where the values are other customers or days, those of each value instead of one for all."""
    each = [period_as_data(plan.experiment.others[label(value)]) for value in plan.values]
    return {} if all(one == each[0] for one in each) else {"period": None, "periods": each}


def _replications(results: Results) -> int:
    return len({run.replication for run in results.runs})


def _head(plan: Sweep, results: Results) -> list[str]:
    """What is shown, from how many runs, and what was switched off in them."""
    off, (first, *_, last) = labels.switched_off(plan.experiment.scenario), _specs(plan)
    few, many = sorted(each.population.customers for each in (first, last))
    customers = counted(many, "customer") if few == many else f"{few:,} to {counted(many, 'customer')}"
    period = labels.period(first)
    if period != labels.period(last):
        period = f"from {period}, to {labels.period(last)}"
    of_whom = f"{customers}, {period}"
    return [
        filled(f"Change against {plan.against}, for every value of {plan.path}."),
        filled(f"{counted(_replications(results), 'paired run')} at each value, {of_whom}. {off}".rstrip()),
        *(filled(note) for note in _notes(plan)),
    ]


def _specs(plan: Sweep) -> list[ScenarioSpec]:
    """What runs at each value, in the order of the values, twice where there is one value."""
    specs = [plan.experiment.others[label(value)].spec for value in plan.values]
    return specs * 2 if len(specs) == 1 else specs


def _notes(plan: Sweep) -> list[str]:
    """What the values are not: up to the end that was named, or each a delay of its own."""
    return [note for note in (not_reached(plan.over, plan.values), acting(plan.path, plan.values)) if note]


def _lines(table: pandas.DataFrame, plan: Sweep) -> list[str]:
    """A block for every measure, with a line for every value."""
    rows = table.to_dict("records")
    verdicts = [_two_lines(labels.verdict(row)) for row in rows]
    cells = [
        [f"{row['at']:g}", labels.change(row), labels.likely_range(row), said]
        for row, (said, _) in zip(rows, verdicts, strict=True)
    ]
    heading, *lines = columns([plan.path.rpartition(".")[2], "change", "likely range", "verdict"], cells, left=(3,))
    blocks: dict[str, list[str]] = {}
    for row, line, (said, more) in zip(rows, lines, verdicts, strict=True):
        block = blocks.setdefault(labels.measure_title(row, plan.experiment.scenario.spec.currency), [])
        block += [f"  {line}", *([f"  {' ' * line.index(said)}{more}"] if more else [])]
    return [f"  {heading}", *(line for title, block in blocks.items() for line in (title, *block))]


def _two_lines(verdict: str) -> tuple[str, str]:
    """A verdict that would not fit beside the figures, with what is in brackets on a line of its own."""
    said, bracket, more = verdict.partition(" (")
    return (verdict, "") if len(verdict) <= WIDEST_VERDICT else (said, bracket.strip() + more)


def _foot(table: pandas.DataFrame, plan: Sweep) -> list[str]:
    """From where a change matters, and what the intervals cover."""
    spec = plan.experiment.scenario.spec
    together = "all measures of a value together" if plan.of_the_world else "all measures and values together"
    bare = without_range(table)
    return [
        *([filled(bare)] if bare else []),
        filled(
            labels.bases(table.to_dict("records"), spec, one_period=len(set(map(labels.period, _specs(plan)))) == 1)
        ),
        filled(f"A change matters from: {labels.thresholds(table.to_dict('records'), spec.currency)}."),
        filled(
            WHAT_THE_INTERVAL_COVERS.replace("range", f"range ({100 * spec.experiment.level:g} % for {together})", 1)
        ),
    ]
