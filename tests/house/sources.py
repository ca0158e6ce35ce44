"""The project's own source files and their syntax trees."""

import ast
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "simsuite"


DECLARATIONS = ("rules/state.py", "rules/world.py", "rules/mechanism.py")  # of state; no behavior


@cache
def modules() -> dict[str, ast.Module]:
    """Syntax tree by path inside the package, such as "rules/choice.py"."""
    return {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def rules() -> dict[str, ast.Module]:
    """Syntax trees of the modules in which behavior stands; declarations of state are no behavior."""
    return {
        name: tree
        for name, tree in modules().items()
        if name.startswith("rules/") and name not in ("rules/__init__.py", *DECLARATIONS)
    }


def imported(tree: ast.Module) -> set[str]:
    """Dotted names of all modules imported anywhere in a file, also inside of functions."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def places(tree: ast.Module, wanted) -> list[int]:
    """Lines of the nodes for which `wanted(node)` holds."""
    return sorted({node.lineno for node in ast.walk(tree) if hasattr(node, "lineno") and wanted(node)})
