"""What a scenario says in vain, or what comes out otherwise than it looks. To add one, write one function with `@warning`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simsuite.errors import Problem
from simsuite.scenario.checks import Case, Check, Finding, check_meaning
from simsuite.scenario.delays import acts_as, acts_otherwise, in_words
from simsuite.scenario.fields import plain_number
from simsuite.scenario.library import catalog_names
from simsuite.scenario.pack import clerks_for, desks_serve
from simsuite.scenario.problems import Problems
from simsuite.scenario.words import did_you_mean
from simsuite.vocabulary import Flow

WARNINGS: list[Check] = []


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
        if decides.price != "central" and case.table.at((*path, "price_level")) is not None:
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
                    f"delay = {said.delay:g} days acts as {in_words(flow, said.delay)}: {clock} and so on.",
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
        clerks = clerks_for(uneven[0], per_clerk)
        each = plain_number(round(uneven[0] / clerks))
        yield case.problem(
            ("population", "customers"),
            f"a desk for {plain_number(round(uneven[0]))} customers has {clerks} clerk{'s' * (clerks > 1)}, {each} for each "
            f"instead of {plain_number(per_clerk)}: its waits are not those of a whole area. Let customers, "
            f"customers_per_region and customers_per_pool be multiples of {plain_number(per_clerk)}.",
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
