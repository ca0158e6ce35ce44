"""A book of rules: all marked functions, linked to each other, interpreted or compiled.

Each marked function is copied with its globals rebound to the linked copies, so
that replacing one rule reaches everything that calls it, in both engines:

    book = simsuite.rules.replace(channel_utility=my_channel_utility)
"""

from __future__ import annotations

import dis
import functools
import importlib
import inspect
import linecache
import pkgutil
import threading
import types
from collections import namedtuple
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from simsuite.errors import RuleError
from simsuite.machine import cache, compiled, marks
from simsuite.machine.imports import KERNEL_MODULES, MACHINERY, RULE_PACKAGES, texts_behind
from simsuite.machine.instructions import prefetch
from simsuite.machine.replacement import faults, function_in

ALLOWED_BUILTINS = frozenset({"abs", "min", "max", "int", "float", "bool", "len", "range"})


_LINKING = threading.RLock()


@dataclass(frozen=True, repr=False)
class Rulebook:
    """A set of rules by name; `replaced` names those that are not the project's own."""

    functions: dict[str, Callable]
    replaced: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Rulebook of {len(self.functions)} rules, replaced: {', '.join(self.replaced) or 'none'}>"

    def __getstate__(self) -> dict[str, object]:
        """Functions by name; linked and compiled they are made anew."""
        return {"functions": self.functions, "replaced": self.replaced}

    def __setstate__(self, values: dict[str, object]) -> None:
        self.__dict__.update(values)

    def __deepcopy__(self, memo: dict) -> Rulebook:
        return self  # it never changes

    def replace(self, **rules: Callable) -> Rulebook:
        """A new book in which the named rules are other functions of the same signature.

        An index of a table must not be negative. Where a number may be -1, which means none, ask first:
        compiled code takes it as it is. Whoever replaces `shape_need`, `choose` or `visit` draws ahead as they do
        (`rules/draws_ahead.py`): what they call looks at those numbers. What is drawn ahead is drawn by `four_philox`
        from `philox`; another `draw` or `draw4` does not reach it.

        Raises
        ------
        RuleError
            If a name is no rule, the arguments differ, or the function uses
            syntax that cannot be compiled (imports, comprehensions, closures ...).
        """
        functions = dict(self.functions)
        for name, function in rules.items():
            functions[name] = checked_replacement(name, function, self.functions)
        return Rulebook(functions, tuple(sorted({*self.replaced, *rules})))

    def sources(self) -> list[str]:
        """Source text of every rule, in the order of their names."""
        return [
            f"{name}\n{self.functions[name].__module__}\n{source_of(self.functions[name])}\n{constants_of(self.functions[name])}"
            for name in sorted(self.functions)
        ]

    @functools.cached_property
    def interpreted(self) -> types.SimpleNamespace:
        """The rules as plain Python, linked to each other."""
        return types.SimpleNamespace(**link(self.functions, lambda name, function: function))

    @functools.cached_property
    def digest(self) -> str:
        """The name of this book's machine code."""
        return cache.digest_of([*self.sources(), *machinery().values()])

    @functools.cached_property
    def folder(self) -> Path | None:
        """Where the machine code of this book is kept; None: nowhere."""
        return cache.cache_folder(self.digest)

    @property
    def kernels(self) -> types.SimpleNamespace:
        """The compiled kernels; machine code comes from the cache folder where it lies there."""
        with _LINKING:  # runs of several threads may ask at once
            if "_kernels" not in self.__dict__:
                self.__dict__["_kernels"] = self._link_kernels()
            return self.__dict__["_kernels"]

    def _link_kernels(self) -> types.SimpleNamespace:
        modules = [importlib.import_module(name) for name in KERNEL_MODULES]
        kernels, helpers = (
            {name: function for module in modules for name, function in marked_functions(module, mark).items()}
            for mark in (marks.KERNEL_MARK, marks.HELPER_MARK)
        )
        digest, folder = self.digest, self.folder

        def translate(name: str, function: Callable) -> Callable:
            if name in kernels:
                return compiled.compile_kernel(function, digest, folder)
            return self.twin_of(name, function) or compiled.compile_rule(function)

        everything = {**self.functions, **helpers, **kernels, "prefetch": prefetch}
        linked = link(everything, translate)
        return types.SimpleNamespace(**{name: linked[name] for name in kernels})

    def twin_of(self, name: str, function: Callable) -> Callable | None:
        """What stands for a rule or helper in compiled code; None if it has no twin, or one that would miss a replaced rule."""
        misses = name in self.functions and self.calls_replaced(name)
        return None if misses else getattr(function, marks.TWIN_MARK, None)

    def calls_replaced(self, name: str) -> bool:
        """Whether a rule calls a replaced one, itself or through others: a twin of its body would not."""
        called = (other for other in called_names(self.functions[name]) if other in self.functions and other != name)
        return any(other in self.replaced or self.calls_replaced(other) for other in called)

    def signature(self) -> dict[str, str]:
        """What a report says about the rules in use: name and digest of each replaced one."""
        import hashlib

        return {
            name: hashlib.sha256(
                (source_of(self.functions[name]) + constants_of(self.functions[name])).encode()
            ).hexdigest()[:16]
            for name in self.replaced
        }


def marked_functions(module: types.ModuleType, mark: str) -> dict[str, Callable]:
    """The functions defined in this module that carry the mark."""
    return {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, types.FunctionType) and getattr(value, mark, False) and value.__module__ == module.__name__
    }


@functools.cache
def standard_rules() -> Rulebook:
    """The project's own rules: every marked function in `simsuite.rules`."""
    functions: dict[str, Callable] = {}
    for package_name in RULE_PACKAGES:
        package = importlib.import_module(package_name)
        for info in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{package_name}.{info.name}")
            for name, function in marked_functions(module, marks.RULE_MARK).items():
                if name in functions:
                    raise RuleError(
                        f"Two rules are called {name!r}: {functions[name].__module__} and {module.__name__}."
                    )
                functions[name] = function
    for function in functions.values():
        source_of(function)  # now, as imported: a file may be edited while the program runs
    machinery()
    return Rulebook(functions)


@functools.cache
def machinery() -> dict[str, str]:
    """Texts of all modules behind the kernels, as imported: machine code is of these and of no others."""
    return texts_behind(*MACHINERY)


def replace(**rules: Callable) -> Rulebook:
    """The project's rules with some replaced; hand the result to `run` or `compare` as `rules=`; see `Rulebook.replace`."""
    return standard_rules().replace(**rules)


def names() -> list[str]:
    """The names of all rules."""
    return sorted(standard_rules().functions)


def link(functions: dict[str, Callable], translate: Callable[[str, Callable], Callable]) -> dict[str, Callable]:
    """Copy the functions with the names they call bound to the copies, callees first."""
    linked: dict[str, Callable] = {}
    for name in in_order_of_calls(functions):
        original = functions[name]
        used = called_names(original)
        bound = {**original.__globals__, **{key: linked[key] for key in used if key in linked}}
        bound.update({key: plain_codes(bound[key]) for key in used if is_enumeration(bound.get(key))})
        copy = types.FunctionType(original.__code__, bound, original.__name__, original.__defaults__)
        copy.__dict__.update(original.__dict__)
        copy.__doc__, copy.__module__, copy.__qualname__ = original.__doc__, original.__module__, original.__qualname__
        linked[name] = translate(name, copy)
    return linked


def is_enumeration(value: object) -> bool:
    """Whether a global is one of the vocabulary's enumerations."""
    return isinstance(value, type) and issubclass(value, IntEnum)


@functools.cache
def plain_codes(enumeration: type[IntEnum]) -> tuple:
    """The codes of an enumeration as plain numbers under the same names: one type for the compiler."""
    members = {member.name: int(member) for member in enumeration}
    return namedtuple(enumeration.__name__, members)(**members)


@functools.lru_cache(maxsize=1024)
def called_names(function: Callable) -> frozenset[str]:
    """Global names that the function's code refers to."""
    return frozenset(step.argval for step in dis.get_instructions(function) if step.opname == "LOAD_GLOBAL")


def in_order_of_calls(functions: dict[str, Callable]) -> list[str]:
    """Names such that each rule stands after those that it calls; rules call in one direction."""
    from graphlib import CycleError, TopologicalSorter

    graph = {
        name: {other for other in called_names(function) if other in functions and other != name}
        for name, function in functions.items()
    }
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise RuleError(f"Rules call each other in a circle: {' -> '.join(error.args[1])}.") from None


@functools.lru_cache(maxsize=1024)
def source_of(function: Callable) -> str:
    """Source text of a rule, or its byte code where there is no source (an interactive session)."""
    code = function.__code__
    linecache.checkcache(code.co_filename)
    lines = linecache.getlines(code.co_filename)  # `inspect` would tokenize them: a quarter of a second for all rules
    if not lines:
        return repr((code.co_code, code.co_consts, code.co_names))
    last = max(end for _, end, _, _ in code.co_positions() if end is not None)
    return "".join(lines[code.co_firstlineno - 1 : last])


def constants_of(function: Callable) -> str:
    """The plain constants of its module that a rule uses, with their values: compiled in, so part of its source."""
    used = ((name, function.__globals__.get(name)) for name in sorted(called_names(function)))
    return repr(
        [
            (name, plain_codes(value) if is_enumeration(value) else value)
            for name, value in used
            if is_enumeration(value) or isinstance(value, (bool, int, float, str, tuple))
        ]
    )


def place_of(function: Callable, line: int) -> str:
    """Where a line of a rule stands: a cell of a notebook has no file that anybody knows."""
    file = Path(function.__code__.co_filename)
    return f"{file.name}, line {line}" if file.is_file() else f"line {line}"


def checked_replacement(name: str, function: Callable, known: dict[str, Callable]) -> Callable:
    """The function, if it can stand in for the rule of this name; else a RuleError that says why."""
    if name not in known:
        import difflib

        near = difflib.get_close_matches(name, known, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise RuleError(f"There is no rule {name!r}.{hint} `simsuite.rules.names()` lists them.")
    wanted, given = list(inspect.signature(known[name]).parameters), list(inspect.signature(function).parameters)
    if wanted != given:
        raise RuleError(f"Rule {name!r} takes ({', '.join(wanted)}); the replacement takes ({', '.join(given)}).")
    if function.__closure__:
        raise RuleError(
            f"The replacement of {name!r} uses variables of the function around it "
            f"({', '.join(function.__code__.co_freevars)}); make them constants of the module."
        )
    text, original = function_in(function), function_in(known[name])
    for line, words in sorted(faults(text, original)) if text and original else ():
        raise RuleError(f"The replacement of {name!r}, {place_of(function, line)}, {words}")
    for used in sorted(called_names(function)):
        value = function.__globals__.get(used)
        constant = isinstance(value, (bool, int, float)) or is_enumeration(value)
        if not (constant or used in known or (value is None and used in ALLOWED_BUILTINS)):
            raise RuleError(
                f"The replacement of {name!r} uses {used!r}, which is no rule, no number and no code of the "
                f"vocabulary. Besides rules it may call {', '.join(sorted(ALLOWED_BUILTINS))}."
            )
    source_of(function)  # now, as in `standard_rules`
    return marks.rule(function)
