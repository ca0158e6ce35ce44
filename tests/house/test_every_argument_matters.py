"""No argument does nothing: each changes what comes out, or is refused. A new one is shown here too."""

import inspect

import pytest
from worlds import SHOP, again_probability

import simsuite
from simsuite import api, one_run
from simsuite.errors import ScenarioError, SimsuiteError

pytestmark = pytest.mark.filterwarnings("ignore::simsuite.errors.ScenarioWarning")


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """The file of a small scenario, and one like it in its folder."""
    folder = tmp_path_factory.mktemp("shops")
    (folder / "other.toml").write_text(SHOP + "[parameters.choice]\ninertia = 1.5\n")
    path = folder / "shop.toml"
    path.write_text(SHOP)
    return path


@pytest.fixture(scope="module")
def results(shop):
    return simsuite.compare(shop)


@pytest.fixture(scope="module")
def one(shop):
    return simsuite.run(shop)


def arguments_of(function):
    return {name for name in inspect.signature(function).parameters if name != "self"}


def digests(results):
    return (results.content_digest, [arm.name for arm in results.experiment.arms], sorted(results.tables))


OF_RUN = {
    "strategy": "integrated",
    "replication": 1,
    "seed": 7,
    "overrides": {"population.customers": 90},
    "events": True,
    "without": ["giving_up"],
}


def seen_of_run(**arguments):
    found = simsuite.run(**arguments)
    return (found.digest(), len(found.events), type(found).__name__)


@pytest.mark.parametrize("name", OF_RUN)
@pytest.mark.parametrize("loaded", [False, True], ids=["by name", "as a Scenario"])
def test_each_argument_of_run_acts(shop, name, loaded):
    scenario = simsuite.load(shop) if loaded else shop
    assert seen_of_run(scenario=scenario, **{name: OF_RUN[name]}) != seen_of_run(scenario=scenario)


def test_run_takes_its_rules_and_its_engine(shop):
    tiny = {"population.customers": 40, "experiment.horizon": 14}
    plain = simsuite.run(shop, overrides=tiny)
    never = rules_that_change_something()
    assert simsuite.run(shop, overrides=tiny, rules=never).digest() != plain.digest()
    assert simsuite.run(shop, overrides=tiny, engine="mesa").digest() == plain.digest()
    with pytest.raises(SimsuiteError, match="no such engine"):
        simsuite.run(shop, engine="msea")


def rules_that_change_something():
    return simsuite.rules.replace(again_probability=again_probability)


OF_COMPARE = {
    "strategies": ["ideal"],
    "reference": "integrated",
    "replications": 2,
    "seed": 7,
    "overrides": {"population.customers": 90},
    "precision": True,
    "without": ["giving_up"],
}


@pytest.mark.parametrize("name", OF_COMPARE)
@pytest.mark.parametrize("loaded", [False, True], ids=["by name", "as a Scenario"])
def test_each_argument_of_compare_acts(shop, results, name, loaded):
    scenario = simsuite.load(shop) if loaded else shop
    assert digests(simsuite.compare(scenario, **{name: OF_COMPARE[name]})) != digests(results)


def test_compare_takes_scenarios_rules_engine_workers_folder_and_progress(shop, results, tmp_path, capsys, monkeypatch):
    files = simsuite.compare(shop, shop.with_name("other.toml"), replications=2)
    assert [arm.name for arm in files.experiment.arms] == ["shop", "other"]
    turned = simsuite.compare(shop, shop.with_name("other.toml"), replications=2, reference="other")
    assert [arm.name for arm in turned.experiment.arms] == ["other", "shop"]
    tiny = {"population.customers": 40, "experiment.horizon": 14}
    plain, replaced, mesa = (
        simsuite.compare(shop, replications=2, overrides=tiny, **more)
        for more in ({}, {"rules": rules_that_change_something()}, {"engine": "mesa"})
    )
    assert replaced.content_digest != plain.content_digest == mesa.content_digest and mesa.experiment.engine == "mesa"
    seen = []
    monkeypatch.setattr("simsuite.experiment.results.workers_that_fit", lambda *args: seen.append(args[-1]) or 1)
    simsuite.compare(shop, replications=2, workers=2)
    kept = simsuite.compare(shop, replications=2, folder=tmp_path / "kept")
    assert seen == [2, None] and kept.folder == tmp_path / "kept" and (tmp_path / "kept" / "runs.parquet").is_file()
    assert "Running" not in capsys.readouterr().err
    monkeypatch.setattr("simsuite.experiment.progress.LINE_SECONDS", 0.0)
    simsuite.compare(shop, replications=2, progress=True)
    assert "Running" in capsys.readouterr().err


OF_LOAD = {"overrides": {"population.customers": 90}, "memory_needed": lambda spec: 1 << 60}


def test_each_argument_of_load_acts(shop):
    assert simsuite.load(shop, OF_LOAD["overrides"]).digest != simsuite.load(shop).digest
    with pytest.raises(ScenarioError, match="of memory"):
        simsuite.load(shop, memory_needed=OF_LOAD["memory_needed"])


def drawn(figure):
    import io

    content = io.BytesIO()
    figure.savefig(content, format="svg", metadata={"Date": None})
    return content.getvalue()


@pytest.mark.parametrize(
    "kind",
    ["comparison", "ledger", "saved", "funnel", "switches", "losses", "segments", "audit", "days", "convergence"],
)
def test_figures_of_results_follow_the_strategy_and_kind(results, kind, shop):
    first, second = (drawn(results.plot(kind, strategy=name)) for name in ("integrated", "ideal"))
    assert first != second
    with pytest.raises(SimsuiteError, match="was not compared"):
        results.plot(kind, strategy="nobody")


def test_figures_of_one_run_follow_the_kind_and_reports_go_where_they_are_told(one, results, tmp_path):
    assert len({drawn(one.plot(kind)) for kind in ("ledger", "funnel", "days", "switches", "losses")}) == 5
    with pytest.raises(SimsuiteError, match="no figure"):
        one.plot("nothing")
    assert results.save_report(tmp_path / "told.html") == tmp_path / "told.html" and (tmp_path / "told.html").is_file()
    with pytest.raises(SimsuiteError, match="kept in no folder"):
        results.save_report()


def test_worlds_follow_the_replication(results):
    assert results.worlds(1)["ideal"].digest() != results.worlds()["ideal"].digest()


def test_every_argument_of_python_is_shown_here():
    assert arguments_of(simsuite.run) == {"scenario", "rules", "engine", *OF_RUN}
    assert arguments_of(simsuite.compare) == {
        "scenarios",
        "rules",
        "engine",
        "workers",
        "folder",
        "progress",
        *OF_COMPARE,
    }
    assert arguments_of(simsuite.load) == {"name_or_path", *OF_LOAD}
    assert arguments_of(api.Results.plot) == {"kind", "strategy"} and arguments_of(one_run.Run.plot) == {"kind"}
    assert arguments_of(api.Results.save_report) == {"path"} and arguments_of(api.Results.worlds) == {"replication"}
    assert arguments_of(api.Results.answer) == set()


WRONG = [
    {"replications": value} for value in (0, 1, -3, 2.5, True)
] + [{"workers": 0}, {"workers": 1.5}, {"strategies": []}, {"strategies": ["isolated"]},
     {"without": "statement"}, {"precision": "no"}, {"seed": -1}, {"reference": ""}, {"engine": "Mesa"},
     {"progress": "no"}, {"folder": 3}]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_what_compare_cannot_do_is_refused_and_not_taken_for_the_default(shop, wrong):
    with pytest.raises(SimsuiteError):
        simsuite.compare(shop, **wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"scenario": None},
        {"strategy": ["integrated"]},
        {"replication": -1},
        {"replication": 2**32},
        {"replication": 0.5},
        {"strategy": ""},
        {"events": 1},
    ],
    ids=str,
)
def test_what_run_cannot_do_is_refused(shop, wrong):
    with pytest.raises(SimsuiteError):
        simsuite.run(**{"scenario": shop, **wrong})


def test_numbers_of_numpy_are_numbers(shop, results):
    np = pytest.importorskip("numpy")
    assert digests(simsuite.compare(shop, replications=np.int64(3))) == digests(results)
