"""Small worlds for tests: packed scenarios of the catalog, engines on them, and one visit at a
time.
"""

import warnings
from types import SimpleNamespace

from simsuite.engines.at_work import at_work
from simsuite.engines.batch import BatchEngine
from simsuite.engines.model import RetailModel
from simsuite.engines.things import Thing
from simsuite.engines.things import thing as blank_thing
from simsuite.errors import ScenarioWarning
from simsuite.machine.rulebook import standard_rules
from simsuite.rules import mechanism, state
from simsuite.scenario import load
from simsuite.scenario.pack import PackedScenario, pack
from simsuite.vocabulary import Intent

SAME_DAY = 1.0
NOTHING = object()

SHOP = """extends = "retail_world"
[population]
customers = 80
[experiment]
warm_up = 7
horizon = 28
cool_down = 7
replications = 3
most_replications = 4
logged_replications = 1
[strategies.isolated]
[strategies.integrated]
[strategies.ideal]
extends = "integrated_ideal"
"""


def again_probability(intent, giving_up):
    """A rule to replace that of the house, the same for all tests, since compiling it takes long: the same day again."""
    if intent == Intent.BROWSE:
        return giving_up.again_browse
    return SAME_DAY


ENGINES = {"batch": BatchEngine, "mesa": RetailModel}
STRATEGIES = ("isolated", "cross_channel", "integrated", "integrated_ideal")


def packed(world: str = "retail_world", strategies: dict | tuple = STRATEGIES, **overrides) -> PackedScenario:
    """Tables of a world of the catalog.

    strategies : names of the catalog, or strategies as data by name
    overrides : values by dotted path, `__` for the dots: population__customers=200
    """
    named = strategies if isinstance(strategies, dict) else dict.fromkeys(strategies, {})
    options = {f"strategies.{name}": entry for name, entry in named.items()}
    options |= {"experiment.reference": next(iter(named))}
    options |= {path.replace("__", "."): value for path, value in overrides.items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenarioWarning)  # values without effect are meant
        return pack(load(world, options).spec)


def small_retail(
    customers: int = 200, warm_up: int = 7, horizon: int = 28, cool_down: int = 7, **overrides
) -> PackedScenario:
    """The retail world with few customers who need much, in two regions, with scarce stock."""
    sizes = {
        "population__customers": customers,
        "population__customers_per_region": max(1, customers // 2),
        "experiment__warm_up": warm_up,
        "experiment__horizon": horizon,
        "experiment__cool_down": cool_down,
        "parameters__audit__shoppers": 1,
    }
    return packed(**{**sizes, **of_everybody(need_rate=150.0), **overrides})


def of_everybody(**traits) -> dict:
    """Overrides that give all segments of the retail world these traits."""
    everybody = ("regular", "loyal", "deal_seeker", "newcomer")
    return {f"segments__{name}__{trait}": value for name in everybody for trait, value in traits.items()}


def started(tables: PackedScenario, strategy: str = "isolated", engine: str = "batch", **options):
    """An engine before its first day, events kept; `seed` is called rng in Mesa."""
    if engine == "mesa" and "seed" in options:
        options["rng"] = options.pop("seed")
    return ENGINES[engine](tables, strategy, **{"keep_events": True, **options})


def switched(tables: PackedScenario, strategy: str, engine: str = "batch", **options):
    """The record of a run that begins under the reference and changes to `strategy` on day 0."""
    running = started(tables, tables.reference, engine, **options)
    running.run(tables.warm_up)
    running.switch_to(strategy)
    running.run(tables.days)
    return running.result()


def rules() -> SimpleNamespace:
    """The rules as plain Python."""
    return standard_rules().interpreted


def thing(record: str, **values) -> Thing:
    """A thing of this record of `simsuite.rules.state`, such as "RELATION"."""
    plain = {name: value for name, value in values.items() if "__" not in name}
    made = blank_thing(getattr(state, record, None) or getattr(mechanism, record), plain)
    return with_values(made, {name: value for name, value in values.items() if getattr(made, name, NOTHING) != value})


@at_work()
def with_values(made: Thing, values: dict) -> Thing:
    """A thing with these values; `__` for the dot of a group: price__excess=0.1."""
    for path, value in values.items():
        *groups, name = path.split("__")
        owner = made
        for group in groups:
            owner = getattr(owner, group)
        assert hasattr(owner, name), f"there is no {path}"
        setattr(owner, name, value)
    return made


def parameters(**changes):
    """Parameters at their defaults but for some: parameters(race__pause_rate=0.5)."""
    from simsuite.specs.parameters import Parameters

    groups: dict[str, dict] = {}
    for path, value in changes.items():
        group, name = path.split("__")
        groups.setdefault(group, {})[name] = value
    return Parameters(**groups)


class Encounter:
    """One customer with a need, in front of one channel, in an interpreted world.

    The world is a model of the retail world in its first daypart; `self.channel("app")` is
    the index of a channel. Whatever a test needs it sets by hand.
    """

    @at_work()
    def __init__(self, strategy: str = "isolated", customers: int = 4, **overrides):
        self.world = RetailModel(small_retail(customers, **overrides), strategy)
        self.rules = self.world.rules
        self.world.open_day(0)
        self.world.publish(0, 1)
        self.customer = self.world.customers[0]
        self.relations = self.customer.relations
        self.journey = self.customer.journey
        self.customer.consents = True
        self.customer.privacy_concerned = False
        for relation in self.relations:
            relation.reachable = True
        self.begin_journey()

    def channel(self, name: str) -> int:
        """Index of a channel."""
        return self.world.packed.channel_names.index(name)

    @at_work()
    def begin_journey(self, intent: int = 2, category: int = 0) -> None:
        """A fresh need of the customer."""
        kind = self.world.categories[category]
        need = thing(
            "NEED",
            need=5,
            born=1,
            intent=intent,
            category=category,
            item=kind.first_item,
            basket_cents=5000,
            counted=True,
        )
        self.rules.open_journey(self.journey, need, self.relations, self.world.now.part)

    @at_work()
    def at(self, name: str, before: str | None = None, **values):
        """A visit in this channel, coming from another; known unless said otherwise."""
        visit = thing(
            "VISIT",
            customer=self.customer.number,
            part=self.world.now.part,
            channel=self.channel(name),
            before=-1 if before is None else self.channel(before),
            identity__recognition=1,
            active=True,
            minute=700.0,
        )
        return with_values(visit, values)

    @at_work()
    def leave_cart(self, name: str, part: int = 0) -> None:
        """A cart of the open need lies in this channel since `part`; she was known there."""
        relation = self.relations[self.channel(name)]
        relation.cart_need, relation.cart_since, relation.written = self.journey.need, part, part
        relation.recognized, relation.known_since = True, part
        self.journey.cart_channel = self.channel(name)
        self.journey.channel = self.channel(name)
        self.journey.phase = 1
