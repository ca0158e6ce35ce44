"""Comparisons to report on: verdicts by hand, and tables of a few runs written by rule."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from simsuite.experiment.comparison import ROW_COLUMNS, Comparison, compare
from simsuite.experiment.decompose import authority_table, waterfall_table
from simsuite.experiment.explanations import (
    AUTHORITY,
    REMOVAL,
    WATERFALL,
    explanations_in,
    keep_explanation,
)
from simsuite.experiment.removal import removal_table
from simsuite.metrics import REGISTRY
from simsuite.metrics.measure import ALL
from simsuite.scenario import load
from simsuite.vocabulary import Cause

HEADLINES = [measure for measure in REGISTRY.values() if measure.headline]
COMPANIONS = [measure for measure in REGISTRY.values() if not measure.headline]
REPLICATIONS = 6
NEEDS = 1000
CHANNELS = ("store", "desktop_web", "app")


@cache
def flagship():
    return load("scenarios/flagship_retailer.toml")


@cache
def three_strategies():
    return load("scenarios/half_integrated.toml")


def with_verdicts(verdicts, strategy="integrated", run_more=None):
    """A comparison whose rows carry these verdicts, one measure each."""
    rows = [row_of(measure, verdict, strategy, run_more) for measure, verdict in zip(HEADLINES, verdicts, strict=False)]
    table = pd.DataFrame(rows, columns=ROW_COLUMNS).astype({"run_more": "Int64"})
    nothing = table.head(0)
    return Comparison("isolated", (strategy,), 0.95, table, nothing, nothing, nothing)


def row_of(measure, verdict, strategy, run_more):
    measured = verdict != "not measured"
    change = 0.5 if measured else np.nan
    half = 1.0 if verdict == "cannot tell yet" else 0.1
    values = {
        "reference_value": 10.0 if measured else np.nan,
        "value": 10.5 if measured else np.nan,
        "change": change,
        "low": change - half,
        "high": change + half,
        "half_width": half,
        "threshold": 0.2,
        "replications": 20,
        "wins": 20,
        "variance_reduction": 0.5,
    }
    more = run_more if verdict == "cannot tell yet" else None
    return {
        "measure": measure.name,
        "title": measure.title,
        "unit": measure.unit,
        "better": measure.better,
        "segment": ALL,
        "channel": ALL,
        "strategy": strategy,
        "interval": "simultaneous",
        "verdict": verdict,
        "run_more": more,
        **values,
    }


def tables(strategies=("isolated", "integrated"), orders_gained=tuple(range(10, 10 + REPLICATIONS))):
    """Runs in which a compared world orders so many more of 1,000 needs, by replication."""
    parts = {}
    for place, strategy in enumerate(strategies):
        for replication in range(REPLICATIONS):
            gained = place * orders_gained[replication]
            for name, rows in run(strategy, replication, gained).items():
                parts.setdefault(name, []).append(pd.DataFrame(rows))
            if place:
                for name, rows in twins(strategy, strategies[0], replication, gained).items():
                    parts.setdefault(name, []).append(pd.DataFrame(rows))
    return {name: pd.concat(frames, ignore_index=True) for name, frames in parts.items()}


def run(strategy, replication, gained):
    identity = {
        "run_id": f"{strategy} {replication}",
        "strategy": strategy,
        "replication": replication,
    }
    ordered, lost = 100 + gained, 300 - gained
    measures = [
        {
            **identity,
            "measure": measure.name,
            "segment": segment,
            "channel": ALL,
            "numerator": float(ordered),
            "denominator": float(NEEDS),
            "value": measure.scale * (ordered + replication) / NEEDS,
        }
        for measure in REGISTRY.values()
        for segment in (ALL, "regular", "loyal")
    ]
    stages = {
        "candidate_needs": NEEDS,
        "absorbed": 50,
        "not_considered": 100,
        "still_open": 0,
        "considered": 850,
        "browsing": 450,
        "browsing_ordered": 0,
        "no_plan": 450,
        "planned": 400,
        "planned_ordered": ordered,
        "gave_up": lost - 50,
        "went_to_competitor": 50,
    }
    routes = [(one, other) for one in CHANNELS for other in CHANNELS if one != other]
    return {
        "measures": measures,
        "funnel": [{**identity, "stage": stage, "count": count} for stage, count in stages.items()],
        "ledger": [
            {
                **identity,
                "segment": "regular",
                "cause": cause,
                "from_channel": "at home",
                "to_channel": "app",
                "journeys": journeys,
                "cents": 0,
            }
            for cause, journeys in (
                ("COMPETITOR", 50),
                ("CART_LOST", 100 - gained),
                ("NOT_READY", 150),
            )
        ],
        "switches": [
            {
                **identity,
                "from_channel": one,
                "to_channel": other,
                "switches": 20 + gained,
                "in_hand": 10,
                "unbroken": 5,
            }
            for one, other in routes
        ],
        "days": [
            {
                **identity,
                "day": day,
                "visits": 9,
                "journeys": 9,
                "orders": 5 + (gained if day >= 0 else 0),
                "losses": 9,
            }
            for day in range(-10, 20)
        ],
    }


def twins(strategy, reference, replication, gained):
    identity = {"strategy": strategy, "reference": reference, "replication": replication}
    kinds = {"saved": gained + 5, "forfeited": 5, "same": NEEDS - gained - 10}
    return {
        "twins": [
            {**identity, "segment": segment, "intent": "BUY", "kind": kind, "needs": needs}
            for segment in ("regular", "loyal")
            for kind, needs in kinds.items()
        ],
        "saved_from": [
            {
                **identity,
                "kind": "saved",
                "outcome": "GAVE_UP",
                "cause": "CART_LOST",
                "needs": gained + 1,
            },
            {**identity, "kind": "saved", "outcome": "NOT_CONSIDERED", "cause": "none", "needs": 3 + replication % 3},
            {
                **identity,
                "kind": "forfeited",
                "outcome": "GAVE_UP",
                "cause": "NOT_READY",
                "needs": 4 + replication % 3,
            },
        ],
    }


def decomposed():
    """Measures of a difference taken apart, in three replications.

    Identity adds 0.5 first in and 0.7 last out, the cart 0.2 and 0.4, all together 1.0; sharing
    alone adds 0.8, deciding centrally takes 0.1 away, both add 1.0.
    """
    worlds = {
        "isolated": 10.0,
        "integrated": 11.0,
        "+ identity": 10.5,
        "- identity": 10.3,
        "+ cart": 10.2,
        "- cart": 10.6,
        "nothing shared, local": 10.0,
        "nothing shared, central": 9.9,
        "shared, local": 10.8,
        "shared, central": 11.0,
    }
    return pd.DataFrame(
        [
            {
                "strategy": strategy,
                "replication": replication,
                "measure": measure.name,
                "segment": ALL,
                "channel": ALL,
                "numerator": 10 * (value + (strategy != "isolated") * (replication - 1) / 10),
                "value": value + (strategy != "isolated") * (replication - 1) / 10,
            }
            for strategy, value in worlds.items()
            for replication in range(3)
            for measure in HEADLINES
        ]
    )


def waterfall():
    """Identity and cart add 0.6 and 0.3, both together 0.1 more."""
    return waterfall_table(decomposed(), "isolated", "integrated", ["identity", "cart"])


def removed():
    """The competitor takes 80 of 100 lost journeys and gives 7 to 9 back, a lost cart 20 and 9 to 11."""
    struck = {"COMPETITOR": (80, 8), "CART_LOST": (20, 10)}
    replications = range(3)
    ledger = pd.DataFrame(
        [("isolated", number, cause, lost) for cause, (lost, _) in struck.items() for number in replications],
        columns=["strategy", "replication", "cause", "journeys"],
    )
    twins = pd.DataFrame(
        [
            (f"without {cause}", number, "BUY", "saved", gained + number - 1)
            for cause, (_, gained) in struck.items()
            for number in replications
        ],
        columns=["strategy", "replication", "intent", "kind", "needs"],
    )
    saved_from = twins.assign(outcome="GAVE_UP", cause=twins["strategy"].str.removeprefix("without "))
    return removal_table(ledger, twins, saved_from, "isolated", [Cause[name] for name in struck])


def parting(strategies=("isolated", "integrated")):
    """Of five customers whose lives differ, price touched four first; two order more, one fewer."""
    rows = [(0, "price", 1, 2), (10, "price", 0, 1), (20, "price", 2, 1), (30, "price", 1, 1), (40, "", 0, 0)]
    return pd.DataFrame(
        [
            {
                "replication": 0,
                "strategy": strategy,
                "reference": strategies[0],
                "customer": customer,
                "first_touched": 3.25 if about else np.nan,
                "first_touched_by": about,
                "first_parted": 4.0 if before != after else np.nan,
                "touched_by": about,
                "reference_orders": before,
                "orders": after,
            }
            for strategy in strategies[1:]
            for customer, about, before, after in rows
        ]
    )


@cache
def explanations():
    """Waterfall, authority and removal, written into a results folder and read from it."""
    spec = flagship().spec
    with TemporaryDirectory() as folder:
        keep_explanation(Path(folder), WATERFALL, waterfall(), spec, "integrated", 3)
        square = authority_table(decomposed(), "isolated", HEADLINES)
        keep_explanation(Path(folder), AUTHORITY, square, spec, "integrated", 3)
        keep_explanation(Path(folder), REMOVAL, removed(), spec, "isolated", 3)
        return explanations_in(Path(folder), spec, "isolated", ("integrated",))


@cache
def compared(strategies=("isolated", "integrated"), **options):
    found = tables(strategies, **options)
    return compare(found["measures"], strategies[0], HEADLINES, companions=COMPANIONS), found
