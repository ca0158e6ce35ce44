"""`make mutants`: puts small errors into a copy of the rules and measures, one at a time, and sees whether a test notices.

Cosmic Ray makes the errors, such as `<` in place of `<=`, and keeps what became of each in build/mutants/session.sqlite.
An error is judged by the tests that call the function it is in, those of the quickest file first. Tests of rules and of
whole runs are interpreted: machine code would be compiled anew for a minute each time.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import os
import random
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build" / "mutants"
COPIED = ("simsuite", "scenarios", "docs", "tests", "README.md", "CONTRIBUTING.md", "pyproject.toml")
JUDGES = {"rules": ["tests/rules", "tests/engines/test_books.py"], "metrics": ["tests/metrics"]}  # by room
COMPILED_ONLY = (  # they look into the compiled engine
    "test_what_vanishes_from_a_shelf_does_not_depend_on_what_other_channels_there_are",
    "test_nothing_is_counted_outside_of_the_horizon",
)
LONGEST_COLLECTION = 120  # seconds
OF_FORM = re.compile("RemoveDecorator|.*_Is(Not)?$")  # operators whose errors change nothing that is said


class Tests:
    """Runs the named tests, each with its usual seconds, or, with None, all, and notes what they call and how long."""

    def __init__(self, room: str, named: dict[str, float] | None):
        self.room, self.named, self.calls, self.of_fixtures = room, named, {}, {}

    def pytest_configure(self, config) -> None:
        """Where rules are judged, whatever asks for the compiled engine gets Mesa; and the first failure will do."""
        signal.signal(signal.SIGALRM, lambda number, frame: os.write(1, b"timeout") and os._exit(1))
        if self.named is not None:
            signal.alarm(LONGEST_COLLECTION)  # an error may let a module never end as it is imported
        if self.room == "rules":
            import worlds
            from hypothesis import Phase, settings

            def interpreted(tables, strategy, seed=None, threads=1, block=None, **options):
                return worlds.RetailModel(tables, strategy, rng=seed, **options)

            worlds.ENGINES["batch"] = interpreted
            phases = (Phase.explicit, Phase.generate)
            settings.register_profile("mutants", settings.get_profile("simsuite"), phases=phases)
            settings.load_profile("mutants")

    def pytest_collection_modifyitems(self, items) -> None:
        found = {item.nodeid: item for item in items if item.originalname not in COMPILED_ONLY}
        items[:] = [found[name] for name in (found if self.named is None else self.named) if name in found]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item):
        if self.named is not None:
            signal.alarm(20 + int(5 * self.named[item.nodeid]))
        return (yield from self.watch(self.of_fixtures.setdefault(item.path, set())))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item):
        called, began = set(self.of_fixtures[item.path]), time.monotonic()
        result = yield from self.watch(called)
        names = {f"{Path(code.co_filename).stem}.{code.co_name}" for code in called if "simsuite" in code.co_filename}
        self.calls[item.nodeid] = time.monotonic() - began, sorted(names)
        return result

    def watch(self, called: set):
        """Note the functions that are called meanwhile."""
        if self.named is None:
            sys.setprofile(lambda frame, event, arg: called.add(frame.f_code) if event == "call" else None)
        try:
            return (yield)
        finally:
            sys.setprofile(None)


def run(room: str, file: Path) -> int:
    """Run the tests that a file names, here and now; if it is not there, all, and write into it what they call."""
    plugin = Tests(room, json.loads(file.read_text(encoding="utf-8")) if file.exists() else None)
    where = sorted({name.partition("::")[0] for name in plugin.named or JUDGES[room]})
    words = ["-x", "-q", "-s", "--no-header", "--tb=short", "-p", "no:cacheprovider", "-p", "no:warnings"]
    code = int(pytest.main([*words, "-m", "not verification and not benchmark", *where], [plugin]))
    if plugin.named is None and code == 0:
        file.write_text(json.dumps(plugin.calls), encoding="utf-8")
    return code


def command(room: str, file: Path) -> str:
    """Runs tests in a process of their own, in the present folder."""
    return shlex.join([sys.executable, "tests/mutants.py", "--run", room, str(file)])


def places(path: Path) -> dict[tuple[int, int], str]:
    """The function in whose body each place of a module (line, column) lies, docstrings and declarations left out."""
    found: dict[tuple[int, int], str] = {}
    text = path.read_text(encoding="utf-8")
    widths = [len(line) for line in text.splitlines()]
    for function in ast.walk(ast.parse(text)):
        if isinstance(function, ast.FunctionDef):
            for step in function.body[1 if ast.get_docstring(function) is not None else 0 :]:
                for line in range(step.lineno, step.end_lineno + 1):
                    first = step.col_offset if line == step.lineno else 0
                    found |= {(line, column): function.name for column in range(first, widths[line - 1])}
    return found


def session(count: int, seed: int):
    """The errors to be made, each in a place of its own, and what became of those that were; begun, or gone on with."""
    from cosmic_ray.commands.init import _all_work_items
    from cosmic_ray.work_db import WorkDB

    modules = [path for room in JUDGES for path in sorted((ROOT / "simsuite" / room).rglob("*.py"))]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in modules)).hexdigest()
    about, words = BUILD / "about.txt", f"{count} errors, seed {seed}, {digest}"
    if not about.exists() or about.read_text(encoding="utf-8") != words:
        shutil.rmtree(BUILD, ignore_errors=True)
        BUILD.mkdir(parents=True)
        by_place: dict[tuple, list] = {}
        inside = {path.relative_to(ROOT).as_posix(): places(path) for path in modules}
        for item in _all_work_items(inside, {}):
            error = item.mutations[0]
            at = error.module_path.as_posix(), error.start_pos
            if not OF_FORM.match(error.operator_name) and error.start_pos in inside[at[0]]:
                by_place.setdefault(at, []).append(item)
        chosen = random.Random(seed)
        taken = chosen.sample(sorted(by_place), min(count, len(by_place)))
        WorkDB(BUILD / "session.sqlite", WorkDB.Mode.create).add_work_items(chosen.choice(by_place[at]) for at in taken)
        about.write_text(words, encoding="utf-8")
    return WorkDB(BUILD / "session.sqlite", WorkDB.Mode.open)


def begin_copy(copy: Path) -> None:
    """What tests need, without what Python has compiled."""
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    for path in (ROOT / name for name in COPIED):
        if path.is_dir():
            shutil.copytree(path, copy / path.name, ignore=shutil.ignore_patterns("__pycache__", ".hypothesis"))
        else:
            shutil.copy2(path, copy)


def enter(copy: Path) -> None:
    """Work in a copy of the tree from now on."""
    os.chdir(copy)
    os.environ["PYTHONPATH"] = os.pathsep.join([str(copy), str(copy / "tests")])


def take_copy(free) -> None:
    """A worker takes a copy of its own."""
    enter(free.get())


def judges_of(item, calls: dict[str, tuple[float, list[str]]]) -> dict[str, float]:
    """The tests that call the function of an error, those of the quickest file first, with their usual seconds."""
    path, place = item.mutations[0].module_path, item.mutations[0].start_pos
    function = f"{path.stem}.{places(ROOT / path)[place]}"
    seconds = {name: each for name, (each, called) in calls.items() if function in called}
    seconds = seconds or {name: each for name, (each, _) in calls.items()}  # called at import
    of_file = Counter()  # tests of a file stay together: they share what they are made of
    for name, each in seconds.items():
        of_file[name.partition("::")[0]] += each
    return {name: seconds[name] for name in sorted(seconds, key=lambda name: of_file[name.partition("::")[0]])}


def judge(item, named: dict[str, float]):
    """Make one error in this worker's copy, run the tests, and take it back."""
    from cosmic_ray.mutating import mutate_and_test

    file = Path("named.json").resolve()
    file.write_text(json.dumps(named), encoding="utf-8")
    return mutate_and_test(item.mutations, command(item.mutations[0].module_path.parts[1], file), 600.0)


def outcome(result) -> str:
    """What became of an error."""
    if (result.output or "").endswith("timeout"):
        return "timed out"
    return (result.test_outcome or result.worker_outcome).value


def report(db) -> str:
    """Each error that no test noticed, with its place and the lines before and after; how many there were of what."""
    said, counts = [], Counter(outcome(result) for _, result in db.completed_work_items)
    for item, result in sorted(db.completed_work_items, key=lambda pair: str(pair[0].mutations[0])):
        if not result.is_killed:
            lines = [line for line in result.diff.splitlines() if re.match("[-+](?![-+])", line)]
            said.append(f"{item.mutations[0].module_path.as_posix()}:{item.mutations[0].start_pos[0]}")
            said += [f"    {line}" for line in lines]
    figures = ", ".join(f"{number} {word}" for word, number in sorted(counts.items()))
    share = 100 * (counts.total() - counts["survived"]) / max(1, counts.total())
    return "\n".join([*said, f"{db.num_work_items} errors, {counts.total()} judged: {figures}; {share:.0f} % noticed"])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python tests/mutants.py", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=300, help="how many errors, 300")
    parser.add_argument("--seed", type=int, default=1, help="which ones, 1")
    parser.add_argument("--workers", type=int, default=2, help="how many at once, 2")
    parser.add_argument("--again", action="store_true", help="judge those once more that no test noticed")
    parser.add_argument("--run", nargs=2, metavar=("ROOM", "FILE"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.run:
        return run(asked.run[0], Path(asked.run[1]))
    db = session(asked.count, asked.seed)
    survivors = [item for item, result in db.completed_work_items if not result.is_killed]
    pending = [*(survivors if asked.again else []), *db.pending_work_items]
    copies = [BUILD / f"copy-{number + 1}" for number in range(asked.workers)]
    begin_copy(copies[0])
    enter(copies[0])
    calls = {}
    for room in JUDGES:
        file = BUILD / f"{room}.json"
        if asked.again or not file.exists():
            print(f"What the tests of {room} call, without errors", flush=True)
            file.unlink(missing_ok=True)
            if subprocess.run(shlex.split(command(room, file))).returncode != 0:
                return 1
        calls[room] = json.loads(file.read_text(encoding="utf-8"))
    context = get_context("spawn")
    free = context.Manager().Queue()
    for copy in copies:
        if copy != copies[0]:
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(copies[0], copy)
        free.put(copy)
    with ProcessPoolExecutor(asked.workers, context, take_copy, (free,)) as pool:
        work = {}
        for item in pending:
            named = judges_of(item, calls[item.mutations[0].module_path.parts[1]])
            work[pool.submit(judge, item, named)] = item
        for number, done in enumerate(as_completed(work), start=1):
            error = work[done].mutations[0]
            db.set_result(work[done].job_id, done.result())
            print(f"{number}/{len(work)} {error.module_path}:{error.start_pos[0]} {outcome(done.result())}", flush=True)
    (BUILD / "report.txt").write_text(report(db) + "\n", encoding="utf-8")
    print(report(db))
    return 0


if __name__ == "__main__":
    sys.exit(main())
