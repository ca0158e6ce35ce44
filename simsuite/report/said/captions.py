"""What each figure shows, in words: computed from the same data frame as the figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from simsuite.experiment.statistics import BETTER, CANNOT_TELL, IDENTICAL, NOT_MEASURED, WORSE
from simsuite.report.said import labels
from simsuite.report.said.findings import PER_NEEDS, Pair
from simsuite.report.said.told_apart import MINUS, clear_changes, likely, signed, told_apart
from simsuite.scenario.words import counted

if TYPE_CHECKING:
    import pandas

    from simsuite.experiment.comparison import Comparison
    from simsuite.scenario import Scenario

PRECISE = 0.5  # half-width in thresholds at which an interval is precise


def overview(scenario: Scenario, comparison: Comparison) -> str:
    """The first declared measure that is decided, and what cannot be told."""
    table, titles = comparison.table, labels.labels_of(scenario)
    told = table[table["verdict"].isin([BETTER, WORSE])]
    identical = table["verdict"] == IDENTICAL
    if len(told):
        parts = [_first(told.iloc[0], _who(told.iloc[0], comparison, titles))]
    elif identical.all():
        parts = []
    else:
        parts = ["No measure changes by more than what matters with enough certainty."]
    sized = labels.only_size_is_open(table)
    for chosen, form in (
        (sized, "The direction is sure, not yet whether it matters, of {}."),
        ((table["verdict"] == CANNOT_TELL) & ~sized, "Nothing can be told yet of {}."),
        (table["verdict"] == NOT_MEASURED, "Not measured: {}."),
        (identical, "Identical, as every run is in both worlds: {}."),
    ):
        names = [
            labels.within(row["title"]) + _who(row, comparison, titles) for row in table[chosen].to_dict("records")
        ]
        parts += [form.format(labels.listed(names))] if names else []
    return " ".join(parts)


def _first(row: Mapping, who: str) -> str:
    """What a decided measure does: its change, and how many times what matters that is."""
    change, between = (text.replace("-", MINUS) for text in (labels.change(row), labels.likely_range(row)))
    text = f"{row['title']}{who}: {change}, {row['verdict']}; likely {between}"
    if not row["threshold"] > 0:
        return f"{text}."
    times = abs(row["change"]) / row["threshold"]
    return f"{text}, {times:.{0 if times >= 10 else 1}f} times the smallest change that matters."


def _who(row: Mapping, comparison: Comparison, titles: labels.Labels) -> str:
    """In brackets: which strategy is meant, where there are several, and which way it goes, where only that is sure."""
    said = [titles.strategy(row["strategy"])] if len(comparison.strategies) > 1 else []
    said += [labels.direction(row)] if labels.only_size_is_open(row) else []
    return f" ({', '.join(said)})" if said else ""


def losses(pair: Pair) -> str:
    """How many planned journeys are lost, whether fewer, and which causes clearly fall and grow."""
    if not len(pair.losses):
        return "No planned journey is lost."
    row = pair.in_all(pair.tables["ledger"], "journeys", PER_NEEDS)
    fewer = "Fewer planned journeys" if row["change"] < 0 else "More planned journeys"
    who = fewer if told_apart(row["low"], row["high"]) else "As far as can be told, as many planned journeys"
    whole = (
        f"{who} are lost: {row['reference_value']:.0f} of 1,000 needs with {pair.reference}, "
        f"{row['value']:.0f} with {pair.compared} ({likely(row['low'], row['high'])})."
    )
    return " ".join([whole, *_clear_changes(pair.losses, "title")])


def _clear_changes(
    found: pandas.DataFrame,
    column: str,
    falls: str = "Falls most",
    grows: str = "Grows most",
    decimals: int = 1,
) -> list[str]:
    """The largest clear fall and the largest clear growth, each with its likely range."""
    parts = []
    for place in clear_changes(found):
        row = found.loc[place]
        which = falls if row["change"] < 0 else grows
        between = likely(row["low"], row["high"], decimals)
        parts.append(f"{which}: {row[column]} ({signed(row['change'], decimals)}, {between}).")
    return parts or ["No single change is clear of chance."]


def saved(pair: Pair) -> str:
    """How many orders were saved and forfeited, and where the net comes from."""
    found, (net, low, high) = pair.saved, pair.saved_in_all
    if found.empty:
        return "No need was ordered in one world only."
    told = told_apart(low, high)
    orders = f"{abs(net):.1f} orders {'more' if net > 0 else 'fewer'}" if told else f"{signed(net)} orders"
    text = (
        f"Of 1,000 needs, {found['saved'].sum():.1f} are ordered only with {pair.compared} and "
        f"{found['forfeited'].sum():.1f} only with {pair.reference}: {orders}, {likely(low, high)}"
        f"{'.' if told else ', not told apart from none.'}"
    )
    clear = found[found["clear"] & (found["net"] * net > 0)]
    if told and len(clear):
        best = clear.loc[clear["net"].abs().idxmax()]
        text += f" The largest part of it: {best['title']} ({signed(best['net'])})."
        text += _grows_all_the_same(pair, best["title"], best["net"])
    return text


def _grows_all_the_same(pair: Pair, title: str, net: float) -> str:
    """Where fewer sales are lost to a cause need by need, and yet more journeys end by it, or the other way round: why."""
    journeys = pair.losses[pair.losses["title"] == title]
    against = journeys["clear"].astype(bool) & (journeys["change"] * net > 0)
    if not against.any():
        return ""
    more, because = (
        ("more", "a journey that other causes no longer end goes on, and this one may end it")
        if net > 0
        else ("fewer", "a journey that other causes end earlier can no longer end by this one")
    )
    return (
        f" Yet {more} journeys end by it ({signed(journeys['change'].iloc[0])}, above). That counts journeys by their end, "
        f"this what became of the same need in the other world: {because}."
    )


def waterfall(pair: Pair) -> str:
    """Which of the elements that are told apart from luck adds most, and which work against it."""
    steps = pair.waterfall
    total = steps["contribution"].sum()
    if not total:
        return "The elements add up to no change."
    up, down = steps[steps["low"] > 0], steps[steps["high"] < 0]
    for_it, against = (up, down) if total > 0 else (down, up)
    if not len(for_it):
        text = f"No element is told apart from luck; all together it is {signed(total, 2)} orders per 100 needs."
        return text + (f" Against it: {labels.listed(list(against['element']))}." if len(against) else "")
    best = for_it.loc[for_it["contribution"].abs().idxmax()]
    share = 100 * best["contribution"] / total
    text = f"{labels.from_code(best['element'])} adds most: {signed(best['contribution'], 2)}"
    if round(share) <= 100:
        text += f" of {signed(total, 2)} orders per 100 needs ({share:.0f} %)."
    else:  # others take away
        text += f" orders per 100 needs; all together it is {signed(total, 2)}."
    if len(against):
        text += f" Working against it: {labels.listed(list(against['element']))}."
    return text


def funnel(pair: Pair) -> str:
    """How many needs end in an order, with the range of the change; the funnel is closed."""
    found = pair.funnel
    planned, browsing = found.loc["planned_ordered"], found.loc["browsing_ordered"]
    needs, between = found.loc["candidate_needs", "reference_value"], likely(planned["low"], planned["high"])
    return (
        f"Of {needs:,.0f} needs, {planned['reference_value']:.1f} planned journeys end in an order "
        f"with {pair.reference} and {planned['value']:.1f} with {pair.compared} ({between}); "
        f"of those who only look around, {browsing['reference_value']:.1f} and "
        f"{browsing['value']:.1f} buy. The funnel is closed: every need ends exactly once."
    )


def matrix(pair: Pair, table: str, value: str, what: str) -> str:
    """How many there are in all, and the route that changes most clearly."""
    found = pair.matrix(table, value)
    route = [
        f"{labels.within(pair.titles.channel(one))} to {labels.within(pair.titles.channel(other))}"
        for one, other in zip(found["from_channel"], found["to_channel"], strict=True)
    ]
    before, after = found["reference_value"].sum(), found["value"].sum()
    return " ".join(
        [
            f"{before:.0f} {what} per 1,000 needs with {pair.reference}, {after:.0f} with {pair.compared}.",
            *_clear_changes(found.assign(route=route), "route"),
        ]
    )


def segments(pair: Pair) -> str:
    """Who gains and who loses on the first measure that has segments."""
    found = pair.segments
    measure = next(name for name in pair.rows["measure"] if name in set(found["measure"]))
    rows = found[found["measure"] == measure]
    title = rows["title"].iloc[0]
    gains, loses = (
        list(rows[rows["verdict"] == verdict]["segment_title"].map(labels.within)) for verdict in (BETTER, WORSE)
    )
    parts = [f"On {labels.within(title)}, {labels.listed(gains)} {_do('gain', gains)}."] if gains else []
    parts += [f"{labels.listed(loses)} {_do('lose', loses)}."] if loses else []
    if not parts:
        return f"On {labels.within(title)}, no segment clearly gains or loses more than what matters."
    if gains and not loses:
        parts.append("Nobody clearly loses.")
    return " ".join(part[:1].upper() + part[1:] for part in parts)


def _do(verb: str, who: list[str]) -> str:
    return verb if len(who) > 1 or who[0].endswith("s") else f"{verb}s"


def audit(pair: Pair) -> str:
    """Which part of consistency changes most, and what is not measured."""
    found = pair.audit
    measured, missing = (
        found.dropna(subset="change"),
        found[found["change"].isna()]["part"].tolist(),
    )
    text = (
        " ".join(_clear_changes(measured, "part", "Less alike, mostly", "More alike, mostly", 2))
        if len(measured)
        else ""
    )
    return f"{text} Not measured: {labels.listed(missing)}.".strip() if missing else text


def days(pair: Pair) -> str:
    """How many orders were gained by the end of the horizon, and by the end of the run."""
    gained = pair.days["gained"]
    ends = gained[gained.index < pair.horizon].iloc[-1]
    middle, last = ends["median"], gained.index[-1]
    customers = counted(pair.scenario.spec.population.customers, "customer")
    mean = pair.gained_by_horizon
    if told_apart(mean.low[0], mean.high[0]) and mean.estimate[0] * middle > 0:
        orders = f"{counted(round(abs(middle)), 'order')} {'more' if middle > 0 else 'fewer'} among {customers}"
    else:
        order = "order" if round(abs(middle)) == 1 else "orders"
        orders = f"{signed(middle, 0)} {order} among {customers}, in the mean not told apart from none"
    text = (
        f"By day {ends.name}, a middling run has {orders}; eight of ten "
        f"runs lie between {signed(ends['low'], 0)} and {signed(ends['high'], 0)}."
    )
    if last > ends.name:
        text += (
            f" There the horizon ends; by day {last} it is "
            f"{signed(gained['median'].iloc[-1], 0)}, with orders for needs that came later."
        )
    return text


def convergence(pair: Pair) -> str:
    """How many of the intervals are precise by now."""
    last = pair.convergence.iloc[-1].dropna()
    if not len(last):
        return f"After {pair.convergence.index[-1]} replications no measure has an interval: all gave the same."
    precise = int((last <= PRECISE).sum())
    return (
        f"After {pair.convergence.index[-1]} replications, {precise} of {len(last)} intervals are "
        "precise: at most half a threshold to either side."
    )
