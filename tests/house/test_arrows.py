"""Imports point one way, heavy libraries have one place, modules stay short."""

import ast

import pytest
from sources import PACKAGE, imported, modules

LEVELS = (
    ("vocabulary", "errors", "compiled", "kernel_parts", "kernel_tables", "rulebook"),
    ("rules", "specs"),
    ("scenario", "events", "run_result"),
    ("engines",),
    ("metrics",),
    ("experiment",),
    ("api", "one_run"),
    ("evidence", "report"),
    ("cli", "__main__"),
)
APART = (
    ("rules", "specs"),
    ("evidence", "report"),
)  # of the same level, and yet neither knows the other
LEVEL = {part: level for level, parts in enumerate(LEVELS) for part in parts}
PLACES = {
    "mesa": {"engines/agents.py", "engines/model.py"},
    "numba": {"compiled.py", "kernel_parts.py", "kernel_tables.py"},
    "llvmlite": {"compiled.py", "kernel_tables.py"},
}
UPWARD = {
    ("api", "report"),
    ("one_run", "report"),
}  # results.report() hands itself to the report, inside of functions only
FACADE = "__init__.py"  # hands the public names on, lazily: stands above everything


def part_of(path):
    return path.removesuffix(".py").split("/")[0]


def own_parts(tree):
    return {name.split(".")[1] for name in imported(tree) if name.startswith("simsuite.")} & set(LEVEL)


def may_import(part, other):
    together = any(part in pair and other in pair for pair in APART)
    return part == other or (part, other) in UPWARD or (LEVEL[other] <= LEVEL[part] and not together)


def test_every_module_has_a_level():
    strangers = {part_of(path) for path in modules() if path != FACADE} - set(LEVEL)
    assert strangers == set()


@pytest.mark.parametrize("path", [path for path in modules() if path != FACADE])
def test_imports_point_one_way(path):
    against = {other for other in own_parts(modules()[path]) if not may_import(part_of(path), other)}
    assert against == set(), f"{path} imports {sorted(against)}, which stand above it or beside it"


def test_nothing_points_upward_when_a_module_is_loaded():
    for part, other in UPWARD:
        loaded = [
            name
            for node in modules()[f"{part}.py"].body
            for name in imported(ast.Module([node], []))
            if isinstance(node, (ast.Import, ast.ImportFrom))
        ]
        assert not [name for name in loaded if name.startswith(f"simsuite.{other}")]


@pytest.mark.parametrize("library", PLACES)
def test_a_heavy_library_is_imported_in_its_one_place(library):
    users = {path for path, tree in modules().items() if any(name.split(".")[0] == library for name in imported(tree))}
    assert users == PLACES[library]


def test_matplotlib_is_imported_in_the_report_alone():
    users = {
        path for path, tree in modules().items() if any(name.split(".")[0] == "matplotlib" for name in imported(tree))
    }
    assert {path for path in users if not path.startswith("report/")} == set()


def test_measures_look_at_results_and_never_at_engines():
    users = {path for path, tree in modules().items() if path.startswith("metrics/") and "engines" in own_parts(tree)}
    assert users == set()


@pytest.mark.parametrize("path", modules())
def test_a_module_stops_at_four_hundred_lines(path):
    assert len((PACKAGE / path).read_text(encoding="utf-8").splitlines()) <= 400
