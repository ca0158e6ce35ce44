"""Wherever a value is a share, "25 %" is taken as well as 0.25, as docs/scenarios.md says."""

import pytest

from simsuite.errors import ScenarioError
from simsuite.scenario import load
from simsuite.scenario.fields import declared, leaves
from simsuite.specs.scenario import ScenarioSpec

pytestmark = pytest.mark.filterwarnings("ignore::simsuite.errors.ScenarioWarning")
SHARES = ("share", "probability", "0 to 1", "belief")  # beginnings of the units


def retail(overrides):
    own = {"strategies.isolated": {}, "check.store.session_conversion": 0.1, "check.store.cart_abandonment": 0.5}
    return load("retail_world", {**own, **overrides}).spec


def shares():
    """Paths of every share of a scenario, one channel, segment and strategy of each kind."""
    base = retail({})
    for path, value in leaves(base):
        about = declared(ScenarioSpec, path)
        alone = path[0] not in ("channels", "segments", "strategies") or path[1] in ("store", "regular", "isolated")
        whole = path[:2] == ("population", "segments") or path[-1] == "need_share"  # sum to 1
        if about.unit.startswith(SHARES) and isinstance(value, float) and alone and not whole:
            yield path, value, about


@pytest.mark.parametrize(
    "path, value, about", shares(), ids=lambda given: ".".join(given) if isinstance(given, tuple) else ""
)
def test_a_share_is_taken_as_text(path, value, about):
    low, high = (about.low, about.high) if about.low is not None else (0.0, 1.0)
    other = next(each for each in (0.07, 0.7, 0.5) if low <= each <= high and each != value)
    found = dict(leaves(retail({".".join(path): f"{100 * other:g} %"})))
    assert found[path] == pytest.approx(other, abs=1e-12)


def test_a_share_below_zero_is_taken_as_text():
    assert retail({"channels.store.price_level": "-12.5 %"}).channels["store"].price_level == -0.125


def test_the_level_of_one_price_is_a_word_or_a_share_also_as_text():
    path = "strategies.integrated.authority.price_level"
    found = {
        said: retail({path: said}).strategies["integrated"].authority.price_level for said in ("-5 %", 0.1, "list")
    }
    assert found == {"-5 %": -0.05, 0.1: 0.1, "list": "list"}
    for wrong in (5, "5", "highest", "300 %", True):
        with pytest.raises(
            ScenarioError, match='one of "mean", "list", "lowest", or a share of list price from -0.9 to 2'
        ):
            retail({path: wrong})


def test_shares_that_sum_to_one_are_taken_as_text():
    found = retail({"population.segments": {"regular": "40 %", "loyal": "60%", "deal_seeker": 0, "newcomer": 0}})
    assert found.population.segments["loyal"] == 0.6
