"""Closing the books, copying and pickling leave a run as it is, in both engines."""

import copy
import pickle

import pytest
from worlds import ENGINES, again_probability, small_retail, started

from simsuite.errors import RunError
from simsuite.machine.rulebook import replace
from simsuite.metrics.books import check_books

HALF = 12


@pytest.fixture(scope="module")
def tables():
    return small_retail(60, warm_up=5, horizon=15, cool_down=3)


@pytest.fixture(scope="module")
def undisturbed(tables):
    """Digest of a run that nobody looks at."""
    running = started(tables, "integrated")
    running.run(tables.days)
    return running.result().digest()


def half_way(tables, engine, **options):
    running = started(tables, "integrated", engine, **options)
    running.run(HALF)
    return running


def ended(running):
    running.run(running.packed.days)
    return running.result().digest()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_run_goes_on_after_its_result_as_if_nobody_had_asked(tables, undisturbed, engine):
    running = half_way(tables, engine)
    first = running.result()
    before = first.digest()
    assert running.result().digest() == before, "asked twice it says the same"
    check_books(first)
    assert ended(running) == undisturbed
    assert first.digest() == before, "what was handed out changed as the run went on"


def test_both_engines_close_the_books_half_way_alike(tables):
    assert len({half_way(tables, engine).result().digest() for engine in ENGINES}) == 1


def test_threads_close_the_books_alike(tables, undisturbed):
    running = half_way(tables, "batch", threads=2, block=16)
    assert running.result().digest() == half_way(tables, "mesa").result().digest()
    assert ended(running) == undisturbed


def test_a_run_that_is_finished_for_good_does_not_go_on(tables):
    running = half_way(tables, "batch")
    expected = running.result().digest()
    assert running.finish().digest() == expected
    with pytest.raises(RunError, match="closed for good"):
        running.run(tables.days)
    with pytest.raises(RunError, match="closed"):
        running.result()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda running: pickle.loads(pickle.dumps(running))])
def test_a_copy_in_the_midst_of_a_run_goes_on_alike_and_alone(tables, undisturbed, engine, duplicate):
    original = half_way(tables, engine)
    other = duplicate(original)
    other.set("customers", 3, satisfaction=0.0)
    other.switch_to("isolated")
    other.run(tables.days)
    twin = duplicate(original)
    assert ended(original) == ended(twin) == undisturbed
    assert other.result().digest() != undisturbed


def test_a_pickle_holds_no_address_of_this_process(tables, undisturbed):
    """Pointers to tables and machine code are made anew; an old one would be read as memory of another process."""
    running = half_way(tables, "batch")
    other = pickle.loads(pickle.dumps(running))
    assert {world.address for world in other.worlds}.isdisjoint(world.address for world in running.worlds)
    assert not other.phases.any()
    del running
    assert ended(other) == undisturbed


def test_a_run_cut_short_stays_so_in_a_copy(tables):
    running = half_way(tables, "batch")
    running.gate[2] = 1
    for other in (copy.deepcopy(running), pickle.loads(pickle.dumps(running))):
        with pytest.raises(RunError, match="cut short"):
            other.run(tables.days)


@pytest.mark.parametrize("engine", ENGINES)
def test_replaced_rules_go_along_in_a_pickle(tables, engine):
    running = half_way(tables, engine, rules=replace(again_probability=again_probability))
    assert ended(pickle.loads(pickle.dumps(running))) == ended(running)


def test_a_model_collects_on_in_a_copy(tables):
    model = half_way(tables, "mesa")
    twin = pickle.loads(pickle.dumps(model))
    for running in (model, twin):
        running.run(HALF + 3)
    frames = [running.datacollector.get_model_vars_dataframe() for running in (model, twin)]
    assert len(frames[0]) == HALF + 3 and frames[0].equals(frames[1])
