"""What is changed within a run acts, or says why it does not; what means nothing, or would not last, is refused."""

import copy
import pickle
import warnings

import pytest
from worlds import ENGINES, small_retail, started

import simsuite
from simsuite.engines.model import RetailModel
from simsuite.engines.things import Thing
from simsuite.errors import RunError, ScenarioWarning, UsageError
from simsuite.rules import state
from simsuite.rules.world import WORLD
from simsuite.vocabulary import Flow

CALENDAR = {"warm_up": 2, "horizon": 10, "cool_down": 2}


@pytest.fixture(scope="module")
def tables():
    return small_retail(40, **CALENDAR)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_day_that_has_been_run_is_not_run_again_without_a_word(tables, engine):
    """Whoever takes the argument for a number of days would get none, or too few."""
    running = started(tables, "integrated", engine)
    running.run(5)
    with pytest.warns(ScenarioWarning, match=r"Nothing was run. until_day=5: 5 days have been run.*run\(6\)") as told:
        running.run(5)
    assert told[0].filename == __file__
    with pytest.raises(UsageError, match=r"until_day=1: 5 days have been run, and run\(\) is told until which day"):
        running.run(1)
    running.run(tables.days)
    with pytest.warns(ScenarioWarning, match="It was the last"):
        running.run(tables.days)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_link_that_ends_with_its_strategy_is_told_at_the_switch(tables, engine):
    running = started(tables, "integrated", engine)
    running.run(3)
    running.switch_to("integrated")  # as it was
    running.set("links", (Flow.STOCK, 0, 1), delay=20)
    running.set("policy", 0, discreet=True)
    with pytest.warns(
        ScenarioWarning, match="of policy and links .* under integrated, .* from day 3 on isolated"
    ) as told:
        running.switch_to("isolated")
    assert [each.filename for each in told] == [__file__]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_link_that_acts_on_nothing_is_told(tables, engine):
    """To itself, but for a cart; or to a channel that shares nothing."""
    running = started(tables, "integrated", engine)
    store, web, app, apart = map(tables.channel_names.index, ("store", "desktop_web", "app", "marketplace"))
    for link, words in (
        ((Flow.STOCK, store, store), "brings to a channel what others know: its link to itself acts on nothing"),
        ((Flow.STOCK, app, web), "what lies on a shelf: a link from a channel without one acts on nothing"),
        ((Flow.CART, web, apart), "reaches no record at one end of this link under integrated"),
    ):
        with pytest.warns(ScenarioWarning, match=words):
            running.set("links", link, delay=20)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        running.set("links", (Flow.CART, web, web), error=1.0)


def test_after_the_last_day_no_agent_and_no_thing_is_changed(tables):
    model = RetailModel(tables, "integrated")
    model.run(tables.days)
    her = model.customers[3]
    for one, name in (
        (her, "satisfaction"),
        (her.journey, "effort"),
        (her.belief, "weight"),
        (her.relations[0], "taste"),
        (model.channels[0], "price"),
        (model.links[Flow.STOCK][0][1], "error"),
        (copy.deepcopy(model).customers[3].journey, "effort"),
    ):
        with pytest.raises(UsageError, match="The last day is over, and a change would act on nothing"):
            setattr(one, name, 0.5)
    assert model.result().digest() == copy.deepcopy(model).result().digest()
    model.memory_cards(3)
    her.pos, her._note = (2, 2), "seen"  # nothing of the run
    with pytest.raises(ValueError, match="read-only"):
        model.days[3, 0] = 99


def test_customers_and_channels_of_a_run_are_neither_exchanged_nor_added(tables):
    model = RetailModel(tables, "integrated")
    with pytest.raises(TypeError, match="does not support item assignment"):
        model.customers[3] = 5
    with pytest.raises(AttributeError, match="append"):
        model.customers.append(3)
    assert len(model.customers) == 40 and repr(model.customers).startswith("<40 agents")


@pytest.mark.parametrize(
    "find, name, value, told",
    [
        (lambda her: her, "orders", -1, "customer.orders = -1: this must be from 0 to"),
        (lambda her: her.journey, "visits", -1, "journey.visits = -1: this must be from 0 to"),
        (lambda her: her.journey, "phase", 99, "journey.phase = 99: this must be from 0 to 3, or -1"),
        (lambda her: her.journey, "effort", -0.5, "journey.effort = -0.5: this must be 0 or more"),
        (
            lambda her: her.relations[0],
            "told_price",
            -3.0,
            "relation.told_price = -3.0: this must be 0 or more.* or -1",
        ),
        (lambda her: her.relations[0], "orders", True, "relation.orders = True: this must be a whole number"),
        (
            lambda her: her.model.link("stock", "store", "app"),
            "delay",
            True,
            "link.delay = True: this must be a whole number",
        ),
        (lambda her: her.model.link("stock", "store", "app"), "error", "5 %", "link.error = '5 %': .* from 0 to 1"),
    ],
)
def test_a_number_that_means_nothing_is_refused(tables, find, name, value, told):
    model = RetailModel(tables, "integrated")
    with pytest.raises(UsageError, match=told):
        setattr(find(model.customers[3]), name, value)


def test_all_links_of_a_flow_that_act_are_changed_together(tables):
    """Those of channels that share nothing, and of a channel to itself, are left out, but for carts."""
    model = RetailModel(tables, "integrated")
    own = [channel for channel in model.channels if channel.shares_data]
    assert len(own) == len(model.channels) - 1
    for flow, count in (("price", len(own) * (len(own) - 1)), ("cart", len(own) ** 2), ("stock", len(own) - 1)):
        links = model.links_of(flow)
        assert len(links) == len({id(link) for link in links}) == count
    model.links_of("cart")[0].delay = 20
    assert 20 in [link.delay for row in model.links[Flow.CART] for link in row]
    with pytest.warns(ScenarioWarning, match="The flow cart reaches nobody under isolated"):
        assert RetailModel(tables, "isolated").links_of("cart") == []


def test_links_are_read_without_a_word_and_told_when_they_are_changed(tables):
    model = RetailModel(tables, "integrated")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        links = {
            (flow, a, b): model.link(flow, a, b)
            for flow in Flow
            for a in tables.channel_names
            for b in tables.channel_names
        }
        assert all(link.delay >= 0 for link in links.values())
        links[Flow.CART, "app", "app"].error = 0.5
    for ends in (("store", "store"), ("store", "marketplace")):
        with pytest.warns(ScenarioWarning, match="acts on nothing") as told:
            copy.deepcopy(model).link("stock", *ends).error = 0.5
        assert told[0].filename == __file__


def test_a_step_of_ones_own_may_change_people_on_the_last_day_too(tables):
    class Souring(RetailModel):
        def step(self):
            super().step()
            for her in self.customers:
                her.satisfaction *= 0.99

    for way in (RetailModel.run_model, lambda model: model.run(tables.days)):
        model = Souring(tables, "integrated")
        way(model)
        assert model.day == tables.days and model.steps == tables.days
        with pytest.raises(UsageError, match="The last day is over"):
            model.customers[0].satisfaction = 0.5


@pytest.mark.parametrize("day", [0, 5, 12])
def test_whatever_rules_have_written_can_be_written_back(tables, day):
    """A number that a run itself comes to is none that means nothing."""

    def write_back(thing, record):
        for variable in record.variables:
            value = getattr(thing, variable.name)
            if isinstance(value, Thing):
                write_back(value, variable.kind)
            elif not (variable.fixed or variable.worked_out or isinstance(variable.kind, tuple)):
                setattr(thing, variable.name, value)

    def cells(table):
        return [cell for each in table for cell in cells(each)] if isinstance(table, (list, tuple)) else [table]

    model = RetailModel(tables, "integrated")
    if day:
        model.run(day)
    for her in model.customers:
        write_back(her, state.CUSTOMER)
        for relation in her.relations:
            write_back(relation, state.RELATION)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of links that act on nothing
        for table in WORLD:
            for cell in cells(getattr(model, table.name)) if table.record else ():
                write_back(cell, table.record)


def test_a_run_whose_books_are_closed_gives_no_advice_to_go_on(tables):
    running = started(tables, "integrated")
    running.run(3)
    running.finish()
    for day in (3, 4):
        with pytest.raises(RunError, match="closed for good"):
            running.run(day)


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_decided_anew_before_anybody_reads_it_is_told(engine):
    """A price on a day that begins a week; the level of one channel where one price is decided for all."""
    tables = small_retail(40, warm_up=3, horizon=20, cool_down=2)
    running = started(tables, "integrated", engine)
    store, apart = map(tables.channel_names.index, ("store", "marketplace"))
    running.run(10)  # the next day is day 7 after the switch
    for name, value in (("price", 0.5), ("promotion_ends", 3)):
        with pytest.warns(ScenarioWarning, match=f"begins a week, and {name} is decided anew in its morning") as told:
            running.set("channels", store, **{name: value})
        assert told[0].filename == __file__
    with pytest.warns(ScenarioWarning, match="price_level of one of them acts on nothing. Change policy.central"):
        running.set("channels", store, price_level=0.1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        running.set("channels", apart, price_level=0.1)  # decides by itself
        running.run(11)
        running.set("channels", store, price=0.5)
        running.switch_to("isolated")
        running.set("channels", store, price_level=0.2)


@pytest.mark.parametrize("engine", ENGINES)
def test_misspelled_parameters_of_a_copy_are_refused(tables, engine):
    running, said = started(tables, "integrated", engine), tables.parameters
    within = said.model_copy(update={"choice": said.choice.model_copy(update={"inerta": 3.0})})
    for wrong, told in (
        (within, r"parameters.choice has no 'inerta'. Did you mean 'inertia'\?"),
        (said.model_copy(update={"chocie": 1}), r"parameters has no 'chocie'. Did you mean 'choice'\?"),
    ):
        with pytest.raises(UsageError, match=told):
            running.change_parameters(wrong)


def test_people_of_a_run_stay(tables):
    model = RetailModel(tables, "integrated")
    for removing in (model.customers[3].remove, model.channels[0].remove, model.remove_all_agents):
        with pytest.raises(UsageError, match="a run begins and ends with the same agents"):
            removing()
    with pytest.raises(UsageError, match="present of customer 3 is fixed"):
        model.customers[3].present = 1


def test_a_step_that_lives_no_day_is_an_error_and_no_endless_loop(tables):
    class Idle(RetailModel):
        def step(self):
            self.customers[3].satisfaction = 0.2

    for way in (RetailModel.run_model, lambda model: model.run(3)):
        with pytest.raises(UsageError, match=r"step\(\) of Idle lives no day: let it call super\(\).step\(\)"):
            way(Idle(tables, "integrated"))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_record_from_before_the_end_of_the_horizon_says_so(tables, engine):
    running = started(tables, "integrated", engine)
    running.run(5)
    assert "before its horizon has ended" in repr(running.result())
    running.run(tables.days)
    assert "before" not in repr(running.result())


@pytest.mark.parametrize("wrong", [["population.customers=100"], "population.customers", 3])
def test_overrides_that_are_no_mapping_are_refused(wrong):
    for asked in (
        lambda: RetailModel("flagship_retailer", overrides=wrong),
        lambda: simsuite.load("flagship_retailer", wrong),
        lambda: simsuite.load("flagship_retailer").with_overrides(wrong),
    ):
        with pytest.raises(UsageError, match="overrides are values by dotted path"):
            asked()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_delay_between_two_days_says_as_which_it_acts(tables, engine):
    """Where channels publish once a day; a customer's own records are read in dayparts."""
    running = started(tables, "integrated", engine)
    for flow in (Flow.PRICE, Flow.PROMOTION, Flow.STOCK):
        with pytest.warns(ScenarioWarning, match="delay = 7 acts as 4: .*whole days of 4 dayparts") as told:
            running.set("links", (flow, 0, 1), delay=7)
        assert told[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for flow, delay in ((Flow.STOCK, 8), (Flow.CART, 7), (Flow.PRICE, 0)):
            running.set("links", (flow, 0, 1), delay=delay, error=0.03)


def test_what_a_link_says_when_it_is_changed_is_copied_with_it(tables):
    model = RetailModel(tables, "integrated")
    for copied in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        with pytest.warns(ScenarioWarning, match="delay = 7 acts as 4"):
            copied.link("stock", "store", "app").delay = 7
        with pytest.warns(ScenarioWarning, match="acts on nothing"):
            copied.link("stock", "app", "store").delay = 4
