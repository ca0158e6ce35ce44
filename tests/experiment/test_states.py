"""However many strategies are compared, one replication holds two states of its world at a time."""

import weakref

import pytest
from worlds import STRATEGIES, small_retail

from simsuite.engines.batch import BatchEngine
from simsuite.experiment.simulate import Arm, Simulation
from simsuite.machine.rulebook import standard_rules


@pytest.mark.parametrize("design, allowed", [("switch_over", 2), ("long_run", 1)])
def test_no_more_than_two_states_exist_at_a_time(design, allowed, monkeypatch):
    tables = small_retail(60, warm_up=2, horizon=4, cool_down=1, experiment__design=design)
    states, most = [], 0

    class Counted(BatchEngine):
        def run(self, *arguments):
            nonlocal most
            states.append(weakref.ref(self.relations))
            most = max(most, len({id(state()) for state in states} - {id(None)}))
            super().run(*arguments)

    monkeypatch.setattr("simsuite.experiment.simulate.BatchEngine", Counted)
    arms = [Arm(name, tables, name, "world", "people") for name in STRATEGIES]
    outcome = Simulation(arms, standard_rules()).replicate(0, lambda fraction: None)
    assert len(outcome.runs) == 4 and most == allowed
