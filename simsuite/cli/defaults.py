"""Where the program declares a value that no scenario file says."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import simsuite
from simsuite.scenario.fields import declared
from simsuite.scenario.origin import Origin
from simsuite.specs.base import Spec
from simsuite.specs.scenario import ScenarioSpec


def place_of_default(path: Sequence[str]) -> Origin:
    """The line that declares the value at a path of a scenario, such as simsuite/specs/demand.py:38.

    What lies in a table with free names has the line of the table.
    """
    model, field = next(
        (about.spec, path[length])
        for length in reversed(range(len(path)))
        if (about := declared(ScenarioSpec, path[:length])) is not None
        and about.kind == "table"
        and path[length] in about.spec.model_fields
    )
    owner = next(each for each in model.__mro__ if field in _lines_of_fields(each))
    file = Path(inspect.getfile(owner)).relative_to(Path(simsuite.__file__).parents[1])
    return Origin(file.as_posix(), _lines_of_fields(owner)[field])


@cache
def _lines_of_fields(model: type) -> dict[str, int]:
    """Line in its file of every field that a spec declares itself."""
    if not issubclass(model, Spec):
        return {}
    source, first = inspect.getsourcelines(model)
    body = ast.parse(textwrap.dedent("".join(source))).body[0].body
    return {node.target.id: first + node.lineno - 1 for node in body if isinstance(node, ast.AnnAssign)}
