"""The story of one customer as a results folder keeps it: told once, while the comparison runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from simsuite.lives.sentences import titles_of
from simsuite.lives.story import Difference, Moment, Story, interesting_customers, tell
from simsuite.run_result import RunResult
from simsuite.specs.scenario import ScenarioSpec

if TYPE_CHECKING:
    import pandas

COLUMNS = ("replication", "strategy", "reference", "customer", "story")


def story_table(
    results: Mapping[str, RunResult], reference: str, compared: str, spec: ScenarioSpec
) -> pandas.DataFrame:
    """The customer, of those followed, whose story shows the difference best.

    Parameters
    ----------
    results : runs of one replication with events, by arm name; both arms hold the same people
    reference, compared : names of two arms
    spec : gives titles to strategies, channels and segments

    Returns
    -------
    data frame (replication, strategy, reference, customer, story), the story as JSON; one row,
    or none where no life differs in that way
    """
    import pandas as pd

    one, other = results[reference], results[compared]
    rows = []
    if len(one.events) and len(other.events) and one.channel_names == other.channel_names:
        named = reference in spec.strategies and compared in spec.strategies
        titles = titles_of(spec, reference, compared) if named else None
        rows = [
            (one.replication, compared, reference, customer, as_json(tell(one, other, customer, titles)))
            for customer in interesting_customers(one, other, 1)
        ]
    whole = dict.fromkeys(("replication", "customer"), "int64")
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(
        whole | dict.fromkeys(("strategy", "reference", "story"), str)
    )


def as_json(story: Story) -> str:
    """A story as text that `from_json` reads."""
    return json.dumps(asdict(story), ensure_ascii=False)


def from_json(text: str) -> Story:
    """The story that `as_json` wrote."""
    found = json.loads(text)
    found["moments"] = tuple(Moment(**moment) for moment in found["moments"])
    for name in ("touch", "parting"):
        found[name] = Difference(**found[name]) if found[name] else None
    for name in ("worlds", "endings"):
        found[name] = tuple(found[name])
    return Story(**found)


def kept_story(tables: Mapping[str, pandas.DataFrame]) -> str | None:
    """The story among the tables of a comparison, as JSON; None if it holds none."""
    table = tables.get("story")
    return None if table is None or not len(table) else str(table["story"].iloc[0])
