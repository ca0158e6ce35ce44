"""The JSON Schema of scenario files, so that editors complete names and mark mistakes."""

from __future__ import annotations

from typing import Any

from simsuite.scenario.fields import Declaration, declared, specs_within
from simsuite.scenario.library import CODE, ONE, SECTIONS
from simsuite.specs import base
from simsuite.specs.base import Spec
from simsuite.specs.scenario import ScenarioSpec

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TEXT_FORMS = {
    "share": base._PERCENT.pattern,
    "level": base._PERCENT.pattern,
    "days": base._DURATION.pattern,
    "whole days": base._DURATION.pattern,
    "minutes": base._DURATION.pattern,
}
ABOUT = ("title", "description", "default", "unit", "source", "off")


def scenario_schema() -> dict[str, Any]:
    """What a scenario file may say, parents and catalog entries left to say the rest.

    Nothing is required, `extends` is allowed where it works, and numbers have
    their second way of writing ("25 %", "15 min").
    """
    schema = ScenarioSpec.model_json_schema()
    for name, model in specs_within(ScenarioSpec).items():
        definition = schema if model is ScenarioSpec else schema["$defs"][name]
        definition.pop("required", None)
        for field, property_ in definition["properties"].items():
            definition["properties"][field] = _with_text_form(model, (field,), property_)
    schema["properties"]["extends"] = _extends(
        "a world of the catalog, a file in this folder, or a scenario that comes with simsuite"
    )
    for section in SECTIONS:
        named = schema["properties"][section]
        named["propertyNames"] = {"pattern": f"^{CODE.pattern}$"}
        model = declared(ScenarioSpec, (section,)).spec
        schema["$defs"][model.__name__]["properties"]["extends"] = _extends(
            f"another {ONE[section]} of this scenario or of the catalog; empty: nothing"
        )
    return {**_without_least_size(schema), "$schema": DIALECT, "title": "simsuite scenario"}


def _extends(description: str) -> dict[str, Any]:
    return {"type": "string", "description": description}


def _with_text_form(model: type[Spec], path: tuple[str, ...], property_: dict[str, Any]) -> dict[str, Any]:
    """The property with the text that also stands for its number."""
    declaration = declared(model, path)
    if declaration and declaration.kind == "names" and declaration.spec is None:
        entry = _with_text_form(model, (*path, "any"), property_["additionalProperties"])
        return {**property_, "additionalProperties": entry}
    pattern = TEXT_FORMS.get(declaration.kind) if declaration else None
    if pattern is None:
        return property_
    about = {key: property_[key] for key in ABOUT if key in property_}
    words = [{"enum": list(declaration.choices)}] if declaration.choices else []
    return {**about, "anyOf": [*words, _number(declaration), {"type": "string", "pattern": pattern}]}


def _number(declaration: Declaration) -> dict[str, Any]:
    number: dict[str, Any] = {"type": "number"}
    if declaration.low is not None:
        number["minimum"] = declaration.low
    if declaration.high is not None:
        number["maximum"] = declaration.high
    return number


def _without_least_size(schema: dict[str, Any]) -> dict[str, Any]:
    """A file may leave any table to its parent."""
    for property_ in schema["properties"].values():
        property_.pop("minProperties", None)
    return schema
