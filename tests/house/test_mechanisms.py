"""Whatever a scenario can say and whatever luck decides belongs to one mechanism, or to the spine of people and needs."""

from collections import Counter

from sources import PACKAGE

from simsuite.rules.mechanisms import MECHANISMS
from simsuite.specs.parameters import Parameters
from simsuite.vocabulary import Decision, Flow

OF_SPINE = {"needs.py", "traits.py", "draws_ahead.py"}  # who the people are, what they come to need, both drawn ahead


def declared(field: str) -> Counter:
    """What mechanisms declare as theirs, and how often."""
    found = Counter()
    for module in MECHANISMS:
        said = getattr(module.MECHANISM, field)
        found.update([said] if isinstance(said, str) and said else said or ())
    return found


def test_every_group_of_parameters_belongs_to_one_mechanism():
    owners = declared("parameters")
    assert set(Parameters.model_fields) - set(owners) == {"needs"} and set(owners.values()) == {1}


def test_every_flow_belongs_to_one_mechanism():
    assert declared("flows") == dict.fromkeys(Flow, 1)


def test_every_decision_belongs_to_one_mechanism_or_to_people_and_needs():
    owners = declared("decisions")
    assert set(owners.values()) == {1}
    spine = "".join((PACKAGE / "rules" / name).read_text(encoding="utf-8") for name in OF_SPINE)
    others = {decision for decision in set(Decision) - set(owners) if decision != Decision.CATALOG}  # never drawn
    assert {decision for decision in others if f"Decision.{decision.name}" not in spine} == set()
