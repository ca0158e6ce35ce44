import functools
import os
import random
import signal
import subprocess
import sys
import threading
import time

import pytest
import small_experiment
from small_experiment import IDENTITY, WITH_SIMSUITE, outcome, plan, simulate

from simsuite.errors import RunError, StoreError, StoreWarning
from simsuite.experiment.digest import content_digest
from simsuite.experiment.journal import Journal
from simsuite.experiment.runner import execute, execute_until
from simsuite.experiment.store import ResultsStore


@pytest.fixture
def store(tmp_path):
    with ResultsStore(tmp_path / "r", IDENTITY) as store:
        yield store


def in_memory_digest(replications):
    """Content digest by concatenation, without a store."""
    import pandas as pd

    from simsuite.experiment.outcome import run_table

    outcomes = [outcome(number) for number in range(replications)]
    tables = {name: pd.concat([one.tables[name] for one in outcomes]) for name in outcomes[0].tables}
    return content_digest(tables | {"runs": run_table([run for one in outcomes for run in one.runs])})


@pytest.mark.parametrize("workers", [1, 3, None])
def test_workers_change_nothing(store, workers):
    execution = execute(range(6), simulate, plan, store, workers)
    assert (execution.done, execution.resumed, execution.failed) == (tuple(range(6)), (), ())
    execution.raise_failures()
    assert store.consolidate() == in_memory_digest(6)


def test_what_is_done_is_not_run_again(store):
    execute([1, 3], simulate, plan, store)
    seen = []
    execution = execute(range(5), lambda number, beat: seen.append(number) or outcome(number), plan, store, 1)
    assert seen == [0, 2, 4]
    assert execution.resumed == (1, 3) and execution.done == (0, 1, 2, 3, 4)


def fails_at_two(number, heartbeat):
    heartbeat(0.25)
    if number == 2:
        raise ZeroDivisionError("no customers left")
    return outcome(number)


def test_a_failure_is_listed_with_seed_stage_and_message_and_the_others_go_on(store):
    execution = execute(range(5), fails_at_two, plan, store, 2)
    assert execution.done == (0, 1, 3, 4)
    assert [(run.strategy, run.replication, run.seed, run.stage, run.message) for run in execution.failed] == [
        (name, 2, 1, "after 25% of the replication", "ZeroDivisionError: no customers left")
        for name in ("isolated", "integrated")
    ]
    with pytest.raises(RunError) as caught:
        execution.raise_failures()
    assert caught.value.exit_code == 4
    assert "1 of 5 replications failed" in str(caught.value)
    assert "integrated, replication 2, seed 1: failed (after 25% of the replication): Zero" in str(caught.value)


def test_a_failure_may_say_its_stage_and_is_retried_next_time(store):
    def fails(number, heartbeat):
        error = MemoryError("too many customers")
        error.stage = "day 93"
        raise error

    assert {run.stage for run in execute([0], fails, plan, store).failed} == {"day 93"}
    again = execute([0], simulate, plan, store)
    assert (again.done, again.failed) == ((0,), ())


def test_more_are_added_until_they_are_enough(store):
    asked = []

    def enough(measures, runs):
        asked.append(measures["replication"].nunique())
        return asked[-1] >= 9

    execution = execute_until(enough, simulate, plan, store, cap=40, first=4, more=3)
    assert asked == [4, 7, 10]
    assert execution.done == tuple(range(10))


def test_what_the_store_holds_beyond_them_does_not_make_them_enough(store):
    execute(range(9), simulate, plan, store)
    seen = []

    def enough(measures, runs):
        seen.append(sorted(set(measures["replication"])))
        return len(seen) == 2

    execution = execute_until(enough, simulate, plan, store, cap=9, first=3, more=2)
    assert seen == [[0, 1, 2], [0, 1, 2, 3, 4]] and execution.replications == {0, 1, 2, 3, 4}


def test_never_more_than_the_cap(store):
    assert len(execute_until(lambda *_: False, simulate, plan, store, cap=6, first=4, more=3).done) == 6
    assert len(execute_until(lambda *_: False, simulate, plan, store, cap=3, first=4, more=3).resumed) == 3


def test_if_all_fail_no_more_are_tried(store):
    def fails(number, heartbeat):
        raise ValueError("never")

    execution = execute_until(lambda *_: False, fails, plan, store, cap=40, first=2, more=2)
    assert {run.replication for run in execution.failed} == {0, 1}


def test_a_store_that_cannot_write_stops_the_work(store, monkeypatch):
    begun = []

    def slow(number, heartbeat):
        begun.append(number)
        return simulate(number, heartbeat, seconds=0.2)

    def full(_):
        raise StoreError("the disk is full")

    monkeypatch.setattr(store, "save", full)
    with pytest.raises(StoreError, match="disk is full"):
        execute(range(100), slow, plan, store, 2)
    assert len(begun) < 10


def test_ctrl_c_stops_at_the_next_heartbeat_and_keeps_what_finished(store):
    """A real SIGINT to this very process; runs that would take 50 s in all end at once."""
    begun = threading.Event()

    def slow(number, heartbeat):
        if number >= 2:
            begun.set()
        return simulate(number, heartbeat, seconds=0.0 if number < 2 else 10.0)

    def press():
        begun.wait()
        time.sleep(0.3)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=press).start()
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        execute(range(7), slow, plan, store, 1)
    assert time.monotonic() - started < 5
    assert store.done == {0, 1}
    execute(range(7), simulate, plan, store)
    assert store.consolidate() == in_memory_digest(7)


def child(folder, replications, seconds):
    """The small experiment in a process of its own, once it has opened the folder."""
    process = subprocess.Popen(
        [sys.executable, small_experiment.__file__, str(folder), str(replications), str(seconds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=WITH_SIMSUITE,
    )
    assert process.stdout.readline() == b"begun\n"
    return process


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_killed_experiment_resumed_equals_an_uninterrupted_one(tmp_path, number):
    """Struck four times at random moments, in work that takes 0.3 s; then left alone."""
    chance = random.Random(7)
    for strike in range(5):
        process = child(tmp_path, 6, 0.1)
        if strike < 4:
            time.sleep(chance.uniform(0.0, 0.15))
            process.send_signal(number)
        process.communicate()
        assert strike >= 2 or process.returncode == -number
    assert process.returncode == 0
    assert content_digest(tmp_path) == in_memory_digest(6)


def test_progress_is_told_how_far_each_replication_is(store):
    from simsuite.experiment.progress import Progress

    class Listening(Progress):
        heard: dict = {}

        def reached(self, piece, fraction):
            self.heard.setdefault(piece, []).append(fraction)

    listening = Listening("", None)
    execute([0, 1], functools.partial(simulate), plan, store, 1, listening)
    assert listening.heard[1] == pytest.approx([0, *(step / 10 for step in range(10)), 1])


def of_another_program(folder):
    """What a program with other rules left behind: its name is in the first line of the journal."""
    journal = Journal.read(folder)
    journal.header["program"] = "0123456789abcdef"
    journal.write()


def test_runs_of_two_versions_of_the_program_do_not_mix(tmp_path):
    with ResultsStore(tmp_path / "r", IDENTITY) as store:
        execute([0, 1], simulate, plan, store)
    of_another_program(tmp_path / "r")
    with ResultsStore(tmp_path / "r", IDENTITY) as store:
        assert execute([0, 1], simulate, plan, store).resumed == (0, 1), "what is there can be read"
        with pytest.raises(StoreError, match="another version of the program"):
            execute([0, 1, 2], simulate, plan, store)
        assert store.done == {0, 1}


def test_results_of_another_version_of_the_program_are_put_aside(tmp_path):
    with ResultsStore(tmp_path / "r", IDENTITY) as store:
        execute([0], simulate, plan, store)
    with ResultsStore(tmp_path / "r", IDENTITY, aside=True) as store:
        assert store.done == {0}
    of_another_program(tmp_path / "r")
    with (
        pytest.warns(StoreWarning, match="version of the program. They are now in .*r_1"),
        ResultsStore(tmp_path / "r", IDENTITY, aside=True) as store,
    ):
        assert store.done == set()
    with ResultsStore(tmp_path / "r_1", IDENTITY) as store:
        assert store.done == {0}
