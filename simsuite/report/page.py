"""The report: one HTML file that needs no network and no script, the answer first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsuite.experiment.comparison import WHAT_THE_INTERVAL_COVERS, Comparison
from simsuite.metrics.measure import REGISTRY
from simsuite.report import captions, figures, labels, tables
from simsuite.report.answer import how_sure, sentence_of, standing_of, what_was_run
from simsuite.report.drawing import svg
from simsuite.report.findings import Pair, assumptions, firm_and_model, pairs_of

if TYPE_CHECKING:
    import pandas

    from simsuite.report.story import Story
    from simsuite.scenario import Scenario
    from simsuite.scenario.views import ShownValue

MOST_CHAPTERS = 6      # strategies with figures of their own; keeps the page under 1.5 MB
PER_NEEDS = "Per 1,000 candidate needs, which are the same in both worlds; means over replications."
POINTWISE = "Each range holds for itself: of twenty, one misses by chance."
NOT_MODELED = (
    "Newsletters, reminders, coupons sent after a visit, and advertising",
    "Service cases, returns and repairs after the purchase",
    "Word of mouth between customers",
    "Loyalty points, and customers who leave for good",
    "Competitors that react; they only wait one tap away",
    "What the integration itself costs, and staff: the margin does not hold them",
    "A step-by-step rollout, and staff who have to learn new systems",
    "Coordination and process, two of the four parts of consistency",
)


@dataclass(frozen=True)
class Plate:
    """One figure of the page with all that belongs to it.

    title : heading
    caption : what it shows, computed
    body : the figure itself, HTML
    reading : how to read it
    table : the numbers behind it, HTML, folded; may be empty
    """

    title: str
    caption: str
    body: str
    reading: str = ""
    table: str = ""


def render_report(scenario: Scenario, comparison: Comparison, tables_by_name: Mapping[str, pandas.DataFrame],
                  provenance: Mapping[str, Any], story: Story | None = None,
                  waterfall: pandas.DataFrame | None = None,
                  others: Mapping[str, Scenario] | None = None) -> str:
    """The report page of a comparison; same input, same text.

    Parameters
    ----------
    scenario : of the reference
    comparison : the declared measures
    tables_by_name : of all runs; needed are measures, ledger, switches, days, funnel; saved_from and twins
        are absent where the worlds hold other people
    provenance : the manifest of the results; nested entries are listed by their path
    story : one customer in both worlds
    waterfall : see `experiment.decompose.waterfall_table`; may have a column strategy, without one it
        belongs to the first compared strategy
    others : scenarios of arms that are files of their own, by name of the arm

    Returns
    -------
    one HTML document without any reference to another file
    """
    from jinja2 import Environment, PackageLoader

    environment = Environment(loader=PackageLoader("simsuite", "report"), autoescape=True, trim_blocks=True,
                              lstrip_blocks=True)
    pairs = pairs_of(scenario, comparison, tables_by_name, waterfall)
    names = (comparison.reference, *comparison.strategies)
    titles = labels.labels_of(scenario)
    return environment.get_template("report.html").render(
        style=Path(__file__).with_name("style.css").read_text(encoding="utf-8"),
        spec=scenario.spec, name=scenario.name, titles=titles, comparison=comparison,
        sentence=sentence_of(scenario, comparison, names[1]) if len(pairs) == 1 else "",
        standings=[(titles.strategy(name), standing_of(comparison, name)) for name in comparison.strategies],
        reference=labels.within(titles.strategy(comparison.reference)),
        runs=what_was_run(scenario, comparison, tables_by_name), how_sure=how_sure(scenario, comparison),
        overview=_overview(scenario, comparison),
        verdicts=[(titles.strategy(name), tables.strategy_html(comparison, name, titles, scenario.spec.currency))
                  for name in comparison.strategies],
        differs=_differs(scenario, names, titles, others), every_difference=_every_difference(scenario, names, others),
        chapters=[(pair, list(_plates(pair, place))) for place, pair in enumerate(pairs[:MOST_CHAPTERS])],
        left_out=[pair.strategy_title for pair in pairs[MOST_CHAPTERS:]],
        story=story, sure=_how_sure_plates(pairs), firm=_firm(scenario, comparison, tables_by_name, titles),
        assumptions=_values(assumptions(scenario)), n_assumptions=len(assumptions(scenario)),
        definitions=[(REGISTRY[name], threshold) for name, threshold in _thresholds(comparison)],
        covers=WHAT_THE_INTERVAL_COVERS, provenance=_provenance(provenance), digest=scenario.digest,
        not_modeled=NOT_MODELED)


def _figure(draw: Callable, name: str, alternative: str) -> str:
    """A figure in both widths; the style sheet shows one of them."""
    return "".join(svg(draw(narrow=narrow), f"{name} {style}", alternative, style)
                   for narrow, style in ((False, "wide"), (True, "narrow")))


def _overview(scenario: Scenario, comparison: Comparison) -> Plate:
    caption = captions.overview(scenario, comparison)
    return Plate("", caption, _figure(partial(figures.overview, scenario, comparison), "overview",
                                      f"Dots with ranges, one row per measure. {caption}"),
                 "Diamond: mean paired change. Line: likely range, for all rows together. Shaded: changes too small to "
                 "matter. Beyond one threshold the scale is logarithmic; right is better.")


def _plates(pair: Pair, place: int) -> Iterator[Plate]:
    """The figures about one compared strategy, in the order of the page."""

    def plate(title: str, name: str, kind: str, reading: str, table: str) -> Plate:
        caption = getattr(captions, name)(pair)
        drawn = _figure(partial(getattr(figures, name), pair), f"{name} {place}", f"{kind}. {caption}")
        return Plate(title, caption, drawn, reading, table)

    yield plate("Where sales are lost", "losses", "Paired bars by cause, and dots with ranges for the change",
                f"{PER_NEEDS} Only planned journeys: whoever just looks around loses the firm nothing. The causes add up. "
                f"{POINTWISE}", tables.pairs_html(pair.losses, "title", "Cause", pair))
    if pair.saved is not None:
        yield plate("Where the saved sales come from", "saved", "Diverging bars by source",
                    "Twins: the same need of the same customer with the same luck in both worlds. Bars: needs ordered in "
                    "one world only, by what became of them in the other. Saved less forfeited is the change in orders.",
                    _saved_table(pair))
    if pair.waterfall is not None:
        yield plate("What each element adds", "waterfall", "Waterfall of contributions to the change in orders",
                    "Bar: mean of adding the element alone and of taking it out last; grey line: from the one to the "
                    "other; black: likely range. Jointly: what only the elements together do.", _waterfall_table(pair))
    yield plate("From need to order", "funnel", "Paired bars by stage", PER_NEEDS,
                tables.pairs_html(_named_stages(pair), "name", "Stage", pair))
    yield Plate("From channel to channel", captions.matrix(pair, "switches", "switches", "changes of channel"),
                tables.matrix_html(pair, "switches", "switches"),
                f"Row: the channel before; column: the channel after. {PER_NEEDS} Blue in the difference: more, orange: fewer.")
    yield Plate("Between which channels sales are lost", captions.matrix(pair, "ledger", "journeys", "lost planned journeys"),
                tables.matrix_html(pair, "ledger", "journeys"),
                f"Row: channel of the visit before; column: where the journey ended. {PER_NEEDS}")
    yield from _people_plates(pair, plate)
    yield plate("Over time", "days", "Two bands over days",
                "Line: middle of the runs; band: 10 to 90 % of them.", _days_table(pair))


def _people_plates(pair: Pair, plate: Callable) -> Iterator[Plate]:
    if set(pair.segments["measure"]) & set(pair.rows["measure"]):
        yield plate("Who wins", "segments", "Dots with ranges by segment, one panel per measure",
                    f"Right is better. Shaded: too small to matter. {POINTWISE}", _segments_table(pair))
    if len(pair.audit):
        yield plate("What mystery shoppers find", "audit", "Dots by part of consistency, from the one world to the other",
                    "The same shoppers ask the same questions at two channels in both worlds and act on nothing. Thick "
                    "line: likely range of the change, drawn from where the reference stands.",
                    tables.pairs_html(pair.audit.assign(part=pair.audit["part"].map(labels.from_code)), "part", "Part", pair))


def _how_sure_plates(pairs: list[Pair]) -> list[Plate]:
    """Convergence of the intervals, per compared strategy."""
    plates = []
    for place, pair in enumerate(pairs[:MOST_CHAPTERS]):
        found = pair.convergence
        if found.empty:
            continue
        caption = captions.convergence(pair)
        rows = [[str(count), *(labels.number(value, 2) for value in line)]
                for count, line in zip(found.index, found.to_numpy(), strict=True)]
        plates.append(Plate(pair.strategy_title if len(pairs) > 1 else "", caption,
                            _figure(partial(figures.convergence, pair), f"convergence {place}",
                                    f"Lines, one per measure, falling with the replications. {caption}"),
                            "Dashed: half a threshold, which is precise enough. With fewer than eight replications the "
                            "intervals come from Student's t, afterwards from resampling.",
                            tables.table_html(["Replications", *found.columns], rows)))
    return plates


STAGES = {"candidate_needs": "Candidate needs", "absorbed": "- part of another journey",
          "not_considered": "- not considered", "still_open": "- still open", "considered": "Considered",
          "browsing": "Only looking around", "browsing_ordered": "- ordered all the same",
          "no_plan": "- left without a plan", "planned": "Planned to buy", "planned_ordered": "- ordered",
          "gave_up": "- gave up", "went_to_competitor": "- went to the competitor"}


def _named_stages(pair: Pair) -> pandas.DataFrame:
    found = pair.funnel.reindex(list(STAGES))
    return found.assign(name=list(STAGES.values()))


def _saved_table(pair: Pair) -> str:
    rows = [[row.title, labels.number(row.saved, 2), labels.number(row.forfeited, 2), labels.number(row.net, 2, True),
             tables.interval(row.low, row.high, 2)] for row in pair.saved.itertuples()]
    return tables.table_html(["Otherwise", "Saved", "Forfeited", "Net", "Likely range"], rows)


def _waterfall_table(pair: Pair) -> str:
    rows = [[labels.from_code(row.element), *(labels.number(value, 3, True) for value in (row.first_in, row.last_out, row.contribution)),
             tables.interval(row.low, row.high, 3)] for row in pair.waterfall.itertuples()]
    return tables.table_html(["Element", "First in", "Last out", "Contribution", "Likely range"], rows)


def _segments_table(pair: Pair) -> str:
    rows = [[row["segment_title"], row["title"], labels.level(row, "reference_value"), labels.level(row, "value"),
             labels.change(row), labels.likely_range(row), tables.verdict_html(row)]
            for row in pair.segments.to_dict("records")]
    parts = [tables.table_html(["Segment", "Measure", pair.reference_title, pair.strategy_title, "Change",
                                "Likely range", "Verdict"], rows)]
    if pair.lives is not None:
        lives = [[row.segment_title, *(labels.number(value, 1) for value in (row.saved, row.forfeited)),
                  labels.number(row.net, 1, True), tables.interval(row.low, row.high, 1)] for row in pair.lives.itertuples()]
        parts.append(tables.table_html(["Segment", "Saved", "Forfeited", "Net", "Likely range"], lives,
                                       caption="Orders won and lost, per 1,000 needs of the segment"))
    return "".join(parts)


def _days_table(pair: Pair) -> str:
    """Every thirtieth day, and the last."""
    found = pair.days
    shown = found[(found.index % 30 == 0) | (found.index == found.index[-1])]
    rows = [[str(day), labels.number(line[("reference", "median")], 1), labels.number(line[("value", "median")], 1),
             labels.number(line[("gained", "median")], 0, True),
             tables.interval(line[("gained", "low")], line[("gained", "high")], 0)] for day, line in shown.iterrows()]
    return tables.table_html(["Day", pair.reference_title, pair.strategy_title, "Gained so far", "10 to 90 %"], rows)


def _differs(scenario: Scenario, names: tuple[str, ...], titles: labels.Labels,
             others: Mapping[str, Scenario] | None) -> str:
    rows = [[labels.from_code(label), *texts] for label, texts in labels.what_differs(scenario, names, others)]
    headings = ["", *(titles.strategy(name) for name in names)]
    return tables.table_html(headings, rows) if rows else ""


def _every_difference(scenario: Scenario, names: tuple[str, ...], others: Mapping[str, Scenario] | None) -> str:
    """Each differing value of the strategies of one file, with its unit and the place where it was written."""
    from simsuite.scenario.views import differences, values_of

    if others:
        return ""
    reference, rows = scenario.spec.strategies[names[0]], []
    for name in names[1:]:
        values = {value.path: value for value in values_of(scenario, f"strategies.{name}")}
        for difference in differences(reference, scenario.spec.strategies[name]):
            value = values.get(f"strategies.{name}.{difference.path}")
            if value is not None and difference.path != "title":
                rows.append([f"{name}.{difference.path}", _written(difference.left), _written(difference.right),
                             value.unit, value.source, str(value.origin)])
    return tables.table_html(["Value", names[0], "compared", "Unit", "Source", "Written in"], rows)


def _written(value: object) -> str:
    from simsuite.scenario.written import toml_value

    return "-" if value is None else toml_value(value)


def _values(values: list[ShownValue]) -> list[tuple[str, str]]:
    """Values by the first part of their path, each group as a table."""
    groups: dict[str, list[list[str]]] = {}
    for value in values:
        head, _, rest = value.path.partition(".")
        groups.setdefault(head, []).append([rest, _written(value.value), value.unit, value.description,
                                            value.source, str(value.origin)])
    return [(f"{labels.from_code(head)}: {len(rows)}",
             tables.table_html(["Value", "", "Unit", "Meaning", "Source", "Written in"], rows))
            for head, rows in groups.items()]


def _firm(scenario: Scenario, comparison: Comparison, tables_by_name: Mapping[str, pandas.DataFrame],
          titles: labels.Labels) -> str:
    found = firm_and_model(scenario, comparison, tables_by_name)
    if found is None:
        return ""
    rows = [[titles.channel(row["channel"]), labels.measure_title(row, scenario.spec.currency), labels.level(row, "firm"),
             labels.level(row, "model"), tables.interval(row["low"], row["high"], labels.decimals_of(row["measure"], row["unit"]))]
            for row in found.to_dict("records")]
    return tables.table_html(["Channel", "Figure", "The firm", "The model", "10 to 90 % of runs"], rows)


def _thresholds(comparison: Comparison) -> list[tuple[str, str]]:
    """Name of each compared measure, and its threshold in words."""
    found = []
    for name in dict.fromkeys(comparison.table["measure"]):
        measure = REGISTRY[name]
        unit = {"%": " percentage points", "min": " minutes"}.get(measure.unit, "")
        found.append((name, f"{100 * measure.threshold:g} % of the reference" if measure.threshold_is_relative
                      else f"{measure.threshold:g}{unit}"))
    return found


def _provenance(entries: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """A nested mapping as lines (path, text); consecutive whole numbers as a range."""
    lines: list[tuple[str, str]] = []
    for key, value in entries.items():
        if isinstance(value, Mapping):
            lines += _provenance(value, f"{prefix}{key}: ".replace("_", " "))
        elif isinstance(value, list | tuple):
            consecutive = len(value) > 2 and list(value) == list(range(value[0], value[0] + len(value))) \
                if value and isinstance(value[0], int) else False
            text = f"{value[0]} to {value[-1]}" if consecutive else " ".join(map(str, value))
            lines.append((f"{prefix}{key.replace('_', ' ')}", text))
        else:
            lines.append((f"{prefix}{key.replace('_', ' ')}", str(value)))
    return lines
