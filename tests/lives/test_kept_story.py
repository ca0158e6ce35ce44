"""The story that a results folder keeps, and a report that runs nothing."""

import json

import pytest

import simsuite
from simsuite.experiment.plan import plan_comparison
from simsuite.experiment.results import results_in
from simsuite.experiment.simulate import Simulation
from simsuite.lives.kept_story import as_json, from_json, kept_story
from simsuite.lives.sentences import titles_of
from simsuite.lives.story import Difference, Moment, Story, interesting_customers, tell
from simsuite.report.summary import write_report, write_views

SMALL = {
    "population.customers": 300,
    "experiment.warm_up": 20,
    "experiment.horizon": 60,
    "experiment.cool_down": 10,
    "parameters.audit.shoppers": 1,
}
STORY = Story(
    7,
    "She is \N{LATIN SMALL LETTER E WITH ACUTE}.",
    ("One", "Other"),
    (Moment(-1, "noon", "12:10", "She waits.", ""), Moment(3, "evening", "", "", "She orders.")),
    Difference(0, "this", "that"),
    "cart, price",
    None,
    2,
    ("2 orders.", "3 orders."),
)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """A comparison with all its views, of three strategies."""
    folder = tmp_path_factory.mktemp("kept") / "flagship"
    found = simsuite.compare("flagship_retailer", overrides=SMALL, replications=2, folder=folder)
    found.save_report()
    return found


@pytest.fixture
def no_runs(monkeypatch):
    """Whoever runs a world fails."""

    def refuse(*_):
        raise AssertionError("a world was run")

    monkeypatch.setattr(Simulation, "results", refuse)


def test_a_story_is_the_same_after_it_was_kept():
    assert from_json(as_json(STORY)) == STORY
    assert from_json(as_json(Story(**{**vars(STORY), "touch": None, "parting": STORY.touch}))).parting == STORY.touch


def test_the_story_kept_is_the_one_that_both_whole_worlds_tell(results):
    worlds = results.worlds()
    (customer,) = interesting_customers(worlds["isolated"], worlds["integrated"], 1)
    spec = results.experiment.scenario.spec
    told = tell(worlds["isolated"], worlds["integrated"], customer, titles_of(spec, "isolated", "integrated"))
    assert from_json(kept_story(results.tables)) == told


def test_the_story_lies_in_the_folder_as_json(results):
    kept = json.loads((results.folder / "story.json").read_text(encoding="utf-8"))
    assert kept == json.loads(kept_story(results.tables))
    assert kept["moments"] and kept["worlds"] == ["Isolated channels", "Integrated data"]


def test_the_report_is_written_again_without_running_anything(results, no_runs):
    before = (results.folder / "report.html").read_text(encoding="utf-8")
    experiment = plan_comparison(["flagship_retailer"], overrides=SMALL, replications=2)
    with results_in(experiment, results.folder) as (again, store):
        write_views(again, store, ["simsuite", "report"])
    after = (results.folder / "report.html").read_text(encoding="utf-8")
    assert "One customer, twice" in after
    assert after.partition("How it was computed")[0] == before.partition("How it was computed")[0]


def test_without_a_story_the_report_says_how_to_get_one(tmp_path):
    quiet = SMALL | {"experiment.logged_replications": 0}
    results = simsuite.compare("flagship_retailer", overrides=quiet, replications=2)
    text = write_report(results, tmp_path / "report.html").read_text(encoding="utf-8")
    assert "simsuite story flagship_retailer" in text
    assert "experiment.logged_replications" in text and "keeps one" in text
