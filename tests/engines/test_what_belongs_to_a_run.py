"""What belongs to a run is changed by the run alone; what people change in its midst acts, in both engines alike."""

import copy
import warnings

import mesa
import numpy as np
import pytest
from worlds import ENGINES, parameters, small_retail, started

import simsuite
from simsuite.engines.model import RetailModel
from simsuite.errors import RunError, ScenarioWarning, UsageError
from simsuite.rules.day_of_customer import conclude
from simsuite.vocabulary import PARTS_PER_DAY, Flow, Phase

CALENDAR = {"warm_up": 2, "horizon": 10, "cool_down": 2}


@pytest.fixture(scope="module")
def tables():
    return small_retail(40, **CALENDAR)


@pytest.mark.parametrize("engine", ENGINES)
def test_every_attribute_of_a_run_is_its_own(tables, engine):
    running = started(tables, "integrated", engine)
    running.run(3)
    of_mesa = {*vars(mesa.Model(rng=1)), "datacollector"}
    own = [name for name in vars(running) if name[0] != "_" and name not in of_mesa]
    assert {"customers", "packed", "strategy"} < {*own} and len(own) > 20
    for name in own:
        with pytest.raises(UsageError, match=f"{name} is fixed once a run has been made"):
            setattr(running, name, getattr(running, name))


@pytest.mark.parametrize("name", ["threads", "block"])
def test_only_what_an_engine_has_is_called_fixed(tables, name):
    class Classroom(RetailModel):
        pass

    room = Classroom(tables, "integrated")
    setattr(room, name, "9B")
    assert getattr(room, name) == "9B"


@pytest.mark.parametrize("engine", ENGINES)
def test_after_the_last_day_nothing_can_be_changed(tables, engine):
    running = started(tables, "integrated", engine)
    running.run(tables.days)
    before = running.result().digest()
    for change in (
        lambda: running.set("customers", 3, satisfaction=0.0),
        lambda: running.switch_to("isolated"),
        lambda: running.change_parameters(tables.parameters),
    ):
        with pytest.raises(UsageError, match="The last day is over"):
            change()
    record = running.result()
    assert record.digest() == before and record.strategy == "integrated"


def test_a_record_that_was_handed_out_is_not_changed_by_the_engine(tables):
    running = started(tables, "integrated")
    running.run(5)
    record = running.finish()
    before = record.digest()
    with pytest.raises(UsageError, match="The last day is over"):
        running.set("customers", 3, satisfaction=0.0)
    assert record.digest() == before


@pytest.mark.parametrize("engine", ENGINES)
def test_a_need_moved_to_an_earlier_part_arises_there(tables, engine):
    """Also where she would not have acted for a long time."""
    idle = small_retail(40, **CALENDAR, segments__regular__need_rate=0.01, segments__loyal__need_rate=0.01)
    running = started(idle, "integrated", engine, keep_events=True)
    running.run(4)
    for number in range(40):
        running.set("customers", number, next_need_time=17.0, awareness=1.0)
    running.run(idle.days)
    needs = running.result().needs
    moved = needs[needs["born"] == 17]
    assert set(range(40)) == set(moved["customer"])
    first = {}
    for event in running.result().events:
        if event["part"] >= 16:
            first.setdefault(int(event["customer"]), int(event["part"]))
    assert set(range(40)) == set(first)
    assert sum(part == 17 for part in first.values()) > 30, "the others have another need open"


def test_an_attribute_that_says_when_she_acts_is_looked_at_every_morning(tables):
    model = started(tables, "integrated", "mesa", keep_events=True)
    model.run(4)
    for customer in model.customers:
        customer.next_need_time = 1e300
        customer.journey.phase = -1
    model.run(tables.days)
    assert not (model.result().events["part"] >= 16).any()


@pytest.mark.parametrize(
    "find, name, value, told",
    [
        (lambda model: model.channels[0], "promotion", 0.9, "channel.promotion is worked out from the week's draw"),
        (lambda model: model.now, "day", 5, "now.day is worked out from how many days have been run"),
        (lambda model: model.appeal[0][0], "buy", 9.0, "appeal.buy is worked out from the attributes"),
        (lambda model: model.stock[0][0], "on_shelf", False, "stock.on_shelf is worked out from units"),
        (lambda model: model.customers[0], "region", 99, "customer.region = 99: this must be from 0 to 1"),
        (lambda model: model.customers[0], "last_channel", 99, "from -1 to 6"),
        (lambda model: model.customers[0], "due", 3, "no 'due'"),
        (lambda model: model.customers[0], "number", 3, "customer.number is fixed"),
        (lambda model: model.customers[0].journey, "item", -5, "journey.item = -5"),
        (lambda model: model.customers[0].journey, "collect_at", -3, "journey.collect_at = -3"),
        (lambda model: model.channels[0], "breadth", -1.0, "channel.breadth = -1.0: this must be from 0 to 1"),
        (lambda model: model.customers[0], "satisfaction", 10**400, "this must be a number"),
        (lambda model: model.desks[0], "expected_wait", float("inf"), "this must be a number"),
    ],
)
def test_an_attribute_is_held_to_what_an_edit_is_held_to(tables, find, name, value, told):
    model = started(tables, "integrated", "mesa")
    model.run(3)
    with pytest.raises(UsageError, match=told):
        setattr(find(model), name, value)


def test_when_she_acts_next_is_what_it_is_after_every_change(tables):
    model = started(tables, "integrated", "mesa")
    customer = model.customers[0]
    assert customer.due == int(customer.next_need_time)
    model.run(3)
    customer.journey.phase, customer.next_need_time = -1, 40.5
    assert customer.due == 40


def test_two_customers_have_no_journey_in_common(tables):
    model = started(tables, "integrated", "mesa")
    with pytest.raises(UsageError, match=r"customer.journey is made of phase.*: change these"):
        model.customers[0].journey = model.customers[1].journey


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "group, name, value, told",
    [
        ("stock", "count_interval", 0, "parameters.stock.count_interval = 0: this must be a whole number"),
        ("learning", "half_life", 0.0, "parameters.learning.half_life = 0.0: this must be"),
        ("choice", "noise", float("nan"), "parameters.choice.noise = nan: this must be"),
        ("needs", "browse_share", "x", "parameters.needs.browse_share = 'x': this must be a share"),
    ],
)
def test_parameters_that_were_copied_past_their_range_are_refused(tables, engine, group, name, value, told):
    running, said = started(tables, "integrated", engine), parameters()
    wrong = said.model_copy(update={group: getattr(said, group).model_copy(update={name: value})})
    with pytest.raises(UsageError, match=told):
        running.change_parameters(wrong)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_link_of_a_flow_that_reaches_nobody_is_told_to_act_on_nothing(tables, engine):
    running = started(tables, "isolated", engine)
    with pytest.warns(
        ScenarioWarning, match="flow stock reaches no record at one end.*isolated.*acts on nothing"
    ) as told:
        running.set("links", (Flow.STOCK, 0, 1), delay=20)
    assert told[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        started(tables, "integrated", engine).set("links", (Flow.STOCK, 0, 1), delay=20)


def test_what_was_changed_in_the_warm_up_is_told_at_the_line_that_goes_on():
    size = {"population.customers": 20, "experiment.warm_up": 2, "experiment.horizon": 7, "experiment.cool_down": 1}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = RetailModel("flagship_retailer", "integrated", overrides=size)
        model.link(Flow.STOCK, "store", "desktop_web").error = 0.5
    with pytest.warns(ScenarioWarning, match="What was changed of links") as told:
        model.run(4)
    assert [each.filename for each in told] == [__file__]


def test_a_copy_keeps_its_guards(tables):
    model = copy.deepcopy(started(tables, "integrated", "mesa"))
    with pytest.raises(UsageError, match="customers is fixed"):
        model.customers = []
    with pytest.raises(UsageError, match="segment.awareness is fixed"):
        model.segments[0].awareness = 0.5
    engine = started(tables, "integrated").fork()
    with pytest.raises(UsageError, match="customers is fixed"):
        engine.customers = np.zeros(3)


def one_and_a_half(customer, relations, visit, race):
    """A rule in place of `take_in`, which leaves more knowledge than there can be."""
    relations[visit.channel].knowledge = 1.5


@pytest.mark.parametrize(
    "engines", [["mesa"], pytest.param(ENGINES, marks=pytest.mark.verification)], ids=["mesa", "both"]
)
def test_rules_write_what_they_will_in_both_engines(tables, engines):
    """A replaced rule that leaves a share of 1.5 is a person's own affair, and the engines agree on what becomes of it."""
    book = simsuite.rules.replace(take_in=one_and_a_half)
    digests = set()
    for engine in engines:
        running = started(tables, "integrated", engine, rules=book)
        running.run(tables.days)
        digests.add(running.result().digest())
    assert len(digests) == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_a_heartbeat_is_called_and_changes_no_attribute(tables, engine):
    """It is somebody's own code: nobody but the run changes the run."""
    running, days = started(tables, "integrated", engine), []

    def meddle(day):
        days.append(day)
        running.strategy = "isolated"

    with pytest.raises(UsageError, match="strategy is fixed"):
        running.run(3, heartbeat=meddle)
    assert days == [0] and running.strategy == "integrated"
    running.run(3)  # nothing had begun
    with pytest.raises(UsageError, match="heartbeat=3: this must be a function"):
        running.run(4, heartbeat=3)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_run_that_a_heartbeat_finished_or_went_on_with_is_not_gone_on_with(tables, engine):
    running = started(tables, "integrated", engine)
    running.run(2, heartbeat=lambda day: running.run(2) if not day else None)
    assert (running.day if engine == "mesa" else running.days_done) == 2
    if engine == "batch":
        with pytest.raises(RunError, match="closed for good"):
            running.run(5, heartbeat=lambda day: running.finish())


def moved_to(model, part):
    """All who have no open journey get their next need in the midst of this part."""
    idle = [her for her in model.customers if her.journey.phase == Phase.NO_JOURNEY]
    for her in idle:
        her.next_need_time = part + 0.5
    return [her.number for her in idle]


def acts_in(result, part):
    """Who has an event in this part."""
    return {int(number) for number in result.events["customer"][result.events["part"] == part]}


def test_a_need_that_is_moved_to_an_earlier_part_is_acted_on_in_it(tables):
    """Written by attribute, by a reporter of the data collector, or by a phase of a subclass."""
    part = 4 * PARTS_PER_DAY + 1
    by_hand = RetailModel(tables, "integrated")
    by_hand.run(4)
    moved = moved_to(by_hand, part)
    by_hand.run(6)
    plain = acts_in(by_hand.result(), part)
    assert len(moved) > 5 and {*moved} <= plain

    collecting = RetailModel(tables, "integrated")
    reporters = {"moved": lambda model: moved_to(model, part) if model.day == 3 else None}
    collecting.datacollector = mesa.DataCollector(model_reporters=reporters)
    collecting.run(6)
    assert acts_in(collecting.result(), part) == plain

    class Meddling(RetailModel):
        def close_day(self):
            super().close_day()
            if self.day == 3:
                moved_to(self, part)

    meddling = Meddling(tables, "integrated")
    meddling.run(6)
    assert acts_in(meddling.result(), part) == plain


def test_a_need_that_lapses_earlier_is_over_then(tables):
    model = RetailModel(tables, "integrated")
    model.run(6)
    part = 6 * PARTS_PER_DAY + 1
    waiting = [
        her for her in model.customers if her.journey.phase != Phase.NO_JOURNEY and her.journey.next_visit > part
    ]
    for her in waiting:
        her.journey.lapses = part
    model.run(7)
    ended = {int(number) for number in model.result().needs["customer"]}
    assert len(waiting) > 3 and all(her.number in ended for her in waiting)
    assert {her.number for her in waiting} <= acts_in(model.result(), part)


def later(customer, relations, visit, world):
    """A rule in place of `conclude`: whatever she would do next waits two more days."""
    return conclude(customer, relations, visit, world) + 8


def test_an_edit_elsewhere_changes_nothing_under_a_rule_that_says_when_she_acts_next(tables):
    book, other = simsuite.rules.replace(conclude=later), RetailModel(tables, "isolated")
    digests = set()
    for edited in (False, True):
        model = RetailModel(tables, "integrated", rules=book)
        for day in range(1, 9):
            model.run(day)
            if edited:
                other.customers[0].satisfaction = 0.5
        digests.add(model.result().digest())
    assert len(digests) == 1


def test_what_an_agent_is_made_of_is_not_exchanged(tables):
    model = RetailModel(tables, "integrated")
    with pytest.raises(UsageError, match="relations of customer 2 is fixed"):
        model.customers[2].relations = model.customers[1].relations
