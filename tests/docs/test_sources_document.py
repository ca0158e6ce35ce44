"""Every code behind a value, a scenario or a target is explained in docs/sources.md."""

from pathlib import Path

import pytest

from simsuite.report.said.sources import CODE, FACTS, codes_in, explained, sources_document

ROOT = Path(__file__).parents[2]
PLACES = [
    *sorted((ROOT / "simsuite" / "specs").rglob("*.py")),
    *sorted((ROOT / "simsuite" / "specs").rglob("*.toml")),
    *sorted((ROOT / "scenarios").glob("*.toml")),
    # verification.md explains the limit cases that it lists itself
    *sorted(path for path in (ROOT / "docs").glob("*.md") if path.name != "verification.md"),
    ROOT / "README.md",
]


def test_the_document_is_rendered_from_the_list():
    assert (ROOT / "docs" / "sources.md").read_text(encoding="utf-8") == sources_document()


@pytest.mark.parametrize("path", PLACES, ids=lambda path: path.name)
def test_every_code_is_explained(path):
    assert set(codes_in([path.read_text(encoding="utf-8")])) - set(explained()) == set()


def test_codes_are_really_found():
    parameters = " ".join(path.read_text(encoding="utf-8") for path in PLACES if path.parent.name == "specs")
    assert {"F03", "F77", "F81"} <= set(CODE.findall(parameters))


def test_every_fact_says_who_found_it_and_what():
    for code, fact in FACTS.items():
        assert len(fact.reference) > 5 and len(fact.says) > 40, code
