"""Every figure says what it is a share or mean of, and of which days."""

import json

import pytest

import simsuite
from simsuite.metrics.measure import DAYS, END, NEEDS, PERIODS, REGISTRY
from simsuite.report.said.answer import for_json
from simsuite.report.said.labels import bases, period
from simsuite.report.said.run_words import run_text
from simsuite.report.summary import answer_of
from simsuite.scenario import load

SMALL = {
    "population.customers": 100,
    "experiment.warm_up": 14,
    "experiment.horizon": 28,
    "experiment.cool_down": 7,
    "parameters.audit.shoppers": 1,
}
PERIOD = "needs of 28 days after a warm-up of 14, followed for 7 more"


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kept") / "flagship"
    found = simsuite.compare("flagship_retailer", overrides=SMALL, replications=2, folder=folder)
    found.save_report()
    return found


@pytest.mark.parametrize("name", REGISTRY)
def test_every_measure_declares_its_base_and_its_period(name):
    assert REGISTRY[name].base and REGISTRY[name].period in PERIODS


@pytest.mark.parametrize(
    "name, base, when",
    [
        ("conversion", "candidate needs", NEEDS),
        ("session_conversion", "visits", DAYS),
        ("satisfaction", "customers", END),
        ("margin", "customers", NEEDS),
        ("order_value", "orders", NEEDS),
        ("wait_minutes", "arrivals at a desk", DAYS),
    ],
)
def test_they_are_those_of_the_definition(name, base, when):
    assert (REGISTRY[name].base, REGISTRY[name].period) == (base, when)


def test_a_run_says_its_days_and_what_each_figure_was_counted_over():
    run = simsuite.run("flagship_retailer", overrides=SMALL)
    said = " ".join(run_text(run).split())
    assert PERIOD in said
    for row in run.measures.dropna(subset="value").itertuples():
        if row.measure != "discount":
            assert f"{row.denominator:,.0f} {row.base}" in said and row.period == REGISTRY[row.measure].period
    needs = run.measures.set_index("measure")["denominator"]
    assert f"{needs['conversion']:,.0f} candidate needs" in said and needs["margin"] == 100


def test_the_answer_names_the_period_and_the_base_of_every_measure_in_words_and_as_data(results):
    said = " ".join(answer_of(results).split())
    assert PERIOD in said and "margin per customer: customers" in said
    assert "At the end of the 28 days: satisfaction: customers." in said
    data = for_json(results.experiment.scenario, results.comparison, results.tables)
    assert {name: data["period"][name] for name in data["period"] if name != "words"} == {
        "warm_up_days": 14,
        "horizon_days": 28,
        "cool_down_days": 7,
        "customers": 100,
    }
    for row in (*data["measures"], *data["companions"]):
        assert (row["base"], row["period"]) == (REGISTRY[row["measure"]].base, REGISTRY[row["measure"]].period)
    json.dumps(data)


def test_report_workbook_and_csv_name_them_too(results):
    from zipfile import ZipFile

    report = " ".join((results.folder / "report.html").read_text().split())
    assert PERIOD in report and "margin per customer" in report
    book = ZipFile(results.folder / "summary.xlsx")
    strings = "".join(book.read(name).decode() for name in book.namelist() if name.endswith((".xml",)))
    assert f"A run: 100 customers, {PERIOD}." in strings and "questions of the audit" in strings
    header = (results.folder / "comparisons.csv").read_text().splitlines()[0].split(",")
    assert {"base", "period"} <= set(header)


def test_without_warm_up_or_cool_down_the_period_does_not_name_them():
    days = {"experiment.warm_up": 0, "experiment.horizon": 30, "experiment.cool_down": 0}
    assert period(load("flagship_retailer", days).spec) == "needs of 30 days"
    assert bases([{"measure": "satisfaction"}], load("flagship_retailer", days).spec) == (
        "At the end of the 30 days: satisfaction: customers."
    )
