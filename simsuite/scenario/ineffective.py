"""What a scenario says in vain, or what comes out otherwise than it looks. To add one, write one function with `@warning`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from simsuite.errors import Problem
from simsuite.scenario.areas import (
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
from simsuite.vocabulary import Flow

WARNINGS: list[Check] = []
IN_ONE_CHANNEL = frozenset({Flow.CART})  # a connected channel shows the shared record of its own carts too
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
    uneven = [served for served in desks_serve(case.spec) if served % per_clerk]
    if uneven:
        clerks = int(clerks_for(uneven[0], per_clerk))
        each = plain_number(round(uneven[0] / clerks))
        yield case.problem(
            ("population", "customers"),
            f"a desk for {counted(round(uneven[0]), 'customer')} has {counted(clerks, 'clerk')}, {each} for each instead of "
            f"{plain_number(per_clerk)}: its waits are not those of a whole area. Let customers, "
            f"customers_per_region and customers_per_pool be multiples of {plain_number(per_clerk)}.",
        )


@warning
def regions_are_as_large_as_they_are_said(case: Case) -> Iterator[Finding]:
    """Regions are equal: where they do not add up to all customers, each is a little larger or smaller."""
    population, acting = case.spec.population, customers_of_a_region(case.spec)
    said = population.customers_per_region
    if said < population.customers and _is_another_size(acting, said):
        yield case.problem(
            _said_or(case, "customers_per_region"),
            f"customers_per_region = {plain_number(said)} acts as {_size(acting)}: {plain_number(population.customers)} customers "
            f"make {counted(regions_of(case.spec), 'region')}, all of one size. Let customers be a multiple of "
            f"{plain_number(said)}.",
        )


@warning
def areas_are_as_large_as_they_are_said(case: Case) -> Iterator[Finding]:
    """An area of a common stock pool or desk is made of whole regions."""
    population, acting = case.spec.population, customers_of_an_area(case.spec)
    said, regions = population.customers_per_pool, min(regions_of(case.spec), regions_per_area(case.spec))
    common = any(channel.present and channel.stock_pool != "region" for channel in case.spec.channels.values())
    if common and said < population.customers and _is_another_size(acting, said):
        each = _size(customers_of_a_region(case.spec))
        yield case.problem(
            _said_or(case, "customers_per_pool"),
            f"customers_per_pool = {plain_number(said)} acts as {_size(acting)}: an area is made of whole regions, here of "
            f"{regions} with {each} customers{' each' * (regions > 1)}. Let it be a multiple of customers_per_region.",
        )


def _is_another_size(acting: float, said: float) -> bool:
    return abs(acting - said) > CLOSE * said


def _size(customers: float) -> str:
    """'2,500', or '0.7' where it is less than ten."""
    return plain_number(round(customers) if customers >= 10 else round(customers, 2))


def _said_or(case: Case, name: str) -> Path:
    """The place of a value of the population; that of the customers, from whom it follows, where the file says none."""
    path = ("population", name)
    return path if case.table.at(path) is not None else ("population", "customers")


@warning
def flows_link_two_channels(case: Case) -> Iterator[Finding]:
    """A list of one channel, as a file says it: what the flow knows comes from another channel, and none is linked."""
    for name, strategy in case.spec.strategies.items():
        for flow in Flow:
            path = ("strategies", name, "flows", flow.name.lower())
            said = getattr(strategy.flows, flow.name.lower())
            alone = said.channels is not None and len(said.channels) == 1 and flow not in IN_ONE_CHANNEL
            if alone and said.coverage and not is_in_catalog(case.table.origin_of((*path, "channels"))):
                yield case.problem(
                    (*path, "channels"),
                    f"channels = {shown_value(said.channels)} links nothing: {flow.name.lower()} has no effect in one channel "
                    "alone. Name another one that shares data, or set coverage = 0.",
                )


DELIVERED = "nothing that is bought here is delivered (delivers = false)"
APART = "no flow reaches this channel (shares_data = false)"
AT_REST: tuple[tuple[str, Callable[[ChannelSpec], bool], str], ...] = (  # a value, where it cannot act, and why
    ("delivery", lambda channel: not channel.delivers, DELIVERED),
    ("delivery", lambda channel: channel.staffed, "where somebody serves nobody gives up over it (staffed = true)"),
    ("delivery_cost", lambda channel: not channel.delivers, DELIVERED),
    ("counts_carts", lambda channel: channel.staffed, "a basket before a person is no cart (staffed = true)"),
    ("offers_collection", lambda channel: channel.sells_now, "the buyer takes the item away (sells_now = true)"),
    ("offers_collection", lambda channel: not channel.shares_data, APART),
    ("hands_over", lambda channel: not channel.sells_now, "it has no shelf of its own (sells_now = false)"),
    ("hands_over", lambda channel: not channel.shares_data, APART),
    ("reach_engagement", lambda channel: channel.reach_share >= 1, "everybody can use it (reach_share = 1)"),
)


@warning
def values_of_channels_can_act(case: Case) -> Iterator[Finding]:
    """What a channel says of deliveries, carts, collection or reach, and is kept from by another of its values."""
    channels = case.spec.channels
    for value, rests, why in AT_REST:
        default = ChannelSpec.model_fields[value].default
        said = {
            name: origin
            for name, channel in channels.items()
            if getattr(channel, value) != default
            and not is_in_catalog(origin := case.table.origin_of(("channels", name, value)))
        }
        acting = {origin for name, origin in said.items() if not rests(channels[name])}  # also what others inherit
        for name, origin in said.items():
            if rests(channels[name]) and origin not in acting:
                yield case.problem(
                    ("channels", name, value),
                    f"{value} = {shown_value(getattr(channels[name], value))} has no effect: {why}.",
                )


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
