"""The curves of a sweep."""

import pandas as pd

from simsuite.report.drawn.curves import sweep_curves


def test_the_band_within_which_no_change_matters_is_as_wide_as_the_threshold_at_each_value():
    table = pd.DataFrame(
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
    (axes,) = sweep_curves(table, "parameters.choice.inertia", "isolated channels", "EUR").axes
    band = min(axes.collections, key=lambda each: each.get_zorder())
    corners = {tuple(corner) for corner in band.get_paths()[0].vertices.round(9)}
    assert corners == {(at, sign * wide) for at, wide in ((0.0, 0.5), (1.0, 0.1), (2.0, 0.2)) for sign in (-1, 1)}
