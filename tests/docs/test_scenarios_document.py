"""docs/scenarios.md tells the truth: its examples load, its tables name what the specs declare."""

import re
from pathlib import Path

import pytest

from simsuite.scenario import load
from simsuite.scenario.fields import declared, plain_number
from simsuite.scenario.ineffective import WARNINGS
from simsuite.specs.scenario import ScenarioSpec
from simsuite.vocabulary import Flow

DOCUMENT = Path(__file__).parents[2] / "docs" / "scenarios.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```toml\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
PARENT = """
title = "What an example of a few lines stands on"
extends = "retail_world"
[strategies.isolated]
[experiment]
reference = "isolated"
"""
TABLES = {
    "[population]": ("population",),
    "[clock]": ("clock",),
    "[segments.NAME]": ("segments", "any"),
    "[categories.NAME]": ("categories", "any"),
    "[channels.NAME]": ("channels", "any"),
    "flows": ("strategies", "any", "flows", "cart"),
    "authority": ("strategies", "any", "authority"),
    "capabilities": ("strategies", "any", "capabilities"),
    "announcement": ("strategies", "any", "announcement"),
    "[experiment]": ("experiment",),
    "[check.CHANNEL]": ("check", "any"),
}


def section(heading: str) -> str:
    """Text below a heading, up to the next one."""
    found = re.search(rf"^##+ {re.escape(heading)}\n(.*?)(?=^##|\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert found, f"{DOCUMENT.name} has no heading {heading!r}"
    return found[1]


def rows(heading: str) -> list[list[str]]:
    """Cells of the first table below a heading, without its header."""
    table = section(heading).partition("|---|")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()[1:]]


def span(path: tuple[str, ...]) -> str:
    """The range of a value as the document writes it."""
    about = declared(ScenarioSpec, path)
    if about.choices:
        return ", ".join(about.choices)
    if about.low is None:
        return ""
    high = "" if about.high is None else plain_number(about.high)
    return f"{plain_number(about.low)} to {high}" if high else f"from {plain_number(about.low)}"


def test_the_document_has_examples():
    assert len(BLOCKS) >= 8


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.strip().splitlines()[0][:40])
def test_every_example_loads(block, tmp_path):
    (tmp_path / "parent.toml").write_text(PARENT)
    text = f'extends = "parent.toml"\n{block}' if block.startswith("[") else block
    (tmp_path / "example.toml").write_text(text)
    assert load(tmp_path / "example.toml").spec.experiment.reference == "isolated"


@pytest.mark.parametrize("heading", TABLES)
def test_every_table_lists_what_is_declared_with_unit_and_range(heading):
    path = TABLES[heading]
    wanted = [
        [f"`{name}`", declared(ScenarioSpec, (*path, name)).unit, span((*path, name))]
        for name in declared(ScenarioSpec, path).spec.model_fields
    ]
    documented = rows(heading)
    assert [row[:3] for row in documented] == wanted
    assert all(row[3] for row in documented)


def test_every_group_of_parameters_is_listed_with_its_mechanism():
    groups = declared(ScenarioSpec, ("parameters",)).spec.model_fields
    wanted = [[f"`{name}`", field.annotation.code] for name, field in groups.items()]
    assert [row[:2] for row in rows("[parameters.GROUP]")] == wanted


def test_every_flow_is_explained():
    explained = section("flows").rpartition("|---|")[2].strip().splitlines()
    rows = [f"| `{flow.title}` | {flow.words.label} | {flow.words.error} |" for flow in Flow]
    assert [line for line in explained if line.startswith("| `")] == rows


WARNED_OF = {
    "capabilities_have_what_they_need": "a capability without its flow",
    "what_is_described_is_switched_on": "whose details are said and whose coverage, reach or strength is not",
    "delays_act_as_they_are_said": "a delay between two dayparts or days",
    "desks_have_whole_clerks": "desks whose clerks",
    "regions_are_as_large_as_they_are_said": "`customers_per_region` and",
    "areas_are_as_large_as_they_are_said": "`customers_per_pool` that do not divide",
    "flows_reach_another_channel": "a flow that reaches no channel, or one alone",
    "values_of_channels_can_act": "a value of a channel that another of its values keeps from acting",
    "strategies_differ_from_the_reference": "a strategy that is the same as the reference",
}


def test_every_warning_is_listed():
    listed = " ".join(TEXT.partition("What is allowed and yet has no effect")[2].partition("`--set")[0].split())
    assert {function.__name__ for function in WARNINGS} == set(WARNED_OF)
    assert [words for words in WARNED_OF.values() if words not in listed] == []
    assert "`price_level` without" in listed
