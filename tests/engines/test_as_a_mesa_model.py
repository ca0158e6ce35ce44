"""The Mesa engine is a model as users of Mesa know it: it is made from a scenario by name, `run_model` and
`batch_run` end by themselves, and iterations are replications.
"""

import inspect

import numpy as np
import pytest
from mesa.batchrunner import batch_run
from worlds import small_retail, started

import simsuite
from simsuite.engines.model import RetailModel
from simsuite.errors import ScenarioWarning, UsageError
from simsuite.tallies import Daily

COLUMNS = [column.name.lower() for column in Daily]
SIZE = {
    "population.customers": 40,
    "segments.regular.need_rate": 150.0,
    "experiment.warm_up": 4,
    "experiment.horizon": 8,
    "experiment.cool_down": 2,
}
WORLD = {"scenario": "flagship_retailer", "overrides": [SIZE]}


@pytest.fixture(scope="module")
def tables():
    return small_retail(40, warm_up=2, horizon=6, cool_down=2)


def by_day(rows, **of):
    """What `batch_run` collected on each day of one run."""
    own = sorted(
        (row for row in rows if all(row[name] == value for name, value in of.items())), key=lambda row: row["Step"]
    )
    return [[row[name] for name in COLUMNS] for row in own]


def days_of(results, strategy, replication):
    """What `compare` found for the same."""
    table = results.tables["days"].query("strategy == @strategy and replication == @replication")
    return table.sort_values("day")[list(COLUMNS)].to_numpy().tolist()


def test_run_model_ends_on_the_last_day(tables):
    model = RetailModel(tables, "integrated")
    model.run_model()
    assert (model.day, model.running) == (tables.days, False)
    assert len(model.datacollector.get_model_vars_dataframe()) == tables.days


def test_a_step_past_the_last_day_is_refused_and_changes_nothing(tables):
    model = RetailModel(tables, "integrated")
    model.run(tables.days)
    before = model.result().digest()
    with pytest.raises(UsageError, match="last day is over.* 10 days: 2 of warm-up, 6 of horizon, 2 of cool-down"):
        model.step()
    assert model.result().digest() == before


@pytest.mark.parametrize("engine", ["batch", "mesa"])
def test_a_run_to_a_day_past_the_last_is_refused_before_the_first_day_in_both_engines(tables, engine):
    running = started(tables, "integrated", engine)
    with pytest.raises(UsageError, match="until_day=11: a run of this scenario has 10 days"):
        running.run(tables.days + 1)
    assert (running.days_done if engine == "batch" else running.day) == 0
    running.run(tables.days)


@pytest.mark.parametrize("strategy", [None, "isolated", "integrated"])
def test_a_model_by_name_lives_the_run_of_the_same_name(strategy):
    """Strategies switch over on day 0 of the horizon, as in `run`; the default is the reference."""
    model = RetailModel("flagship_retailer", strategy, overrides=SIZE)
    model.run_model()
    expected = simsuite.run("flagship_retailer", strategy, overrides=SIZE, events=True)
    assert model.result().digest() == expected.digest()


def test_a_model_of_a_scenario_object_is_that_of_its_name():
    by_name = RetailModel("flagship_retailer", overrides=SIZE)
    by_object = RetailModel(simsuite.load("flagship_retailer", SIZE))
    changed = RetailModel(simsuite.load("flagship_retailer"), overrides=SIZE)
    for model in (by_name, by_object, changed):
        model.run(6)
    assert by_name.strategy == "isolated"
    assert len({model.result().digest() for model in (by_name, by_object, changed)}) == 1


def test_who_switches_by_hand_is_not_switched_again():
    model = RetailModel("flagship_retailer", "integrated", overrides=SIZE)
    assert model.strategy == "isolated"
    model.switch_to("isolated")
    model.run_model()
    assert model.strategy == "isolated"


def test_of_packed_tables_the_strategy_is_in_force_from_the_first_day_on(tables):
    assert RetailModel(tables, "integrated").strategy == "integrated"
    assert RetailModel(tables).strategy == tables.reference


def test_iterations_of_batch_run_are_the_replications_of_compare():
    arms = {"strategy": ["isolated", "integrated"]}
    rows = batch_run(RetailModel, {**WORLD, **arms}, iterations=2, data_collection_period=1, display_progress=False)
    results = simsuite.compare("flagship_retailer", replications=2, overrides=SIZE)
    days = {
        (strategy, replication): days_of(results, strategy, replication)
        for strategy in ("isolated", "integrated")
        for replication in (0, 1)
    }
    found = {key: by_day(rows, strategy=key[0], iteration=key[1]) for key in days}
    assert found == days
    assert days["isolated", 0] != days["isolated", 1] and days["isolated", 0] != days["integrated", 0]


def test_replications_may_be_named_as_a_parameter_and_then_count():
    rows = batch_run(
        RetailModel, {**WORLD, "replication": range(2)}, data_collection_period=1, max_steps=20, display_progress=False
    )
    results = simsuite.compare("flagship_retailer", replications=2, overrides=SIZE)
    for replication in (0, 1):
        assert by_day(rows, replication=replication) == days_of(results, "isolated", replication)


def test_a_seed_says_all_so_that_the_iteration_does_not_count():
    options = {"data_collection_period": 1, "display_progress": False}
    if "rng" in inspect.signature(batch_run).parameters:  # Mesa 3.5 has a word of its own for it, and takes no other
        rows = batch_run(RetailModel, WORLD, rng=[5, 5], **options)
    else:
        rows = batch_run(RetailModel, {**WORLD, "rng": [5]}, iterations=2, **options)
    assert by_day(rows, iteration=0) == by_day(rows, iteration=1)
    model = RetailModel("flagship_retailer", rng=5, overrides=SIZE)
    model.run_model()
    assert model.days.tolist() == by_day(rows, iteration=0)
    assert model.result().digest() == simsuite.run("flagship_retailer", seed=5, overrides=SIZE, events=True).digest()


def test_a_batch_run_that_does_not_tell_its_iteration_is_refused(tables):
    """In place of Mesa's own: a module of this name, another name for the number."""
    strange = {"__name__": "mesa.batchrunner"}
    exec("def run(model_class, tables):\n    number = 3\n    return model_class(tables)", strange)
    with pytest.raises(UsageError, match='"replication": range'):
        strange["run"](RetailModel, tables)


def test_the_luck_is_a_whole_number_and_no_generator(tables):
    """What happens is a pure function of the seed, so that no state of a generator can be its beginning."""
    assert RetailModel(tables, rng=np.int64(7)).seed_of_run == 7
    with pytest.raises(UsageError, match="rng=.*whole number"):
        RetailModel(tables, rng=np.random.default_rng(1))


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"strategy": "integratd"}, "Did you mean 'integrated'"),
        ({"replication": -1}, "replication=-1.* from 0"),
        ({"replication": 1.5}, "replication=1.5.*whole number"),
        ({"rng": -3}, "rng=-3"),
        ({"rules": "mine"}, "simsuite.rules.replace"),
        ({"overrides": {"population.customers": 3}}, "made without them"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(tables, arguments, words):
    with pytest.raises(UsageError, match=words):
        RetailModel(tables, **arguments)


def test_a_model_without_a_scenario_of_this_name_says_what_was_meant():
    with pytest.raises(simsuite.errors.ScenarioError, match="Did you mean 'flagship_retailer'"):
        RetailModel("flagship_retailr")


def lived(change=None, days=8):
    """Loaded, the model lives its warm-up of four days under the reference; `change` is told the model on a day."""
    model = RetailModel("flagship_retailer", "integrated", overrides=SIZE, keep_events=False)
    for day in range(days):
        if change:
            change(model, day)
        model.step()
    return model


@pytest.mark.filterwarnings("ignore:overrides")
def test_links_that_are_changed_in_a_warm_up_under_another_strategy_end_with_it_and_the_model_says_so():
    def too_early(model, day):
        if day == 1:
            assert "isolated until day 4, then integrated" in repr(model)
            model.link("stock", "store", "app").delay = 20

    with pytest.warns(ScenarioWarning, match=r"What was changed of links .* isolated, .* from day 4 on integrated"):
        model = lived(too_early)
    assert model.link("stock", "store", "app").delay == lived().link("stock", "store", "app").delay != 20
    assert "until" not in repr(model)


def test_links_that_are_changed_after_the_switch_stay(recwarn):
    def in_time(model, day):
        if day == 4:
            model.switch_to("integrated")
            model.link("stock", "store", "app").delay = 20

    assert lived(in_time).link("stock", "store", "app").delay == 20
    assert not [warning for warning in recwarn if "was changed" in str(warning.message)]
