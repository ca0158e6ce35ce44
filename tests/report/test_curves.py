"""The curves of a sweep."""

import pandas as pd
import pytest

from simsuite.report.drawn.curves import sweep_curves, sweep_svg

TABLE = pd.DataFrame(
    {
        "at": [0.0, 1.0, 2.0],
        "measure": "margin",
        "title": "Margin per customer",
        "unit": "money",
        "change": [0.1, 0.2, 0.3],
        "low": [0.0, 0.1, 0.2],
        "high": [0.2, 0.3, 0.4],
        "threshold": [0.5, 0.1, 0.2],
    }
)


def test_the_band_within_which_no_change_matters_is_as_wide_as_the_threshold_at_each_value():
    (axes,) = sweep_curves(TABLE, "parameters.choice.inertia", "isolated channels", "EUR").axes
    band = min(axes.collections, key=lambda each: each.get_zorder())
    corners = {tuple(corner) for corner in band.get_paths()[0].vertices.round(9)}
    assert corners == {(at, sign * wide) for at, wide in ((0.0, 0.5), (1.0, 0.1), (2.0, 0.2)) for sign in (-1, 1)}


@pytest.mark.filterwarnings("error")
def test_titles_in_other_scripts_stay_text_and_nothing_is_said_of_glyphs():
    assert "孤立したチャネル" in sweep_svg(TABLE, "parameters.choice.inertia", "孤立したチャネル", "円")
