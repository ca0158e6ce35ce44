"""State belongs to those who have it: what is changed in the midst of a run acts alike in both
engines.
"""

from types import SimpleNamespace

import numpy as np
import pytest
from worlds import ENGINES, packed, small_retail, started, switched

from simsuite.engines.batch import BatchEngine
from simsuite.engines.day import run_day
from simsuite.errors import RunError
from simsuite.vocabulary import Flow


@pytest.fixture(scope="module")
def tables():
    return small_retail(120, warm_up=5, horizon=15, cool_down=3)


def with_edits(tables, engine, edits, strategy="integrated"):
    """The digest of a run into which `edits` are written after ten days."""
    running = started(tables, strategy, engine)
    running.run(10)
    for what, index, values in edits:
        running.set(what, index, **values)
    running.run(tables.days)
    return running.result().digest()


EDITS = {
    "people": [("customers", number, {"satisfaction": 0.05, "effort_budget": 0.5}) for number in range(60)],
    "relations": [("relations", (number, 0), {"reachable": False, "taste": 3.0}) for number in range(60)],
    "prices": [("channels", 1, {"price": 1.4})],
    "shelves": [("stock", (0, item), {"units": 0, "recorded": 5}) for item in range(24)],
    "links": [
        ("links", (Flow.CART, 1, 2), {"delay": 20, "error": 0.9}),
        ("links", (Flow.CART, 3, 1), {"error": 1.0}),
    ],
    "coverage": [("coverage", (flow, channel, 0), {"share": 0.0}) for flow in Flow for channel in range(7)],
    "desks": [("desks", 0, {"expected_wait": 9000.0})],
    "clerks": [("clerks", (0, 0), {"free_at": 17_500.0})],
    "policy": [("policy", 0, {"central_price": False, "collect_in_store": False})],
    "no more needs": [("customers", number, {"next_need_time": 1e300}) for number in range(120)],
}


@pytest.mark.parametrize("what", EDITS)
def test_an_edit_in_the_midst_of_a_run_acts_alike_in_both_engines(tables, what):
    in_batch, in_mesa = (with_edits(tables, engine, EDITS[what]) for engine in ENGINES)
    assert in_batch == in_mesa
    assert in_batch != with_edits(tables, "batch", []), "the edit changed nothing"


def test_agents_hold_their_own_state(tables):
    """Plain attributes of agents in the one engine do what `set` does in the other."""
    model = started(tables, "integrated", "mesa")
    model.run(10)
    for customer in model.customers[:60]:
        customer.satisfaction = 0.05
        customer.effort_budget = 0.5
    model.channels[1].price = 1.4
    model.link("cart", "desktop_web", "mobile_web").delay = 20
    model.run(tables.days)
    names = tables.channel_names
    edits = EDITS["people"] + [
        ("channels", 1, {"price": 1.4}),
        (
            "links",
            (Flow.CART, names.index("desktop_web"), names.index("mobile_web")),
            {"delay": 20},
        ),
    ]
    assert model.result().digest() == with_edits(tables, "batch", edits)


def test_people_without_needs_do_nothing_more_in_either_engine(tables):
    """Also those who hear an announcement only when they act: nobody acts who has nothing to do."""
    announced = small_retail(
        60,
        warm_up=5,
        horizon=15,
        cool_down=3,
        strategies__integrated__announcement={"reach": 1.0, "strength": 4, "level": 0.9},
    )
    digests = []
    for engine in ENGINES:
        running = started(announced, "isolated", engine)
        running.run(5)
        for number in range(60):
            running.set("customers", number, next_need_time=1e300)
        running.switch_to("integrated")
        running.run(announced.days)
        digests.append(running.result().digest())
    assert digests[0] == digests[1]


def test_a_model_without_some_channels_shows_what_the_others_know():
    model = started(
        packed(
            channels__app__present=False,
            channels__mobile_web__present=False,
            population__customers=5,
        ),
        engine="mesa",
    )
    cards = model.memory_cards(0)
    assert [card["channel"] for card in cards] == [
        "store",
        "desktop_web",
        "social",
        "marketplace",
        "phone",
    ]
    model.customers[0].relations[4].orders = 3
    assert [card["orders here"] for card in model.memory_cards(0)] == [0, 0, 0, 0, 3]


def test_a_fork_goes_on_exactly_like_the_original(tables):
    original = started(tables, "isolated")
    original.run(tables.warm_up)
    fork = original.fork()
    fork.switch_to("integrated")
    fork.run(tables.days)
    for running in (original, again := original.fork()):
        running.run(tables.days)
    assert original.result().digest() == again.result().digest() == switched(tables, "isolated").digest()
    assert fork.result().digest() == switched(tables, "integrated").digest()


def test_a_fork_with_threads_is_independent_of_its_original(tables):
    original = started(tables, "isolated", threads=2, block=16)
    original.run(tables.warm_up)
    before = original.customers.copy()
    fork = original.fork()
    fork.run(tables.days)
    assert (original.customers == before).all() and original.days_done == tables.warm_up
    original.run(tables.days)
    assert fork.result().digest() == original.result().digest() == switched(tables, "isolated").digest()


def test_customer_phases_write_only_their_own_rows(tables):
    """Whoever is not due keeps every bit of her state through a day."""
    running = started(tables, "integrated")
    running.run(tables.warm_up)
    idle = running.due >= (tables.warm_up + 1) * 4
    people, relations = running.customers.copy(), running.relations.copy()
    running.run(tables.warm_up + 1)
    assert idle.any() and not idle.all()
    assert (running.customers[idle] == people[idle]).all() and (running.relations[idle] == relations[idle]).all()
    assert (running.customers[~idle] != people[~idle]).any()


class Watched(BatchEngine):
    """Lives its days step by step and sees which rows each block of a phase changes; other tables must not."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.wrote: dict[str, int] = {}

    def run(self, until_day):
        for day in range(self.days_done, until_day):
            self._prepare_day()
            run_day(self, day)
            vars(self)["days_done"] += 1
            if self.days_done == self.packed.warm_up + self.packed.horizon:
                vars(self)["satisfaction"] = self.customers["satisfaction"].copy()

    def open_day(self, days_run):
        self.kernels.open_day(self.worlds[0], days_run)

    def publish(self, days_run, daypart):
        self.kernels.publish_part(self.worlds[0], days_run, daypart)

    def begin(self):
        for number in range(len(self.blocks)):
            self.kernels.find_due(self.worlds[0], number)
        self._by_block("begin")

    def choose(self):
        self._by_block("choose")

    def serve(self):
        self.kernels.serve_lines(self.worlds[0])

    def visit(self):
        self._by_block("visit")

    def allocate(self):
        self.kernels.allocate_stock(self.worlds[0])

    def conclude(self):
        self._by_block("conclude")

    def close_day(self):
        self.kernels.close_day(self.worlds[0])

    def _by_block(self, phase):
        for number, (first, _, _, base, count) in enumerate(self.blocks.tolist()):
            before = self._everything()
            getattr(self.kernels, f"{phase}_all")(self.worlds[0], number)
            mine = set(self.found[first : first + count].tolist())
            own = dict.fromkeys(("customers", "relations", "due"), mine)
            own["visits"] = set(range(base, base + count))
            for name, after in self._everything().items():
                changed = rows_that_differ(before[name], after)
                assert changed <= own.get(name, set()), (phase, name, changed)
                self.wrote[phase] = self.wrote.get(phase, 0) + len(changed)

    def _everything(self):
        """Copies of all tables but the tallies and pages, of which every thread has its own."""
        names = ("customers", "relations", "due", "visits", "parameters", "today", "found")
        return {name: getattr(self, name).copy() for name in names} | {
            name: table.copy() for name, table in self.tables.items()
        }


def rows_that_differ(before, after):
    """Places along the first axis at which any field differs; padding between fields does not count."""
    if before.dtype.names:
        return set().union(*(rows_that_differ(before[name], after[name]) for name in before.dtype.names))
    unequal = (before != after) & ~((before != before) & (after != after))
    return set(np.flatnonzero(unequal.reshape(len(before), -1).any(axis=1)).tolist())


def test_customer_phases_write_only_their_own_block():
    """Begin, choose, visit, conclude: each block writes to its own customers and rows alone, and to
    no channel, shelf, desk, price, link or parameter. So blocks may run in any order and at once.
    """
    busy = small_retail(100, warm_up=2, horizon=8, cool_down=2, channels__store__service="20 min")
    watched = Watched(busy, "integrated", block=30, keep_events=True)
    watched.run(busy.days)
    assert set(watched.wrote) == {"begin", "choose", "visit", "conclude"}
    assert min(watched.wrote.values()) > 50
    assert watched.result().digest() == unwatched(busy)


def unwatched(tables):
    """Digest of the same run, not watched."""
    running = started(tables, "integrated")
    running.run(tables.days)
    return running.result().digest()


@pytest.mark.parametrize("fails", [0, 1])
def test_a_thread_that_fails_is_not_waited_for(tables, fails):
    running = started(tables, "integrated", threads=2)
    running.run(2)
    real = running.kernels

    def run_days(world, first, until):
        if world is running.worlds[fails]:
            raise ZeroDivisionError("one of two threads")
        return real.run_days(world, first, until)

    vars(running)["kernels"] = SimpleNamespace(**{**vars(real), "run_days": run_days})
    with pytest.raises(ZeroDivisionError, match="one of two threads"):
        running.run(3)
    vars(running)["kernels"] = real
    for cut_short in (running, running.fork()):
        with pytest.raises(RunError, match="cut short"):
            cut_short.run(4)


def test_a_run_that_ctrl_c_hits_within_a_day_cannot_go_on_but_one_stopped_between_days_can(tables):
    running, stopped = started(tables, "integrated"), started(tables, "integrated")

    def stop(day):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped.run(tables.days, stop)
    stopped.run(tables.days)
    assert stopped.result().digest() == unwatched(tables)
    real = running.kernels

    def run_days(world, first, until):
        real.run_days(world, first, until)
        raise KeyboardInterrupt

    vars(running)["kernels"] = SimpleNamespace(**{**vars(real), "run_days": run_days})
    with pytest.raises(KeyboardInterrupt):
        running.run(tables.days)
    vars(running)["kernels"] = real
    with pytest.raises(RunError, match="cut short"):
        running.run(tables.days)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("lacking", ["visits", "lines"])
def test_where_room_is_lacking_it_is_made_and_nothing_is_lost(tables, threads, lacking):
    running = started(tables, "integrated", threads=threads)
    made, shrunk = [], set()
    prepare = running._prepare_day
    running._prepare_day = lambda: made.append(prepare())

    def shrink(day):
        """Leave one row, or a page with one line, before some days are lived; once for each."""
        if day % 3 or day in shrunk:
            return
        shrunk.add(day)
        if lacking == "visits":
            vars(running)["visits"] = running.visits[:1].copy()
        for worker in running.workers if lacking == "lines" else ():
            log = worker.needs
            log.aside, log.rows = log.written(), np.zeros(1, log.rows.dtype)
            log.head["written"], log.head["room"] = 0, 1
        vars(running)["worlds"] = [running._world(*pair) for pair in zip(running.workers, running.seats, strict=True)]

    for day in range(tables.days):
        running.run(day + 1, shrink)
    assert len(made) >= tables.days // 3
    assert running.result().digest() == unwatched(tables)


def test_the_end_of_the_horizon_is_looked_at_once_though_room_is_lacking_on_the_next_day(tables):
    running = started(tables, "integrated")
    end = tables.warm_up + tables.horizon
    running.run(end)
    seen = running.satisfaction.copy()
    running.customers["satisfaction"] = 0.0
    vars(running)["visits"] = running.visits[:0]
    vars(running)["worlds"] = [running._world(*pair) for pair in zip(running.workers, running.seats, strict=True)]
    running.run(end + 1)
    assert (running.satisfaction == seen).all() and seen.any()


def test_every_step_of_the_model_collects_the_day(tables):
    model = started(tables, "isolated", "mesa")
    for _ in range(4):
        model.step()
    collected = model.datacollector.get_model_vars_dataframe()
    assert (collected.to_numpy() == model.days[:4, : collected.shape[1]]).all()
    assert collected["visits"].sum() > 0


def test_one_engine_drawn_with_another_seed_holds_other_people(tables):
    one, other = (started(tables, seed=seed).customers["need_rate"] for seed in (1, 2))
    assert np.mean(one == other) < 0.05
