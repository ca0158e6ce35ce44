"""What is wrong with a function that shall stand in for a rule, as far as its text tells: told before anything runs.

Compiled code gives a variable that was never set the value that lies in memory, and a missing return an error of the
compiler that speaks of anything but the rule.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator

NOT_ALLOWED = {
    ast.Import: "an import",
    ast.ImportFrom: "an import",
    ast.Try: "try",
    ast.With: "with",
    ast.Lambda: "a lambda",
    ast.ListComp: "a list comprehension",
    ast.DictComp: "a dict comprehension",
    ast.SetComp: "a set comprehension",
    ast.GeneratorExp: "a generator",
    ast.List: "a list",
    ast.Dict: "a dict",
    ast.Set: "a set",
    ast.Global: "global",
    ast.Nonlocal: "nonlocal",
    ast.Yield: "yield",
    ast.YieldFrom: "yield",
    ast.Await: "await",
    ast.ClassDef: "a class",
    ast.Pow: "the power operator **",
    ast.JoinedStr: "text",
    ast.Assert: "assert",
    ast.Raise: "raise",
    ast.Delete: "del",
    ast.Starred: "a starred argument",
}


def function_in(function: Callable) -> ast.FunctionDef | None:
    """The syntax tree of a function, lines counted as in its file; None where it has no text."""
    try:
        lines, first = inspect.getsourcelines(function)
        tree = ast.parse(textwrap.dedent("".join(lines)))
    except (OSError, SyntaxError):
        return None
    ast.increment_lineno(tree, first - 1)
    return next((node for node in tree.body if isinstance(node, ast.FunctionDef)), None)


def faults(tree: ast.FunctionDef, original: ast.FunctionDef) -> Iterator[tuple[int, str]]:
    """Line and words of all that its text shows to be wrong."""
    yield from _syntax(tree)
    yield from _counted_from_the_end(tree)
    yield from _returns(tree, _kind_of_return(original))
    yield from _unset(tree)


def _syntax(tree: ast.FunctionDef) -> Iterator[tuple[int, str]]:
    document = tree.body[0].value if ast.get_docstring(tree) is not None else None
    for node in ast.walk(tree):
        used = NOT_ALLOWED.get(type(node))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node is not tree:
            used = "a function of its own"
        if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes, complex)) and node is not document:
            used = "text" if isinstance(node.value, (str, bytes)) else "a complex number"
        if used is not None:
            yield (
                _line(node, tree),
                f"uses {used}, which does not give the same bits in both engines. Allowed: arithmetic, comparisons, "
                "if, for, while, and calls of rules.",
            )


def _counted_from_the_end(tree: ast.FunctionDef) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Subscript)
            and isinstance(node.slice, ast.UnaryOp)
            and isinstance(node.slice.op, ast.USub)
        ):
            yield (
                node.lineno,
                f"counts from the end: {ast.unparse(node)}. Compiled tables do not. Write len(...) - 1; and ask first "
                "where a number may be -1, which means none.",
            )


def _kind_of_return(tree: ast.FunctionDef) -> int:
    """How many values a rule returns: 0 none, 1 one, more a tuple."""
    values = [node.value for node in ast.walk(tree) if isinstance(node, ast.Return) and node.value is not None]
    if not values:
        return 0
    return max(len(value.elts) if isinstance(value, ast.Tuple) else 1 for value in values)


def _returns(tree: ast.FunctionDef, wanted: int) -> Iterator[tuple[int, str]]:
    """Where it returns something else than the rule: nothing, or another number of values."""
    if wanted == 0:
        return
    what = "a value" if wanted == 1 else f"{wanted} values"
    for node in ast.walk(tree):
        if not isinstance(node, ast.Return):
            continue
        if node.value is None or (isinstance(node.value, ast.Constant) and node.value.value is None):
            yield node.lineno, f"returns nothing; the rule returns {what}."
        elif isinstance(node.value, ast.Tuple) and len(node.value.elts) != wanted:
            yield node.lineno, f"returns {len(node.value.elts)} values; the rule returns {what}."
        elif isinstance(node.value, ast.Constant) and wanted > 1:
            yield node.lineno, f"returns one value; the rule returns {what}."
    if not _ends(tree.body):
        yield tree.body[-1].end_lineno, f"can end here without a return; the rule returns {what}."


def _ends(body: list[ast.stmt]) -> bool:
    """Whether no path leads past the last of these statements."""
    last = body[-1] if body else None
    if isinstance(last, ast.Return):
        return True
    if isinstance(last, ast.If):
        return _ends(last.body) and _ends(last.orelse)
    if isinstance(last, ast.Match):
        case = last.cases[-1]
        everything = isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None and case.guard is None
        return everything and all(_ends(each.body) for each in last.cases)
    endless = isinstance(last, ast.While) and isinstance(last.test, ast.Constant) and last.test.value
    return bool(endless) and not any(isinstance(node, ast.Break) for node in ast.walk(last))


def _unset(tree: ast.FunctionDef) -> Iterator[tuple[int, str]]:
    """Variables that some path reads before it has set them; a loop counts as gone through once at least."""
    own = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    found: dict[str, int] = {}
    given = {argument.arg for argument in tree.args.args}

    def read(node: ast.AST | None, known: set[str]) -> None:
        for each in ast.walk(node) if node is not None else ():
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load) and each.id in own - known:
                found.setdefault(each.id, each.lineno)
        known |= {each.id for each in ast.walk(node) if isinstance(each, ast.Name)} & own if node is not None else set()

    def run(body: list[ast.stmt], known: set[str]) -> set[str] | None:
        """What is known after these statements; None if no path leads past them."""
        for statement in body:
            if isinstance(statement, (ast.Return, ast.Break, ast.Continue)):
                read(getattr(statement, "value", None), known)
                return None
            if isinstance(statement, ast.If):
                read(statement.test, known)
                ways = [run(branch, set(known)) for branch in (statement.body, statement.orelse)]
                ways = [way for way in ways if way is not None]
                if not ways:
                    return None
                known = set.intersection(*ways)
            elif isinstance(statement, (ast.For, ast.While)):
                read(statement.iter if isinstance(statement, ast.For) else statement.test, known)
                if isinstance(statement, ast.For):
                    read(statement.target, known)
                known |= run(statement.body, set(known)) or known
            elif isinstance(statement, ast.AugAssign):
                target = statement.target
                if isinstance(target, ast.Name):  # is read as well as written
                    target = ast.Name(target.id, ast.Load(), lineno=target.lineno)
                read(target, known)
                read(statement.value, known)
            elif isinstance(statement, ast.Assign):
                read(statement.value, known)
                for target in statement.targets:
                    read(target, known)
            else:
                read(statement, known)
        return known

    run(tree.body, set(given))
    for name, line in found.items():
        yield line, f"uses {name} where not every way to this line has set it. Set it first."


def _line(node: ast.AST, tree: ast.FunctionDef) -> int:
    return getattr(node, "lineno", tree.lineno)
