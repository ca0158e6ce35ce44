"""The Mesa model: the same rules, interpreted, on agents that hold their own state.

For up to some thousand customers: open one customer, read her memory and what each
channel knows about her, change it, go on.

    model = RetailModel(packed, "isolated")
    model.step()
    model.customers[3].satisfaction = 0.2
    model.link("stock", "store", "desktop_web").delay = 20
"""

from __future__ import annotations

from collections.abc import Callable

import mesa
import numpy as np

from simsuite.engines.agents import ChannelAgent, CustomerAgent, Thing, things
from simsuite.engines.day import run_day
from simsuite.engines.records import EVENT_TYPE, SETTLED_TYPE, luck_of, record_type, sizes_of
from simsuite.machine.rulebook import Rulebook, standard_rules
from simsuite.rules import state
from simsuite.rules.mechanism import Record
from simsuite.rules.world import WORLD
from simsuite.run_result import RunResult
from simsuite.scenario.pack import PackedScenario
from simsuite.specs.parameters import Parameters
from simsuite.vocabulary import Flow


class Line:
    """One written line of a page: whatever is assigned."""


class Lines(list):
    """Rows of a page; a row that is not there yet appears when it is asked for."""

    def __getitem__(self, place):
        while isinstance(place, int) and place >= len(self):
            self.append(Line())
        return super().__getitem__(place)


class Page:
    """Lines written so far: rows and a head that counts them. `room` 0 keeps nothing."""

    def __init__(self, keep: bool):
        self.rows = Lines()
        self.head = Line()
        self.head.written = 0
        self.head.room = 1 << 60 if keep else 0

    def table(self, kind: np.dtype) -> np.ndarray:
        """The lines as records."""
        rows = np.zeros(len(self.rows), kind)
        for place, line in enumerate(self.rows):
            for name in kind.names:
                rows[place][name] = getattr(line, name)
        return rows


class RetailModel(mesa.Model):
    """A retailer's customers and channels. The model is the world that the rules see."""

    def __init__(
        self,
        packed: PackedScenario,
        strategy: str,
        replication: int = 0,
        seed: int | None = None,
        rules: Rulebook | None = None,
        keep_needs: bool = True,
        keep_events: bool = True,
        follow_every: int = 1,
    ):
        super().__init__(rng=packed.seed if seed is None else seed)
        self.packed, self.strategy, self.replication = packed, strategy, replication
        self.seed_of_run = packed.seed if seed is None else seed
        self.rules = (rules or standard_rules()).interpreted
        self.parameters = packed.parameters
        self.n_customers, self.n_regions = packed.customers, packed.regions
        self.day = 0
        self.satisfaction = np.zeros(0)
        sizes = sizes_of(packed)
        for table in WORLD:
            values = getattr(packed, table.name) if table.packed == "scenario" else None
            setattr(self, table.name, things(table.record, [sizes[axis] for axis in table.axes], values))
        self.now = Thing(state.NOW, packed.clock)
        self.luck = Thing(state.LUCK, luck_of(self.seed_of_run, replication))
        self.channels = [
            ChannelAgent(self, name, row) for name, row in zip(packed.channel_names, packed.channels, strict=True)
        ]
        self.tally = Thing(state.TALLY)
        for variable in state.TALLY.variables:
            setattr(self.tally, variable.name, np.zeros(variable.kind[1], np.int64))
        self.days = np.zeros((packed.days, len(state.DAILY)), np.int64)
        self.page, self.needs, self.follow_every = Page(keep_events), Page(keep_needs), follow_every
        self.switch_to(strategy)
        self.customers = [CustomerAgent(self, number) for number in range(packed.customers)]
        self.shopper = (Thing(state.CUSTOMER), [Thing(state.RELATION) for _ in packed.channels], Thing(state.VISIT))
        self.acting: list[CustomerAgent] = []
        self.rules.set_up_firm(self)
        self.datacollector = mesa.DataCollector(
            model_reporters={
                name: (lambda model, column=column: int(model.days[model.day, column]))
                for column, name in enumerate(state.DAILY)
            }
        )

    def step(self) -> None:
        """One day."""
        run_day(self, self.day)
        self.datacollector.collect(self)
        self.day += 1
        if self.day == self.packed.warm_up + self.packed.horizon:
            self.satisfaction = np.array([customer.satisfaction for customer in self.customers])

    def link(self, flow: str, source: str, target: str) -> Thing:
        """Delay (dayparts) and error between two channels, to read or change."""
        names = self.packed.channel_names
        return self.links[Flow[flow.upper()]][names.index(source)][names.index(target)]

    def memory_cards(self, number: int) -> list[dict[str, object]]:
        """What each channel knows about customer `number` right now."""
        return [channel.what_it_knows(self.customers[number]) for channel in self.channels]

    # the nine phases

    def open_day(self, days_run: int) -> None:
        self.rules.set_clock(self.now, days_run, 0, self.packed.warm_up, 0.0, 0.0)
        self.rules.open_firm_day(self)

    def publish(self, days_run: int, daypart: int) -> None:
        begins, ends = self.packed.dayparts[daypart]
        self.rules.set_clock(self.now, days_run, daypart, self.packed.warm_up, begins, ends)
        self.rules.publish(self)

    def begin(self) -> None:
        self.acting = [customer for customer in self.customers if customer.due <= self.now.part]
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

    # running

    def run(self, until_day: int, heartbeat: Callable[[int], None] | None = None) -> None:
        """Step until `until_day` of the run has begun; `heartbeat(day)` may raise to stop."""
        while self.day < until_day:
            if heartbeat:
                heartbeat(self.day)
            self.step()

    def switch_to(self, strategy: str) -> None:
        """From the next day on another strategy is in force: links, coverage, policy."""
        self.strategy = strategy
        sizes = sizes_of(self.packed)
        for table in WORLD:
            if table.packed == "strategy":
                values = getattr(self.packed.strategies[strategy], table.name)
                setattr(self, table.name, things(table.record, [sizes[axis] for axis in table.axes], values))

    def change_parameters(self, parameters: Parameters) -> None:
        """From the next day on other parameters are in force, such as the rate of a clock."""
        self.parameters = parameters

    def set(self, what: str, index, **values) -> None:
        """Change state in the midst of a run: model.set("customers", 3, satisfaction=0.2)."""
        target = [customer.relations for customer in self.customers] if what == "relations" else getattr(self, what)
        if isinstance(target, list):
            for place in index if isinstance(index, tuple) else (index,):
                target = target[place]
        for name, value in values.items():
            setattr(target, name, value)

    def result(self) -> RunResult:
        """Close the books and hand out the record of the run."""
        for customer in self.customers:
            self.rules.still_open(customer, Thing(state.VISIT), self)
        packed = self.packed
        needs, events = self.needs.table(SETTLED_TYPE), self.page.table(EVENT_TYPE)
        events = events[events["customer"] % self.follow_every == 0]
        return RunResult(
            strategy=self.strategy,
            replication=self.replication,
            seed=self.seed_of_run,
            channel_names=tuple(packed.channel_names),
            segment_names=tuple(packed.segment_names),
            warm_up=packed.warm_up,
            horizon=packed.horizon,
            tallies={variable.name: getattr(self.tally, variable.name) for variable in state.TALLY.variables},
            days=self.days,
            needs=needs[np.lexsort((needs["need"], needs["customer"]))],
            events=events[np.lexsort((events["ordinal"], events["part"], events["customer"]))],
            customers=_as_records(state.CUSTOMER, self.customers),
            relations=np.array([_as_records(state.RELATION, customer.relations) for customer in self.customers]),
            stock=np.array([_as_records(state.STOCK, row) for row in self.stock]),
            satisfaction=self.satisfaction,
        )


def _as_records(record: Record, things: list) -> np.ndarray:
    """The state variables of agents as records, for the digest and the measures."""
    rows = np.zeros(len(things), record_type(record))
    for place, thing in enumerate(things):
        _write(rows[place], record, thing)
    return rows


def _write(row, record: Record, thing) -> None:
    for variable in record.variables:
        value = getattr(thing, variable.name)
        if isinstance(variable.kind, Record):
            _write(row[variable.name], variable.kind, value)
        else:
            row[variable.name] = value
