"""The Mesa model: the same rules, interpreted, on agents that hold their own state.

For up to some thousand customers: open one, read what each channel knows about her, change it, go on.

    model = RetailModel("flagship_retailer", "integrated", overrides={"population.customers": 200})
    model.run(180)
    model.switch_to("integrated")
    model.customers[3].satisfaction = 0.2
    model.link("stock", "store", "desktop_web").delay = 20
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import mesa
import numpy as np

from simsuite.arguments import one_of, whole_number
from simsuite.engines.agents import ChannelAgent, CustomerAgent
from simsuite.engines.at_work import Edits, at_work
from simsuite.engines.checked import (
    Guarded,
    Idle,
    called_or_none,
    changed_parameters,
    day_within,
    edit,
    in_whole_days,
    iteration_of_batch_run,
    kept,
    length_of,
    replication_number,
    seed_number,
    still_running,
    strategy_in,
    warn_of_idle,
    warn_of_lost,
    why_idle,
)
from simsuite.engines.day import run_day
from simsuite.engines.pages import Page, as_records
from simsuite.engines.records import EVENT_TYPE, SETTLED_TYPE, luck_of, sizes_of
from simsuite.engines.rule_words import checked_rules, rules_in_words
from simsuite.engines.things import Thing, alike, close, scratch, tell_when_changed, thing, things
from simsuite.errors import UsageError
from simsuite.machine.rulebook import Rulebook
from simsuite.rules import state
from simsuite.rules.world import WORLD
from simsuite.run_result import RunResult
from simsuite.scenario import Scenario, load
from simsuite.scenario.pack import PackedScenario, pack
from simsuite.shown import Agents
from simsuite.specs.parameters import Parameters
from simsuite.tallies import Daily
from simsuite.vocabulary import PARTS_PER_DAY, Flow


class RetailModel(Guarded, mesa.Model):
    """A retailer's customers and channels. The model is the world that the rules see.

    Parameters
    ----------
    scenario : name or file of a scenario, a Scenario, or the tables that `pack` makes of one
    strategy : name of the strategy; default: the reference of the scenario. A scenario whose strategies switch over
        lives its warm-up under the reference first, as in `simsuite.run`. In tables it is in force from the first
        day on: who packs them says `switch_to`
    replication : which luck, from 0: the same as replication of `simsuite.compare`. Default: 0; in Mesa's `batch_run`
        the number of the iteration, unless `rng` is said
    rng : the seed, by Mesa's word, a whole number; default: the scenario's
    rules : `simsuite.rules.replace(...)`
    keep_needs, keep_events : whether to keep a row per settled need, per event
    follow_every : events are kept of customers whose number is a multiple of it
    overrides : values by dotted path, {"population.customers": 200}

    Raises
    ------
    ScenarioError, UsageError
    """

    @at_work()
    def __init__(
        self,
        scenario: str | Path | Scenario | PackedScenario,
        strategy: str | None = None,
        replication: int | None = None,
        rng: int | None = None,
        rules: Rulebook | None = None,
        keep_needs: bool = True,
        keep_events: bool = True,
        follow_every: int = 1,
        overrides: Mapping[str, Any] | None = None,
    ):
        packed = _tables_of(scenario, overrides)
        keep_needs, keep_events, follow_every = kept(keep_needs, keep_events, follow_every)
        strategy = strategy_in(packed, packed.reference if strategy is None else strategy)
        if replication is None:
            replication = 0 if rng is not None else iteration_of_batch_run()
        seed = packed.seed if rng is None else seed_number(rng, "rng")
        super().__init__(rng=seed)
        of_mesa = {*vars(self), "step", "datacollector"}
        self._step_of_mesa, self.step = self.step, self._step_and_close  # also of a subclass that goes on after ours
        self.packed, self.replication, self.seed_of_run = packed, replication_number(replication), seed
        self.rulebook = checked_rules(rules)
        self.rules = self.rulebook.interpreted
        self.parameters = packed.parameters
        self.n_customers, self.n_regions = packed.customers, packed.regions
        self.day = 0
        self.satisfaction = np.zeros(0)
        sizes = sizes_of(packed)
        for table in WORLD:
            values = getattr(packed, table.name) if table.packed == "scenario" else None
            setattr(self, table.name, things(table.record, [sizes[axis] for axis in table.axes], values))
        self.now = thing(state.NOW, packed.clock)
        self.luck = thing(state.LUCK, luck_of(seed, self.replication))
        self.channels = Agents(
            ChannelAgent(self, name, row) for name, row in zip(packed.channel_names, packed.channels, strict=True)
        )
        self.tally = scratch(state.TALLY)
        for variable in state.TALLY.variables:
            setattr(self.tally, variable.name, np.zeros(variable.kind[1], np.int64))
        self.days = np.zeros((packed.days, len(Daily)), np.int64)
        self.page, self.needs, self.follow_every = Page(keep_events), Page(keep_needs), follow_every
        first = strategy
        if packed.design == "switch_over" and not isinstance(scenario, PackedScenario):
            first = packed.reference
        self._put_in_force(first)
        self.after_warm_up = strategy if strategy != first else None
        with rules_in_words(self.rulebook):
            self.customers = Agents(CustomerAgent(self, number) for number in range(packed.customers))
        self.shopper = (
            scratch(state.CUSTOMER),
            [scratch(state.RELATION) for _ in packed.channels],
            scratch(state.VISIT),
        )
        self.acting: list[CustomerAgent] = []
        self._is_over = False  # nobody changes anything any more
        self._edits = -1  # up to which of them it has looked at its customers
        with rules_in_words(self.rulebook):
            self.rules.set_up_firm(self)
        self.datacollector = mesa.DataCollector(
            model_reporters={column.name.lower(): partial(_of_this_day, column) for column in Daily}
        )
        self.seal(of_mesa)

    def __repr__(self) -> str:
        then = f" until day {self.packed.warm_up}, then {self.after_warm_up}" if self.after_warm_up is not None else ""
        return (
            f"<{type(self).__name__} of {self.n_customers:,} customers and {len(self.channels)} channels: "
            f"{self.strategy}{then}, replication {self.replication}, seed {self.seed_of_run}, "
            f"day {self.day} of {self.packed.days}>"
        )

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "rules"}

    def __setstate__(self, values: dict[str, Any]) -> None:
        vars(self).update(values)
        vars(self)["rules"] = self.rulebook.interpreted  # linked copies of the book's functions
        vars(self)["_edits"] = -1  # another process counts from 0

    def step(self) -> None:
        """One day; after the last one `running` is False.

        Raises
        ------
        UsageError : the last day is over
        """
        if self.day >= self.packed.days:
            raise UsageError(f"The last day is over: {length_of(self.packed)} `result()` has its record.")
        if self.day == self.packed.warm_up and self.after_warm_up is not None:
            self.switch_to(self.after_warm_up)
        with at_work(), rules_in_words(self.rulebook):
            run_day(self, self.day)
        self.datacollector.collect(self)  # by functions that may be anybody's
        self._end_day()

    def _step_and_close(self, *given: Any, **more: Any) -> None:
        """A step as Mesa counts it. After the last one nobody changes an agent or a thing any more."""
        before = self.day
        self._step_of_mesa(*given, **more)
        if self.day == before:
            raise UsageError(f"step() of {type(self).__name__} lives no day: let it call super().step().")
        if self.day >= self.packed.days:
            close([getattr(self, table.name) for table in WORLD if table.record])
            close([list(vars(customer).values()) for customer in self.customers])
            self._is_over = True
            self.days.flags.writeable = False

    @at_work()
    def _end_day(self) -> None:
        """The next day is to come, or none."""
        self.day += 1
        self.running = self.day < self.packed.days
        if self.day == self.packed.warm_up + self.packed.horizon:
            self.satisfaction = np.array([customer.satisfaction for customer in self.customers])

    def link(self, flow: str | Flow, source: str, target: str) -> Thing:
        """Delay (dayparts) and error between two channels, to read or change, under the strategy that is in force.

        In the warm-up that may be the reference, as the model itself says where it is shown.
        """
        return self.links[self._flow(flow)][self._index("source", source)][self._index("target", target)]

    def links_of(self, flow: str | Flow) -> list[Thing]:
        """All links of a flow between channels that it reaches under the strategy in force, to change them together."""
        code = self._flow(flow)
        acting = [link for link, why in self._each_link(code) if not why]
        if not acting:
            warn_of_idle(f"The flow {code.name.lower()} reaches nobody under {self.strategy}, which is in force.")
        return acting

    def _each_link(self, flow: Flow) -> Iterator[tuple[Thing, str]]:
        """Every link of a flow, and why it acts on nothing, if it does."""
        shares = [[each.share for each in row] for row in self.coverage[flow]]
        shelves = [channel.sells_now for channel in self.channels]
        for source, row in enumerate(self.links[flow]):
            for target, link in enumerate(row):
                yield link, why_idle(flow, source, target, shares, shelves, self.strategy)

    def _flow(self, flow: str | Flow) -> Flow:
        names = [each.name.lower() for each in Flow]
        return flow if isinstance(flow, Flow) else Flow[one_of("flow", str(flow).lower(), names, "flow").upper()]

    def _index(self, name: str, channel: str) -> int:
        return self.packed.channel_names.index(one_of(name, channel, self.packed.channel_names, "channel"))

    @at_work()
    def memory_cards(self, number: int) -> list[dict[str, object]]:
        """What each channel knows about customer `number` right now."""
        number = whole_number("number", number, 0, self.n_customers - 1)
        return [channel.what_it_knows(self.customers[number]) for channel in self.channels]

    # the nine phases

    def open_day(self, days_run: int) -> None:
        # people may have changed when somebody acts next, also by phases of their own
        if self._edits != Edits.count or type(self) is not RetailModel:
            self._edits = Edits.count
            for customer in self.customers:
                customer.look_again(days_run * PARTS_PER_DAY)
        self.rules.set_clock(self.now, days_run, 0, self.packed.warm_up, 0.0, 0.0)
        self.rules.open_firm_day(self)

    def publish(self, days_run: int, daypart: int) -> None:
        begins, ends = self.packed.dayparts[daypart]
        self.rules.set_clock(self.now, days_run, daypart, self.packed.warm_up, begins, ends)
        self.rules.publish(self)

    def begin(self) -> None:
        self.acting = [customer for customer in self.customers if customer._due <= self.now.part]
        for customer in self.acting:
            customer.begin()

    def choose(self) -> None:
        for customer in self.acting:
            customer.choose()

    def serve(self) -> None:
        for channel in self.channels:
            channel.serve()

    def visit(self) -> None:
        for customer in self.acting:
            customer.visit()

    def allocate(self) -> None:
        requests = [visit for channel in self.channels for visit in channel.requests]
        for visit in sorted(requests, key=lambda visit: (visit.stock.pool, visit.minute, visit.customer)):
            self.rules.hand_out(visit, self.pools[visit.stock.pool], self.stock)
        for channel in self.channels:
            channel.requests.clear()

    def conclude(self) -> None:
        for customer in self.acting:
            customer.conclude()

    def close_day(self) -> None:
        self.rules.at_close_of_day(self, *self.shopper)

    def run(self, until_day: int, heartbeat: Callable[[int], None] | None = None) -> None:
        """Step until `until_day` of the run has begun; `heartbeat(day)` may raise to stop."""
        heartbeat = called_or_none("heartbeat", heartbeat)
        until_day = day_within(self.packed, until_day, self.day)
        while self.day < until_day:
            if heartbeat is not None:
                heartbeat(self.day)
            if self.day < until_day:
                self.step()

    def switch_to(self, strategy: str) -> None:
        """From the next day on another strategy is in force: its links, coverage and policy, as the scenario has them."""
        still_running(self.packed, self.day)
        strategy, fresh = strategy_in(self.packed, strategy), self._tables_of(self.strategy)
        lost = [name for name, table in fresh.items() if not alike(table, getattr(self, name))]
        warn_of_lost(lost, self.strategy, strategy, self.day)
        self._put_in_force(strategy)

    def _put_in_force(self, strategy: str) -> None:
        vars(self).update(self._tables_of(strategy), strategy=strategy, after_warm_up=None)
        for flow in Flow:
            for link, why in self._each_link(flow):
                if why:
                    tell_when_changed(link, Idle(why))
                elif flow.words.by_day:
                    tell_when_changed(link, in_whole_days)

    def _tables_of(self, strategy: str) -> dict[str, Any]:
        """Links, coverage, policy of a strategy, as the scenario has them."""
        sizes, packed = sizes_of(self.packed), self.packed.strategies[strategy]
        return {
            table.name: things(table.record, [sizes[axis] for axis in table.axes], getattr(packed, table.name))
            for table in WORLD
            if table.packed == "strategy"
        }

    def change_parameters(self, parameters: Parameters) -> None:
        """From the next day on other parameters are in force, such as the rate of a clock."""
        still_running(self.packed, self.day)
        vars(self)["parameters"] = changed_parameters(self.packed, parameters)

    def set(self, what: str, index, /, **values) -> None:
        """Change state in the midst of a run: model.set("customers", 3, satisfaction=0.2)."""
        still_running(self.packed, self.day)
        places, fitted = edit(self.packed, what, index, values)
        target = [customer.relations for customer in self.customers] if what == "relations" else getattr(self, what)
        for place in places if isinstance(target, (list, tuple)) else ():
            target = target[place]
        for name, value in fitted.items():
            setattr(target, name, value)

    @at_work()
    def result(self) -> RunResult:
        """The record of the run as if it ended now. Books are closed on copies, so that the run can go on."""
        books = self._books()
        people = [SimpleNamespace(**{**vars(her), "journey": copy.deepcopy(her.journey)}) for her in self.customers]
        for her in people:
            with rules_in_words(self.rulebook):
                self.rules.still_open(her, scratch(state.VISIT), books)
        packed = self.packed
        needs, events = books.needs.table(SETTLED_TYPE), books.page.table(EVENT_TYPE)
        events = events[events["customer"] % self.follow_every == 0]
        return RunResult(
            strategy=self.strategy,
            replication=self.replication,
            seed=self.seed_of_run,
            channel_names=tuple(packed.channel_names),
            segment_names=tuple(packed.segment_names),
            warm_up=packed.warm_up,
            horizon=packed.horizon,
            tallies={variable.name: getattr(books.tally, variable.name) for variable in state.TALLY.variables},
            days=books.days,
            needs=needs[np.lexsort((needs["need"], needs["customer"]))],
            events=events[np.lexsort((events["ordinal"], events["part"], events["customer"]))],
            customers=as_records(state.CUSTOMER, people),
            relations=np.array([as_records(state.RELATION, customer.relations) for customer in self.customers]),
            stock=np.array([as_records(state.STOCK, row) for row in self.stock]),
            satisfaction=self.satisfaction,
        )

    finish = result  # what the other engine does at less cost: nothing goes on from there

    def _books(self) -> SimpleNamespace:
        """The world with copies of all that is written to when books are closed."""
        copies = {"tally": copy.deepcopy(self.tally), "days": self.days.copy()}
        copies |= {name: getattr(self, name).continued() for name in ("page", "needs")}
        return SimpleNamespace(**{**vars(self), **copies})


def _tables_of(scenario: str | Path | Scenario | PackedScenario, overrides: Mapping[str, Any] | None) -> PackedScenario:
    """The tables of a scenario, whatever it is given as."""
    if isinstance(scenario, PackedScenario):
        if overrides:
            raise UsageError("overrides go with a scenario; its packed tables have been made without them.")
        return scenario
    if isinstance(scenario, Scenario):
        return pack(scenario.with_overrides(overrides or {}).spec)
    return pack(load(scenario, overrides).spec)


def _of_this_day(column: int, model: RetailModel) -> int:
    """What the data collector asks for; no lambda, so that a model can be pickled."""
    return int(model.days[model.day, column])
