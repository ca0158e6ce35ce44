"""NumPy's numbers are taken wherever Python's are, and a message speaks of what was asked: argument or option."""

import json

import numpy as np
import pytest
from cli.commands import inside

import simsuite
from simsuite.arguments import asked_by_command, override, plain
from simsuite.errors import ScenarioError, UsageError

SIZE = {"population.customers": 60, "experiment.warm_up": 2, "experiment.horizon": 6, "experiment.cool_down": 2}


def test_an_override_of_numpy_is_that_of_python():
    ours = {
        "population.customers": 500,
        "channels.store.trip": 12.5,
        "channels.phone.present": False,
        "title": "a title",
        "strategies.integrated.flows.cart.channels": ["app", "store"],
    }
    theirs = {
        "population.customers": np.int64(500),
        "channels.store.trip": np.float64(12.5),
        "channels.phone.present": np.bool_(False),
        "title": np.str_("a title"),
        "strategies.integrated.flows.cart.channels": np.array(["app", "store"]),
    }
    one, other = (simsuite.load("flagship_retailer", changes) for changes in (ours, theirs))
    assert one.digest == other.digest
    assert one.text == other.text


def test_seed_replication_and_strategy_of_numpy_make_the_run_of_python():
    one = simsuite.run("flagship_retailer", "integrated", 1, 4, SIZE)
    other = simsuite.run("flagship_retailer", np.str_("integrated"), np.int32(1), np.uint8(4), SIZE)
    assert one.digest() == other.digest()
    assert type(other.replication) is int and type(other.seed) is int


def test_a_comparison_of_numpy_has_the_identity_of_one_of_python():
    one = simsuite.compare("flagship_retailer", replications=2, seed=3, overrides=SIZE, workers=1)
    other = simsuite.compare(
        "flagship_retailer",
        strategies=np.array(["integrated"]),
        replications=np.int64(2),
        seed=np.int64(3),
        overrides=SIZE,
        workers=np.int64(1),
    )
    assert one.content_digest == other.content_digest
    assert one.experiment.identity == other.experiment.identity


def test_several_strategies_and_lists_of_numpy_are_taken_and_recorded(tmp_path):
    own = {"strategies.third.extends": "integrated", "strategies.third.flows.cart.channels": np.array(["app", "store"])}
    results = simsuite.compare(
        "flagship_retailer",
        strategies=np.array(["integrated", "third"]),
        replications=2,
        overrides={**SIZE, **own},
        folder=tmp_path / "kept",
        without="statements",
    )
    assert [arm.name for arm in results.experiment.arms] == ["isolated", "integrated", "third"]
    command = json.loads((tmp_path / "kept" / "manifest.json").read_text())["command"]
    assert "statements" in str(command) and "'s', 't'" not in str(command)
    assert simsuite.compare("flagship_retailer", replications=2, overrides=SIZE, without=None).experiment.arms


def test_names_may_be_one_alone():
    named = {"strategies": "integrated", "without": "audit"}
    results = simsuite.compare("flagship_retailer", **named, replications=2, overrides=SIZE)
    assert [arm.name for arm in results.experiment.arms] == ["isolated", "integrated"]
    assert results.experiment.scenario.switched_off == ("audit",)


def test_what_is_nothing_of_numpy_stays_as_it_is():
    marked = object()
    assert plain(marked) is marked and plain("0.5") == "0.5" and plain(True) is True and plain((1, [2])) == (1, [2])


COMPARISONS = {
    "seed": ({"seed": -3}, "seed=-3"),
    "text for a seed": ({"seed": "x"}, "seed='x'"),
    "reference": ({"reference": "nobody"}, "reference='nobody'"),
    "mechanism": ({"without": ["nothing"]}, "without=['nothing']"),
    "override": ({"overrides": {"population.custmers": 3}}, 'overrides={"population.custmers": 3}'),
    "overrides": ({"overrides": ["population.customers=3"]}, "overrides=['population.customers=3']"),
    "no replication": ({"replications": 0}, "replications=0"),
    "fewer than none": ({"replications": -2}, "replications=-2"),
    "half a replication": ({"replications": 1.5}, "replications=1.5"),
    "true": ({"replications": True}, "replications=True"),
    "no worker": ({"workers": 0}, "workers=0"),
    "engine": ({"engine": "mess"}, "engine='mess': there is no such engine. Did you mean 'mesa'?"),
}


@pytest.mark.parametrize("what", COMPARISONS)
def test_an_error_of_python_speaks_of_arguments(what):
    arguments, words = COMPARISONS[what]
    with pytest.raises((ScenarioError, UsageError)) as caught:
        simsuite.compare("flagship_retailer", **{"overrides": SIZE, "replications": 2, **arguments})
    assert words in str(caught.value)
    assert "--" not in str(caught.value)


def test_an_error_of_two_scenarios_in_python_speaks_of_arguments():
    other = simsuite.load("flagship_retailer", {"experiment.seed": 3})
    for arguments, words in (((other, "half_integrated"), 'overrides={"experiment.seed": ...}'),):
        with pytest.raises(ScenarioError) as caught:
            simsuite.compare(*arguments)
        assert words in str(caught.value) and "--" not in str(caught.value)
    with pytest.raises(UsageError, match="^reference='nobody': the files are"):
        simsuite.compare("flagship_retailer", "half_integrated", reference="nobody")


@pytest.mark.parametrize(
    "words, told",
    [
        (("--reference", "nobody"), "--reference nobody"),
        (("--without", "nothing"), "--without nothing"),
        (("--set", "population.custmers=3"), "--set population.custmers=3"),
    ],
)
def test_an_error_of_the_command_speaks_of_options(words, told):
    with pytest.raises((ScenarioError, UsageError)) as caught:
        inside("compare", "flagship_retailer", *words)
    assert told in str(caught.value)


def test_after_a_command_python_is_spoken_to_as_python():
    with asked_by_command():
        assert override("experiment.seed", "3") == "--set experiment.seed=3"
    assert override("experiment.seed", "3") == 'overrides={"experiment.seed": 3}'


@pytest.mark.parametrize("replication", [-1, 0.5, "1", None])
def test_a_replication_that_is_none_is_refused_by_run_and_worlds(replication):
    with pytest.raises(UsageError, match="replication="):
        simsuite.run("flagship_retailer", replication=replication, overrides=SIZE)


def test_worlds_have_the_tables_of_a_run():
    results = simsuite.compare("flagship_retailer", replications=2, overrides=SIZE)
    worlds = results.worlds(np.int64(1))
    assert list(worlds) == ["isolated", "integrated"]
    for strategy, world in worlds.items():
        alone = simsuite.run("flagship_retailer", strategy, 1, overrides=SIZE, events=True)
        assert type(world) is type(alone) and world.digest() == alone.digest()
        for name in ("measures", "ledger", "event_log", "journeys"):
            assert getattr(world, name).equals(getattr(alone, name)), name
        assert world.plot("days").axes
