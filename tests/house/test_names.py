"""What behavior may not contain: strategies, kinds of channels, mathematics that differs between
machines.
"""

import ast
import re

import pytest
from sources import DECLARATIONS, PACKAGE, imported, modules, places, rules

from simsuite.machine.rulebook import standard_rules
from simsuite.rules import state
from simsuite.rules.mechanisms import MECHANISMS
from simsuite.specs.parameters import Parameters
from simsuite.vocabulary import CHANNEL_CODES, Flow

STRATEGY_WORDS = {
    "strategy",
    "strategies",
    "isolated",
    "integrated",
    "omni",
    "multi",
    "omnichannel",
    "multichannel",
    "cross",
    "crosschannel",
    "silo",
    "silos",
}
CHANNEL_KINDS = {
    *CHANNEL_CODES,
    *(path.stem for path in (PACKAGE / "specs" / "catalog" / "channels").glob("*.toml")),
    "web",
    "shop",
    "stores",
}
FLOW_RULES = {"rules/links.py"} | {
    f"rules/{module.__name__.rpartition('.')[2]}.py" for module in MECHANISMS if module.MECHANISM.flows
}
GROUPS = {name: info.annotation for name, info in Parameters.model_fields.items()}


def identifiers(tree):
    """Every name in the code with its line: variables, attributes, arguments, functions, keywords,
    texts that are no docstring.
    """
    documents = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.FunctionDef)) and ast.get_docstring(node) is not None
    }
    for node in ast.walk(tree):
        for field in ("id", "attr", "arg", "name"):
            if isinstance(getattr(node, field, None), str):
                yield getattr(node, field), getattr(node, "lineno", 0)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
            yield node.value, node.lineno


def words_of(identifier):
    """Words of an identifier; the whole of it counts as one too, for names such as mobile_web."""
    return {identifier.lower(), *re.split(r"[^a-z]+", identifier.lower())}


def found(tree, words):
    return sorted({(line, name) for name, line in identifiers(tree) if words_of(name) & words})


@pytest.mark.parametrize("path", [*rules(), "rules/state.py", "rules/mechanism.py"])
def test_no_rule_names_a_strategy(path):
    assert found(modules()[path], STRATEGY_WORDS) == []


@pytest.mark.parametrize("path", rules())
def test_no_rule_names_a_kind_of_channel(path):
    allowed = {"collect_in_store"}  # the capability, by its name in the field
    assert [entry for entry in found(rules()[path], CHANNEL_KINDS) if entry[1] not in allowed] == []


@pytest.mark.parametrize("path", rules())
def test_rules_import_rules_words_and_marks_alone(path):
    strangers = {
        name
        for name in imported(rules()[path])
        if not name.startswith(("simsuite.rules", "simsuite.vocabulary", "simsuite.tallies", "simsuite.machine"))
    }
    assert strangers == set()


@pytest.mark.parametrize("path", rules())
def test_rules_use_no_mathematics_that_differs_between_machines(path):
    tree = rules()[path]
    assert (
        places(
            tree,
            lambda node: (
                isinstance(node, ast.Pow)
                or isinstance(node, (ast.BinOp, ast.AugAssign))
                and isinstance(node.op, ast.Pow)
            ),
        )
        == []
    )
    assert (
        places(
            tree,
            lambda node: (
                isinstance(node, ast.Name)
                and node.id in ("math", "np", "numpy", "round", "pow", "sum", "divmod", "random")
            ),
        )
        == []
    )


@pytest.mark.parametrize("path", rules())
def test_every_function_in_rules_is_marked_and_says_what_it_does(path):
    for node in ast.walk(rules()[path]):
        if isinstance(node, ast.FunctionDef):
            marks = {mark.id if isinstance(mark, ast.Name) else mark.func.id for mark in node.decorator_list}
            assert marks in ({"rule"}, {"twin"}), f"{path}:{node.lineno} {node.name} carries {marks or 'no mark'}"
            assert ast.get_docstring(node), f"{path}:{node.lineno} {node.name} has no docstring"


@pytest.mark.parametrize("path", rules())
def test_a_rule_takes_at_most_nine_arguments_and_fits_on_a_screen(path):
    for node in ast.walk(rules()[path]):
        if isinstance(node, ast.FunctionDef):
            assert len(node.args.args) <= 9, f"{path}:{node.lineno} {node.name}"
            assert node.end_lineno - node.lineno < 50, f"{path}:{node.lineno} {node.name}"


def test_links_and_coverage_are_read_in_rules_of_flows_alone():
    readers = {
        path
        for path, tree in rules().items()
        if places(
            tree,
            lambda node: isinstance(node, ast.Attribute) and node.attr in ("links", "coverage"),
        )
    }
    assert readers <= FLOW_RULES


def test_links_are_read_only_by_flow_rules():
    """Whoever reads across channels goes through rules/links.py, and says so: its mechanism names the flow."""
    readers = {path for path, tree in rules().items() if "simsuite.rules.links" in imported(tree)}
    assert readers == FLOW_RULES - {"rules/links.py"}


def test_whether_a_record_is_connected_is_decided_in_one_module():
    readers = {
        path
        for path, tree in rules().items()
        if places(
            tree,
            lambda node: (
                isinstance(node, ast.Compare)
                and any(isinstance(side, ast.Attribute) and side.attr == "link" for side in ast.walk(node))
            ),
        )
    }
    assert readers == {"rules/links.py"}


def test_every_flow_is_read_by_some_rule():
    named = {
        node.attr
        for tree in rules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Flow"
    }
    assert named == {flow.name for flow in Flow}


def test_every_parameter_has_a_unit_and_a_source():
    for group, model in GROUPS.items():
        for name, info in model.model_fields.items():
            extra = info.json_schema_extra or {}
            assert extra.get("unit") and extra.get("source"), f"parameters.{group}.{name}"


def parameters_read(group):
    """Names read as attributes of something called like the group, or of `parameters.<group>`."""
    owners = {group, "planning"} if group == "stock" else {group}
    for node in (node for tree in rules().values() for node in ast.walk(tree) if isinstance(node, ast.Attribute)):
        owner = getattr(node.value, "id", None) or getattr(node.value, "attr", None)
        if owner in owners:
            yield node.attr


@pytest.mark.parametrize("group", GROUPS)
def test_every_parameter_is_read_by_some_rule(group):
    packed = {
        "stock": {"expected_units"},
        "waiting": {"customers_per_clerk"},
    }  # become a first forecast, a number of clerks
    unread = set(GROUPS[group].model_fields) - set(parameters_read(group)) - packed.get(group, set())
    assert unread == set()


def test_no_parameter_is_a_conversion_or_another_outcome():
    outcomes = re.compile(
        r"conver|abandon|order_(rate|share|probability)|purchase_probability|channel_share|sales|lift|uplift|effect_of"
    )
    fields = [f"{group}.{name}" for group, model in GROUPS.items() for name in model.model_fields]
    assert [field for field in fields if outcomes.search(field)] == []


def test_every_rule_is_called_by_another_or_by_an_engine():
    called = {
        call.func.id
        for path, tree in modules().items()
        if path.startswith(("rules/", "engines/kernels"))
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
    }
    assert sorted(set(standard_rules().functions) - called) == []


def test_every_state_variable_is_used_by_some_rule_or_measure():
    readers = [
        tree
        for path, tree in modules().items()
        if path.startswith(("rules/", "metrics/", "engines/")) and path not in DECLARATIONS
    ]
    used = {
        name
        for tree in readers
        for node in ast.walk(tree)
        for name in (getattr(node, "attr", None), getattr(node, "value", None))
        if isinstance(name, str)
    }
    records = (
        state.CHANNEL,
        state.SEGMENT,
        state.CATEGORY,
        state.ITEM,
        state.CUSTOMER,
        state.JOURNEY,
        state.RELATION,
        state.VISIT,
        state.STOCK,
        state.POOL,
        state.DESK,
    )
    unused = [
        f"{record.name}.{variable.name}"
        for record in records
        for variable in record.variables
        if variable.name not in used
    ]
    assert unused == []
