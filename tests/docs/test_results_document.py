"""docs/results.md tells the truth: it names the files, tables, columns and measures that a comparison leaves behind."""

import re
from pathlib import Path

import pytest

import simsuite
from simsuite import errors
from simsuite.cli.explain import Wish, explain_difference, explain_losses
from simsuite.experiment.digest import EXPLANATIONS
from simsuite.metrics.measure import REGISTRY, headline_measures

DOCUMENT = Path(__file__).parents[2] / "docs" / "results.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
SCENARIO = DOCUMENT.parents[1] / "scenarios" / "flagship_retailer.toml"
SMALL = {
    "population.customers": 200,
    "experiment.warm_up": 14,
    "experiment.horizon": 28,
    "experiment.cool_down": 7,
    "parameters.audit.shoppers": 1,
}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """A small comparison, kept with all its views."""
    folder = tmp_path_factory.mktemp("kept") / "flagship"
    found = simsuite.compare(SCENARIO, overrides=SMALL, replications=2, folder=folder)
    for explain, strategy in ((explain_difference, "integrated"), (explain_losses, "isolated")):
        explain(Wish(simsuite.load(SCENARIO, SMALL), strategy, 2, folder), as_json=False)
    found.save_report()
    return found


def first_column(heading: str) -> list[str]:
    """Names in the first column of the first table below a heading."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert found, f"{DOCUMENT.name} has no heading {heading!r}"
    return re.findall(r"^\| `([^`]+)` \|", found[1], re.MULTILINE)


def test_every_table_is_documented_with_its_columns(results):
    for name, table in results.tables.items():
        assert first_column(name) == list(table.columns), name


def test_no_table_is_documented_that_does_not_exist(results):
    described = set(re.findall(r"^## (\w+)$", TEXT, re.MULTILINE))
    assert described - set(results.tables) - set(EXPLANATIONS) == {"Events"}


@pytest.mark.parametrize("name", EXPLANATIONS)
def test_every_explanation_is_documented_with_its_columns(results, name):
    assert first_column(name) == list(getattr(results.explanations, name).columns)
    assert results.explanations.left_out == ()


def test_every_column_of_the_comparison_is_documented(results):
    assert first_column("comparisons.csv") == list(results.table.columns)
    header = (results.folder / "comparisons.csv").read_text().partition("\n")[0]
    assert header.split(",") == list(results.table.columns)


def test_every_file_of_a_results_folder_is_documented(results):
    listed = set(first_column("The folder"))
    present = {path.name for path in results.folder.iterdir() if not path.name.startswith(".")}
    tables = {name for name in present if name.endswith(".parquet")}
    assert {name.removesuffix(".parquet") for name in tables} == {*results.tables, *EXPLANATIONS}
    assert len(results.tables["story"]), "without a story there is no story.json to document"
    assert present - tables == {name.rstrip("/") for name in listed} - {"*.parquet"}


def test_every_measure_is_documented_with_title_unit_and_direction():
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) ?\| (higher|lower|neither) \| .+ \|$", TEXT, re.MULTILINE)
    assert rows == [
        (name, measure.title + " (headline)" * measure.headline, measure.unit, measure.better)
        for name, measure in REGISTRY.items()
    ]


def test_the_smallest_changes_that_matter_are_those_of_the_measures():
    found = re.search(r"^## When a verdict is given\n(.*?)(?=^## )", TEXT, re.MULTILINE | re.DOTALL)[1]
    said = {
        title.strip(): float(number)
        for title, number in re.findall(r"^\| ([A-Z][^|]*) \| ([\d.]+)", found, re.MULTILINE)
    }
    shares = {measure.title: measure.threshold_is_relative for measure in headline_measures()}
    assert said == {
        measure.title: 100 * measure.threshold if shares[measure.title] else measure.threshold
        for measure in headline_measures()
    }


def test_every_exit_code_of_an_error_is_documented():
    documented = set(map(int, re.findall(r"^\| (\d+) \|", TEXT.partition("| exit code | means |")[2], re.MULTILINE)))
    kinds = [errors.SimsuiteError, *errors.SimsuiteError.__subclasses__()]
    assert len(kinds) > 5 and {kind.exit_code for kind in kinds} == documented - {0, 130, 141}
