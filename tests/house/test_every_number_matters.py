"""Every number that a scenario can say changes what customers do somewhere; what changes nothing is no parameter.

What is only written down (what she was told, what a clash was, what a mystery shopper found) does not count:
a number could be read for the log and for nothing else.
"""

from functools import cache
from hashlib import sha256

import numpy as np
import pytest
from numpy.lib.recfunctions import repack_fields
from pydantic import BaseModel
from worlds import ENGINES

from simsuite.engines.checked import FROM_THE_START
from simsuite.errors import UsageError
from simsuite.run_result import RunResult
from simsuite.scenario import load
from simsuite.scenario.pack import pack
from simsuite.specs.parameters import Parameters
from simsuite.specs.scenario import ScenarioSpec
from simsuite.vocabulary import EventKind, Flow

# A small world in which everything happens: scarce stock, lines, collected orders, recognized
# people, erring flows, promotions, an announcement; under local and under central authority.
FLOW = {"coverage": 0.8, "delay": 1.0, "error": 0.3}
STRATEGY = {
    "flows": dict.fromkeys((flow.name.lower() for flow in Flow), FLOW),
    "capabilities": {"collect_in_store": True, "master_read": True},
    "announcement": {"reach": 0.8, "strength": 4.0, "level": 0.9},
}
CENTRAL = {"price": "central", "promotion": "central"}
LOUD = {
    "population.customers": 600,
    "population.customers_per_region": 300,
    "population.customers_per_pool": 600,
    "experiment.warm_up": 3,
    "experiment.horizon": 32,
    "experiment.cool_down": 5,
    "experiment.reference": "local",
    "strategies.local": STRATEGY,
    "strategies.central": {**STRATEGY, "authority": CENTRAL},
    "parameters.audit.shoppers": 1,
    "parameters.stock.expected_units": 2.0,
    "parameters.stock.cover": 2.0,
    "parameters.stock.count_interval": 9,
    "parameters.stock.shrinkage": 0.1,
    "parameters.orders.collect_probability": 0.9,
    "parameters.orders.attach_probability": 0.8,
    "parameters.waiting.patience": "1 h",
    "parameters.race.browse_search": 0.5,
    "parameters.race.cart_self_service": 0.5,
    "parameters.giving_up.forced_account": 2.0,
    "parameters.giving_up.to_place": 0.5,
    "parameters.identity.creepy_rate": 2.0,
    "parameters.identity.withdrawal_probability": 0.3,
    "parameters.context.own_error": 0.2,
    "parameters.statements.wrong_person_rate": 2.0,
    "parameters.promotions.promotion_share": 0.4,
    "parameters.promotions.price_spread": 0.1,
    "parameters.promotions.season_weeks": 3,
    "channels.store.service": "1 h",
    **{
        f"segments.{name}.{trait}": value
        for name in ("regular", "loyal", "deal_seeker", "newcomer")
        for trait, value in (("need_rate", 150.0), ("privacy_concern_share", 0.6))
    },
}
NO_PART_OF_A_RUN = {
    "title", "question", "story", "look_at", "surprise", "sources", "currency",  # texts for readers
    "check",  # the firm's own figures, shown beside the model's
    "experiment.reference", "experiment.design",  # which runs are made; tests of the runner
    "experiment.replications", "experiment.most_replications", "experiment.logged_replications", "experiment.logged_customers",
    "experiment.level",  # how many runs there are, what is kept of them, how sure intervals are
}  # fmt: skip
MEASURED_ONLY = {"counts_carts"}  # whose carts are online carts: tests of the measures
ASKED_ONLY = {"audit.every", "audit.shoppers"}  # what mystery shoppers ask, which acts on nobody
OTHERWISE = {  # values for what is neither a number nor yes or no
    "opens": ("morning",),
    "login_domain": "a domain of its own",
    "stock_pool": "a pool of its own",
    "code": "another_code",
    "tastes": {"app": 2.0, "store": -2.0},
    "population.segments": {"regular": 0.1, "loyal": 0.7, "deal_seeker": 0.1, "newcomer": 0.1},
    "flow.channels": ("store", "app"),
    "flow.regions": (1,),
    "authority.price": "central",
    "authority.promotion": "central",
    "authority.price_level": -0.2,
    **{
        f"clock.{part}": begins
        for part, begins in {
            "morning": 480.0,
            "noon": 700.0,
            "afternoon": 900.0,
            "evening": 1100.0,
            "night": 1300.0,
        }.items()
    },
}


ACTS = [int(kind) for kind in EventKind if not kind.words.is_input]
WHO_DOES_WHAT_WHEN = ["customer", "part", "second", "need", "kind", "channel"]
HOW_IT_ENDS = ["customer", "need", "born", "closed", "outcome", "channel", "intent"]


@cache
def loud_world() -> ScenarioSpec:
    return load("retail_world", LOUD).spec


def result_of(spec: ScenarioSpec, strategy: str) -> RunResult:
    tables = pack(spec)
    engine = ENGINES["batch"](tables, strategy, keep_events=True)
    engine.run(tables.days)
    return engine.result()


def done(result: RunResult) -> str:
    """Digest of what customers did: their steps, how their needs ended, what they paid."""
    acts = result.events[np.isin(result.events["kind"], ACTS)][WHO_DOES_WHAT_WHEN]
    parts = acts, result.needs[HOW_IT_ENDS], result.tallies["money"]
    return sha256(b"".join(repack_fields(part).tobytes() for part in parts)).hexdigest()


def asked_and_answered(result: RunResult) -> str:
    """Digest of what the audit finds, and of what is counted as a contradiction."""
    return sha256(result.tallies["audit"].tobytes() + result.tallies["clashes"].tobytes()).hexdigest()


@cache
def done_in_the_loud_world(strategy: str, compared=done) -> str:
    return compared(result_of(loud_world(), strategy))


def changed(model: BaseModel, path: tuple, value):
    """A copy with one value replaced; the path goes through models and dictionaries."""
    first, *rest = path
    if isinstance(model, dict):
        return {**model, first: changed(model[first], rest, value) if rest else value}
    inner = changed(getattr(model, first), rest, value) if rest else value
    return model.model_copy(update={first: inner})


def other_values(info, value, otherwise):
    """Values of the field that differ from the present one, the likeliest to matter first."""
    if otherwise is not None:
        return [otherwise]
    if isinstance(value, bool):
        return [not value]
    low, high = (
        next(bound for bound in (getattr(limit, side, None) for limit in info.metadata) if bound is not None)
        for side in ("ge", "le")
    )
    kind = int if isinstance(value, int) else float
    wanted = (1.6 * value + 0.3, 0.5 * value - 0.1, 3 * value + 2, min(high, 50), max(low, -20))
    clipped = [kind(min(high, max(low, candidate))) for candidate in wanted]
    return [candidate for candidate in dict.fromkeys(clipped) if candidate != value]


def matters(places, info, otherwise=None, compared=done) -> bool:
    """Whether another value at one of these paths changes what customers do, under either strategy."""
    spec = loud_world()
    for path in places:
        value = spec
        for name in path:
            value = value[name] if isinstance(value, dict) else getattr(value, name)
        for other in other_values(info, value, otherwise):
            world = changed(spec, path, other)
            for name in spec.strategies:
                if compared(result_of(world, name)) != done_in_the_loud_world(name, compared):
                    return True
    return False


def without_effect(model: type[BaseModel], owners, prefix="") -> list[str]:
    """Fields of a group that change nothing at any of the paths of its owners."""
    found = []
    for name, info in model.model_fields.items():
        full = f"{prefix}{name}"
        otherwise = OTHERWISE.get(full, OTHERWISE.get(name))
        skipped = {name, full} & (NO_PART_OF_A_RUN | MEASURED_ONLY)
        compared = asked_and_answered if full in ASKED_ONLY else done
        if not skipped and not matters([(*owner, name) for owner in owners], info, otherwise, compared):
            found.append(name)
    return found


GROUPS = {name: info.annotation for name, info in Parameters.model_fields.items()}


@pytest.mark.parametrize("group", GROUPS)
def test_every_parameter_changes_some_run(group):
    assert without_effect(GROUPS[group], [("parameters", group)], f"{group}.") == []


def done_if_changed_later(strategy: str, parameters: Parameters) -> str:
    tables = pack(loud_world())
    engine = ENGINES["batch"](tables, strategy, keep_events=True)
    engine.run(1)
    engine.change_parameters(parameters)
    engine.run(tables.days)
    return done(engine.result())


@pytest.mark.parametrize("group", GROUPS)
def test_every_parameter_that_is_changed_within_a_run_acts_or_is_refused(group):
    """What people and shelves are made by cannot change any more; half-lives, which fill a table, can."""
    spec, refused, idle = loud_world(), set(), set()
    for name, info in GROUPS[group].model_fields.items():
        others = other_values(info, getattr(getattr(spec.parameters, group), name), None)
        worlds = [changed(spec, ("parameters", group, name), other).parameters for other in others]
        try:
            if not any(
                done_if_changed_later(strategy, parameters) != done_in_the_loud_world(strategy)
                for parameters in worlds
                for strategy in spec.strategies
            ):
                idle.add((group, name))
        except UsageError:
            refused.add((group, name))
    assert refused == {each for each in FROM_THE_START if each[0] == group}
    assert idle == {tuple(each.split(".")) for each in ASKED_ONLY if each.startswith(f"{group}.")}


@pytest.mark.parametrize("kind", ["channels", "segments", "categories"])
def test_every_trait_of_what_exists_changes_some_run(kind):
    entries = getattr(loud_world(), kind)
    assert without_effect(type(next(iter(entries.values()))), [(kind, name) for name in entries]) == []


@pytest.mark.parametrize("part", ["population", "clock", "experiment"])
def test_every_size_and_hour_changes_some_run(part):
    assert without_effect(type(getattr(loud_world(), part)), [(part,)], f"{part}.") == []


@pytest.mark.parametrize("flow", STRATEGY["flows"])
def test_every_dial_of_a_flow_changes_some_run(flow):
    spec = getattr(loud_world().strategies["local"].flows, flow)
    owners = [("strategies", "local", "flows", flow)]
    assert without_effect(type(spec), owners, "flow.") == []


@pytest.mark.parametrize("part", ["authority", "capabilities", "announcement"])
def test_everything_else_of_a_strategy_changes_some_run(part):
    spec = getattr(loud_world().strategies["local"], part)
    owners = [("strategies", name, part) for name in loud_world().strategies]
    assert without_effect(type(spec), owners, f"{part}.") == []


def test_no_part_of_a_scenario_is_left_out():
    walked = {"parameters", "channels", "segments", "categories", "population", "clock", "experiment", "strategies"}
    assert set(ScenarioSpec.model_fields) == walked | {name for name in NO_PART_OF_A_RUN if "." not in name}
    kinds = set(type(loud_world().strategies["local"]).model_fields) - {"title"}
    assert kinds == {"flows", "authority", "capabilities", "announcement"}
    assert set(type(loud_world().strategies["local"].flows).model_fields) == set(STRATEGY["flows"])


def test_a_text_changes_nothing():
    """The same comparison says no where it should."""
    spec = changed(loud_world(), ("channels", "app", "title"), "Another name")
    assert done(result_of(spec, "local")) == done_in_the_loud_world("local")
