"""From a resolved scenario to the tables that both engines start from: codes instead of names, parts instead of days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np

from simsuite.errors import ScenarioError
from simsuite.scenario.areas import clerks_for, customers_of_a_region, desks_serve, regions_of, regions_per_area
from simsuite.scenario.delays import delay_in_parts
from simsuite.scenario.words import counted
from simsuite.specs.base import code_of, in_order
from simsuite.specs.parameters import Parameters
from simsuite.specs.scenario import ScenarioSpec
from simsuite.specs.strategy import StrategySpec
from simsuite.vocabulary import (
    CHANNEL_CODES,
    LAST_CHANNEL_NUMBER,
    NEVER,
    PARTS_PER_DAY,
    RESERVED_NUMBERS,
    Daypart,
    Flow,
)

Row = dict[str, object]
PARTS_PER_YEAR = 365.0 * PARTS_PER_DAY
KNOTS, LAST_KNOT_AT = 2049, 24.0
POOL_KINDS, AREAS = 64, 1 << 20


class Rows(Sequence):
    """Many rows of the same names, kept by column: a region for every customer would be as many dictionaries."""

    def __init__(self, **columns: np.ndarray):
        self.columns = columns

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def __getitem__(self, place: int) -> Row:
        return {name: column[place].item() for name, column in self.columns.items()}


@dataclass(frozen=True, repr=False)
class StrategyTables:
    """A strategy as data: links [flow][from][to], coverage [flow][channel][region], policy."""

    name: str
    links: list[list[list[Row]]]
    coverage: list[list[Rows]]
    policy: Row

    def __repr__(self) -> str:
        return f"<StrategyTables of {self.name}: links, coverage, policy>"


@dataclass(frozen=True, repr=False)
class PackedScenario:
    """What a run starts from. Channels, segments, categories by index; beside them, as their names, their codes."""

    customers: int
    regions: int
    parameters: Parameters
    channel_names: list[str]
    segment_names: list[str]
    category_names: list[str]
    channels: list[Row]
    segments: list[Row]
    categories: list[Row]
    items: list[Row]
    places: list[Rows]
    pools: Rows
    desks: Rows
    dayparts: list[tuple[float, float]]
    strategies: dict[str, StrategyTables]
    reference: str
    design: str
    warm_up: int
    horizon: int
    cool_down: int
    seed: int
    pool_names: list[str] = field(default_factory=list)

    def __repr__(self) -> str:
        return (
            f"<PackedScenario of {counted(self.customers, 'customer')} in {counted(self.regions, 'region')}, "
            f"{counted(self.days, 'day')}; channels: "
            f"{', '.join(self.channel_names)}; strategies: {', '.join(list(self.strategies)[:20])}>"
        )

    @property
    def days(self) -> int:
        """Days of a whole run: warm-up, horizon, cool-down."""
        return self.warm_up + self.horizon + self.cool_down

    @property
    def clock(self) -> Row:
        """Parts at which something begins or ends. In a long run every arm tells people from its first day on."""
        switch = self.warm_up * PARTS_PER_DAY
        return {
            "switch_part": switch,
            "last_counted_part": switch + self.horizon * PARTS_PER_DAY,
            "announced_from": switch if self.design == "switch_over" else 0,
        }

    def region_of(self, number: int) -> int:
        """Region of customer `number`: customers are spread evenly over the regions."""
        return number * self.regions // self.customers


def pack(spec: ScenarioSpec) -> PackedScenario:
    """Tables of a resolved scenario. The spec has been validated; this only translates."""
    channels = {name: channel for name, channel in spec.channels.items() if channel.present}
    if not channels:
        raise ScenarioError("The scenario has no channel; give it at least one [channels.<name>] table.")
    population, regions = spec.population, regions_of(spec)
    domains: dict[tuple[str, str], int] = {}
    code = {name: code_of(name, channel) for name, channel in channels.items()}
    numbers = channel_codes(list(code.values()))
    channels = {name: channels[name] for name in sorted(channels, key=lambda name: numbers[code[name]])}
    channel_rows = [
        _channel_row(index, numbers[code[name]], channel, code[name], domains)
        for index, (name, channel) in enumerate(channels.items())
    ]
    categories, items = _goods(spec)
    places, pools, desks, pool_names = places_of(spec, channels)
    segments = segments_in_order(spec)
    experiment = spec.experiment
    return PackedScenario(
        customers=population.customers,
        regions=regions,
        parameters=spec.parameters,
        channel_names=[code[name] for name in channels],
        segment_names=[code_of(name, spec.segments[name]) for name in segments],
        category_names=[code_of(name, spec.categories[name]) for name in categories_in_order(spec)],
        channels=channel_rows,
        segments=[_segment_row(spec, name, list(channels)) for name in segments],
        categories=categories,
        items=items,
        places=places,
        pools=pools,
        desks=desks,
        pool_names=pool_names,
        dayparts=_dayparts(spec),
        strategies={
            name: strategy_tables(name, strategy, channels, regions) for name, strategy in spec.strategies.items()
        },
        reference=experiment.reference,
        design=experiment.design,
        warm_up=experiment.warm_up,
        horizon=experiment.horizon,
        cool_down=experiment.cool_down,
        seed=experiment.seed,
    )


def segments_in_order(spec: ScenarioSpec) -> list[str]:
    """Names of the segments that a run has, by their codes."""
    return in_order(spec.segments, spec.population.segments)


def categories_in_order(spec: ScenarioSpec) -> list[str]:
    """Names of the categories that a run has, by their codes."""
    return in_order(spec.categories, {name: category.need_share for name, category in spec.categories.items()})


def channel_codes(names: list[str]) -> dict[str, int]:
    """A number for every channel, by its name alone wherever possible: draws go by it.

    Names of the catalog have fixed numbers below `RESERVED_NUMBERS`, which later ones of the catalog get too.
    Others take the place of their checksum from there to `LAST_CHANNEL_NUMBER`, or the next free one, in
    alphabetical order, so that the order of a file never matters.
    """
    codes = {name: CHANNEL_CODES.index(name) for name in names if name in CHANNEL_CODES}
    places = LAST_CHANNEL_NUMBER + 1 - RESERVED_NUMBERS
    taken: set[int] = set()
    for name in sorted(set(names) - set(codes)):
        place = crc32(name.encode()) % places
        while place in taken:
            place = (place + 1) % places
        taken.add(place)
        codes[name] = RESERVED_NUMBERS + place
    return codes


def _channel_row(index: int, code: int, channel, name: str, domains: dict[tuple[str, str], int]) -> Row:
    row = {
        key: value
        for key, value in channel.model_dump().items()
        if isinstance(value, (bool, int, float)) and key not in ("present", "delivery_cost")
    }
    domain = ("of several", channel.login_domain) if channel.login_domain else ("its own", name)
    row |= {
        "index": index,
        "code": code,
        "domain": domains.setdefault(domain, len(domains)),
        "delivery_cost_cents": round(channel.delivery_cost * 100),
    }
    row |= {f"opens_{part.name.lower()}": part.name.lower() in channel.opens for part in Daypart}
    return row


def _segment_row(spec: ScenarioSpec, name: str, channel_names: list[str]) -> Row:
    from scipy.special import gammainccinv  # scipy.stats takes a second to import

    segment = spec.segments[name]
    names = (
        "price_sensitivity",
        "price_sensitivity_spread",
        "deal_prone_share",
        "privacy_concern_share",
        "consent_share",
        "effort_budget",
        "effort_budget_spread",
        "taste_spread",
        "awareness",
        "satisfaction",
        "engagement_intent",
    )
    row: Row = {key: getattr(segment, key) for key in names}
    row["share"] = spec.population.segments[name]
    row["tastes"] = [segment.tastes.get(channel, 0.0) for channel in channel_names]
    step = LAST_KNOT_AT / (KNOTS - 1)
    tails = [2.718281828459045 ** (-step * knot) for knot in range(KNOTS)]
    scale = segment.need_rate / segment.need_rate_shape / PARTS_PER_YEAR
    row["rate_knots"] = [float(value) * scale for value in gammainccinv(segment.need_rate_shape, tails)]
    return row


def _goods(spec: ScenarioSpec) -> tuple[list[Row], list[Row]]:
    from scipy.special import ndtri

    categories: list[Row] = []
    items: list[Row] = []
    total_share = sum(category.need_share for category in spec.categories.values()) or 1.0
    for index, category in enumerate(spec.categories[name] for name in categories_in_order(spec)):
        names = ("need_share", "need_to_inspect", "risk", "pleasure", "urgency", "deliberation", "goods_cost")
        categories.append(
            {**{key: getattr(category, key) for key in names}, "first_item": len(items), "items": category.items}
        )
        weights = [(rank + 1.0) ** -category.popularity_exponent for rank in range(category.items)]
        for rank, weight in enumerate(weights):
            quantile = ((5 * rank + category.items // 2) % category.items + 0.5) / category.items
            price = category.price * 2.718281828459045 ** (category.price_spread * float(ndtri(quantile)))
            popularity = weight / sum(weights)
            items.append(
                {
                    "category": index,
                    "list_cents": max(1, round(price * 100)),
                    "popularity": popularity,
                    "demand_share": category.need_share / total_share * popularity,
                }
            )
    return categories, items


def sizes_of_firm(spec: ScenarioSpec) -> dict[str, int]:
    """How many regions, pools, desks and clerks of a desk there are; counted, without making them."""
    regions = regions_of(spec)
    areas = -(-regions // regions_per_area(spec))
    present = [channel for channel in spec.channels.values() if channel.present]
    common = {channel.stock_pool for channel in present} - {"region"}
    own = [channel.stock_pool == "region" for channel in present]
    desks = [regions if channel.stock_pool == "region" else areas for channel in present if channel.service > 0]
    clerks = clerks_for(desks_serve(spec) or [0], spec.parameters.waiting.customers_per_clerk)
    return {
        "regions": regions,
        "pools": sum(own) * regions + len(common) * areas,
        "desks": sum(desks),
        "clerks": int(clerks.max()),
    }


def places_of(spec: ScenarioSpec, channels: dict) -> tuple[list[Rows], Rows, Rows, list[str]]:
    """Which stock pool and which desk serve each channel in each region; what each has for those whom it serves."""
    regions = regions_of(spec)
    per_region = np.full(regions, customers_of_a_region(spec))
    areas = np.arange(regions) // regions_per_area(spec)
    first: dict[tuple[str, bool], int] = {}  # number of the first pool of each kind: its name, whether of one channel
    served: dict[tuple[str, bool], np.ndarray] = {}  # customers of each pool of a kind
    desks: list[np.ndarray] = [np.zeros(0)]  # customers of each desk, by channel
    places = []
    for name, channel in channels.items():
        own = channel.stock_pool == "region"
        kind = (code_of(name, channel) if own else channel.stock_pool, own)
        area = np.arange(regions) if own else areas
        if kind not in first:
            first[kind] = sum(map(len, served.values()))
            served[kind] = per_region if own else per_region[0] * np.bincount(areas)
        desk = np.full(regions, -1)
        if channel.service > 0:
            desk = sum(map(len, desks)) + area
            desks.append(np.bincount(area, weights=per_region))
        places.append(Rows(pool=first[kind] + area, desk=desk))
    numbers = _pool_kinds({name for name, _ in first})
    per_day = spec.parameters.stock.expected_units / 365.0 / (len(first) or 1)
    customers = np.concatenate(list(served.values()))
    pools = Rows(
        units_per_day=per_day * customers,
        code=np.concatenate([numbers[kind[0]] * AREAS + np.arange(len(served[kind])) for kind in first]),
    )
    names = [f"{kind[0]} {area}" for kind in first for area in range(len(served[kind]))]
    at_desk = np.concatenate(desks)
    clerks = clerks_for(at_desk, spec.parameters.waiting.customers_per_clerk)
    return places, pools, Rows(clerks=clerks), names


def _pool_kinds(names: set[str]) -> dict[str, int]:
    """A number from 0 to 63 for every kind of stock pool, by its name alone wherever possible."""
    kinds: dict[str, int] = {}
    for name in sorted(names):
        slot = crc32(name.encode()) % POOL_KINDS
        while slot in kinds.values():
            slot = (slot + 1) % POOL_KINDS
        kinds[name] = slot
    return kinds


def _dayparts(spec: ScenarioSpec) -> list[tuple[float, float]]:
    clock = spec.clock
    edges = [clock.morning, clock.noon, clock.afternoon, clock.evening, clock.night]
    if any(late <= early for early, late in zip(edges, edges[1:], strict=False)):
        raise ScenarioError("[clock] morning, noon, afternoon, evening, night must follow each other.")
    return list(zip(edges, edges[1:], strict=False))


def strategy_tables(name: str, strategy: StrategySpec, channels: dict, regions: int) -> StrategyTables:
    """Links, coverage and policy of one strategy; a flow reaches only channels that share data."""
    codes = list(channels)
    links, coverage = [], []
    for flow in Flow:
        spec = getattr(strategy.flows, flow.name.lower())
        reached = [channels[code].shares_data and (spec.channels is None or code in spec.channels) for code in codes]
        delay = delay_in_parts(spec.delay)
        links.append(
            [
                [
                    {"delay": delay if reached[a] and reached[b] else NEVER, "error": spec.error}
                    for b in range(len(codes))
                ]
                for a in range(len(codes))
            ]
        )
        share = np.full(regions, spec.coverage if spec.regions is None else 0.0)
        share[list(spec.regions or ())] = spec.coverage
        linked, unlinked = Rows(share=share), Rows(share=np.zeros(regions))
        coverage.append([linked if reached[a] else unlinked for a in range(len(codes))])
    policy = {
        "central_price": strategy.authority.price == "central",
        "central_price_level": central_price_level(strategy.authority.price_level, channels),
        "central_promotion": strategy.authority.promotion == "central",
        "collect_in_store": strategy.capabilities.collect_in_store,
        "master_read": strategy.capabilities.master_read,
        "discreet": strategy.capabilities.discreet,
        "everybody_known": strategy.capabilities.everybody_known,
        "announcement_reach": strategy.announcement.reach,
        "announcement_strength": strategy.announcement.strength,
        "announcement_level": strategy.announcement.level,
    }
    return StrategyTables(name, links, coverage, policy)


def central_price_level(said: str | float, channels: dict) -> float:
    """Where one price for all channels of the firm lies, share of list above (below) it: as decided, or as the channels' own are."""
    own = [channel.price_level for channel in channels.values() if channel.shares_data]
    if isinstance(said, float):
        return said
    return {"mean": sum(own) / len(own), "lowest": min(own), "list": 0.0}[said] if own else 0.0
