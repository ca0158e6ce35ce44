"""The rulebook: one rule replaced reaches both engines; what cannot stand in is refused in words;
edits are noticed.
"""

import os
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from enum import IntEnum
from pathlib import Path

import pytest
from worlds import ENGINES, again_probability, small_retail, switched

from simsuite.engines.compile import tidy_cache
from simsuite.errors import RuleError
from simsuite.machine import rulebook
from simsuite.machine.cache import digest_of
from simsuite.machine.rulebook import Rulebook, constants_of, in_order_of_calls, replace, source_of, standard_rules


@pytest.fixture(scope="module")
def tables():
    return small_retail(60, warm_up=2, horizon=12, cool_down=2)


def test_a_replaced_rule_reaches_both_engines_and_changes_the_run_alike(tables):
    book = replace(again_probability=again_probability)
    in_batch, in_mesa = (switched(tables, "integrated", engine, rules=book).digest() for engine in ENGINES)
    assert in_batch == in_mesa
    assert in_batch != switched(tables, "integrated").digest()


def test_a_rule_replaced_by_itself_changes_nothing(tables):
    from simsuite.rules.giving_up import again_probability as own

    book = replace(again_probability=own)
    assert switched(tables, "integrated", "mesa", rules=book).digest() == switched(tables, "integrated").digest()


def test_a_replaced_rule_is_named_with_a_digest():
    book = replace(again_probability=again_probability)
    assert book.replaced == ("again_probability",)
    assert list(book.signature()) == ["again_probability"] and len(book.signature()["again_probability"]) == 16
    assert standard_rules().replaced == () and standard_rules().signature() == {}


def test_replacing_leaves_the_projects_own_rules_alone():
    before = dict(standard_rules().functions)
    replace(again_probability=again_probability)
    assert standard_rules().functions == before


def refused(**rules):
    with pytest.raises(RuleError) as caught:
        replace(**rules)
    return str(caught.value)


def test_a_wrong_name_is_refused_with_the_right_one():
    message = refused(again_probabilty=again_probability)
    assert "no rule 'again_probabilty'" in message and "'again_probability'" in message


def test_other_arguments_are_refused_with_the_right_ones():
    def again_probability(intent):
        return 1.0

    message = refused(again_probability=again_probability)
    assert "(intent, giving_up)" in message and "(intent)" in message


def test_a_closure_is_refused_with_the_variable_that_it_uses():
    hidden = 0.3

    def again_probability(intent, giving_up):
        return hidden

    message = refused(again_probability=again_probability)
    assert "hidden" in message and "constants of the module" in message


def with_import(intent, giving_up):
    import math

    return math.exp(-1.0)


def with_power(intent, giving_up):
    return 0.5**intent


def with_list(intent, giving_up):
    return max([value for value in (0.1, 0.2)])


def with_text(intent, giving_up):
    return float(f"{intent}")


def with_try(intent, giving_up):
    try:
        return 1.0
    except ValueError:
        return 0.0


@pytest.mark.parametrize(
    "function, named",
    [
        (with_import, "an import"),
        (with_power, "the power operator"),
        (with_list, "a list comprehension"),
        (with_text, "text"),
        (with_try, "try"),
    ],
)
def test_syntax_that_differs_between_the_engines_is_refused_with_its_line(function, named):
    message = refused(again_probability=function)
    assert f"uses {named}" in message and "line" in message and "Allowed: arithmetic" in message


def best_of_the_last(relations):
    return relations[-1].knowledge


def test_counting_from_the_end_is_refused_with_its_line():
    message = refused(best_list_of=best_of_the_last)
    line = best_of_the_last.__code__.co_firstlineno + 1
    assert f"test_rulebook.py, line {line}, counts from the end: relations[-1]" in message and "len(...) - 1" in message


def test_rules_that_call_each_other_in_a_circle_are_refused():
    names = {
        "is_known": "def is_known(row):\n    return circle(row)",
        "circle": "def circle(row):\n    return is_known(row)",
    }
    functions = {}
    for name, text in names.items():
        space = {}
        exec(text, space)
        functions[name] = space[name]
    with pytest.raises(RuleError, match="circle"):
        in_order_of_calls(functions)


def test_names_lists_every_rule():
    from simsuite import rules

    assert rules.names() == sorted(standard_rules().functions) and "channel_utility" in rules.names()


def test_another_source_is_another_cache_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SIMSUITE_CACHE", str(tmp_path))
    own, changed = standard_rules(), replace(again_probability=again_probability)
    folders = {digest_of(book.sources()) for book in (own, changed)}
    assert len(folders) == 2
    assert digest_of(own.sources()) == digest_of(Rulebook(dict(own.functions)).sources())


def test_an_edited_line_of_any_rule_is_another_source():
    own = standard_rules()
    for name in ("exp", "draw4", "make_visit", "again_probability", "audit_day"):
        assert source_of(own.functions[name]) in "\n".join(own.sources())


EDITS = {  # file of the package -> words to replace: a rule, a constant, a kernel, a code, the compiler's settings
    "rules/statements.py": ("expectation_slope * belief", "expectation_slope * belief * belief"),
    "rules/needs.py": ("NEED_CLOCK, 0)", "NEED_CLOCK, 1)"),
    "rules/mathematics.py": ("FOREVER = ", "FOREVER = 2 * "),
    "engines/kernels.py": ("AHEAD = 6", "AHEAD = 7"),
    "vocabulary.py": ("MINUTES_PER_DAY = 1440.0", "MINUTES_PER_DAY = 1441.0"),
    "machine/compiled.py": ('"""', '"""Edited. '),
    "engines/log.py": ("LINES_PER_DUE = 48", "LINES_PER_DUE = 49"),
    "rules/state.py": ("parts since the start of the run", "parts since the run began"),
}


def test_source_edits_change_the_cache_folder(tmp_path):
    """A copy of the package, one file of it edited: a fresh process keeps its machine code elsewhere."""
    package = Path(rulebook.__file__).parents[1]
    command = (
        sys.executable,
        "-c",
        "from simsuite.machine.rulebook import standard_rules; print(standard_rules().folder)",
    )
    processes = {}
    for name, edit in {"nothing": None, **EDITS}.items():
        copy = tmp_path / name.replace("/", "_")
        shutil.copytree(package, copy / "simsuite", ignore=shutil.ignore_patterns("__pycache__"))
        if edit:
            text = (copy / "simsuite" / name).read_text()
            assert edit[0] in text
            (copy / "simsuite" / name).write_text(text.replace(*edit, 1))
        environment = {**os.environ, "PYTHONPATH": str(copy), "SIMSUITE_CACHE": str(tmp_path / "cache")}
        processes[name] = subprocess.Popen(command, env=environment, cwd=copy, stdout=subprocess.PIPE, text=True)
    folders = {name: process.communicate()[0] for name, process in processes.items()}
    assert all(str(tmp_path / "cache") in folder for folder in folders.values())
    assert len(set(folders.values())) == len(folders)


def test_an_edited_constant_of_a_replaced_rule_is_another_cache_folder(monkeypatch):
    book = replace(again_probability=again_probability)
    before, signed = digest_of(book.sources()), book.signature()
    monkeypatch.setitem(again_probability.__globals__, "SAME_DAY", 0.4)
    assert digest_of(book.sources()) != before
    assert book.signature() != signed, "a report would say that the rules were the same"


@pytest.mark.parametrize(
    "module, constant",
    [
        ("mathematics", "LOG_2"),
        ("statements", "BOARD_DAYS"),
        ("traits", "KNOT_WIDTH"),
        ("stock", "HISTORY_MASK"),
        ("promotions", "FIRM_CALENDAR"),
    ],
)
def test_an_edited_constant_of_a_module_of_rules_is_another_cache_folder(module, constant, monkeypatch):
    import importlib

    found = importlib.import_module(f"simsuite.rules.{module}")
    before = digest_of(standard_rules().sources())
    monkeypatch.setattr(found, constant, getattr(found, constant) + 1)
    assert digest_of(standard_rules().sources()) != before


def test_two_rules_of_one_name_are_refused(monkeypatch):
    from simsuite.rules import help as module
    from simsuite.rules.identity import is_known

    copy = type(is_known)(is_known.__code__, is_known.__globals__, "is_known")
    copy.__dict__.update(is_known.__dict__)
    copy.__module__ = module.__name__
    monkeypatch.setattr(module, "is_known", copy)
    with pytest.raises(RuleError, match="Two rules are called 'is_known'"):
        rulebook.standard_rules.__wrapped__()


def test_what_was_imported_is_what_counts_whatever_became_of_the_file(tmp_path, monkeypatch):
    """Machine code is made of what was imported, so its folder must not be named by a later edit."""
    file = tmp_path / "edited_rules.py"
    file.write_text("def again_probability(part_now, part_then, minutes):\n    return 0.25\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    import edited_rules

    book = Rulebook({"again_probability": edited_rules.again_probability})
    before = book.sources()
    file.write_text("def again_probability(part_now, part_then, minutes):\n    return 0.75\n")
    assert book.sources() == before and "0.25" in before[0]


class Speed(IntEnum):
    SLOW = 1


def test_an_edited_code_of_ones_own_is_another_source(monkeypatch):
    def rule():
        return Speed.SLOW

    class Changed(IntEnum):
        SLOW = 2

    before = constants_of(rule)
    monkeypatch.setitem(globals(), "Speed", Changed)
    assert "SLOW=1" in before and "SLOW=2" in constants_of(rule)


def test_a_rule_that_could_fail_in_the_midst_of_a_day_is_refused():
    def again_probability(intent, giving_up):
        assert intent < 3
        return 0.5

    assert "uses assert" in refused(again_probability=again_probability)

    def again_probability(intent, giving_up):
        if intent > 2:
            raise ValueError
        return 0.5

    assert "uses raise" in refused(again_probability=again_probability)


def test_threads_that_ask_at_once_are_given_the_same_kernels():
    book = Rulebook(dict(standard_rules().functions))
    ready = threading.Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(lambda _: (ready.wait(), book.kernels)[1], range(4)))
    assert len({id(kernels) for kernels in given}) == 1


def test_machine_code_that_nobody_uses_any_more_goes(tmp_path):
    used, long_unused, lately_used = (tmp_path / (digit * 16) for digit in "123")
    foreign, alike = tmp_path / "somebody else's", tmp_path / ("4" * 16)
    for folder in (used, long_unused, lately_used, foreign, alike):
        folder.mkdir()
        (folder / ("code.nbi" if folder != alike else "thesis.txt")).touch()
    now = time.time()
    for folder in (used, long_unused, foreign, alike):
        os.utime(folder, (now - 100 * 86400, now - 100 * 86400))
    tidy_cache(used)
    tidy_cache(used)
    assert sorted(folder.name for folder in tmp_path.iterdir()) == sorted(
        (used.name, lately_used.name, foreign.name, alike.name)
    )
    tidy_cache(tmp_path / "nowhere" / "4444")
