"""From a resolved scenario to the tables that both engines start from: codes instead of names, parts instead of days."""

from __future__ import annotations

from dataclasses import dataclass, field
from zlib import crc32

from simsuite.errors import ScenarioError
from simsuite.specs.parameters import Parameters
from simsuite.specs.scenario import ScenarioSpec
from simsuite.specs.strategy import StrategySpec
from simsuite.vocabulary import CHANNEL_CODES, MAX_CHANNELS, NEVER, PARTS_PER_DAY, Daypart, Flow

Row = dict[str, object]
PARTS_PER_YEAR = 365.0 * PARTS_PER_DAY
KNOTS, LAST_KNOT_AT = 2049, 24.0
POOL_KINDS, AREAS = 64, 1 << 20


@dataclass(frozen=True, repr=False)
class StrategyTables:
    """A strategy as data: links [flow][from][to], coverage [flow][channel][region], policy."""

    name: str
    links: list[list[list[Row]]]
    coverage: list[list[list[Row]]]
    policy: Row

    def __repr__(self) -> str:
        return f"<StrategyTables of {self.name}: links, coverage, policy>"


@dataclass(frozen=True, repr=False)
class PackedScenario:
    """What a run starts from. Channels, segments, categories by index; names beside them."""

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
    places: list[list[Row]]
    pools: list[Row]
    desks: list[Row]
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
            f"<PackedScenario of {self.customers:,} customers in {self.regions:,} regions, {self.days} days; channels: "
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
    population = spec.population
    regions = max(1, round(population.customers / population.customers_per_region))
    domains: dict[str, int] = {}
    codes = channel_codes(list(channels))
    channels = {name: channels[name] for name in sorted(channels, key=codes.__getitem__)}
    channel_rows = [
        _channel_row(index, codes[name], channel, name, domains)
        for index, (name, channel) in enumerate(channels.items())
    ]
    categories, items = _goods(spec)
    places, pools, desks, pool_names = _places(spec, channels, regions)
    segment_names = sorted(population.segments)  # the order of a file never matters
    experiment = spec.experiment
    return PackedScenario(
        customers=population.customers,
        regions=regions,
        parameters=spec.parameters,
        channel_names=list(channels),
        segment_names=segment_names,
        category_names=sorted(spec.categories),
        channels=channel_rows,
        segments=[_segment_row(spec, name, list(channels)) for name in segment_names],
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


def channel_codes(names: list[str]) -> dict[str, int]:
    """A number from 0 to 15 for every channel, by its name alone wherever possible: draws go by it.

    Names of the catalog have fixed numbers. Others take the slot of their checksum or
    the next free one, in alphabetical order, so that the order of a file never matters.
    """
    codes = {name: CHANNEL_CODES.index(name) for name in names if name in CHANNEL_CODES}
    for name in sorted(set(names) - set(codes)):
        slot = crc32(name.encode()) % MAX_CHANNELS
        while slot in codes.values():
            slot = (slot + 1) % MAX_CHANNELS
        codes[name] = slot
    return codes


def _channel_row(index: int, code: int, channel, name: str, domains: dict[str, int]) -> Row:
    row = {
        key: value
        for key, value in channel.model_dump().items()
        if isinstance(value, (bool, int, float)) and key not in ("present", "delivery_cost")
    }
    domain = channel.login_domain or f"only {name}"
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
    for index, category in enumerate(spec.categories[name] for name in sorted(spec.categories)):
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


def _places(spec: ScenarioSpec, channels: dict, regions: int):
    """Which stock pool and which desk serve each channel in each region; areas hold whole regions."""
    population = spec.population
    per_region = population.customers / regions
    regions_per_area = max(1, round(population.customers_per_pool / per_region))
    pool_codes: dict[tuple[str, int], int] = {}
    desk_codes: dict[tuple[str, int], int] = {}
    served_by_pool: dict[int, float] = {}
    served_by_desk: dict[int, float] = {}
    places = []
    for name, channel in channels.items():
        rows = []
        for region in range(regions):
            area = region if channel.stock_pool == "region" else region // regions_per_area
            pool_name = name if channel.stock_pool == "region" else channel.stock_pool
            pool = pool_codes.setdefault((pool_name, area), len(pool_codes))
            served_by_pool.setdefault(pool, 0.0)
            desk = -1
            if channel.service > 0:
                desk = desk_codes.setdefault(
                    (name, region if channel.stock_pool == "region" else region // regions_per_area), len(desk_codes)
                )
                served_by_desk[desk] = served_by_desk.get(desk, 0.0) + per_region
            rows.append({"pool": pool, "desk": desk})
        for pool in {row["pool"] for row in rows}:
            served_by_pool[pool] = max(served_by_pool[pool], per_region * sum(row["pool"] == pool for row in rows))
        places.append(rows)
    kinds = len({name for name, _ in pool_codes}) or 1
    per_day = spec.parameters.stock.expected_units / 365.0 / kinds
    kinds_of_pool = _pool_kinds({name for name, _ in pool_codes})
    pools = [
        {
            "units_per_day": per_day * served_by_pool[place],
            "customers": round(served_by_pool[place]),
            "code": kinds_of_pool[name] * AREAS + area,
        }
        for (name, area), place in pool_codes.items()
    ]
    desks = [{"customers": round(served_by_desk[code])} for code in range(len(desk_codes))]
    return places, pools, desks, [f"{name} {area}" for name, area in pool_codes]


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
        delay = round(spec.delay * PARTS_PER_DAY)
        links.append(
            [
                [
                    {"delay": delay if reached[a] and reached[b] else NEVER, "error": spec.error}
                    for b in range(len(codes))
                ]
                for a in range(len(codes))
            ]
        )
        linked, unlinked = {"share": spec.coverage}, {"share": 0.0}  # one row each: a million people have 500 regions
        coverage.append(
            [
                [
                    linked if reached[a] and (spec.regions is None or region in spec.regions) else unlinked
                    for region in range(regions)
                ]
                for a in range(len(codes))
            ]
        )
    policy = {
        "central_price": strategy.authority.price == "central",
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
