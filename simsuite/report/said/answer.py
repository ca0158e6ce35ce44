"""The answer to a comparison in plain words, for the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simsuite.arguments import in_words_of
from simsuite.experiment.comparison import Comparison
from simsuite.experiment.statistics import (
    BETTER,
    CANNOT_TELL,
    IDENTICAL,
    NO_DIFFERENCE,
    NOT_MEASURED,
    WORSE,
)
from simsuite.report.said import labels
from simsuite.report.said.beside import lines_of, reading, remarks
from simsuite.report.said.certainty import how_sure, until_enough, what_matters, without_range
from simsuite.report.said.findings import Pair, pairs_of
from simsuite.report.said.terminal import add_row, drawn, filled, grid, narrow
from simsuite.report.said.told_apart import told_apart
from simsuite.scenario.renamed import renamed
from simsuite.scenario.words import counted

if TYPE_CHECKING:
    import pandas

    from simsuite.scenario import Scenario

Tables = Mapping[str, "pandas.DataFrame"]
STYLES = {BETTER: "bold green", WORSE: "bold red", CANNOT_TELL: "yellow"}
MOST_COLUMNS = 4  # strategies side by side in "what differs"
MOST_ROWS = 15  # values of files that differ; more are read better in a diff of two


def findings(
    scenario: Scenario,
    comparison: Comparison,
    tables: Tables,
    *,
    waterfall: pandas.DataFrame | None = None,
    color: bool = False,
    others: Mapping[str, Scenario] | None = None,
) -> str:
    """What a comparison says, at most 80 columns wide.

    Parameters
    ----------
    scenario : of the reference
    comparison : the declared measures
    tables : of all runs, by name; used: saved_from (absent where there are no twins)
    waterfall : see `experiment.decompose.waterfall_table`; may have a column strategy, without
        one it belongs to the first compared strategy
    color : with codes for a terminal
    others : scenarios of arms that are files of their own, by name of the arm
    """
    blocks = [
        verdict_in_words(scenario, comparison),
        filled(what_was_run(scenario, comparison, tables, others)),
        "",
        _differs(scenario, comparison, color, others),
    ]
    for pair in pairs_of(scenario, comparison, tables, waterfall):
        blocks += [_measures(scenario, comparison, pair.strategy, color), *_sources(pair), ""]
    blocks += [filled(reading(comparison))] if reading(comparison) else []
    blocks += [filled(text)] if (text := without_range(comparison.table)) else []
    blocks += [filled(until_enough(scenario, comparison))] if comparison.table["run_more"].notna().any() else []
    blocks += [filled(labels.bases(comparison.table.to_dict("records"), scenario.spec))]
    blocks += [filled(f"A change matters from: {matters}.")] if (matters := what_matters(scenario, comparison)) else []
    blocks.append(filled(how_sure(scenario, comparison)))
    return "\n".join(blocks)


def for_json(
    scenario: Scenario,
    comparison: Comparison,
    tables: Tables,
    *,
    waterfall: pandas.DataFrame | None = None,
    others: Mapping[str, Scenario] | None = None,
) -> dict[str, Any]:
    """The same answer as plain data; what was not measured is None."""
    names = (comparison.reference, *comparison.strategies)
    found = {
        "scenario": scenario.name,
        "digest": scenario.digest,
        "switched_off": list(scenario.switched_off),
        "set": scenario.set_values,
        "answer": verdict_in_words(scenario, comparison),
        "reference": comparison.reference,
        "strategies": list(comparison.strategies),
        "level": comparison.level,
        "period": period_as_data(scenario),
        "interval_covers": how_sure(scenario, comparison),
        "reading": reading(comparison),
        "renamed": renamed([others[name] for name in names if name in others]) if others else "",
        "differs": [
            {"what": label, **dict(zip(names, texts, strict=True))}
            for label, texts in labels.what_differs(scenario, names, others)
        ],
        "measures": _records(comparison.table),
        "companions": _records(comparison.companions),
        "remarks": {name: remarks(comparison, name) for name in comparison.strategies},
    }
    pairs = pairs_of(scenario, comparison, tables, waterfall)
    found["net_orders_per_1000_needs"] = {
        pair.strategy: {row["title"]: row["net"] for row in pair.sources} for pair in pairs
    }
    found["net_orders_likely"] = {
        pair.strategy: {row["title"]: [_plain(row["low"]), _plain(row["high"])] for row in pair.sources}
        for pair in pairs
    }
    found["elements"] = {pair.strategy: _records(pair.waterfall) for pair in pairs if pair.waterfall is not None}
    return found


def period_as_data(scenario: Scenario) -> dict[str, Any]:
    """Of which days the figures are, and of how many customers."""
    days = scenario.spec.experiment
    return {
        "warm_up_days": days.warm_up,
        "horizon_days": days.horizon,
        "cool_down_days": days.cool_down,
        "customers": scenario.spec.population.customers,
        "words": labels.period(scenario.spec),
    }


def _records(table: pandas.DataFrame) -> list[dict[str, Any]]:
    rows = table.astype(object).to_dict("records")
    return [{key: _plain(value) for key, value in row.items()} for row in rows]


def _plain(value: Any) -> Any:
    if labels.is_missing(value):
        return None
    return value.item() if hasattr(value, "item") else value


def verdict_in_words(scenario: Scenario, comparison: Comparison) -> str:
    """The first sentence; with several compared strategies one line for each."""
    if len(comparison.strategies) == 1:
        return filled(sentence_of(scenario, comparison, comparison.strategies[0]))
    titles = labels.labels_of(scenario)
    lines = [f"Compared with {labels.within(titles.strategy(comparison.reference))}:"]
    for strategy in comparison.strategies:
        lines.append(filled(f"{titles.strategy(strategy)}: {standing_of(comparison, strategy)}.", indent="  "))
    return "\n".join(lines)


def sentence_of(scenario: Scenario, comparison: Comparison, strategy: str) -> str:
    """One strategy against the reference, as a whole sentence."""
    titles, verdicts = labels.labels_of(scenario), _verdicts(comparison, strategy)
    title, reference = (
        titles.strategy(strategy),
        labels.within(titles.strategy(comparison.reference)),
    )
    verb = "are" if _is_plural(title) else "is"
    better, worse = verdicts.count(BETTER), verdicts.count(WORSE)
    if better or worse:
        kind, rest = ("better", better) if better else ("worse", worse)
        also = f" and worse on {worse}" if better and worse else ""
        return f"{title} {verb} {kind} than {reference} on {_of(rest, verdicts)}{also}."
    if verdicts and set(verdicts) == {IDENTICAL}:
        return f"{title} {verb} identical to {reference}: every run is the same to the last bit."
    if verdicts and set(verdicts) <= {NO_DIFFERENCE, IDENTICAL}:
        return (
            f"{title} {'make' if verb == 'are' else 'makes'} no difference that matters, "
            f"compared with {reference}, on {_of(len(verdicts), verdicts)}."
        )
    if CANNOT_TELL in verdicts:
        same = verdicts.count(NO_DIFFERENCE) + verdicts.count(IDENTICAL)
        also = f" No difference that matters on {_of(same, verdicts)}." if same else ""
        return f"It cannot be told yet whether {labels.within(title)} {verb} better than {reference}.{also}"
    return f"Nothing could be measured of {labels.within(title)} against {reference}."


def standing_of(comparison: Comparison, strategy: str) -> str:
    """The same without subject, for a list."""
    verdicts = _verdicts(comparison, strategy)
    kinds = [
        (BETTER, "better on {}"),
        (WORSE, "worse on {}"),
        (NO_DIFFERENCE, "no difference that matters on {}"),
        (IDENTICAL, "identical on {}"),
        (CANNOT_TELL, "cannot tell yet on {}"),
    ]
    parts = [form.format(verdicts.count(kind)) for kind, form in kinds if kind in verdicts]
    return f"{', '.join(parts)} of {counted(len(verdicts), 'measure')}" if parts else "nothing could be measured"


def _of(count: int, verdicts: list[str]) -> str:
    if count == len(verdicts):
        return "the one measure" if count == 1 else f"all {count} measures"
    return f"{count} of {len(verdicts)} measures"


def _is_plural(title: str) -> bool:
    head = title.split(",")[0].lower()
    return head.endswith("s") and not head.endswith("ss")


def _verdicts(comparison: Comparison, strategy: str) -> list[str]:
    """Verdicts of everything that was measured."""
    table = comparison.table
    said = table[table["strategy"] == strategy]["verdict"].tolist()
    return [verdict for verdict in said if verdict != NOT_MEASURED]


def what_was_run(
    scenario: Scenario, comparison: Comparison, tables: Tables, others: Mapping[str, Scenario] | None = None
) -> str:
    """How many runs, of whom, for how long; of files, under which strategy each."""
    spec = scenario.spec
    replications = int(comparison.table["replications"].max())
    people = counted(spec.population.customers, "customer")
    with_twins = set(tables["twins"]["strategy"]) if "twins" in tables else set()
    strangers = [name for name in comparison.strategies if name not in with_twins]
    if not strangers:
        who = f"the same {people}"
    elif len(strangers) == len(comparison.strategies):
        who = f"{people}, other people in each world: no twins"
    else:
        titles = labels.labels_of(scenario)
        who = f"{people}; other people, so no twins, in: {', '.join(map(titles.strategy, strangers))}"
    days = spec.experiment
    how = "switched on day 0" if days.design == "switch_over" else "each with a warm-up of its own"
    off = labels.switched_off(scenario)
    return f"{counted(replications, 'paired run')}, {who}, {how}, {labels.period(spec)}. {_under(comparison, others)}{off}".rstrip()


def _under(comparison: Comparison, others: Mapping[str, Scenario] | None) -> str:
    """Where files are compared: which is the reference, and under which strategy each."""
    if not others:
        return ""
    specs = {name: others[name].spec for name in (comparison.reference, *comparison.strategies) if name in others}
    found = {
        name: next(iter(spec.strategies)) if len(spec.strategies) == 1 else spec.experiment.reference
        for name, spec in specs.items()
    }
    names = renamed([others[name] for name in specs])
    titled = [f"{name} ({spec.title})" for name, spec in specs.items() if spec.title]
    files = f"Files: {', '.join(titled)}. " if titled else ""
    other = in_words_of("--reference", "reference=")
    first = f"{files}The reference is {comparison.reference}: the first file unless {other} names another. "
    if len(set(found.values())) == 1:
        under = f"All under the strategy {next(iter(found.values()))} (another: {in_words_of('--strategy NAME', 'strategies=[NAME]')}). "
    else:
        under = f"Strategies: {', '.join(f'{name} under {strategy}' for name, strategy in found.items())}. "
    return f"{first}{under}{names + ' ' if names else ''}"


def _differs(scenario: Scenario, comparison: Comparison, color: bool, others: Mapping[str, Scenario] | None) -> str:
    """What the strategies do differently, in columns while they fit."""
    names = (comparison.reference, *comparison.strategies)
    titles = labels.labels_of(scenario)
    rows = labels.what_differs(scenario, names, others)
    if not rows and (others or set(names) <= set(scenario.spec.strategies)):
        return "What differs  nothing\n"
    if not rows or len(rows) > MOST_ROWS and others:
        return "".join(f"What differs  simsuite diff {names[0]} {name}\n" for name in names[1:])
    if len(names) > MOST_COLUMNS:
        lines = ["What differs from " + labels.within(titles.strategy(names[0]))]
        for name in names[1:]:
            found = [label for label, _ in labels.what_differs(scenario, (names[0], name), others)]
            lines.append(filled(f"{titles.strategy(name)}: {', '.join(found) or 'nothing'}.", indent="  "))
        return "\n".join(lines) + "\n"
    table = grid("What differs", *(titles.strategy(name) for name in names))
    for label, texts in rows:
        add_row(table, [label, *texts])
    return drawn(table, color)


def _measures(scenario: Scenario, comparison: Comparison, strategy: str, color: bool) -> str:
    """The table with the verdicts of one strategy."""
    from rich.text import Text

    titles = labels.labels_of(scenario)
    table = grid("Measure")
    table.columns[0].overflow = "fold"  # beside wide numbers a long word is broken, not cut
    for heading in (
        titles.strategy(comparison.reference),
        titles.strategy(strategy),
        "change",
        "likely range",
    ):
        table.add_column(narrow(heading), justify="right", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    for row in lines_of(comparison, strategy):
        table.add_row(
            labels.measure_title(row, scenario.spec.currency),
            labels.level(row, "reference_value"),
            labels.level(row, "value"),
            labels.change(row),
            narrow(labels.likely_range(row), 18),
            Text(narrow(labels.verdict(row), 15), style=STYLES.get(row["verdict"], "")),
        )
    return drawn(table, color)


def _sources(pair: Pair) -> list[str]:
    """What hides in the table, where the gained orders come from, and what the change is made of."""
    lines = [filled(remark) for remark in remarks(pair.comparison, pair.strategy)]
    lines += [filled(net_sales(pair))] if pair.sources else []
    lines += [filled(_elements(pair.waterfall))] if pair.waterfall is not None else []
    return [line for line in lines if line]


def _elements(parts: pandas.DataFrame) -> str:
    """What the change is made of: the largest of the elements that are told apart from luck."""
    total = parts["contribution"].sum()
    if not total:
        return ""
    told = parts[[told_apart(*ends) for ends in zip(parts["low"], parts["high"], strict=True)]]
    ordered = told.sort_values("contribution", key=abs, ascending=False, kind="stable")
    said = [
        f"{row['element']} {labels.number(row['contribution'], 2, signed=True)}" for row in ordered.to_dict("records")
    ]
    runs = f" in {parts['replications'].iloc[0]} runs of their own" if "replications" in parts else ""
    return (
        f"Element by element{runs}, of {labels.number(total, 2, signed=True)} orders per 100 needs: "
        f"{', '.join(said[:3]) or 'none is told apart from luck'}"
    )


def net_sales(pair: Pair) -> str:
    """The change in orders and the largest clear parts of it; a sale forfeited counts against its cause."""
    net, low, high = pair.saved_in_all
    figures = f"{labels.number(net, 1, signed=True)} per 1,000 needs"
    if labels.is_missing(low):
        return f"Sales saved less forfeited: {figures}, with too few runs, or all alike, to tell it from none."
    between = f"likely {labels.interval(low, high, 1)}"
    if not told_apart(low, high):
        return f"Sales saved less forfeited: {figures}, {between}: not told apart from none."
    largest = [row for row in pair.sources if row["clear"] and row["net"] * net > 0][:3]
    parts = [f"{row['title']} {labels.number(row['net'], 1, signed=True)}" for row in largest]
    what, where = ("gained", "from") if net > 0 else ("lost", "to")
    most = 2.0 * abs(sum(row["net"] for row in largest)) >= abs(net)
    told = f"{'mostly ' if most else 'clearly '}{where}: {', '.join(parts)}"
    told = told if parts else "no single cause told apart from luck"
    return f"Sales {what}, net (saved less forfeited): {figures} ({between}), {told}"
