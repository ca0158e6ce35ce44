"""Imports point one way, heavy libraries have one place, modules stay short."""

import re
from collections import Counter
from graphlib import TopologicalSorter

import pytest
from sources import PACKAGE, imported, modules

LEVELS = (
    ("vocabulary", "tallies", "code_rows", "errors", "files", "arguments"),
    ("machine",),
    ("rules", "specs"),
    ("scenario", "run_result", "shown"),
    ("engines",),
    ("metrics",),
    ("lives",),
    ("experiment",),
    ("evidence", "report"),
    ("api", "one_run"),
    ("cli", "__main__"),
)
APART = (
    ("rules", "specs"),
    ("evidence", "report"),
)  # of the same level, and yet neither knows the other
LEVEL = {part: level for level, parts in enumerate(LEVELS) for part in parts}
ROOMS = {"said": 0, "drawn": 1, "page": 2, "summary": 3}  # of the report: who says, who draws, who puts both together
PLACES = {
    "mesa": {"engines/agents.py", "engines/model.py"},
    "numba": {f"machine/{name}.py" for name in ("cache", "compiled", "instructions", "of_numba", "tables")},
    "llvmlite": {f"machine/{name}.py" for name in ("cache", "instructions", "tables")},
}
FACADE = "__init__.py"  # hands the public names on, lazily: stands above everything


def part_of(path):
    return path.removesuffix(".py").split("/")[0]


def own_parts(tree):
    return {name.split(".")[1] for name in imported(tree) if name.startswith("simsuite.")} & set(LEVEL)


def name_of(path):
    return "simsuite." + path.removesuffix(".py").replace("/", ".")


def may_import(part, other):
    together = any(part in pair and other in pair for pair in APART)
    return part == other or (LEVEL[other] <= LEVEL[part] and not together)


def test_every_module_has_a_level():
    strangers = {part_of(path) for path in modules() if path != FACADE} - set(LEVEL)
    assert strangers == set()


@pytest.mark.parametrize("path", [path for path in modules() if path != FACADE])
def test_imports_point_one_way(path):
    against = {other for other in own_parts(modules()[path]) if not may_import(part_of(path), other)}
    assert against == set(), f"{path} imports {sorted(against)}, which stand above it or beside it"


@pytest.mark.parametrize("path", [path for path in modules() if path.startswith("report/") and path.count("/") > 1])
def test_in_the_report_the_page_is_made_of_what_is_drawn_and_said(path):
    room = ROOMS[path.split("/")[1]]
    others = {name.split(".")[2] for name in imported(modules()[path]) if name.count(".") > 1 and ".report." in name}
    assert {other for other in others if ROOMS.get(other, 0) > room} == set()


def test_no_two_modules_import_each_other():
    """No circle, not even of two files, wherever in them the import stands."""
    names = set(map(name_of, modules()))
    graph = {name_of(path): names & set(imported(tree)) for path, tree in modules().items()}
    TopologicalSorter(
        {name: others - {name} for name, others in graph.items() if not name.endswith("__init__")}
    ).prepare()


def test_no_file_name_is_in_two_rooms():
    names = Counter(path.split("/")[-1] for path in modules() if not path.endswith("__init__.py"))
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("library", PLACES)
def test_a_heavy_library_is_imported_in_its_one_place(library):
    users = {path for path, tree in modules().items() if any(name.split(".")[0] == library for name in imported(tree))}
    assert users == PLACES[library]


def test_matplotlib_is_imported_where_the_report_draws_alone():
    users = {
        path for path, tree in modules().items() if any(name.split(".")[0] == "matplotlib" for name in imported(tree))
    }
    assert {path for path in users if not path.startswith("report/drawn/")} == set()


def test_measures_look_at_results_and_never_at_engines():
    users = {path for path, tree in modules().items() if path.startswith("metrics/") and "engines" in own_parts(tree)}
    assert users == set()


@pytest.mark.parametrize("path", modules())
def test_a_module_stops_at_four_hundred_lines(path):
    assert len((PACKAGE / path).read_text(encoding="utf-8").splitlines()) <= 400


def test_private_parts_of_numba_are_named_in_one_module_with_a_comment_each():
    private = {
        path
        for path, tree in modules().items()
        if any(name.startswith(("numba.core", "numba.np")) for name in imported(tree))
    }
    assert private == {"machine/of_numba.py"}
    blocks = (PACKAGE / "machine/of_numba.py").read_text(encoding="utf-8").split("\n\n")
    with_imports = [
        block for block in blocks if re.search(r"^(import|from) ", block, re.M) and "__future__" not in block
    ]
    assert len(with_imports) > 5
    assert [block for block in with_imports if not block.startswith("# ")] == []


def test_the_document_shows_these_arrows_and_all_rooms():
    text = (PACKAGE.parent / "docs/architecture.md").read_text(encoding="utf-8")
    drawn = re.search(r"^vocabulary, .* <- cli$", text, re.M)[0]
    shown = [{name for name in re.findall(r"\w+", level)} for level in drawn.split(" <- ")]
    assert shown == [set(parts) - {"__main__"} for parts in LEVELS]
    rooms = text.partition("## Rooms")[2].partition("## Arrows")[0]
    assert [part for part in LEVEL if part != "__main__" and not re.search(rf"\b{part}(/|\.py)", rooms)] == []
