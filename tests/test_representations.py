"""What is shown of anything public fits on a screen, and says what it is."""

import pickle

import pytest
from worlds import small_retail, started

import simsuite
from simsuite.scenario.pack import pack

SIZE = {"population.customers": 60, "experiment.warm_up": 2, "experiment.horizon": 6, "experiment.cool_down": 2}
MOST = 2000


@pytest.fixture(scope="module")
def results():
    return simsuite.compare("flagship_retailer", replications=2, overrides=SIZE)


@pytest.fixture(scope="module")
def shown(results):
    """Everything public that a person may look at, by name."""
    model, engine = (started(small_retail(40, 2, 6, 2), "integrated", name) for name in ("mesa", "batch"))
    for running in (model, engine):
        running.run(5)
    scenario = results.experiment.scenario
    return {
        "model": (model, "integrated, replication 0, seed 1, day 5 of 10"),
        "engine": (engine, "integrated, replication 0, seed 1, day 5 of 10"),
        "customers": (model.customers, "40 agents, from customer 0"),
        "channels": (model.channels, "7 agents, from channel store"),
        "tables of a run": (simsuite.run(scenario).tables, "ledger ("),
        "tables of a comparison": (results.tables, "measures ("),
        "customer": (model.customers[3], "customer 3\n"),
        "journey": (model.customers[3].journey, "visits = "),
        "relation": (model.customers[3].relations[0], "taste = "),
        "channel": (model.channels[0], "channel store\n"),
        "link": (model.link("cart", "store", "app"), "delay = 0"),
        "policy": (model.policy, "central_price = True"),
        "segment": (model.segments[0], "... 2049 numbers]"),
        "tally": (model.tally, "lost_cents = "),
        "visit": (model.shopper[2], "active = "),
        "record of a run": (model.result(), "integrated"),
        "run": (simsuite.run(scenario), "isolated"),
        "scenario": (scenario, "60 customers; channels: store, "),
        "spec": (scenario.spec, "ScenarioSpec(title="),
        "parameters": (scenario.spec.parameters, "NeedsParameters("),
        "channel of the spec": (scenario.spec.channels["store"], "trip="),
        "packed": (model.packed, "40 customers in 2 regions, 10 days"),
        "strategy tables": (model.packed.strategies["integrated"], "integrated"),
        "rules": (simsuite.rules.replace(), " rules, replaced: none"),
        "results": (results, "isolated, integrated"),
        "comparison": (results.comparison, "integrated with isolated"),
        "explanations": (results.explanations, "nothing"),
        "experiment": (results.experiment, "2 replications, batch engine"),
        "arm": (results.experiment.arms[0], "isolated"),
        "simulation": (results.experiment.simulation, "isolated, integrated"),
    }


def test_every_representation_is_short_and_says_what_it_is(shown):
    found = {name: (repr(thing), words) for name, (thing, words) in shown.items()}
    assert {name: len(text) for name, (text, _) in found.items() if len(text) >= MOST} == {}
    assert {name: text for name, (text, words) in found.items() if words not in text} == {}
    assert {name: text for name, (text, _) in found.items() if " object at 0x" in text} == {}


@pytest.mark.parametrize("name", ["scenario", "packed", "rules", "results", "run", "record of a run", "experiment"])
def test_what_is_public_can_be_pickled(shown, name):
    thing = shown[name][0]
    other = pickle.loads(pickle.dumps(thing))
    assert repr(other) == repr(thing)
    for content in ("digest", "content_digest", "identity"):
        value = getattr(thing, content, None)
        if value is not None:
            assert (getattr(other, content)() if callable(value) else getattr(other, content)) == (
                value() if callable(value) else value
            )


@pytest.mark.filterwarnings("ignore::simsuite.errors.ScenarioWarning")
def test_one_customer_is_shown_in_the_singular():
    scenario = simsuite.load("flagship_retailer", {"population.customers": 1})
    assert "flagship_retailer: 1 customer; channels" in repr(scenario)
    assert "<p>1 customer; channels" in scenario._repr_html_()
    assert "<PackedScenario of 1 customer in 1 region, " in repr(pack(scenario.spec))
