"""Runs made by hand, and one small real pair of worlds."""

from pathlib import Path

import numpy as np
import pytest

from simsuite.engines.batch import BatchEngine
from simsuite.metrics.surroundings import Context
from simsuite.rules.state import EVENT, SETTLED, TALLY
from simsuite.run_result import RunResult
from simsuite.scenario.loading import load
from simsuite.scenario.pack import pack

CHANNELS = ("store", "web", "market")
SEGMENTS = ("regular", "loyal")
FLAGSHIP = Path(__file__).parents[1] / "scenarios" / "flagship_retailer.toml"


@pytest.fixture
def make_run():
    """make_run(tallies, needs, events, ...): a run of three channels, two segments, four customers.

    tallies : {name: {index: count}}; all other counts are 0
    needs, events : dicts of fields; fields that are not given are 0
    """

    def rows(fields, entries):
        table = np.zeros(len(entries), list(fields))
        for place, entry in enumerate(entries):
            for name, value in entry.items():
                table[name][place] = value
        return table

    def make(
        tallies=None,
        needs=(),
        events=(),
        strategy="isolated",
        channels=CHANNELS,
        segments=(0, 0, 0, 1),
        satisfaction=(0.5, 0.5, 0.5, 0.5),
        days=((0, 0, 0, 0),) * 3,
    ):
        counts = {tally.name: np.zeros(tally.kind[1], "i8") for tally in TALLY.variables}
        for name, cells in (tallies or {}).items():
            for index, count in cells.items():
                counts[name][index] = count
        customers = np.zeros(len(segments), [("segment", "i8")])
        customers["segment"] = segments
        return RunResult(
            strategy=strategy,
            replication=7,
            seed=1,
            channel_names=channels,
            segment_names=SEGMENTS,
            warm_up=1,
            horizon=73,
            tallies=counts,
            days=np.array(days),
            needs=rows(SETTLED, needs),
            events=rows(EVENT, events),
            customers=customers,
            relations=np.zeros(0),
            stock=np.zeros(0),
            satisfaction=np.array(satisfaction, "f8"),
        )

    return make


@pytest.fixture
def context():
    """Web and market count carts; everybody changes from store to web."""
    switches = np.zeros((3, 3), "i8")
    switches[0, 1] = 10
    return Context(
        counts_carts=np.array([False, True, True]),
        groups=("place", "own shop", "third party"),
        switches=switches,
    )


@pytest.fixture
def value_of():
    """value_of(measure, result, context, segment, channel): the value in displayed units."""
    from simsuite.metrics import REGISTRY

    def value(name, result, context, segment="all", channel="all"):
        rows = {row[:2]: row[2:] for row in REGISTRY[name].compute(result, context)}
        return REGISTRY[name].value(*rows[segment, channel])

    return value


@pytest.fixture(scope="session")
def worlds():
    """The packed flagship retailer with 300 customers, and its two worlds over 40 days."""
    spec = load(
        FLAGSHIP,
        {
            "population.customers": 300,
            "experiment.warm_up": 10,
            "experiment.horizon": 20,
            "experiment.cool_down": 10,
        },
    ).spec
    packed = pack(spec)
    engine = BatchEngine(packed, "isolated", keep_events=True)
    engine.run(packed.warm_up)
    results = []
    for strategy in ("isolated", "integrated"):
        arm = engine.fork()
        arm.switch_to(strategy)
        arm.run(packed.days)
        results.append(arm.result())
    return packed, *results
