"""What a scenario says in vain, or what comes out otherwise than it looks. To add one, write one function with `@warning`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from simsuite.errors import Problem
from simsuite.scenario.areas import (
    DIGITS,
    clerks_for,
    customers_of_a_region,
    customers_of_an_area,
    desks_serve,
    regions_of,
    regions_per_area,
)
from simsuite.scenario.checks import Case, Check, Finding, check_meaning
from simsuite.scenario.delays import acts_as, acts_otherwise, days_in_words, in_words
from simsuite.scenario.fields import plain_number
from simsuite.scenario.library import catalog_names, is_in_catalog
from simsuite.scenario.problems import Path, Problems
from simsuite.scenario.words import counted, did_you_mean, shown_value
from simsuite.specs.channel import ChannelSpec
from simsuite.specs.strategy import FlowSpec
from simsuite.vocabulary import Flow

WARNINGS: list[Check] = []
CLOSE = 1e-3  # of a size in customers that somebody said: nearer than this it comes out as said


def warning(function: Check) -> Check:
    """Register a function that yields `case.problem(path, message)` for what has no effect."""
    WARNINGS.append(function)
    return function


def warnings_about(case: Case) -> tuple[Problem, ...]:
    """Everything in a valid scenario that has no effect, each with its place."""
    problems = Problems()
    check_meaning(case, problems, WARNINGS)
    return tuple(problems.found)


@warning
def capabilities_have_what_they_need(case: Case) -> Iterator[Finding]:
    """A capability works on a flow; without it the firm cannot do what it says."""
    for name, strategy in case.spec.strategies.items():
        path, can, flows = ("strategies", name, "capabilities"), strategy.capabilities, strategy.flows
        if can.collect_in_store and not flows.stock.coverage:
            yield _idle(
                case,
                (*path, "collect_in_store"),
                "without the flow stock no channel can say where the item is",
                "stock = { coverage = 0.9 }",
            )
        if can.master_read and not (flows.cart.coverage and acts_as(Flow.CART, flows.cart.delay)):
            yield _idle(
                case,
                (*path, "master_read"),
                "only a flow cart with a delay of 9 h or more keeps a channel waiting for the shared copy",
                'cart = { coverage = 0.9, delay = "1 day" }',
            )
        if can.discreet and not flows.identity.coverage:
            yield _idle(
                case,
                (*path, "discreet"),
                "without the flow identity nobody is recognized from another channel's record",
                "identity = { coverage = 0.8 }",
            )


def _idle(case: Case, path: tuple[str, ...], why: str, example: str) -> Finding:
    """A capability without its flow, and what to do."""
    strategy, capability = path[1], path[-1]
    return case.problem(
        path,
        f"{capability} = true has no effect: {why}. Add to [strategies.{strategy}.flows] {example}, "
        f"or set {capability} = false.",
    )


@warning
def what_is_described_is_switched_on(case: Case) -> Iterator[Finding]:
    """A flow with a delay, but nobody connected; an announcement that nobody hears, or that moves nobody."""
    for name, strategy in case.spec.strategies.items():
        for flow_name, flow in strategy.flows:
            path = ("strategies", name, "flows", flow_name)
            if not flow.coverage:
                yield from _off(
                    case, path, ("delay", "error", "channels", "regions"), "coverage", "connects no record", "0.8"
                )
        path, decides = ("strategies", name, "authority"), strategy.authority
        if decides.price != "central" and decides.price_level != "mean":
            yield case.problem(
                (*path, "price_level"),
                'price_level has no effect: it is the level of one price for all. Add price = "central".',
            )
        path, told = ("strategies", name, "announcement"), strategy.announcement
        if not told.reach:
            yield from _off(case, path, ("strength", "level"), "reach", "reaches nobody", "0.8")
        elif not told.strength:
            yield from _off(case, path, ("reach", "level"), "strength", "moves nobody", "4")


@warning
def delays_act_as_they_are_said(case: Case) -> Iterator[Finding]:
    """A delay between two dayparts, or two days where channels publish once a day, acts as another one."""
    for name, strategy in case.spec.strategies.items():
        for flow in Flow:
            said = getattr(strategy.flows, flow.name.lower())
            if said.coverage and acts_otherwise(flow, said.delay):
                clock = (
                    "channels publish once a day, so that it acts in whole days: 0, 1, 2"
                    if flow.words.by_day
                    else "a visit is known at her next one, a daypart later at the earliest, so that it acts in whole "
                    "dayparts, a quarter of a day each: 0, 0.5, 0.75, 1"
                )
                yield case.problem(
                    ("strategies", name, "flows", flow.name.lower(), "delay"),
                    f"delay = {days_in_words(said.delay)} acts as {in_words(flow, said.delay)}: {clock} and so on.",
                )


def _off(
    case: Case, path: tuple[str, ...], described: Sequence[str], switch: str, why: str, example: str
) -> Iterator[Finding]:
    """A table that describes something and never says the one number, 0 if unsaid, that switches it on."""
    said = [each for each in described if case.table.at((*path, each)) is not None]
    if said and case.table.at((*path, switch)) is None:
        yield case.problem(
            (*path, said[0]),
            f"{said[0]} has no effect: {switch} is not said, and so 0, which {why}. "
            f"Add {switch}, such as {switch} = {example}.",
        )


@warning
def desks_have_whole_clerks(case: Case) -> Iterator[Finding]:
    """A desk that serves no whole number of what one clerk serves has another load for each of them, and so other waits."""
    per_clerk = case.spec.parameters.waiting.customers_per_clerk
    for served in desks_serve(case.spec):
        clerks = int(clerks_for(served, per_clerk))
        if not _is_close(served / clerks, per_clerk):
            yield case.problem(
                ("population", "customers"),
                f"a desk for {_customers(served, clerks * per_clerk)} has {counted(clerks, 'clerk')}, "
                f"{_told_apart(served / clerks, per_clerk)} for each instead of {plain_number(per_clerk)}: its waits are not "
                f"those of a whole area. Let customers, customers_per_region and customers_per_pool be multiples of "
                f"{plain_number(per_clerk)}.",
            )
            return


@warning
def regions_are_as_large_as_they_are_said(case: Case) -> Iterator[Finding]:
    """Regions are equal: where they do not add up to all customers, each is a little larger or smaller."""
    population = case.spec.population
    yield from _acts_otherwise(
        case,
        "customers_per_region",
        customers_of_a_region(case.spec),
        f"{counted(population.customers, 'customer')} make {counted(regions_of(case.spec), 'region')}, all of one size. "
        f"Let customers be a multiple of {plain_number(population.customers_per_region)}.",
    )


@warning
def areas_are_as_large_as_they_are_said(case: Case) -> Iterator[Finding]:
    """An area of a common stock pool or desk is made of whole regions."""
    regions = min(regions_of(case.spec), regions_per_area(case.spec))
    if any(channel.present and channel.stock_pool != "region" for channel in case.spec.channels.values()):
        each = _customers(customers_of_a_region(case.spec), case.spec.population.customers_per_pool / regions)
        yield from _acts_otherwise(
            case,
            "customers_per_pool",
            customers_of_an_area(case.spec),
            f"an area is made of whole regions, here of {regions} with {each}{' each' * (regions > 1)}. Let it be a "
            "multiple of customers_per_region.",
        )


def _acts_otherwise(case: Case, name: str, acting: float, why: str) -> Iterator[Finding]:
    """A size of the population that comes out as another one; not where fewer customers than that are there."""
    said, path = getattr(case.spec.population, name), ("population", name)
    if said < case.spec.population.customers and not _is_close(acting, said):
        place = path if case.table.at(path) is not None else ("population", "customers")  # from whom it follows
        yield case.problem(place, f"{name} = {plain_number(said)} acts as {_told_apart(acting, said)}: {why}")


def _is_close(acting: float, said: float) -> bool:
    return abs(acting - said) <= CLOSE * said


def _told_apart(acting: float, said: float) -> str:
    """A size with as many decimals as it takes to read as another one than was said: '2,500', '15.1' instead of '15'.

    Two or more where it is below ten: '3.5'.
    """
    written = (plain_number(round(acting, decimals)) for decimals in range(0 if acting >= 10 else 2, DIGITS))
    return next((each for each in written if each != plain_number(said)), plain_number(said))


def _customers(acting: float, said: float) -> str:
    """The same with what is counted: '1 customer', '15.1 customers'."""
    size = _told_apart(acting, said)
    return f"{size} customer{'s' * (size != '1')}"


@warning
def flows_reach_another_channel(case: Case) -> Iterator[Finding]:
    """What a flow knows comes from another channel; where fewer than two are reached, it says nothing to anybody."""
    for name, strategy in case.spec.strategies.items():
        idle: dict[
            tuple[Path, tuple[str, ...]], list[str]
        ] = {}  # by the place where somebody said it, and what is reached
        for flow in Flow:
            path = ("strategies", name, "flows", flow.name.lower())
            said = getattr(strategy.flows, flow.name.lower())
            reached = tuple(code for code, channel in case.spec.channels.items() if _reaches(said, code, channel))
            if said.coverage and len(reached) < (1 if flow.words.in_one_channel else 2):
                own = [(*path, key) for key in ("channels", "coverage") if _is_own(case, (*path, key))]
                idle.setdefault((own[0] if own else path[:2], reached), []).append(flow.name.lower())
        for (place, reached), flows in idle.items():
            several = len(flows) > 1
            yield case.problem(
                place,
                f"{', '.join(flows)}{f' of {name}' * (len(place) == 2)} {'have' if several else 'has'} no effect: "
                f"{f'only {reached[0]}' if reached else 'no channel'} is reached, and what {'they know' if several else 'it knows'} "
                "comes from another channel. Name or add another one that shares data, or set coverage = 0.",
                at_key=len(place) == 2,
            )


def _reaches(flow: FlowSpec, name: str, channel: ChannelSpec) -> bool:
    return channel.present and channel.shares_data and (flow.channels is None or name in flow.channels)


def _is_own(case: Case, path: Path) -> bool:
    """Whether a value is said, and not by the catalog."""
    return case.table.at(path) is not None and not is_in_catalog(case.table.origin_of(path))


DELIVERED = "nothing that is bought here is delivered (delivers = false)"
APART = "no flow reaches this channel (shares_data = false)"
Rest = tuple[Callable[[ChannelSpec], bool], str]  # where a value cannot act, and why
AT_REST: dict[str, tuple[Rest, ...]] = {  # by value; the first reason is told
    "delivery": (
        (lambda channel: not channel.delivers, DELIVERED),
        (lambda channel: channel.staffed, "where somebody serves nobody gives up over it (staffed = true)"),
    ),
    "delivery_cost": ((lambda channel: not channel.delivers, DELIVERED),),
    "counts_carts": ((lambda channel: channel.staffed, "a basket before a person is no cart (staffed = true)"),),
    "offers_collection": (
        (lambda channel: channel.sells_now, "the buyer takes the item away (sells_now = true)"),
        (lambda channel: not channel.shares_data, APART),
    ),
    "hands_over": (
        (lambda channel: not channel.sells_now, "it has no shelf of its own (sells_now = false)"),
        (lambda channel: not channel.shares_data, APART),
    ),
    "reach_engagement": ((lambda channel: channel.reach_share >= 1, "everybody can use it (reach_share = 1)"),),
}


def kept_at_rest(channel: ChannelSpec, value: str) -> str | None:
    """Why a value of a channel does nothing, by another of its values; None: it acts."""
    return next((why for at_rest, why in AT_REST[value] if at_rest(channel)), None)


@warning
def values_of_channels_can_act(case: Case) -> Iterator[Finding]:
    """What a channel says of deliveries, carts, collection or reach, and is kept from by another of its values."""
    for value in AT_REST:
        default, idle, acting = ChannelSpec.model_fields[value].default, [], set()
        for name, channel in case.spec.channels.items():
            path, said = ("channels", name, value), getattr(channel, value)
            if said == default or not _is_own(case, path):
                continue
            origin = case.table.origin_of(path)
            why = kept_at_rest(channel, value)
            if why is None:
                acting.add(origin)  # also of what others inherit
            else:
                idle.append((path, origin, f"{value} = {shown_value(said)} has no effect: {why}."))
        yield from (case.problem(path, text) for path, origin, text in idle if origin not in acting)


@warning
def strategies_differ_from_the_reference(case: Case) -> Iterator[Finding]:
    """A strategy without anything of its own, perhaps a misspelt name of the catalog: nothing can come of comparing it."""
    strategies, reference = case.spec.strategies, case.spec.experiment.reference
    for name, strategy in strategies.items():
        if name != reference and strategy == strategies[reference].model_copy(update={"title": strategy.title}):
            presets = catalog_names("strategies")
            meant = (
                None if name in presets else did_you_mean(name, [each for each in presets if each not in strategies])
            )
            remedy = f"Did you mean '{meant}'?" if meant else "Say below it what it does otherwise."
            yield case.problem(
                ("strategies", name),
                f"{name} is the same as the reference {reference}, so a comparison finds no difference. {remedy}",
                at_key=True,
            )
