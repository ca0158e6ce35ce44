"""What is stale follows from imports: the same modules are found by the look of the statements as by their syntax."""

import ast

import pytest

from simsuite.experiment.program import DECIDING
from simsuite.machine import imports
from simsuite.machine.imports import MACHINERY, PACKAGE, modules_imported, path_of, texts_behind
from simsuite.machine.rulebook import machinery, standard_rules

FILES = sorted(PACKAGE.rglob("*.py"))


def by_syntax(text):
    """Every module of the project that the syntax tree imports, with the packages above."""
    named = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            named |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    parts = [name.split(".") for name in named if name.split(".")[0] == "simsuite"]
    above = {".".join(part[: length + 1]) for part in parts for length in range(len(part))}
    return sorted(name for name in above if path_of(name) is not None)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_the_modules_that_a_file_imports_are_found(path):
    text = path.read_text(encoding="utf-8")
    found = set(modules_imported(text))
    assert found >= set(by_syntax(text))
    assert found - set(by_syntax(text)) <= {"simsuite"}, "an example in a docstring at most: too much is safe"


@pytest.mark.parametrize(
    "statement, found",
    [
        ("import simsuite.rules.luck as luck", ["simsuite", "simsuite.rules", "simsuite.rules.luck"]),
        ("    from simsuite.rules import (\n    luck as l,  # why\n    stock,\n)", ["luck", "stock"]),
        ("from simsuite.rules.luck import draw  # from simsuite.api import compare", ["luck"]),
        ("text = 'from here on'\nimport numpy", []),
    ],
)
def test_statements_of_any_look_are_read(statement, found):
    names = modules_imported(statement)
    assert {name.split(".")[-1] for name in names} - {"simsuite", "rules"} == {
        name.split(".")[-1] for name in found
    } - {"simsuite", "rules"}


def test_what_modules_import_counts_with_what_these_import():
    behind = texts_behind("simsuite.engines.whole_day")
    assert {"simsuite.engines.log", "simsuite.engines.records", "simsuite.rules.state", "simsuite.vocabulary"} <= set(
        behind
    )
    assert behind["simsuite.vocabulary"] == path_of("simsuite.vocabulary").read_text(encoding="utf-8")


def test_every_module_of_rules_and_every_kernel_is_behind_machine_code_and_results():
    rules = {f"simsuite.rules.{path.stem}" for path in (PACKAGE / "rules").glob("*.py") if path.stem != "__init__"}
    for roots in (MACHINERY, (*DECIDING, *MACHINERY)):
        assert rules | {"simsuite.engines.kernels", "simsuite.engines.day"} <= set(texts_behind(*roots))


def test_an_edit_of_any_module_behind_machine_code_is_another_cache_folder(monkeypatch):
    """Each in turn, as if its file had been another when the program began."""
    book, texts = standard_rules(), machinery()
    folders = {book.folder}
    for name in texts:
        edited = texts | {name: texts[name] + "\n# edited\n"}
        monkeypatch.setattr("simsuite.machine.rulebook.machinery", lambda edited=edited: edited)
        folders.add(type(book)(book.functions).folder)
    assert len(folders) == len(texts) + 1 > 30


def test_a_name_that_is_no_module_has_no_path():
    assert path_of("simsuite.rules.luck.draw") is None
    assert imports.path_of("simsuite") == PACKAGE / "__init__.py"
