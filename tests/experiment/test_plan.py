"""What is asked for is what is planned, whether by the name of a scenario or by the scenario itself."""

import warnings
from dataclasses import replace

import pytest

from simsuite.errors import ScenarioError, ScenarioWarning, UsageError
from simsuite.experiment.plan import plan_comparison
from simsuite.experiment.results import carried_out
from simsuite.experiment.single_run import run_once
from simsuite.scenario import load

SMALL = {
    "population.customers": 60,
    "experiment.warm_up": 7,
    "experiment.horizon": 14,
    "experiment.cool_down": 7,
    "experiment.logged_replications": 0,
}
ASKED = [
    {"seed": 5},
    {"reference": "integrated"},
    {"overrides": {"population.customers": 70}},
    {"seed": 5, "reference": "integrated", "overrides": {"channels.phone.present": False}, "without": ["statements"]},
]


def scenario():
    return load("flagship_retailer", SMALL)


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_a_comparison_of_a_scenario_is_that_of_its_name(asked):
    named = {**asked, "overrides": {**SMALL, **asked.get("overrides", {})}}
    of_scenario, of_name = plan_comparison([scenario()], **asked), plan_comparison(["flagship_retailer"], **named)
    assert of_scenario.identity == of_name.identity != plan_comparison([scenario()]).identity


@pytest.mark.parametrize("asked", [each for each in ASKED if "reference" not in each], ids=str)
def test_a_run_of_a_scenario_is_that_of_its_name(asked):
    named = {**asked, "overrides": {**SMALL, **asked.get("overrides", {})}}
    of_scenario = run_once(scenario(), **asked).digest()
    assert of_scenario == run_once("flagship_retailer", **named).digest() != run_once(scenario()).digest()


@pytest.mark.parametrize(
    "run", [lambda **asked: plan_comparison([scenario()], **asked), lambda **asked: run_once(scenario(), **asked)]
)
def test_a_misspelt_override_is_refused(run):
    with pytest.raises(ScenarioError, match="custommers"):
        run(overrides={"population.custommers": 5})


def test_a_misspelt_reference_or_mechanism_is_refused():
    with pytest.raises(ScenarioError, match="Did you mean 'isolated'"):
        plan_comparison([scenario()], reference="isolatd")
    with pytest.raises(UsageError, match="known mechanisms"):
        plan_comparison([scenario()], without=["statementz"])
    with pytest.raises(UsageError, match="the files are"):
        plan_comparison([scenario(), replace(scenario(), name="other")], reference="nobody")


@pytest.mark.parametrize("replications, most, planned", [(30, 20, 30), (None, 20, 25), (20, 20, 20), (4, 20, 20)])
def test_precision_never_allows_fewer_replications_than_are_asked_for(replications, most, planned):
    overrides = {"experiment.most_replications": most} | ({} if replications else {"experiment.replications": 25})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenarioWarning)
        planned_of = plan_comparison([scenario()], None, None, replications, overrides=overrides, precision=True)
    assert planned_of.precise_up_to == planned >= planned_of.replications


def test_precision_that_can_add_nothing_says_so():
    asked = {"overrides": {"experiment.most_replications": 20}, "precision": True}
    with pytest.warns(ScenarioWarning, match="adds no replication: 30 are asked for.*goes up to, is 20"):
        plan_comparison([scenario()], replications=30, **asked)
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message=".*adds no replication")
        plan_comparison([scenario()], replications=4, **asked)


def test_with_precision_no_fewer_are_run_than_are_asked_for():
    with pytest.warns(ScenarioWarning):
        experiment = plan_comparison(
            [scenario()], replications=3, overrides={"experiment.most_replications": 2}, precision=True
        )
    with carried_out(experiment, workers=2) as (results, _, _):
        pass
    assert {run.replication for run in results.runs} == {0, 1, 2}
