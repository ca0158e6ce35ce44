"""What is misspelled, or of another kind, is refused where it is written, in both engines."""

import numpy as np
import pytest
from worlds import ENGINES, small_retail, started

from simsuite.engines.log import PAGE_LINES, Log
from simsuite.engines.model import RetailModel
from simsuite.engines.pages import Page
from simsuite.engines.records import EVENT_TYPE
from simsuite.errors import RunError, UnknownName, UsageError
from simsuite.vocabulary import Flow, Outcome


@pytest.fixture(scope="module")
def tables():
    return small_retail(20, warm_up=2, horizon=6, cool_down=2)


@pytest.fixture
def model(tables):
    return started(tables, "integrated", "mesa")


ATTRIBUTES = {
    "customer": (lambda model: model.customers[3], "satisfcation", "satisfaction"),
    "journey": (lambda model: model.customers[3].journey, "efort", "effort"),
    "belief": (lambda model: model.customers[3].belief, "wieght", "weight"),
    "relation": (lambda model: model.customers[3].relations[0], "knowlege", "knowledge"),
    "channel": (lambda model: model.channels[0], "pirce", "price"),
    "link": (lambda model: model.link("cart", "store", "app"), "dealy", "delay"),
    "policy": (lambda model: model.policy, "central_prise", "central_price"),
    "shelf": (lambda model: model.stock[0][3], "unit", "units"),
    "coverage": (lambda model: model.coverage[0][0][0], "shares", "share"),
    "model": (lambda model: model, "runing", "running"),
}


@pytest.mark.parametrize("what", ATTRIBUTES)
def test_a_misspelled_attribute_is_refused_with_the_right_one(model, what):
    find, wrong, right = ATTRIBUTES[what]
    thing = find(model)
    with pytest.raises(UnknownName, match=f"no '{wrong}'. Did you mean '{right}'"):
        setattr(thing, wrong, 0.2)
    assert not hasattr(thing, wrong)
    setattr(thing, right, getattr(thing, right))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "what, index, values, words",
    [
        ("customers", 3, {"satisfcation": 0.2}, "Did you mean 'satisfaction'"),
        ("custmers", 3, {"satisfaction": 0.2}, "Did you mean 'customers'"),
        ("customers", 20, {"satisfaction": 0.2}, "from 0 to 19"),
        ("customers", -1, {"satisfaction": 0.2}, "from 0 to 19"),
        ("relations", 3, {"taste": 0.2}, "2 places"),
        ("links", (Flow.CART, 1), {"delay": 2}, "3 places"),
        ("links", (Flow.CART, 1, 2), {"delay": 0.5}, "link.delay = 0.5.*whole number"),
        ("links", (Flow.CART, 1, 2), {"error": "none"}, "link.error = 'none'.*a number"),
        ("customers", 3, {"satisfaction": float("nan")}, "must be a number"),
        ("policy", 0, {"central_price": 0.3}, "True or False"),
        ("customers", 3, {"journey": 0}, "customer.journey is made of phase, need, born, visits ...: change these"),
        ("segments", 0, {"tastes": [0.0]}, "segment.tastes is fixed"),
    ],
)
def test_an_edit_that_fits_nowhere_is_refused_alike_in_both_engines(tables, engine, what, index, values, words):
    running = started(tables, "integrated", engine)
    with pytest.raises(UsageError, match=words):
        running.set(what, index, **values)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_attribute_that_would_only_rename_the_run_is_refused(tables, engine):
    running = started(tables, "integrated", engine)
    for name, value in {"strategy": "isolated", "replication": 3, "packed": tables}.items():
        with pytest.raises(UsageError, match=f"{name} is fixed"):
            setattr(running, name, value)
    assert running.result().strategy == "integrated"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_strategy_that_is_none_is_refused(tables, engine):
    running = started(tables, "integrated", engine)
    with pytest.raises(UsageError, match="Did you mean 'isolated'"):
        running.switch_to("isolatd")


def test_a_flow_channel_or_customer_that_is_none_is_refused(model):
    for arguments, meant in ((("crat", "store", "app"), "cart"), (("cart", "stor", "app"), "store")):
        with pytest.raises(UsageError, match=f"Did you mean '{meant}'"):
            model.link(*arguments)
    for number in (20, -1):
        with pytest.raises(UsageError, match="number=.* from 0 to 19"):
            model.memory_cards(number)


def test_a_value_of_numpy_becomes_one_of_python(model):
    """A float32 would make all that is worked out with it a float32: other bits than in the compiled engine."""
    customer, link = model.customers[3], model.link("cart", "store", "app")
    customer.satisfaction, link.delay, customer.consents = np.float32(0.25), np.int64(5), np.bool_(True)
    values = (customer.satisfaction, link.delay, customer.consents)
    assert values == (0.25, 5, True) and [type(value) for value in values] == [float, int, bool]


def test_a_whole_number_given_as_another_kind_is_taken_and_half_a_daypart_is_not(model):
    link = model.link("cart", "store", "app")
    link.delay = 5.0
    assert link.delay == 5 and type(link.delay) is int
    with pytest.raises(UsageError, match="link.delay = 5.5: this must be a whole number"):
        link.delay = 5.5
    assert link.delay == 5


def test_a_model_of_ones_own_may_have_attributes_of_its_own(tables):
    class Classroom(RetailModel):
        pass

    classroom = Classroom(tables, "integrated")
    classroom.teacher = "somebody"
    assert classroom.teacher == "somebody"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "what, index, values, told",
    [
        ("desks", 0, {"clerks": 2}, "desk.clerks is fixed: tables are made by it"),
        ("places", (0, 0), {"pool": -1}, "place.pool is fixed: tables are made by it"),
        ("places", (1, 0), {"desk": 0}, "place.desk is fixed"),
        ("now", 0, {"announced_from": -(10**9)}, "now.announced_from is fixed: the days of the scenario make it"),
        ("luck", 0, {"replication": 5}, "luck.replication is fixed: a run has one luck"),
        ("customers", 0, {"region": 2}, "customer.region = 2: this must be from 0 to 1"),
        ("customers", 0, {"segment": -1}, "from 0 to 3"),
        ("customers", 0, {"last_channel": 7}, "from -1 to 6"),
        ("customers", 0, {"number": 5}, "customer.number is fixed"),
        ("items", 0, {"category": 1}, "item.category is fixed"),
        ("links", (0, 0, 1), {"delay": -5}, "from 0 to 240"),
        (
            "links",
            (0, 0, 1),
            {"delay": 244},
            "delay = 244: this must be from 0 to 240, in dayparts, four a day, or simsuite.vocabulary.NEVER",
        ),
        ("customers", 0, {"satisfaction": float("nan")}, "must be a number"),
        ("customers", 0, {"awareness": 1.5}, "customer.awareness = 1.5: this must be from 0 to 1"),
        ("links", (0, 0, 1), {"error": -0.1}, "link.error = -0.1: this must be from 0 to 1"),
        ("relations", (3, 0), {"link": 2}, "from 0 to 1"),
        ("customers", 0, {"effort_budget": 0.0}, "effort_budget = 0.0: this must be 0.001 or more"),
        ("customers", 0, {"next_need": 2**31}, "from 0 to 1073741824"),
        (
            "customers",
            0,
            {"belief": {}},
            "customer.belief is made of evidence, weight, since: change these, in the Mesa model",
        ),
        ("desks", 0, {"expected_wait": float("inf")}, "must be a number"),
        ("channels", 0, {"knowledge_gain": -1.0}, "channel.knowledge_gain = -1.0: this must be from 0 to 1"),
        ("channels", 0, {"trip": 2000.0}, "channel.trip = 2000.0: this must be from 0 to 1440"),
        ("channels", 0, {"price": -1e300}, "from 0 to 100"),
        ("stock", (0, 0), {"units": -5}, "stock.units = -5: this must be from 0 to 2147483648"),
        ("items", 0, {"list_cents": 2**62}, "from 0 to 2147483648"),
        ("policy", 0, {}, "Say what to change"),
        ("customers", 0, {"need_rate": -1.0}, "customer.need_rate = -1.0: this must be from 0 to 100"),
        ("customers", 0, {"next_need_time": -1e300}, "this must be 0 or more"),
        ("channels", 0, {"index": 3}, "channel.index is fixed"),
    ],
)
def test_what_points_nowhere_is_refused_before_compiled_code_looks_there(tables, engine, what, index, values, told):
    running = started(tables, "integrated", engine)
    with pytest.raises(UsageError, match=told):
        running.set(what, index, **values)
    running.set("customers", 0, region=1, last_channel=-1)  # what there is


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "what, values, told",
    [
        ("segments", {"awareness": 0.1}, "segment.awareness is fixed: people were drawn by it before the first day"),
        ("segments", {"tastes": [0.0] * 62}, "segment.tastes is fixed"),
        ("channels", {"reach_share": 0.1}, "channel.reach_share is fixed: people were drawn by it"),
        ("channels", {"promotion": 0.1}, "channel.promotion is worked out from the week's draw.*would not last"),
        ("now", {"day": 5}, "now.day is worked out from how many days"),
    ],
)
def test_what_was_made_already_or_is_worked_out_anew_cannot_be_changed(tables, engine, what, values, told):
    running = started(tables, "integrated", engine)
    running.run(3)
    with pytest.raises(UsageError, match=told):
        running.set(what, 0, **values)


def test_traits_of_a_segment_are_fixed_also_as_attributes(model):
    with pytest.raises(UsageError, match="segment.awareness is fixed.*Change the scenario"):
        model.segments[0].awareness = 0.1
    with pytest.raises(UsageError, match="channel.reach_share is fixed"):
        model.channels[0].reach_share = 0.1
    with pytest.raises(TypeError, match="does not support item assignment"):
        model.segments[0].tastes[2] = 3.0


def test_more_than_can_be_written_down_is_an_error_and_not_a_shorter_log():
    """Needs of weeks that fall due at once; those that wait when books are closed have room."""
    tables = small_retail(60, warm_up=2, horizon=20, cool_down=2)
    running = started(tables, "integrated", keep_events=True)
    running.run(12)
    for number in range(60):
        running.set("customers", number, next_need_time=8.0, need_rate=100.0)
    assert (running.result().needs["outcome"] == Outcome.STILL_OPEN).sum() > 2 * PAGE_LINES
    for number in range(60):
        running.set("customers", number, awareness=0.0)
    running.run(13)
    with pytest.raises(RunError, match="More happened at once.*need_rate"):
        running.result()


def test_more_events_of_one_customer_in_one_daypart_than_there_are_numbers_for_are_an_error():
    compiled = Log(EVENT_TYPE, keep=True)
    compiled.make_room(2)
    compiled.head["written"] = 2
    compiled.rows["ordinal"][1] = -(2**15)  # what compiled code makes of 32,768
    with pytest.raises(RunError, match="More happened at once"):
        compiled.written()
    interpreted = Page(keep=True)
    line = interpreted.rows[0]
    for name in EVENT_TYPE.names:
        setattr(line, name, 2**15 if name == "ordinal" else 0)
    with pytest.raises(RunError, match="More happened at once"):
        interpreted.table(EVENT_TYPE)


def test_an_agent_takes_no_number_that_is_none(tables):
    model = started(tables, "integrated", "mesa")
    with pytest.raises(UsageError, match="must be a number"):
        model.customers[0].satisfaction = float("nan")
    with pytest.raises(UsageError, match="must be a number"):
        model.link("cart", "store", "app").error = float("nan")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "wrong", [{"keep_events": "no"}, {"keep_needs": 1}, {"follow_every": 0}, {"follow_every": 2.5}]
)
def test_what_an_engine_cannot_keep_is_refused(tables, engine, wrong):
    with pytest.raises(UsageError, match=next(iter(wrong))):
        started(tables, "integrated", engine, **wrong)


@pytest.mark.parametrize("engine", ENGINES)
def test_parameters_are_changed_as_a_whole_and_by_what_they_are(tables, engine):
    running = started(tables, "integrated", engine)
    with pytest.raises(UsageError, match="parameters="):
        running.change_parameters({"choice": 1})
    with pytest.raises(UsageError, match="say change_parameters"):
        running.parameters = 3
    running.change_parameters(tables.parameters)
    with pytest.raises(UsageError, match="rulebook is fixed"):
        running.rulebook = None
