"""The compiled engine: the same rules over records, in blocks and threads."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np

from simsuite.arguments import whole_number
from simsuite.engines import checked
from simsuite.engines.at_work import at_work
from simsuite.engines.log import LINES_PER_DUE, SPARE_LINES, Log, Page
from simsuite.engines.records import (
    EVENT_TYPE,
    SETTLED_TYPE,
    blank,
    calendar_of,
    changed_of_strategy,
    copy_of,
    parameter_record,
    tables_at_start,
    write_strategy,
)
from simsuite.engines.rule_words import checked_rules, rules_in_words
from simsuite.engines.whole_day import ABANDONED, CALLED, GATE, LACKING, addresses
from simsuite.errors import RunError
from simsuite.machine.rulebook import Rulebook
from simsuite.machine.tables import Pointer
from simsuite.rules import state
from simsuite.rules.world import WORLD
from simsuite.run_result import RunResult
from simsuite.scenario.pack import PackedScenario
from simsuite.specs.parameters import Parameters
from simsuite.tallies import Daily
from simsuite.vocabulary import PARTS_PER_DAY

BLOCKS_PER_THREAD = 4  # so that no thread has much more to do than another
MOST_THREADS = 1024
CLOSING = 8192  # customers at a time when the books are closed
CUSTOMER_DAYS = 500_000  # about so many at a time, at most ten days: whoever presses Ctrl-C is heard between


class Worker(NamedTuple):
    """What one thread writes to alone."""

    tally: np.ndarray
    days: np.ndarray
    events: Log
    needs: Log

    def copy(self) -> Worker:
        """An independent copy."""
        return Worker(copy_of(self.tally), self.days.copy(), self.events.copy(), self.needs.copy())


OF_THIS_PROCESS = frozenset(
    ("kernels", "worlds", "phases", "pool", "today", "found", "blocks", "seats", "gate")
    + ("visits", "asking", "asked", "minutes")
)
TO_ALL = ("parameters", "tally", "days", "page", "needs")  # what rules see besides the declared tables
TO_KERNELS = (
    *("calendar", "seat", "gate", "phases", "blocks", "customers", "relations", "due", "today", "found"),
    *("visits", "blank", "asking", "asked", "minutes", "shopper", "shopper_relations", "shopper_visit"),
)
SHARED = tuple(table.name for table in WORLD)
World = namedtuple("World", (*SHARED, *TO_ALL, *TO_KERNELS))
World.__doc__ = "What rules call `world`: tables of records. In the other engine this is the model itself."
ALONE = {table.name for table in WORLD if not table.axes}  # one record, not a table of them


SEAT_TYPE = np.dtype([("thread", "i8"), ("threads", "i8")])
BLOCK_TYPE = np.dtype([(name, "i8") for name in ("first", "last", "today", "base", "due")])


class BatchEngine(checked.Guarded):
    """Runs a packed scenario day by day.

    Parameters
    ----------
    packed : tables of the scenario
    strategy : name of the strategy in force at the start
    replication, seed : the luck
    rules : Rulebook, or None for the project's own
    threads : 1 or more; any number gives the same bits
    block : customers that a thread calls up at a time, any number gives the same bits
    keep_needs, keep_events : whether to keep a row per settled need, per event
    follow_every : events are kept of customers whose number is a multiple of it
    """

    def __init__(
        self,
        packed: PackedScenario,
        strategy: str,
        replication: int = 0,
        seed: int | None = None,
        rules: Rulebook | None = None,
        threads: int = 1,
        block: int | None = None,
        keep_needs: bool = True,
        keep_events: bool = False,
        follow_every: int = 1,
    ):
        self.packed, self.replication = packed, checked.replication_number(replication)
        self.seed = packed.seed if seed is None else checked.seed_number(seed)
        keep_needs, keep_events, follow_every = checked.kept(keep_needs, keep_events, follow_every)
        self.threads = whole_number("threads", threads, 1, MOST_THREADS)
        blocks = BLOCKS_PER_THREAD * self.threads if self.threads > 1 else 1
        self.block = -(-packed.customers // blocks) if block is None else whole_number("block", block, 1, 2**31)
        self.rulebook = checked_rules(rules)
        self.kernels = self.rulebook.kernels
        self.strategy = checked.strategy_in(packed, strategy)
        self.days_done, self.is_finished = 0, False
        self.satisfaction = np.zeros(0)
        self.tables = tables_at_start(packed, self.strategy, self.replication, self.seed)
        self.parameters = parameter_record(packed.parameters)
        self.customers = blank(state.CUSTOMER, packed.customers)
        self.relations = blank(state.RELATION, packed.customers, len(packed.channels))
        self.due = np.zeros(packed.customers, "i4")
        self.calendar = calendar_of(packed)
        self.phases = np.zeros(len(CALLED), "i8")
        self.blank_visit = blank(state.VISIT, 1)
        self.workers = [
            Worker(
                blank(state.TALLY, 1),
                np.zeros((packed.days, len(Daily)), "i8"),
                Log(EVENT_TYPE, keep_events, follow_every),
                Log(SETTLED_TYPE, keep_needs),
            )
            for _ in range(self.threads)
        ]
        self.shopper = (blank(state.CUSTOMER, 1), blank(state.RELATION, len(packed.channels)), blank(state.VISIT, 1))
        self.worlds: list[Pointer] = []
        with rules_in_words(self.rulebook):
            self._make_scratch()
            self._populate()
        self.seal()

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__} of {self.packed.customers:,} customers and {len(self.packed.channels)} channels: "
            f"{self.strategy}, replication {self.replication}, seed {self.seed}, "
            f"day {self.days_done} of {self.packed.days}>"
        )

    def _make_scratch(self) -> None:
        """Scratch for due customers, and the views of the world that the threads see."""
        self.today = np.zeros(self.packed.customers + 1, "i4")
        self.found = np.zeros(self.packed.customers, "i4")
        self.blocks = _blocks(self.packed.customers, self.block)
        self.seats = np.array([(thread, self.threads) for thread in range(self.threads)], SEAT_TYPE)
        self.gate = np.zeros(GATE, "i8")
        self.pool = ThreadPoolExecutor(self.threads) if self.threads > 1 else None
        self.visits = self.blank_visit[:0]
        self._make_room(64 + self.packed.customers // 8, LINES_PER_DUE * (64 + self.packed.customers // 40))

    def _world(self, worker: Worker, seat: np.void) -> Pointer:
        one = {name: self.tables[name][0] if name in ALONE else self.tables[name] for name in SHARED}
        world = World(
            parameters=self.parameters[0],
            tally=worker.tally[0],
            days=worker.days,
            page=Page(worker.events.rows, worker.events.head[0]),
            needs=Page(worker.needs.rows, worker.needs.head[0]),
            calendar=self.calendar[0],
            seat=seat,
            gate=self.gate,
            phases=self.phases,
            blocks=self.blocks,
            customers=self.customers,
            relations=self.relations,
            due=self.due,
            today=self.today,
            found=self.found,
            visits=self.visits,
            blank=self.blank_visit,
            asking=self.asking,
            asked=self.asked,
            minutes=self.minutes,
            shopper=self.shopper[0],
            shopper_relations=self.shopper[1],
            shopper_visit=self.shopper[2],
            **one,
        )
        pointer = Pointer(world)
        self.kernels.keep(pointer, world)
        return pointer

    def _populate(self) -> None:
        self.kernels.populate(self.worlds[0], 0, self.packed.customers, self.packed.regions)
        self.kernels.set_up(self.worlds[0])

    # running

    def run(self, until_day: int, heartbeat: Callable[[int], None] | None = None) -> None:
        """Run days until `until_day` of the run has begun; `heartbeat(day)`, called every few days, may raise to stop.

        Raises
        ------
        UsageError : the run has not so many days, the heartbeat cannot be called
        RunError : a run was interrupted, or failed, in the midst of a day, or is finished; nothing can be added to it
        """
        heartbeat = checked.called_or_none("heartbeat", heartbeat)
        self._goes_on()
        until_day = checked.day_within(self.packed, until_day, self.days_done)
        while self.days_done < until_day:
            if heartbeat is not None:
                heartbeat(self.days_done)
            self._live_some_days(until_day)

    @at_work()
    def _live_some_days(self, until_day: int) -> None:
        """As many as there are between two heartbeats, or room for what they write."""
        self._goes_on()
        if self.gate[ABANDONED]:
            raise RunError("This run was cut short in the midst of a day and cannot go on. Begin it anew.")
        if not self.phases.all():
            with rules_in_words(self.rulebook):
                self.phases[:] = addresses(self.kernels, self.worlds[0])
        end_of_horizon = self.packed.warm_up + self.packed.horizon
        until = min(until_day, self.days_done + max(1, min(10, CUSTOMER_DAYS // self.packed.customers)))
        until = min(until, end_of_horizon) if self.days_done < end_of_horizon else until
        before, self.days_done = self.days_done, self._live_together(self.days_done, until)
        if self.days_done == before:
            self._prepare_day()
        elif self.days_done == end_of_horizon:
            self.satisfaction = self.customers["satisfaction"].copy()

    def _goes_on(self) -> None:
        if self.is_finished:
            raise RunError("The books of this run are closed for good by finish(). Take result() where it shall go on.")

    def _live_together(self, first: int, until: int) -> int:
        """All threads live some days; if one fails, or Ctrl-C comes, none waits for it. Returns the day reached."""

        def live(world: Pointer) -> int:
            try:
                with rules_in_words(self.rulebook):
                    return self.kernels.run_days(world, first, until)
            except BaseException:
                self.gate[ABANDONED] = 1
                raise

        self.gate[LACKING] = 0
        try:
            if self.pool is None:
                return live(self.worlds[0])
            reached, *_ = [life.result() for life in [self.pool.submit(live, world) for world in self.worlds]]
        except BaseException:
            self.gate[ABANDONED] = 1
            raise
        return reached

    def _prepare_day(self) -> None:
        """Who acts on the day to come, and room for what they may write."""
        self.kernels.find_today(self.worlds[0], self.days_done * PARTS_PER_DAY + PARTS_PER_DAY - 1)
        acting = int(self.blocks["base"][-1] + self.blocks["today"][-1])
        self._make_room(acting, LINES_PER_DUE * PARTS_PER_DAY * acting)

    def switch_to(self, strategy: str) -> None:
        """From the next day on another strategy is in force: links, coverage, policy."""
        checked.still_running(self.packed, self.days_done, self.is_finished)
        strategy = checked.strategy_in(self.packed, strategy)
        changed = changed_of_strategy(self.tables, self.packed.strategies[self.strategy])
        checked.warn_of_lost(changed, self.strategy, strategy, self.days_done)
        vars(self)["strategy"] = strategy
        write_strategy(self.tables, self.packed.strategies[strategy])

    def change_parameters(self, parameters: Parameters) -> None:
        """From the next day on other parameters are in force, such as the rate of a clock."""
        checked.still_running(self.packed, self.days_done, self.is_finished)
        self.parameters[:] = parameter_record(checked.changed_parameters(self.packed, parameters))

    def fork(self) -> BatchEngine:
        """An independent copy of the whole state, to go on under another strategy."""
        twin = object.__new__(type(self))
        state_now = self.__getstate__()
        state_now["tables"] = {name: copy_of(table) for name, table in self.tables.items()}
        state_now |= {name: copy_of(getattr(self, name)) for name in ("parameters", "customers", "relations", "due")}
        state_now |= {
            "workers": [worker.copy() for worker in self.workers],
            "shopper": tuple(map(copy_of, self.shopper)),
            "satisfaction": self.satisfaction.copy(),
        }
        twin.__setstate__(state_now)
        return twin

    def __copy__(self) -> BatchEngine:
        return self.fork()

    def __deepcopy__(self, memo: dict) -> BatchEngine:
        return self.fork()

    def __getstate__(self) -> dict[str, Any]:
        """All but what belongs to this process: machine code and its addresses, threads, and scratch."""
        kept = {name: value for name, value in vars(self).items() if name not in OF_THIS_PROCESS}
        return {**kept, "abandoned": bool(self.gate[ABANDONED])}

    @at_work()
    def __setstate__(self, values: dict[str, Any]) -> None:
        vars(self).update(values, worlds=[], kernels=values["rulebook"].kernels, phases=np.zeros(len(CALLED), "i8"))
        self._make_scratch()
        self.gate[ABANDONED] = vars(self).pop("abandoned")

    def set(self, what: str, index, /, **values) -> None:
        """Change state in the midst of a run: engine.set("customers", 3, satisfaction=0.2).

        Raises
        ------
        UsageError : no such table, place or variable; a value that cannot be, or would not last; the last day is over
        """
        checked.still_running(self.packed, self.days_done, self.is_finished)
        places, fitted = checked.edit(self.packed, what, index, values)
        rows = getattr(self, what) if what in ("customers", "relations") else self.tables[what]
        before = self._due_by_rule(places[0]) if what == "customers" else 0
        for name, value in fitted.items():
            rows[places][name] = value
        if what == "customers" and (after := self._due_by_rule(places[0])) != before:
            self.due[places] = after
        checked.warn_of_idle_edit(self, what, places, fitted)

    def _due_by_rule(self, number: int) -> int:
        """The daypart in which a customer acts next, as she is now."""
        her, last_part = self.customers[number : number + 1].view(np.recarray)[0], self.days_done * PARTS_PER_DAY - 1
        return self.rulebook.interpreted.next_due_part(her, last_part)

    def result(self) -> RunResult:
        """The record of the run as if it ended now. Books are closed on a copy, so that the run can go on."""
        return self.fork().finish()

    @at_work()
    def finish(self) -> RunResult:
        """Close the books for good and hand out the record, without a copy of the state; nothing goes on from there."""
        if self.is_finished:
            raise RunError("The books of this run have been closed.")
        self.is_finished = True
        packed = self.packed
        for start in range(0, packed.customers, CLOSING):
            end = min(start + CLOSING, packed.customers)
            self._make_room(1, LINES_PER_DUE * (end - start) + 2 * int(self._needs_that_wait(start, end)))
            with rules_in_words(self.rulebook):
                self.kernels.close_run(self.worlds[0], start, end)
        tallies = {
            name: sum(worker.tally[name][0] for worker in self.workers) for name in self.workers[0].tally.dtype.names
        }
        for variable in state.TALLY.variables:
            tallies[variable.name] = tallies[variable.name].reshape(variable.kind[1])
        needs = np.concatenate([piece for worker in self.workers for piece in worker.needs.written()])
        events = np.concatenate([piece for worker in self.workers for piece in worker.events.written()])
        return RunResult(
            strategy=self.strategy,
            replication=self.replication,
            seed=self.seed,
            channel_names=tuple(packed.channel_names),
            segment_names=tuple(packed.segment_names),
            warm_up=packed.warm_up,
            horizon=packed.horizon,
            tallies=tallies,
            days=sum(worker.days for worker in self.workers),
            needs=needs.take(np.argsort(needs["customer"].astype("i8") << 32 | needs["need"], kind="stable")),
            events=events.take(np.lexsort((events["ordinal"], events["part"], events["customer"]))),
            customers=self.customers,
            relations=self.relations,
            stock=self.tables["stock"],
            satisfaction=self.satisfaction,
        )

    def _needs_that_wait(self, start: int, end: int) -> float:
        """How many needs of these customers fell due behind an open one, as expected; books are closed on each."""
        people = self.customers[start:end]
        spans = np.maximum(0.0, self.tables["now"]["part"][0] + 1.0 - people["next_need_time"])
        return float((spans * people["need_rate"]).sum())

    def _make_room(self, due: int, lines: int) -> None:
        """See that no table can overflow while so many are due and write so many lines."""
        changed = due > len(self.visits)
        if changed:
            room = due + due // 2  # untouched memory costs nothing; a row is blanked as it is used
            self.visits = np.empty(room, self.blank_visit.dtype)
            self.asking, self.asked, self.minutes = np.empty(room, "i8"), np.empty(room, "i8"), np.empty(room)
        for worker in self.workers:
            for log in (worker.events, worker.needs):
                changed |= log.make_room(lines + SPARE_LINES)
        if changed:
            self.worlds = [self._world(*pair) for pair in zip(self.workers, self.seats, strict=True)]


def _blocks(customers: int, size: int) -> np.ndarray:
    """Customers in blocks of this size; the last may be smaller."""
    blocks = np.zeros(-(-customers // size), BLOCK_TYPE)
    blocks["first"] = np.arange(len(blocks)) * size
    blocks["last"] = np.minimum(blocks["first"] + size, customers)
    return blocks
