"""The report: one HTML file that needs no network and no script, the answer first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsuite.experiment.comparison import WHAT_THE_INTERVAL_COVERS, Comparison
from simsuite.experiment.explanations import NOTHING_EXPLAINED, Explanations
from simsuite.metrics.measure import REGISTRY
from simsuite.report.drawn.drawing import Draw, one_style, svgs
from simsuite.report.page.explained import pair_plates, removal_plates
from simsuite.report.page.html_tables import companions_html, strategy_html, table_html, won_html
from simsuite.report.page.plates import (
    MOST_CHAPTERS,
    Plate,
    how_sure_plates,
    overview_plate,
    plates_of,
    ways_to_say_why,
    with_bodies,
)
from simsuite.report.said import labels
from simsuite.report.said.answer import sentence_of, standing_of, what_was_run
from simsuite.report.said.beside import contradictions, reading, reasons_of, remarks
from simsuite.report.said.certainty import how_sure
from simsuite.report.said.facts import assumptions, firm_and_model
from simsuite.report.said.findings import Pair, pairs_of
from simsuite.report.said.sources import codes_in, explained

if TYPE_CHECKING:
    import pandas

    from simsuite.lives.story import Story
    from simsuite.scenario import Scenario
    from simsuite.scenario.views import ShownValue

NOT_MODELED = (
    "Newsletters, reminders, coupons sent after a visit, and advertising",
    "Service cases, returns and repairs after the purchase",
    "Word of mouth between customers",
    "Loyalty points, and customers who leave for good",
    "Competitors that react; they only wait one tap away",
    "Waiting lines beyond one staffed desk",
    "What the integration itself costs, and staff: the margin does not hold them",
    "A step-by-step rollout, and staff who have to learn new systems",
    "Coordination and process, two of the four parts of consistency",
)
NOT_ASKED = (
    "coupons (no shopper carries one, also not the member who is logged in)",
    "delivery dates and fees",
    "advice, service cases and returns",
    "whether channels send customers to each other (coordination), and whether service and waits are alike (process)",
)


@one_style()
def render_report(
    scenario: Scenario,
    comparison: Comparison,
    tables: Mapping[str, pandas.DataFrame],
    provenance: Mapping[str, Any],
    story: Story | None = None,
    explanations: Explanations = NOTHING_EXPLAINED,
    without_story: str = "",
    others: Mapping[str, Scenario] | None = None,
    draw: Draw = svgs,
) -> str:
    """The report page of a comparison; same input, same text.

    Parameters
    ----------
    scenario : of the reference
    comparison : the declared measures
    tables : of all runs; needed are measures, ledger, switches, days, funnel; saved_from and
        twins are absent where the worlds hold other people
    provenance : the manifest of the results; nested entries are listed by their path
    story : one customer in both worlds
    explanations : waterfall, authority and removal, as far as the results folder holds them
    without_story : where there is no story: why, and how to get one; empty says nothing
    others : scenarios of arms that are files of their own, by name of the arm
    draw : makes inline SVG of drawings

    Returns
    -------
    one HTML document without any reference to another file
    """
    from jinja2 import Environment, PackageLoader

    environment = Environment(
        loader=PackageLoader("simsuite", "report/page"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pairs = pairs_of(scenario, comparison, tables, explanations.waterfall)
    names = (comparison.reference, *comparison.strategies)
    titles = labels.labels_of(scenario)
    (overview,), *chapters, sure, removal = with_bodies(_plates(scenario, comparison, pairs, explanations), draw)
    return environment.get_template("report.html").render(
        style=Path(__file__).with_name("style.css").read_text(encoding="utf-8"),
        spec=scenario.spec,
        name=scenario.name,
        titles=titles,
        comparison=comparison,
        sentence=sentence_of(scenario, comparison, names[1]) if len(pairs) == 1 else "",
        standings=[(titles.strategy(name), standing_of(comparison, name)) for name in comparison.strategies],
        reference=labels.within(titles.strategy(comparison.reference)),
        runs=what_was_run(scenario, comparison, tables, others),
        how_sure=how_sure(scenario, comparison),
        overview=overview,
        verdicts=[
            (
                titles.strategy(name),
                strategy_html(comparison, name, titles, scenario.spec.currency),
                [*remarks(comparison, name), contradictions(pair)],
                companions_html(comparison, name, titles, scenario.spec.currency),
            )
            for name, pair in zip(comparison.strategies, pairs, strict=True)
        ],
        n_companions=comparison.companions["measure"].nunique(),
        reasons=reasons_of(comparison),
        won=won_html(comparison, titles),
        reading=reading(comparison),
        differs=_differs(scenario, names, titles, others),
        every_difference=_every_difference(scenario, names, others),
        chapters=[(pair, ways_to_say_why(plates), plates) for pair, plates in zip(pairs, chapters, strict=False)],
        left_out=[pair.strategy_title for pair in pairs[MOST_CHAPTERS:]],
        removal=removal,
        not_explained=_not_explained(scenario, explanations),
        story=story,
        without_story=without_story,
        sure=sure,
        firm=_firm(scenario, comparison, tables, titles),
        assumptions=_values(assumptions(scenario)),
        n_assumptions=len(assumptions(scenario)),
        definitions=[
            (REGISTRY[name].title, labels.definition(name), threshold) for name, threshold in _thresholds(comparison)
        ],
        not_asked=NOT_ASKED,
        sources=_sources(scenario),
        bases=labels.bases(comparison.table.to_dict("records"), scenario.spec),
        bases_beside=labels.bases(comparison.companions.to_dict("records"), scenario.spec),
        covers=WHAT_THE_INTERVAL_COVERS,
        provenance=_provenance(provenance),
        digest=scenario.digest,
        not_modeled=NOT_MODELED,
    )


def _plates(
    scenario: Scenario,
    comparison: Comparison,
    pairs: list[Pair],
    explanations: Explanations,
) -> Iterator[Iterable[Plate]]:
    """The overview, a chapter for each compared strategy, how sure it is, causes removed."""
    yield [overview_plate(scenario, comparison)]
    for place, pair in enumerate(pairs[:MOST_CHAPTERS]):
        yield chain(plates_of(pair, place), pair_plates(pair, explanations))
    yield how_sure_plates(pairs)
    yield removal_plates(scenario, explanations)


def _not_explained(scenario: Scenario, explanations: Explanations) -> list[str]:
    """What a results folder may hold and does not, and what does not fit, a sentence each."""
    missing = []
    if explanations.waterfall is None:
        missing.append(
            "What every flow adds, and who knows against who decides, is not taken apart "
            f"here: simsuite waterfall {scenario.name} does it."
        )
    if explanations.removal is None:
        missing.append(
            "What comes back without a cause of lost sales is not measured here: "
            f"simsuite removal {scenario.name} does it."
        )
    return [*explanations.left_out, *missing]


def _differs(
    scenario: Scenario,
    names: tuple[str, ...],
    titles: labels.Labels,
    others: Mapping[str, Scenario] | None,
) -> str:
    rows = [[labels.from_code(label), *texts] for label, texts in labels.what_differs(scenario, names, others)]
    headings = ["", *(titles.strategy(name) for name in names)]
    return table_html(headings, rows, stacks=len(names) > 2) if rows else ""


def _every_difference(scenario: Scenario, names: tuple[str, ...], others: Mapping[str, Scenario] | None) -> str:
    """Each differing value of the strategies of one file, and the place where it was written."""
    from simsuite.scenario.views import differences, values_of

    if others or not set(names) <= set(scenario.spec.strategies):
        return ""
    reference, rows = scenario.spec.strategies[names[0]], []
    for name in names[1:]:
        values = {value.path: value for value in values_of(scenario, f"strategies.{name}")}
        for difference in differences(reference, scenario.spec.strategies[name]):
            value = values.get(f"strategies.{name}.{difference.path}")
            if value is not None and difference.path != "title":
                rows.append(
                    [
                        f"{name}.{difference.path}",
                        _written(difference.left),
                        _written(difference.right),
                        value.unit,
                        value.source,
                        str(value.origin),
                    ]
                )
    return table_html(["Value", names[0], "compared", "Unit", "Source", "Written in"], rows)


def _written(value: object) -> str:
    from simsuite.scenario.written import toml_value

    return "-" if value is None else toml_value(value)


def _values(values: list[ShownValue]) -> list[tuple[str, str]]:
    """Values by the first part of their path, each group as a table."""
    groups: dict[str, list[list[str]]] = {}
    for value in values:
        head, _, rest = value.path.partition(".")
        groups.setdefault(head, []).append(
            [
                rest,
                _written(value.value),
                value.unit,
                value.description,
                value.source,
                str(value.origin),
            ]
        )
    return [
        (
            f"{labels.from_code(head)}: {len(rows)}",
            table_html(["Value", "", "Unit", "Meaning", "Source", "Written in"], rows),
        )
        for head, rows in groups.items()
    ]


def _sources(scenario: Scenario) -> list[tuple[str, str]]:
    """The codes that stand behind values of the scenario, and what they stand for."""
    from simsuite.scenario.views import values_of

    texts = [*(value.source for value in values_of(scenario)), *scenario.spec.sources]
    meaning = explained()
    return [(code, meaning[code]) for code in codes_in(texts) if code in meaning]


def _firm(
    scenario: Scenario,
    comparison: Comparison,
    tables: Mapping[str, pandas.DataFrame],
    titles: labels.Labels,
) -> str:
    found = firm_and_model(scenario, comparison, tables)
    if found is None:
        return ""
    rows = [
        [
            titles.channel(row["channel"]),
            labels.measure_title(row, scenario.spec.currency),
            labels.level(row, "firm"),
            labels.level(row, "model"),
            labels.interval(row["low"], row["high"], labels.decimals_of(row["measure"], row["unit"])),
        ]
        for row in found.to_dict("records")
    ]
    return table_html(["Channel", "Figure", "The firm", "The model", "10 to 90 % of runs"], rows)


def _thresholds(comparison: Comparison) -> list[tuple[str, str]]:
    """Name of each compared measure, and its threshold in words."""
    found = []
    for name in dict.fromkeys(comparison.table["measure"]):
        measure = REGISTRY[name]
        unit = {"%": " percentage points", "min": " minutes"}.get(measure.unit, "")
        found.append(
            (
                name,
                f"{100 * measure.threshold:g} % of the reference"
                if measure.threshold_is_relative
                else f"{measure.threshold:g}{unit}",
            )
        )
    return found


def _provenance(entries: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """A nested mapping as lines (path, text); consecutive whole numbers as a range."""
    lines: list[tuple[str, str]] = []
    for key, value in entries.items():
        if isinstance(value, Mapping):
            lines += _provenance(value, f"{prefix}{key}: ".replace("_", " "))
        elif isinstance(value, list | tuple):
            consecutive = (
                len(value) > 2 and list(value) == list(range(value[0], value[0] + len(value)))
                if value and isinstance(value[0], int)
                else False
            )
            text = f"{value[0]} to {value[-1]}" if consecutive else " ".join(map(str, value))
            lines.append((f"{prefix}{key.replace('_', ' ')}", text))
        else:
            lines.append((f"{prefix}{key if '.' in key else key.replace('_', ' ')}", str(value)))
    return lines
