"""All parameters of the mechanisms, one group a mechanism; `--without statements` sets a group to its off values."""

from __future__ import annotations

from simsuite.specs.demand import DemandGroups
from simsuite.specs.encounter import EncounterGroups
from simsuite.specs.supply import SupplyGroups


class Parameters(SupplyGroups, EncounterGroups, DemandGroups):
    """Rules see this as `parameters.race.pause_rate`, under the same names in both engines."""

    def without(self, mechanism: str) -> Parameters:
        """The same parameters with the group of this name at its off values."""
        group = getattr(self, mechanism)
        off = {
            field: info.json_schema_extra["off"]
            for field, info in type(group).model_fields.items()
            if info.json_schema_extra and "off" in info.json_schema_extra
        }
        return self.model_copy(update={mechanism: group.model_copy(update=off)})

    @classmethod
    def mechanisms(cls) -> dict[str, str]:
        """The words that `without` understands, each with its code in the description of the model ("M6")."""
        return {name: info.annotation.code for name, info in cls.model_fields.items()}
