"""Taking a difference apart: first in, last out, jointly; knowing by deciding."""

from pathlib import Path

import pandas as pd
import pytest

from simsuite.errors import UsageError
from simsuite.experiment.decompose import (
    authority_table,
    decomposition_arms,
    differing_elements,
    waterfall_table,
    with_element,
)
from simsuite.experiment.plan import Experiment
from simsuite.experiment.results import carried_out
from simsuite.metrics.measure import REGISTRY, headline_measures
from simsuite.scenario import load

FLAGSHIP = Path(__file__).parents[2] / "scenarios" / "flagship_retailer.toml"
SQUARE_NAMES = ["nothing shared, local", "nothing shared, central", "shared, local", "shared, central"]
SMALL = {
    "population.customers": 300,
    "experiment.warm_up": 14,
    "experiment.horizon": 28,
    "experiment.cool_down": 14,
    "parameters.audit.shoppers": 1,
}


def measures(values, measure="conversion"):
    """A measures table from {strategy: [value by replication]}, each counted over 100."""
    return pd.DataFrame(
        [
            {
                "strategy": strategy,
                "replication": number,
                "measure": measure,
                "segment": "all",
                "channel": "all",
                "numerator": value,
                "value": value,
            }
            for strategy, row in values.items()
            for number, value in enumerate(row)
        ]
    )


@pytest.fixture(scope="module")
def spec():
    return load(FLAGSHIP, SMALL).spec


def test_contributions_are_half_first_in_and_half_last_out_and_the_rest_is_joint():
    # Identity alone +1 and +2, missing from the whole -3 and -4; cart alone +1, missing -1; all together +4 and +6.
    table = waterfall_table(
        measures(
            {
                "isolated": [10, 20],
                "integrated": [14, 26],
                "+ identity": [11, 22],
                "- identity": [11, 22],
                "+ cart": [11, 21],
                "- cart": [13, 25],
            }
        ),
        "isolated",
        "integrated",
        ["identity", "cart"],
    ).set_index("element")
    assert table["first_in"].loc[["identity", "cart"]].tolist() == [1.5, 1.0]
    assert table["last_out"].loc[["identity", "cart"]].tolist() == [3.5, 1.0]
    assert table["contribution"].tolist() == [2.5, 1.0, 1.5]
    assert table["contribution"].sum() == 5.0  # mean of 4 and 6
    assert table.index[-1] == "jointly" and table.loc["jointly", ["first_in", "last_out"]].isna().all()


def test_the_interval_of_a_contribution_comes_from_whole_replications():
    # Contributions of identity 1, 2 and 3: mean 2, standard error 0.577, Student's t with two degrees of freedom 4.303.
    table = waterfall_table(
        measures({"isolated": [0] * 3, "integrated": [1, 2, 3], "+ identity": [1, 2, 3], "- identity": [0] * 3}),
        "isolated",
        "integrated",
        ["identity"],
    )
    assert table.loc[0, "low"] == pytest.approx(2 - 4.303 / 3**0.5, abs=1e-3)
    assert table.loc[0, "high"] == pytest.approx(2 + 4.303 / 3**0.5, abs=1e-3)
    assert table.loc[1, "contribution"] == 0 and table.loc[1, ["low", "high"]].isna().all()  # the same every time


def test_one_order_more_in_every_run_is_no_certainty_of_an_element():
    # Of 87, 87 and 93 needs: 1.15, 1.15 and 1.08 per 100, which no spread of runs tells from luck.
    values = {"isolated": [9, 8, 7], "integrated": [10, 9, 8], "+ identity": [10, 9, 8], "- identity": [9, 8, 7]}
    rows = measures(values)
    rows["value"] = 100 * rows["numerator"] / rows["replication"].map({0: 87, 1: 87, 2: 93})
    table = waterfall_table(rows, "isolated", "integrated", ["identity"])
    assert table.loc[0, "contribution"] > 1 and table["low"].isna().all()
    square = authority_table(
        pd.concat(
            [rows.assign(strategy=rows["strategy"].replace({"integrated": name})) for name in SQUARE_NAMES]
        ).drop_duplicates(["strategy", "replication"]),
        "isolated",
        [REGISTRY["conversion"]],
    )
    assert square["low"].isna().all()


def test_the_square_leaves_no_share_below_none():
    cells = dict.fromkeys(SQUARE_NAMES, [0.0, 0.1, 0.9])
    table = authority_table(measures({"isolated": [0.2, 0.4, 0.3]} | cells), "isolated", [REGISTRY["conversion"]])
    assert table["low"].tolist() == pytest.approx([-0.3] * 4)  # of a reference of 0.3 orders per 100 needs


def test_the_square_holds_the_change_of_every_cell_against_the_reference():
    cells = {
        "nothing shared, local": [10, 12],
        "nothing shared, central": [9, 12],
        "shared, local": [12, 15],
        "shared, central": [13, 16],
    }
    table = authority_table(
        measures({"isolated": [10, 12], "integrated": [13, 16]} | cells), "isolated", [REGISTRY["conversion"]]
    )
    found = table.set_index(["knowing", "deciding"])
    assert found["change"].to_dict() == {
        ("nothing shared", "local"): 0.0,
        ("nothing shared", "central"): -0.5,
        ("shared", "local"): 2.5,
        ("shared", "central"): 3.5,
    }
    assert (found["reference_value"] == 11).all() and found.loc[("shared", "local"), "value"] == 13.5


def test_what_is_not_measured_in_a_cell_is_missing_there():
    cells = dict.fromkeys(["nothing shared, local", "nothing shared, central", "shared, local"], [1.0, 2.0])
    table = authority_table(
        measures({"isolated": [1.0, 2.0]} | cells | {"shared, central": [float("nan")] * 2}),
        "isolated",
        [REGISTRY["conversion"]],
    )
    assert table["change"].isna().tolist() == [False, False, False, True]
    assert table["value"].isna().tolist() == [False, False, False, True]


def test_an_element_put_in_changes_that_element_alone(spec):
    start, end = spec.strategies["isolated"], spec.strategies["integrated"]
    elements = differing_elements(start, end)
    assert {"identity", "cart", "price", "promotion", "stock", "authority"} <= set(elements)
    for element in elements:
        assert differing_elements(start, with_element(start, end, element)) == [element]
    whole = start
    for element in elements:
        whole = with_element(whole, end, element)
    assert differing_elements(whole, end) == []


@pytest.mark.parametrize("reference, compared, corner", [(0, 1, "nothing shared, central"), (1, 0, "shared, central")])
def test_one_price_for_all_is_as_low_in_the_square_as_with_the_strategy_that_has_one(spec, reference, compared, corner):
    local = spec.strategies["isolated"]
    decided = {"price": "central", "promotion": "central", "price_level": -0.05}
    central = local.model_copy(update={"authority": local.authority.model_copy(update=decided)})
    strategies = {"central": central, "local": local}
    names = list(strategies)
    experiment = spec.experiment.model_copy(update={"reference": names[reference]})
    arms, _ = decomposition_arms(
        spec.model_copy(update={"strategies": strategies, "experiment": experiment}), names[compared]
    )
    tables = arms[0].packed.strategies
    assert tables[corner].policy == tables["central"].policy != tables["local"].policy
    assert tables["shared, central"].policy["central_price_level"] == tables["central"].policy["central_price_level"]


def test_strategies_that_do_not_differ_cannot_be_taken_apart(spec):
    same = spec.model_copy(update={"strategies": dict.fromkeys(["isolated", "twin"], spec.strategies["isolated"])})
    with pytest.raises(UsageError, match="do not differ"):
        decomposition_arms(same, "twin")


def test_a_real_difference_is_the_sum_of_its_parts(spec):
    arms, elements = decomposition_arms(spec, "integrated")
    assert arms[0].name == "isolated"
    assert len(arms) == 2 + 2 * len(elements) + 4
    scenario = load(FLAGSHIP, SMALL)
    with carried_out(Experiment("parts", scenario, arms, 2)) as (results, execution, _):
        execution.raise_failures()
    table = waterfall_table(results.measures, "isolated", "integrated", elements)
    totals = (
        results.measures[
            (results.measures["measure"] == "conversion")
            & (results.measures["segment"] == "all")
            & (results.measures["channel"] == "all")
        ]
        .groupby("strategy")["value"]
        .mean()
    )
    assert table["contribution"].sum() == pytest.approx(totals["integrated"] - totals["isolated"], abs=1e-9)
    first = table.set_index("element").loc["cart", "first_in"]
    assert first == pytest.approx(totals["+ cart"] - totals["isolated"], abs=1e-9)
    square = (
        authority_table(results.measures, "isolated", headline_measures())
        .set_index(["knowing", "deciding", "measure"])
        .sort_index()
    )
    # The strategies of the flagship are the corners: silos decide locally, the integrated firm centrally.
    assert (square.loc[("nothing shared", "local"), "change"] == 0).all()
    assert square.loc[("shared", "central", "conversion"), "change"] == pytest.approx(
        totals["integrated"] - totals["isolated"], abs=1e-9
    )
