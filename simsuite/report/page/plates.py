"""The figures of the report, each with its caption, how to read it, and the numbers behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from simsuite.experiment.comparison import Comparison
from simsuite.report.drawn import figures
from simsuite.report.drawn.drawing import Draw, Drawing
from simsuite.report.page import html_tables as tables
from simsuite.report.said import captions, labels
from simsuite.report.said.findings import Pair

if TYPE_CHECKING:
    import pandas

    from simsuite.scenario import Scenario

MOST_CHAPTERS = 4  # strategies with figures of their own; keeps the page under 1.5 MB
PER_NEEDS = "Per 1,000 candidate needs, which are the same in both worlds; means over replications."
NO_RANGES = "The cells are means, without ranges that nobody could read; what the text names has one."
POINTWISE = "Each range holds for itself: of twenty, one misses by chance."


@dataclass(frozen=True)
class Plate:
    """One figure of the page with all that belongs to it.

    title : heading
    caption : what it shows, computed
    body : the figure itself, HTML
    reading : how to read it
    table : the numbers behind it, HTML, folded; may be empty
    drawings : what has still to be drawn to make the body
    why : of a figure that says why the worlds differ: how, "counts journeys by what ended them"
    """

    title: str
    caption: str
    body: str
    reading: str = ""
    table: str = ""
    drawings: tuple[Drawing, ...] = ()
    why: str = ""


def with_bodies(chapters: Iterable[Iterable[Plate]], draw: Draw) -> list[list[Plate]]:
    """The same plates, drawn. Each may be drawn as soon as it is worked out, before the next one is."""
    made: list[list[Plate]] = []

    def drawings() -> Iterator[Sequence[Drawing]]:
        for plates in chapters:
            made.append([])
            for plate in plates:
                made[-1].append(plate)
                yield plate.drawings

    drawn = iter(draw(drawings()))
    return [[replace(plate, body=plate.body + "".join(next(drawn))) for plate in plates] for plates in made]


def _both_widths(draw: Callable, name: str, alternative: str) -> tuple[Drawing, Drawing]:
    return Drawing(draw, name, alternative), Drawing(draw, name, alternative, narrow=True)


def ways_to_say_why(plates: Iterable[Plate]) -> list[tuple[str, str]]:
    """The figures that say why, and what each does; their answers need not name the same."""
    return [(plate.title, plate.why) for plate in plates if plate.why]


def overview_plate(scenario: Scenario, comparison: Comparison) -> Plate:
    caption = captions.overview(scenario, comparison)
    return Plate(
        "",
        caption,
        "",
        "Diamond: mean paired change. Line: likely range, for all rows together. Shaded: changes "
        "too small to matter. Beyond one threshold the scale is logarithmic; right is better.",
        drawings=_both_widths(
            partial(figures.overview, scenario, comparison),
            "overview",
            f"Dots with ranges, one row per measure. {caption}",
        ),
    )


def plates_of(pair: Pair, place: int) -> Iterator[Plate]:
    """The figures about one compared strategy, in the order of the page."""

    def plate(title: str, name: str, kind: str, reading: str, table: str, why: str = "") -> Plate:
        caption = getattr(captions, name)(pair)
        drawings = _both_widths(partial(getattr(figures, name), pair), f"{name} {place}", f"{kind}. {caption}")
        return Plate(title, caption, "", reading, table, drawings, why)

    yield plate(
        "Where sales are lost",
        "losses",
        "Paired bars by cause, and dots with ranges for the change",
        f"{PER_NEEDS} Only planned journeys: whoever just looks around loses the firm nothing. "
        "The causes add up. "
        f"{POINTWISE}",
        tables.pairs_html(pair.losses, "title", "Cause", pair),
        "counts journeys by what ended them",
    )
    if pair.saved is not None:
        yield plate(
            "Where the saved sales come from",
            "saved",
            "Diverging bars by source",
            "Twins: the same need of the same customer with the same luck in both worlds. Bars: "
            "needs ordered in one world only, by what became of them in the other. Saved less "
            "forfeited is the change in orders.",
            _saved_table(pair),
            "follows the same need into both worlds",
        )
    if pair.waterfall is not None:
        yield plate(
            "What each element adds",
            "waterfall",
            "Waterfall of contributions to the change in orders",
            "Bar: mean of adding the element alone and of taking it out last; gray line: from the "
            "one to the other; black: likely range. Jointly: what only the elements together do. "
            "Together has no range of its own here: it is the sum of the steps.",
            _waterfall_table(pair),
            "adds each element alone and takes each out of the whole, in runs of their own",
        )
    yield plate(
        "From need to order",
        "funnel",
        "Paired bars by stage",
        f"{PER_NEEDS} Short black line at the end of a bar: likely range of the change, seen from the "
        f"reference; where there is none, it is shorter than could be seen. {POINTWISE}",
        tables.pairs_html(_named_stages(pair), "name", "Stage", pair),
    )
    yield Plate(
        "From channel to channel",
        captions.matrix(pair, "switches", "switches", "changes of channel"),
        tables.matrix_html(pair, "switches", "switches"),
        f"Row: the channel before; column: the channel after. {PER_NEEDS} Blue in the difference: "
        f"more, orange: fewer. {NO_RANGES}",
    )
    yield Plate(
        "Between which channels sales are lost",
        captions.matrix(pair, "ledger", "journeys", "lost planned journeys"),
        tables.matrix_html(pair, "ledger", "journeys"),
        f"Row: channel of the visit before; column: where the journey ended. {PER_NEEDS} {NO_RANGES}",
    )
    yield from _people_plates(pair, plate)
    yield plate(
        "Over time",
        "days",
        "Two bands over days",
        "Line: middle of the runs; band: 10 to 90 % of them. Dashed upright: the end of the horizon. "
        "Every order counts here on its day; the answer counts the orders for needs of the horizon "
        "only, whenever they are placed.",
        _days_table(pair),
    )


def _people_plates(pair: Pair, plate: Callable) -> Iterator[Plate]:
    if set(pair.segments["measure"]) & set(pair.rows["measure"]):
        yield plate(
            "Who wins",
            "segments",
            "Dots with ranges by segment, one panel per measure",
            f"Right is better. Shaded: too small to matter. {POINTWISE}",
            _segments_table(pair),
        )
    if len(pair.audit):
        yield plate(
            "What mystery shoppers find",
            "audit",
            "Dots by part of consistency, from the one world to the other",
            "The same shoppers ask the same questions at two channels in both worlds and act on "
            "nothing. Thick line: likely range of the change, seen from the reference. A channel that "
            "cannot say counts as not alike: without a stock flow nobody but the store can speak of "
            "its shelf, so stock is 0 there by construction.",
            tables.pairs_html(
                pair.audit.assign(part=pair.audit["part"].map(labels.from_code)),
                "part",
                "Part",
                pair,
            ),
        )


def how_sure_plates(pairs: list[Pair]) -> Iterator[Plate]:
    """Convergence of the intervals, per compared strategy."""
    for place, pair in enumerate(pairs[:MOST_CHAPTERS]):
        found = pair.convergence
        if found.empty:
            continue
        caption = captions.convergence(pair)
        rows = [
            [str(count), *(labels.number(value, 2) for value in line)]
            for count, line in zip(found.index, found.to_numpy(), strict=True)
        ]
        yield Plate(
            pair.strategy_title if len(pairs) > 1 else "",
            caption,
            "",
            "Dashed: half a threshold, which is precise enough. At every number of replications the "
            "intervals are Student's t, widened for all measures together as far as they are not correlated.",
            tables.table_html(["Replications", *found.columns], rows),
            _both_widths(
                partial(figures.convergence, pair),
                f"convergence {place}",
                f"Lines, one per measure, falling with the replications. {caption}",
            ),
        )


STAGES = {
    "candidate_needs": "Candidate needs",
    "absorbed": "- part of another journey",
    "not_considered": "- not considered",
    "still_open": "- still open",
    "considered": "Considered",
    "browsing": "Only looking around",
    "browsing_ordered": "- ordered all the same",
    "no_plan": "- left without a plan",
    "planned": "Planned to buy",
    "planned_ordered": "- ordered",
    "gave_up": "- gave up",
    "went_to_competitor": "- went to the competitor",
}


def _named_stages(pair: Pair) -> pandas.DataFrame:
    found = pair.funnel.reindex(list(STAGES))
    return found.assign(name=list(STAGES.values()))


def _saved_table(pair: Pair) -> str:
    rows = [
        [
            row.title,
            labels.number(row.saved, 2),
            labels.number(row.forfeited, 2),
            labels.number(row.net, 2, True),
            labels.interval(row.low, row.high, 2),
        ]
        for row in pair.saved.itertuples()
    ]
    headings = ["Otherwise", "Saved", "Forfeited", "Net", "Likely range"]
    return tables.table_html(headings, rows, stacks=True)


def _waterfall_table(pair: Pair) -> str:
    rows = [
        [
            labels.from_code(row.element),
            *(labels.number(value, 3, True) for value in (row.first_in, row.last_out, row.contribution)),
            labels.interval(row.low, row.high, 3),
        ]
        for row in pair.waterfall.itertuples()
    ]
    return tables.table_html(["Element", "First in", "Last out", "Contribution", "Likely range"], rows)


def _segments_table(pair: Pair) -> str:
    rows = [
        [
            row["segment_title"],
            row["title"],
            labels.level(row, "reference_value"),
            labels.level(row, "value"),
            labels.change(row),
            labels.likely_range(row),
            tables.verdict_html(row),
        ]
        for row in pair.segments.to_dict("records")
    ]
    parts = [
        tables.table_html(
            [
                "Segment",
                "Measure",
                pair.reference_title,
                pair.strategy_title,
                "Change",
                "Likely range",
                "Verdict",
            ],
            rows,
            stacks=True,
        )
    ]
    if pair.lives is not None:
        lives = [
            [
                row.segment_title,
                *(labels.number(value, 1) for value in (row.saved, row.forfeited)),
                labels.number(row.net, 1, True),
                labels.interval(row.low, row.high, 1),
            ]
            for row in pair.lives.itertuples()
        ]
        parts.append(
            tables.table_html(
                ["Segment", "Saved", "Forfeited", "Net", "Likely range"],
                lives,
                caption="Orders won and lost, per 1,000 needs of the segment",
                stacks=True,
            )
        )
    return "".join(parts)


def _days_table(pair: Pair) -> str:
    """Every thirtieth day, and the last."""
    found = pair.days
    shown = found[(found.index % 30 == 0) | (found.index == found.index[-1])]
    rows = [
        [
            str(day),
            labels.number(line[("reference", "median")], 1),
            labels.number(line[("value", "median")], 1),
            labels.number(line[("gained", "median")], 0, True),
            labels.interval(line[("gained", "low")], line[("gained", "high")], 0),
        ]
        for day, line in shown.iterrows()
    ]
    headings = ["Day", pair.reference_title, pair.strategy_title, "Gained so far", "10 to 90 %"]
    return tables.table_html(headings, rows, stacks=True)
