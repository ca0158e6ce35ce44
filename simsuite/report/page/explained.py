"""What explains a comparison, as plates of the report: knowing by deciding, causes removed, where lives part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simsuite.experiment.decompose import CENTRAL, LOCAL, NOTHING_SHARED, SHARED
from simsuite.experiment.explanations import Explanations
from simsuite.experiment.simulate import follow_every
from simsuite.report.page.html_tables import MINUS, table_html
from simsuite.report.page.plates import POINTWISE, Plate
from simsuite.report.said import labels
from simsuite.report.said.findings import Pair
from simsuite.report.said.removed import what_loses
from simsuite.report.said.told_apart import likely, signed, told_apart
from simsuite.scenario.words import counted

if TYPE_CHECKING:
    import pandas

    from simsuite.scenario import Scenario

HEADLINE = "conversion"
KNOWING = {NOTHING_SHARED: "Nothing shared", SHARED: "Shared"}
DECIDING = {LOCAL: "Each channel decides", CENTRAL: "One for all"}
MOST_NAMED = 3  # that are not told apart
NOTHING_LOGGED = "nothing that is written down"


def pair_plates(pair: Pair, found: Explanations) -> Iterator[Plate]:
    """What the results folder holds about one compared strategy: the square, and where lives part."""
    if found.authority is not None:
        square = found.authority[found.authority["strategy"] == pair.strategy]
        if len(square):
            yield authority_plate(pair, square)
    parting = pair.tables.get("parting")
    if parting is not None:
        yield parting_plate(pair, parting[parting["strategy"] == pair.strategy])


def authority_plate(pair: Pair, square: pandas.DataFrame) -> Plate:
    """The table information x authority.

    square : rows of `decompose.authority_table` with their stamp, of this strategy
    """
    cells = {(row["knowing"], row["deciding"], row["measure"]): row for row in square.to_dict("records")}

    def cell(knowing: str, deciding: str, measure: str = HEADLINE) -> str:
        row = cells[knowing, deciding, measure]
        return f"{labels.change(row)} ({labels.likely_range(row)})".replace("-", MINUS)

    rows = [[title, *(cell(knowing, deciding) for deciding in DECIDING)] for knowing, title in KNOWING.items()]
    every = [
        [
            labels.measure_title(row, pair.scenario.spec.currency),
            *(cell(knowing, deciding, row["measure"]) for knowing in KNOWING for deciding in DECIDING),
        ]
        for row in square.drop_duplicates("measure").to_dict("records")
    ]
    headings = [f"{KNOWING[knowing]}, {DECIDING[deciding].lower()}" for knowing in KNOWING for deciding in DECIDING]
    return Plate(
        "Knowing is not deciding",
        authority_caption(pair, cells),
        table_html(["Orders per 100 needs", *DECIDING.values()], rows),
        f"Change against {pair.reference} with its likely range: what channels know (flows, "
        f"capabilities, announcement) as with {pair.reference} or as with {pair.compared}, times who sets prices and "
        f"promotions. {_runs_in_words(square, labels.period(pair.scenario.spec))} {POINTWISE}",
        table_html(["Measure", *headings], every),
        why="sets what channels know against who decides, in runs of their own",
    )


def authority_caption(pair: Pair, cells: dict[tuple[str, str, str], dict]) -> str:
    """What sharing alone, deciding alone and both change in orders."""
    told = [
        _with_range(cells[knowing, deciding, HEADLINE])
        for knowing, deciding in ((SHARED, LOCAL), (NOTHING_SHARED, CENTRAL), (SHARED, CENTRAL))
    ]
    return (
        f"Sharing while each channel decides changes orders per 100 needs by {told[0]}, one price and calendar for all "
        f"without sharing by {told[1]}, both by {told[2]}."
    )


def _with_range(row: dict) -> str:
    """'+0.80 (likely 0.55 to 1.05)'; that it is not told apart from none, where it is not."""
    if labels.is_missing(row["low"]):
        return f"{labels.change(row)} ({likely(row['low'], row['high'])})".replace("-", MINUS)
    apart = "" if told_apart(row["low"], row["high"]) else ", not told apart from none"
    return f"{labels.change(row)} (likely {labels.likely_range(row)}{apart})".replace("-", MINUS)


def removal_plates(scenario: Scenario, found: Explanations) -> list[Plate]:
    """A plate for every strategy whose causes were removed in turn."""
    if found.removal is None:
        return []
    return [
        removal_plate(labels.labels_of(scenario).strategy(name), rows, labels.period(scenario.spec))
        for name, rows in found.removal.groupby("strategy", sort=False)
    ]


def removal_plate(title: str, rows: pandas.DataFrame, days: str) -> Plate:
    """Lost, rescued and gained by cause; a table, for what is removed must not be stacked.

    rows : of `removal.removal_table` with their stamp, of one strategy
    days : of which days a run is, in words
    """
    body = [
        [
            labels.cause(row.cause).capitalize(),
            labels.number(row.lost, 0),
            f"{100 * row.share:.1f} %",
            labels.number(row.rescued, 0),
            labels.number(row.removal_gain, 0, signed=True),
            labels.interval(row.low, row.high, 0),
            labels.number(row.gain_over_lost, 2, signed=True),
            labels.number(row.forfeited, 0),
        ]
        for row in rows.itertuples()
    ]
    return Plate(
        title,
        removal_caption(rows),
        table_html(
            ["Cause", "Lost", "Share", "Rescued", "Orders gained", "Likely range", "Gained / lost", "Forfeited"], body
        ),
        "Planned journeys per run. From day 0 on one cause is silent. Rescued: journeys lost to it that then end in an "
        "order. Orders gained: all orders more for planned journeys, less those forfeited, which are placed with the cause and not "
        "without it. Shares add up, gains do not: "
        f"whom one cause spares, the next may strike. {_runs_in_words(rows, days)} {POINTWISE} Monte Carlo only.",
    )


def removal_caption(rows: pandas.DataFrame) -> str:
    """That what a cause takes is not what comes back without it."""
    if not rows["lost"].any():
        return "No planned journey was lost, so that there is nothing to win back."
    largest, back = rows.loc[rows["lost"].idxmax()], rows[rows["low"] > 0]
    between = f"{signed(largest['removal_gain'], 0)} a run, {likely(largest['low'], largest['high'], 0)}"
    text = (
        f"Removal is not share: {labels.cause(largest['cause'])} takes {100 * largest['share']:.0f} % of the lost planned "
        "journeys, "
    )
    if largest["high"] < 0:
        text += f"but without it no orders come back, fewer are placed ({between})."
    elif told_apart(largest["low"], largest["high"]):
        text += f"but without it {100 * largest['gain_over_lost']:.0f} orders come back for 100 lost ({between})."
    else:
        text += f"and whether orders come back without it is not told apart from luck ({between})."
    if len(back):
        best = back.loc[back["removal_gain"].idxmax()]
        text += (
            f" Most come back without {labels.cause(best['cause'])}: {best['removal_gain']:,.0f} a run, "
            f"{likely(best['low'], best['high'], 0)}."
        )
    return " ".join([text, *what_loses(rows)])


def parting_plate(pair: Pair, parting: pandas.DataFrame) -> Plate:
    """Of the customers followed whose lives differ: what touched them first, and who ordered more or fewer.

    parting : table of that name, of one compared strategy
    """
    about = parting.assign(
        title=parting["first_touched_by"].replace("", NOTHING_LOGGED),
        parted=parting["first_parted"].notna(),
        more=parting["orders"] > parting["reference_orders"],
        fewer=parting["orders"] < parting["reference_orders"],
    )
    counts = (
        about.groupby("title")
        .agg(customers=("title", "size"), parted=("parted", "sum"), more=("more", "sum"), fewer=("fewer", "sum"))
        .sort_values("customers", ascending=False, kind="stable")
    )
    rows = [
        [labels.from_code(row.Index), *(labels.number(count, 0) for count in row[1:])] for row in counts.itertuples()
    ]
    return Plate(
        "What touches customers first",
        parting_caption(pair, counts),
        table_html(["First touched by", "Customers", "Act otherwise", "Ordered more", "Ordered fewer"], rows),
        "Customers spread evenly over all are followed event by event. Touched: the first thing that reaches a customer in "
        "one world only. Act otherwise: she then does something else as well. Orders for needs of the horizon.",
        why="names the first thing that reached a customer in one world only",
    )


def parting_caption(pair: Pair, counts: pandas.DataFrame) -> str:
    """How many lives differ, what touched them first, and who ordered more or fewer.

    counts : (customers, parted, more, fewer) by what touched first, most first
    """
    settings, customers = pair.scenario.spec.experiment, pair.scenario.spec.population.customers
    runs = sum(number < settings.logged_replications for number in pair.needs.index)
    followed = runs * len(range(0, customers, follow_every(customers, settings.logged_customers)))
    if not len(counts):
        return f"Of {counted(followed, 'customer')} followed, none lives other days in the two worlds."
    total = counts.sum()
    return (
        f"Of {counted(followed, 'customer')} followed, {total['customers']:,} live other days in the two worlds; "
        f"{_first(counts)}. Of them, {total['more']:,} order more with {pair.compared} and {total['fewer']:,} fewer."
    )


def _first(counts: pandas.DataFrame) -> str:
    """What touches most of them first, with whatever the counts do not tell apart from it.

    Of two counts of the same people the variance of the difference is at most their sum; as far as
    customers of one run are independent, two standard errors are what luck makes of it.
    """
    customers = counts["customers"]
    most = customers.iloc[0]
    level = customers[(most - customers) ** 2 <= 4 * (most + customers)]
    shares = [f"{name} ({100 * count / customers.sum():.0f} %)" for name, count in level.items()]
    if len(shares) == 1:
        return f"most often it is {shares[0]} that touches them first"
    if len(shares) > MOST_NAMED:
        return "what touches them first most often is not told apart from luck"
    return f"most often {labels.listed(shares)} touch them first, which luck alone could put in this order"


def _runs_in_words(rows: pandas.DataFrame, days: str) -> str:
    """From the stamp of an explanation: how many runs, of whom, of which seed; `days`: of which days."""
    stamp = rows.iloc[0]
    return f"{counted(stamp['replications'], 'paired run')} of {counted(stamp['customers'], 'customer')}, seed {stamp['seed']}, {days}."
