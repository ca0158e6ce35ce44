"""A wrong rule told in words: which rule, which line, which field, and what is known there."""

from __future__ import annotations

import ast
import contextlib
import linecache
import re
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from simsuite.errors import RuleError, SimsuiteError, UsageError
from simsuite.machine.replacement import function_in
from simsuite.machine.rulebook import Rulebook, called_names, place_of, standard_rules
from simsuite.rules import state
from simsuite.rules.mechanism import Record
from simsuite.rules.world import WORLD
from simsuite.scenario.words import did_you_mean
from simsuite.specs.parameters import Parameters

THINGS = {
    "customer": state.CUSTOMER,
    "relation": state.RELATION,
    "journey": state.JOURNEY,
    "visit": state.VISIT,
    "channel": state.CHANNEL,
    "now": state.NOW,
    "luck": state.LUCK,
    "shelf": state.STOCK,
    "pool": state.POOL,
    "desk": state.DESK,
}  # what rules call them
ROWS = {"relations": (state.RELATION, 1), "channels": (state.CHANNEL, 1), "pools": (state.POOL, 1)}
TABLES = {table.name: (table.record, len(table.axes)) for table in WORLD}
OTHERS = ("parameters", "tally", "days", "page", "needs")  # of the world


class World:
    """Stands for the world where it is worked out what an expression is."""


def checked_rules(rules: Rulebook | None) -> Rulebook:
    """The rules, or the project's own; what replaced ones read and write is there.

    Raises
    ------
    RuleError : a field that is misspelled
    UsageError : no book of rules
    """
    if rules is None:
        return standard_rules()
    if not isinstance(rules, Rulebook):
        raise UsageError(f"rules={rules!r:.60}: this must be what simsuite.rules.replace(...) returns.")
    for name in rules.replaced:
        tree = function_in(rules.functions[name])
        for line, words in misspelled(tree) if tree else ():
            raise RuleError(f"The replacement of {name!r}, {place_of(rules.functions[name], line)}: {words}")
    return rules


def misspelled(tree: ast.FunctionDef) -> Iterator[tuple[int, str]]:
    """Line and words of every field that the thing before the dot does not have, as far as names tell what it is."""
    kinds = {argument.arg: _kinds_of_argument(argument.arg) for argument in tree.args.args}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name, found = node.targets[0].id, _kinds(node.value, kinds)
            kinds[name] = found if kinds.get(name, found) == found else []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            known = _fields_of(_kinds(node.value, kinds))
            if known and node.attr not in known:
                yield node.lineno, _no_field(ast.unparse(node.value), node.attr, known)


def _no_field(owner: str, name: str, known: Any) -> str:
    meant = did_you_mean(name, known)
    hint = f" Did you mean {meant!r}?" if meant else ""
    return f"{owner} has no {name!r}.{hint} It has: {', '.join(known)}."


def _kinds_of_argument(name: str) -> list[Any]:
    """What rules call by this name: a record, a table, parameters, the world; more than one where names do not tell."""
    if name in ("world", "parameters"):
        return [World if name == "world" else Parameters]
    group = Parameters.model_fields.get(name)
    of_visit = [variable.kind for variable in state.VISIT.variables if variable.name == name]
    found = [group and group.annotation, THINGS.get(name), ROWS.get(name) or TABLES.get(name), *of_visit]
    return [kind for kind in found if kind is not None]


def _kinds(node: ast.expr, known: dict[str, list[Any]]) -> list[Any]:
    """What an expression may be: a record, a table as (record, how many indices), a group of parameters, the world."""
    if isinstance(node, ast.Name):
        return known.get(node.id, [])
    if isinstance(node, ast.Subscript):
        taken = len(node.slice.elts) if isinstance(node.slice, ast.Tuple) else 1
        tables = [kind for kind in _kinds(node.value, known) if isinstance(kind, tuple)]
        return [record if axes == taken else (record, axes - taken) for record, axes in tables]
    if isinstance(node, ast.Attribute):
        inner = _fields_of(_kinds(node.value, known)).get(node.attr)
        return [inner] if isinstance(inner, (Record, tuple)) or _is_group(inner) else []
    return []


def _is_group(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _fields_of(kinds: list[Any]) -> dict[str, Any]:
    """Names that may stand after the dot, with their kinds; empty: not known."""
    fields: dict[str, Any] = {}
    for kind in kinds:
        if kind is World:
            fields |= {name: table if table[1] else table[0] for name, table in TABLES.items()}
            fields |= {**dict.fromkeys(OTHERS), "parameters": Parameters, "tally": state.TALLY}
        elif isinstance(kind, Record):
            fields |= {
                variable.name: None if isinstance(variable.kind, tuple) else variable.kind
                for variable in kind.variables
            }
        elif _is_group(kind):
            fields |= {name: info.annotation for name, info in kind.model_fields.items()}
    return fields


@contextlib.contextmanager
def rules_in_words(book: Rulebook) -> Iterator[None]:
    """What fails because of a replaced rule is a RuleError that names it; all other errors pass."""
    try:
        yield
    except RuleError:
        raise
    except Exception as error:
        words = _blamed(book, error) if book.replaced else None
        if words is None:
            raise
        raise RuleError(words) from None


def _blamed(book: Rulebook, error: Exception) -> str | None:
    """Which replaced rule an error comes from, and why, in words; None if from none."""
    if isinstance(error, SimsuiteError) and not isinstance(error, UsageError):
        return None
    compiling = type(error).__module__.startswith("numba.")
    if not compiling and isinstance(error, (KeyError, TypeError)):
        compiling = any(frame.name == "compile" for frame in traceback.extract_tb(error.__traceback__))
    places = _places_of_compiler(str(error)) if compiling else _places_of_interpreter(error)
    reason = _reason(error, compiling)
    if compiling and isinstance(error, KeyError) and error.args:
        places = [*_where_read(book, str(error.args[0])), *places]
        reason = f"there is no field {error.args[0]!r}"
    for file, line in places:
        for name in book.replaced:
            if _holds(book.functions[name], file, line):
                source = linecache.getline(file, line).strip()
                return f"The replacement of {name!r}, {place_of(book.functions[name], line)}: {source!r}: {reason}."
    for file, line in places:
        for caller, function in book.functions.items():
            used = sorted(called_names(function) & {*book.replaced})
            if used and _holds(function, file, line):
                return (
                    f"The replacement of {' or '.join(map(repr, used))} returned what the rule {caller!r} that "
                    f"calls it ({place_of(function, line)}) cannot use: {reason}."
                )
    return f"The replaced rules ({', '.join(book.replaced)}) cannot be compiled: {reason}." if compiling else None


def _holds(function: Any, file: str, line: int) -> bool:
    """Whether a line of a file belongs to a function."""
    code = function.__code__
    if Path(code.co_filename).name != Path(file).name:
        return False
    return code.co_firstlineno <= line <= max(end for _, end, _, _ in code.co_positions() if end is not None)


def _places_of_interpreter(error: Exception) -> list[tuple[str, int]]:
    """Where an error was raised, the innermost first."""
    return [(frame.filename, frame.lineno) for frame in reversed(traceback.extract_tb(error.__traceback__))]


def _places_of_compiler(text: str) -> list[tuple[str, int]]:
    """Where a message of the compiler says that it was, the innermost first."""
    return [(file, int(line)) for file, line in re.findall(r'File "([^"]+)", line (\d+)', text)]


def _where_read(book: Rulebook, field: str) -> Iterator[tuple[str, int]]:
    """Lines of replaced rules at which a field of this name is read or written."""
    for name in book.replaced:
        tree = function_in(book.functions[name])
        for node in ast.walk(tree) if tree else ():
            if isinstance(node, ast.Attribute) and node.attr == field:
                yield book.functions[name].__code__.co_filename, node.lineno


def _reason(error: Exception, compiling: bool) -> str:
    """What went wrong, in one sentence."""
    text = str(error)
    if isinstance(error, AttributeError) and error.name and not isinstance(error, SimsuiteError):
        known = _fields_of([type(error.obj)]) or [name for name in dir(error.obj) if name[0] != "_"]
        return _no_field(f"a {type(error.obj).__name__}", error.name, known).rstrip(".")[:600]
    if compiling:
        lines = [line for line in text.splitlines() if line.strip() and not line.startswith("Failed in nopython")]
        asked = next((line.partition(">>>")[2].strip() for line in lines if ">>>" in line), None)
        text = f"compiled code cannot do {asked}" if asked else (lines or [type(error).__name__])[0]
    return text.strip().rstrip(".")[:400]
