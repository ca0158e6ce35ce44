"""What decides about something: all modules that it imports, directly and through others, as texts.

Machine code and results are stale when one of the modules behind them has another text. Which
modules these are follows from their imports, so that none can be forgotten.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
RULE_PACKAGES = ("simsuite.rules",)
KERNEL_MODULES = ("simsuite.engines.kernels", "simsuite.engines.day")
MACHINERY = (*KERNEL_MODULES, "simsuite.engines.whole_day", *RULE_PACKAGES)  # all that becomes machine code
_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(?P<source>[\w.]+)[ \t]+import[ \t]+(?P<names>\([^)]*\)|[^\n#]*)|import[ \t]+(?P<plain>[\w., \t]+))",
    re.MULTILINE,
)


def texts_behind(*roots: str) -> dict[str, str]:
    """Texts of these modules and of all modules of the project that they import, by dotted name in alphabetical order.

    roots : dotted names; that of a package stands for all of its modules
    """
    found: dict[str, str] = {}
    waiting = [module for root in roots for module in (root, *_modules_of(root))]
    while waiting:
        name = waiting.pop()
        if name not in found and (path := path_of(name)) is not None:
            found[name] = path.read_text(encoding="utf-8")
            waiting += modules_imported(found[name])
    return dict(sorted(found.items()))


def modules_imported(text: str) -> list[str]:
    """Dotted names of the project's modules that a module's text imports, anywhere in it, and of the packages above
    them: their `__init__` runs too, and may register what others find.

    The statements are found by their look: parsing the syntax of all modules takes a second.
    """
    found: set[str] = set()
    for statement in _IMPORT.finditer(text):
        source, names, plain = statement["source"], statement["names"], statement["plain"]
        if source is None:
            named = [name.split()[0] for name in plain.split(",") if name.strip()]
        else:
            members = [name.split()[0] for name in re.sub(r"#.*", "", names).strip("() \n").split(",") if name.strip()]
            named = [source, *(f"{source}.{member}" for member in members)]
        for name in named:
            parts = name.split(".")
            found |= {".".join(parts[: length + 1]) for length in range(len(parts)) if parts[0] == PACKAGE.name}
    return sorted(name for name in found if path_of(name) is not None)


@cache
def path_of(name: str) -> Path | None:
    """The file of a module or package of the project; None if there is none."""
    parts = name.split(".")[1:]
    module, package = PACKAGE.joinpath(*parts).with_suffix(".py"), PACKAGE.joinpath(*parts, "__init__.py")
    return next((path for path in ((package,) if not parts else (module, package)) if path.is_file()), None)


def _modules_of(name: str) -> list[str]:
    folder = PACKAGE.joinpath(*name.split(".")[1:])
    return [f"{name}.{path.stem}" for path in folder.glob("*.py") if path.stem != "__init__"] if folder.is_dir() else []
