"""The compiled engine: the same rules over records, in blocks and threads."""

from __future__ import annotations

import copy
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from simsuite.compiled import Pointer
from simsuite.engines.day import run_day
from simsuite.engines.records import EVENT_TYPE, HEAD_TYPE, SETTLED_TYPE, blank, fill, parameter_record
from simsuite.rulebook import Rulebook, standard_rules
from simsuite.rules import state
from simsuite.rules.statements import BOARD_DAYS
from simsuite.run_result import RunResult
from simsuite.scenario.pack import PackedScenario, StrategyTables
from simsuite.vocabulary import PARTS_PER_DAY

BLOCK = 8192
ROOM_PER_DUE = 48        # lines that one customer can write in one phase, with a margin
MAX_LOCAL = 4096


class Page(NamedTuple):
    """Lines written so far: rows and a head that counts them."""

    rows: np.ndarray
    head: np.void


class World(NamedTuple):
    """What rules call `world`: tables of records. In the other engine this is the model itself."""

    parameters: np.void
    now: np.void
    policy: np.void
    luck: np.void
    channels: np.ndarray
    categories: np.ndarray
    items: np.ndarray
    places: np.ndarray
    links: np.ndarray
    coverage: np.ndarray
    stock: np.ndarray
    pools: np.ndarray
    desks: np.ndarray
    board: np.ndarray
    appeal: np.ndarray
    tally: np.void
    days: np.ndarray
    page: Page
    needs: Page
    customers: np.ndarray      # from here on for the kernels alone
    relations: np.ndarray
    due: np.ndarray
    today: np.ndarray
    found: np.ndarray
    rows: np.ndarray
    blank: np.ndarray


SHARED = ("now", "policy", "luck", "channels", "categories", "items", "places", "links", "coverage", "stock", "pools",
          "desks", "board", "appeal")


class BatchEngine:
    """Runs a packed scenario day by day.

    Parameters
    ----------
    packed : tables of the scenario
    strategy : name of the strategy in force at the start
    replication, seed : the luck
    rules : Rulebook, or None for the project's own
    threads : 1 or more; any number gives the same bits
    block : customers a task, any number gives the same bits
    keep_needs, keep_events : whether to keep a row per settled need, per event
    """

    def __init__(self, packed: PackedScenario, strategy: str, replication: int = 0, seed: int | None = None,
                 rules: Rulebook | None = None, threads: int = 1, block: int | None = None,
                 keep_needs: bool = True, keep_events: bool = False):
        self.packed, self.replication = packed, replication
        self.seed = packed.seed if seed is None else seed
        self.threads = threads
        self.block = block or (BLOCK if threads > 1 else packed.customers)
        self.keep_needs, self.keep_events = keep_needs, keep_events
        self.kernels = (rules or standard_rules()).kernels
        self.strategy = strategy
        self.days_done = 0
        self.satisfaction = np.zeros(0)
        self.tables = _tables(packed, strategy, replication, self.seed)
        self.parameters = parameter_record(packed.parameters)
        self.customers = blank(state.CUSTOMER, packed.customers)
        self.relations = blank(state.RELATION, packed.customers, len(packed.channels))
        self.due = np.zeros(packed.customers, "i4")
        self.blank_visit = blank(state.VISIT, 1)
        self.workers = [self._worker() for _ in range(threads)]
        self.shopper = (blank(state.CUSTOMER, 1), blank(state.RELATION, len(packed.channels)), blank(state.VISIT, 1))
        self._make_room()
        self._populate()

    def _worker(self) -> dict[str, np.ndarray]:
        """What one thread writes to alone: tally, days, event page, page of settled needs."""
        return {"tally": blank(state.TALLY, 1), "days": np.zeros((self.packed.days, len(state.DAILY)), "i8"),
                "events": np.zeros(0, EVENT_TYPE), "events_head": np.zeros(1, HEAD_TYPE),
                "needs": np.zeros(0, SETTLED_TYPE), "needs_head": np.zeros(1, HEAD_TYPE)}

    def _make_room(self) -> None:
        """Scratch for due customers, and the views of the world that the threads see."""
        self.today = np.zeros(self.packed.customers + 1, "i4")
        self.found = np.zeros(self.packed.customers, "i4")
        self.rows = blank(state.VISIT, 64 + self.packed.customers // 40)
        self.tasks: list[tuple[int, int, int]] = []      # first in found, base in rows, count
        self.pool = ThreadPoolExecutor(self.threads) if self.threads > 1 else None
        self.worlds = [self._world(worker) for worker in self.workers]

    def _world(self, worker: dict[str, np.ndarray]) -> Pointer:
        one = {name: self.tables[name][0] if name in ("now", "policy", "luck") else self.tables[name] for name in SHARED}
        world = World(parameters=self.parameters[0], tally=worker["tally"][0], days=worker["days"],
                      page=Page(worker["events"], worker["events_head"][0]),
                      needs=Page(worker["needs"], worker["needs_head"][0]), customers=self.customers,
                      relations=self.relations, due=self.due, today=self.today, found=self.found, rows=self.rows, blank=self.blank_visit, **one)
        pointer = Pointer(world)
        self.kernels.keep(pointer, world)
        return pointer

    def _populate(self) -> None:
        packed = self.packed
        segments = fill(blank(state.SEGMENT, len(packed.segments)), packed.segments)
        self.kernels.populate(self.worlds[0], segments, 0, packed.customers, packed.regions)
        self.kernels.set_up(self.worlds[0])

    # the nine phases

    def open_day(self, days_run: int) -> None:
        self.kernels.open_day(self.worlds[0], days_run, self.packed.warm_up)
        last_part = days_run * PARTS_PER_DAY + PARTS_PER_DAY - 1
        starts = range(0, self.packed.customers, self.block)
        spans = [(start, min(start + self.block, self.packed.customers)) for start in starts]
        counts = self._each([lambda worker, span=span: self.kernels.find_today(self.worlds[worker], last_part, *span)
                             for span in spans])
        self.acting = [(first, count) for (first, _), count in zip(spans, counts, strict=True) if count]

    def publish(self, days_run: int, daypart: int) -> None:
        begins, ends = self.packed.dayparts[daypart]
        self.kernels.publish_part(self.worlds[0], days_run, daypart, self.packed.warm_up, begins, ends)

    def begin(self) -> None:
        part = int(self.tables["now"]["part"][0])
        counts = self._each([lambda worker, span=span: self.kernels.find_due(self.worlds[worker], part, *span)
                             for span in self.acting])
        self.tasks, base = [], 0
        for (first, _), count in zip(self.acting, counts, strict=True):
            if count:
                self.tasks.append((first, base, count))
            base += count
        self.total = base
        self._ensure_room(base)
        self._over(self.kernels.begin_all)

    def choose(self) -> None:
        self._over(self.kernels.choose_all)

    def serve(self) -> None:
        rows = self.rows[:self.total]
        at_desk = np.flatnonzero(rows["active"] & (rows["desk"] >= 0))
        if len(at_desk):
            order = at_desk[np.lexsort((rows["minute"][at_desk], rows["desk"][at_desk]))]
            self.kernels.serve_lines(self.worlds[0], order)

    def visit(self) -> None:
        self._over(self.kernels.visit_all)

    def allocate(self) -> None:
        rows = self.rows[:self.total]
        asking = np.flatnonzero(rows["wants_item"] >= 0)
        if len(asking):
            order = asking[np.lexsort((rows["minute"][asking], rows["wants_pool"][asking]))]
            self.kernels.allocate_stock(self.worlds[0], order)

    def conclude(self) -> None:
        self._over(self.kernels.conclude_all)

    def close_day(self) -> None:
        self.kernels.close_day(self.worlds[0], *self.shopper)

    # running

    def run(self, until_day: int, heartbeat: Callable[[int], None] | None = None) -> None:
        """Run days until `until_day` of the run has begun; `heartbeat(day)` may raise to stop."""
        while self.days_done < until_day:
            if heartbeat:
                heartbeat(self.days_done)
            run_day(self, self.days_done)
            self.days_done += 1
            if self.days_done == self.packed.warm_up + self.packed.horizon:
                self.satisfaction = self.customers["satisfaction"].copy()

    def switch_to(self, strategy: str) -> None:
        """From the next day on another strategy is in force: links, coverage, policy."""
        self.strategy = strategy
        _write_strategy(self.tables, self.packed.strategies[strategy])

    def fork(self) -> BatchEngine:
        """An independent copy of the whole state, to go on under another strategy."""
        twin = copy.copy(self)
        twin.tables = {name: table.copy() for name, table in self.tables.items()}
        for name in ("parameters", "customers", "relations", "due"):
            setattr(twin, name, getattr(self, name).copy())
        twin.workers = [{name: array.copy() for name, array in worker.items()} for worker in self.workers]
        twin.shopper = tuple(part.copy() for part in self.shopper)
        twin._make_room()
        return twin

    def set(self, what: str, index, **values) -> None:
        """Change state in the midst of a run: engine.set("customers", 3, satisfaction=0.2)."""
        rows = getattr(self, what) if what in ("customers", "relations") else self.tables[what]
        for name, value in values.items():
            rows[index][name] = value

    def result(self) -> RunResult:
        """Close the books and hand out the record of the run."""
        packed = self.packed
        self._ensure_room(packed.customers)
        self.kernels.close_run(self.worlds[0], 0, packed.customers)
        tallies = {name: sum(worker["tally"][name][0] for worker in self.workers)
                   for name in self.workers[0]["tally"].dtype.names}
        for variable in state.TALLY.variables:
            tallies[variable.name] = tallies[variable.name].reshape(variable.kind[1])
        needs = self._written("needs")
        events = self._written("events")
        return RunResult(
            strategy=self.strategy, replication=self.replication, seed=self.seed,
            channel_names=tuple(packed.channel_names), segment_names=tuple(packed.segment_names),
            warm_up=packed.warm_up, horizon=packed.horizon, tallies=tallies,
            days=sum(worker["days"] for worker in self.workers),
            needs=needs[np.lexsort((needs["need"], needs["customer"]))],
            events=events[np.lexsort((events["ordinal"], events["part"], events["customer"]))],
            customers=self.customers, relations=self.relations, stock=self.tables["stock"],
            satisfaction=self.satisfaction)

    # threads and pages

    def _each(self, tasks: list[Callable]) -> list:
        if self.pool is None or len(tasks) < 2:
            return [task(0) for task in tasks]
        def share(worker: int) -> list:
            return [(place, tasks[place](worker)) for place in range(worker, len(tasks), self.threads)]
        done = dict(pair for part in self.pool.map(share, range(self.threads)) for pair in part)
        return [done[place] for place in range(len(tasks))]

    def _over(self, phase: Callable) -> None:
        self._each([lambda worker, task=task: phase(self.worlds[worker], *task) for task in self.tasks])

    def _ensure_room(self, due: int) -> None:
        """See that no table can overflow in this daypart; pages that are not kept stay empty."""
        changed = due > len(self.rows)
        if changed:
            self.rows = blank(state.VISIT, due + due // 2)
        wanted = {"needs": self.keep_needs, "events": self.keep_events}
        for worker in self.workers:
            for name, keep in wanted.items():
                head = worker[f"{name}_head"]
                room = int(head["written"][0]) + ROOM_PER_DUE * due + MAX_LOCAL
                if keep and room > len(worker[name]):
                    grown = np.zeros(2 * room + 2 * self.packed.customers // self.threads, worker[name].dtype)
                    grown[: len(worker[name])] = worker[name]
                    worker[name], head["room"], changed = grown, len(grown), True
        if changed:
            self.worlds = [self._world(worker) for worker in self.workers]

    def _written(self, name: str) -> np.ndarray:
        parts = []
        for worker in self.workers:
            count = int(worker[f"{name}_head"]["written"][0])
            if count > len(worker[name]) and len(worker[name]):
                raise OverflowError(f"The page of {name} overflowed: {count} lines for {len(worker[name])}.")
            parts.append(worker[name][:count])
        return np.concatenate(parts)


def _tables(packed: PackedScenario, strategy: str, replication: int, seed: int) -> dict[str, np.ndarray]:
    channels, regions = len(packed.channels), packed.regions
    now = fill(blank(state.NOW, 1), {"switch_part": packed.warm_up * 4, "last_counted_part": (packed.warm_up + packed.horizon) * 4})
    luck = fill(blank(state.LUCK, 1), {"key_0": seed & 0xFFFFFFFF, "key_1": seed >> 32, "replication": replication})
    tables = {
        "now": now, "luck": luck, "policy": blank(state.POLICY, 1),
        "channels": fill(blank(state.CHANNEL, channels), packed.channels),
        "categories": fill(blank(state.CATEGORY, len(packed.categories)), packed.categories),
        "items": fill(blank(state.ITEM, len(packed.items)), packed.items),
        "places": fill(blank(state.PLACE, channels, regions), packed.places),
        "links": blank(state.LINK, 6, channels, channels), "coverage": blank(state.COVERAGE, 6, channels, regions),
        "stock": blank(state.STOCK, len(packed.pools), len(packed.items)),
        "pools": fill(blank(state.POOL, len(packed.pools)), packed.pools),
        "desks": fill(blank(state.DESK, len(packed.desks)), packed.desks),
        "board": blank(state.BOARD, BOARD_DAYS, channels),
        "appeal": blank(state.APPEAL, len(packed.categories), channels)}
    _write_strategy(tables, packed.strategies[strategy])
    return tables


def _write_strategy(tables: dict[str, np.ndarray], strategy: StrategyTables) -> None:
    fill(tables["links"], strategy.links)
    fill(tables["coverage"], strategy.coverage)
    fill(tables["policy"], strategy.policy)
