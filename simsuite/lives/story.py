"""The days of one customer in words, in both worlds: common past, parting, what followed."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, replace
from itertools import zip_longest

import numpy as np

from simsuite.errors import UsageError
from simsuite.lives.parting import COMPARED, parting_table
from simsuite.lives.sentences import Titles, WorldInWords
from simsuite.metrics.twins import FORFEITED, SAVED, kinds_of_twins
from simsuite.run_result import RunResult
from simsuite.vocabulary import INPUT_KINDS, PARTS_PER_DAY, Cause, Daypart, EventKind, Flow

CLASHING_CAUSES = tuple(cause for cause in Cause if cause.words.by_channels)
NOTHING = "nothing of the kind"


@dataclass(frozen=True)
class Moment:
    """What happens to her in one daypart, in both worlds.

    day : day since the switch, negative before it
    daypart : morning, noon, afternoon or evening
    time : of her visit, "14:10"; empty if she makes none
    left, right : prose of the reference and of the compared world; empty if nothing happens
    """

    day: int
    daypart: str
    time: str
    left: str
    right: str

    @property
    def when(self) -> str:
        """In words: "9 days before the switch, 14:10"."""
        return f"{day_in_words(self.day)}, {self.time or self.daypart}"


@dataclass(frozen=True)
class Difference:
    """Where the two worlds first differ for her, and how: one line of words for each.

    place : index of the moment
    """

    place: int
    left: str
    right: str


@dataclass(frozen=True, repr=False)
class Story:
    """One customer in both worlds.

    who : who she is, in words
    worlds : titles of the reference and of the compared world
    moments : in order of time
    touch : the first input that differs; None if none does
    touched_by : what differed until the parting, as in "cart, price"; empty if nothing
    parting : the first act that differs; None if she does the same throughout
    left_out : needs left out because she did not consider the firm
    endings : what the run leaves behind of her in each world
    """

    customer: int
    who: str
    worlds: tuple[str, str]
    moments: tuple[Moment, ...]
    touch: Difference | None
    touched_by: str
    parting: Difference | None
    left_out: int
    endings: tuple[str, str]


def tell(
    reference: RunResult,
    compared: RunResult,
    customer: int,
    titles: Titles | None = None,
    days_before: int = 14,
    days_after: int = 3,
) -> Story:
    """Tell the days of one customer.

    Parameters
    ----------
    reference, compared : runs of the same luck with their events kept
    customer : number, from 0
    titles : see `titles_of`; None: things go by their names, and money has no currency
    days_before : days before the switch with which the story begins
    days_after : days told after the journey in which the worlds part has ended; of somebody
        who does the same throughout, days after what first touched her, or after the switch

    Raises
    ------
    UsageError if there is no such customer
    SimsuiteError if a run kept no events, or the worlds are no twins
    """
    customers = len(reference.customers)
    if not 0 <= customer < customers:
        raise UsageError(
            f"There is no customer {customer}: this run has customers 0 to {customers - 1}. Choose one of them."
        )
    titles = titles or Titles((reference.strategy, compared.strategy))
    results = [_only(result, customer) for result in (reference, compared)]
    worlds = [WorldInWords(result, customer, titles) for result in results]
    touched, parted, rows, touched_by = _parting(results, customer)
    known = [part for part in (touched, parted) if part >= 0]
    switch = reference.warm_up * PARTS_PER_DAY
    start = min([switch, *known]) - days_before * PARTS_PER_DAY
    end = max([_end_of_journeys(worlds, rows), *(known or [switch])]) + days_after * PARTS_PER_DAY
    keys, left_out = _keys(worlds, start, end, parted)
    acts = [world.act(row) for world, row in zip(worlds, rows, strict=True)]
    return Story(
        customer,
        _who(reference, customer, titles),
        titles.worlds,
        tuple(_moment(worlds, key, reference.warm_up) for key in keys),
        _difference(keys, touched, _first_inputs(worlds, touched)),
        touched_by,
        _difference(keys, parted, acts),
        left_out,
        tuple(_ending(result, customer) for result in results),
    )


def interesting_customers(reference: RunResult, compared: RunResult, n: int) -> list[int]:
    """Customers whose story shows the difference: parted by a flow, and ordered in one world only.

    The need in which her acts first differ is ordered in one world only, and what differed
    until then came from a flow, not from a wait alone. First come those who ordered in the
    compared world; one place of several is kept for who ordered in the reference world only.
    Within each, those lost to what channels said or knew come first, then the earliest
    parting, then the number of the customer.

    Returns
    -------
    list of at most `n` customer numbers; fewer if there are no more

    Raises
    ------
    SimsuiteError if a run kept no events or no needs, or the worlds are no twins
    """
    table = parting_table(reference, compared)
    table = table[
        (table["first_parted"] >= 0) & table["touched_by"].str.contains("|".join(flow.title for flow in Flow))
    ]
    kinds = _by_need(reference, kinds_of_twins(reference, compared))
    causes = [_by_need(result, result.needs["cause"]) for result in (reference, compared)]
    ranked: dict[int, list[tuple[bool, int, int]]] = {SAVED: [], FORFEITED: []}
    for row in table.itertuples():
        log, place = (reference, row.reference_event) if row.reference_event >= 0 else (compared, row.compared_event)
        key = (row.customer, int(log.events["need"][place]))
        kind = kinds.get(key)
        if kind in ranked:
            cause = causes[0 if kind == SAVED else 1][key]
            ranked[kind].append((cause not in CLASHING_CAUSES, row.first_parted, row.customer))
    saved, forfeited = ([customer for *_, customer in sorted(entries)] for entries in ranked.values())
    winners = saved[: n - 1 if forfeited and n > 1 else n]
    return [*winners, *forfeited[: n - len(winners)]]


def _by_need(result: RunResult, values: np.ndarray) -> dict[tuple[int, int], int]:
    """Values by (customer, need)."""
    keys = zip(result.needs["customer"].tolist(), result.needs["need"].tolist(), strict=True)
    return dict(zip(keys, values.tolist(), strict=True))


def day_in_words(day: int) -> str:
    """A day relative to the switch: "1 day before the switch", "day 12"."""
    if day >= 0:
        return f"day {day}"
    return f"{-day} day{'s' if day < -1 else ''} before the switch"


def _only(result: RunResult, customer: int) -> RunResult:
    """The run with the events of one customer; the first row stays, so that no log is empty."""
    wanted = result.events["customer"] == customer
    wanted[:1] = True
    return replace(result, events=result.events[wanted])


def _parting(results: list[RunResult], customer: int) -> tuple[int, int, tuple[int, int], str]:
    """Dayparts of first touch and parting, rows of the acts that differ, what differed until then.

    -1 for what there is none of.
    """
    table = parting_table(*results).set_index("customer")
    if customer not in table.index:
        return -1, -1, (-1, -1), ""
    row = table.loc[customer]
    acts = (int(row.reference_event), int(row.compared_event))
    return int(row.first_touched), int(row.first_parted), acts, row.touched_by


def _end_of_journeys(worlds: list[WorldInWords], rows: tuple[int, int]) -> int:
    """The last daypart of the needs in which her acts part; -1 if they do not."""
    needs = {int(world.events["need"][row]) for world, row in zip(worlds, rows, strict=True) if row >= 0}
    ends = [world.events["part"][row] for world in worlds for row in world.rows if world.events["need"][row] in needs]
    return max(ends, default=-1)


def _keys(worlds: list[WorldInWords], start: int, end: int, parted: int) -> tuple[list[tuple[int, str]], int]:
    """Daypart and time of each moment; and how many needs are left out as not considered."""
    keys, left_out = set(), 0
    for part in sorted({part for world in worlds for part in world.parts if start <= part <= end}):
        dull = [
            all(
                (event["kind"], event["value"]) == (EventKind.NEED, 0)
                for event in world.events[world.parts.get(part, [])]
            )
            for world in worlds
        ]
        if all(dull) and part != parted:
            left_out += max(len(world.parts.get(part, [])) for world in worlds)
            continue
        keys |= {(part, world.time(part)) for world in worlds if part in world.parts}
    return sorted(keys), left_out


def _moment(worlds: list[WorldInWords], key: tuple[int, str], warm_up: int) -> Moment:
    part, time = key
    texts = [world.prose(part) if world.time(part) == time else "" for world in worlds]
    daypart = Daypart(part % PARTS_PER_DAY).name.lower()
    return Moment(part // PARTS_PER_DAY - warm_up, daypart, time, *texts)


def _first_inputs(worlds: list[WorldInWords], part: int) -> list[str]:
    """The first input of a daypart that only one world has, in words, for each world."""
    rows = [world.parts.get(part, []) for world in worlds]
    keys = [
        [tuple(world.events[row][name] for name in COMPARED) for row in own]
        for world, own in zip(worlds, rows, strict=True)
    ]
    told = []
    for world, own, own_keys, other_keys in zip(worlds, rows, keys, reversed(keys), strict=True):
        words = [
            world.words(row)
            for row, key in zip(own, own_keys, strict=True)
            if key not in other_keys and world.events["kind"][row] in INPUT_KINDS
        ]
        told.append(next(filter(None, words), NOTHING))
    return told


def _difference(keys: list[tuple[int, str]], part: int, words: list[str]) -> Difference | None:
    if part < 0:
        return None
    return Difference(next(place for place, key in enumerate(keys) if key[0] >= part), *words)


def _who(result: RunResult, customer: int, titles: Titles) -> str:
    row = result.customers[customer]
    segment = result.segment_names[row["segment"]]
    reachable = np.flatnonzero(result.relations[customer]["reachable"])
    names = [result.channel_names[index] for index in reachable]
    rate = row["need_rate"] * PARTS_PER_DAY * 365
    traits = [
        f"about {rate:.{0 if rate >= 10 else 1}f} needs a year",
        f"a price sensitivity of {row['price_sensitivity']:.1f} times the median",
    ]
    traits += ["a weakness for offers"] if row["deal_prone"] else []
    traits += ["a dislike of being recognized"] if row["privacy_concerned"] else []
    return (
        f"Customer {customer} belongs to the segment {titles.segment(segment)}, "
        f"with {_listed(traits)}. She can use: "
        f"{_listed([titles.channel(name) for name in names])}."
    )


def _ending(result: RunResult, customer: int) -> str:
    row = result.customers[customer]
    consent = "consents" if row["consents"] else "does not consent"
    return (
        f"{_counted(int(row['orders']), 'order')} since the start of the run; satisfaction "
        f"{row['satisfaction']:.2f}; she {consent} to the linking of her records."
    )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _listed(words: list[str]) -> str:
    return "".join(words) if len(words) < 2 else f"{', '.join(words[:-1])} and {words[-1]}"


def story_columns(story: Story) -> list[tuple[int, str, str, str, str]]:
    """The moments as rows of a table: (day, daypart, time, left text, right text)."""
    return [(moment.day, moment.daypart, moment.time, moment.left, moment.right) for moment in story.moments]


def story_text(story: Story, width: int = 80) -> str:
    """The story for a terminal: one column as long as both worlds tell the same, else two.

    width : columns of the terminal, at least 40
    """
    width = max(width, 40)
    lines = textwrap.wrap(story.who, width)
    marks = ((story.touch, "First difference in what reaches her:"), (story.parting, "Here her two lives part:"))
    for place, moment in enumerate(story.moments):
        lines += ["", f"{moment.when[0].upper()}{moment.when[1:]}"]
        if moment.left == moment.right:
            lines += textwrap.wrap(moment.left, width, initial_indent="  ", subsequent_indent="  ")
        else:
            lines += _side_by_side(story.worlds, (moment.left, moment.right), width)
        for difference, title in marks:
            if difference and difference.place == place:
                lines += ["", title]
                lines += _side_by_side(story.worlds, (difference.left, difference.right), width)
    lines += ["", *textwrap.wrap(_last_words(story), width)]
    return "\n".join([*lines, *_side_by_side(story.worlds, story.endings, width)])


def _side_by_side(titles: tuple[str, str], texts: tuple[str, str], width: int) -> list[str]:
    """Two columns of text under their titles; an empty text says that nothing happens."""
    column = (width - 4) // 2
    columns = [
        [title[:column], *textwrap.wrap(text or "Nothing happens.", column)]
        for title, text in zip(titles, texts, strict=True)
    ]
    return [f"  {left:{column}}  {right}".rstrip() for left, right in zip_longest(*columns, fillvalue="")]


def _last_words(story: Story) -> str:
    sentences = []
    if story.parting is None:
        sentences.append("She does the same in both worlds.")
    elif story.touched_by:
        sentences.append(f"What differed until her lives parted: {story.touched_by}.")
    if story.left_out:
        needs = _counted(story.left_out, "need")
        sentences.append(f"Left out: {needs} for which she did not consider this firm.")
    return " ".join([*sentences, "At the end of the run:"])
