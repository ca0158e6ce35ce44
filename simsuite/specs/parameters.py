"""All parameters of the mechanisms, one group a mechanism; `--without statements` sets a group to its off values."""

from __future__ import annotations

from pydantic import Field

from simsuite.specs.base import Spec
from simsuite.specs.demand import ChoiceParameters, FeelingsParameters, LearningParameters, NeedsParameters
from simsuite.specs.encounter import (
    ContextParameters,
    GivingUpParameters,
    IdentityParameters,
    RaceParameters,
    StatementsParameters,
)
from simsuite.specs.supply import (
    AuditParameters,
    OrdersParameters,
    PromotionsParameters,
    StockParameters,
    WaitingParameters,
)


class Parameters(Spec):
    """Rules see this as `parameters.race.pause_rate`, under the same names in both engines."""

    needs: NeedsParameters = Field(default_factory=NeedsParameters)
    choice: ChoiceParameters = Field(default_factory=ChoiceParameters)
    waiting: WaitingParameters = Field(default_factory=WaitingParameters)
    identity: IdentityParameters = Field(default_factory=IdentityParameters)
    context: ContextParameters = Field(default_factory=ContextParameters)
    statements: StatementsParameters = Field(default_factory=StatementsParameters)
    race: RaceParameters = Field(default_factory=RaceParameters)
    giving_up: GivingUpParameters = Field(default_factory=GivingUpParameters)
    stock: StockParameters = Field(default_factory=StockParameters)
    orders: OrdersParameters = Field(default_factory=OrdersParameters)
    promotions: PromotionsParameters = Field(default_factory=PromotionsParameters)
    feelings: FeelingsParameters = Field(default_factory=FeelingsParameters)
    learning: LearningParameters = Field(default_factory=LearningParameters)
    audit: AuditParameters = Field(default_factory=AuditParameters)

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
