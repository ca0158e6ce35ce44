"""All parameters of the mechanisms, one group a mechanism; `--without M6` sets a group to its off values."""

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
        """The same parameters with every group of this mechanism at its off values."""
        changed = {}
        for name in type(self).model_fields:
            group = getattr(self, name)
            if type(group).mechanism == mechanism:
                off = {
                    field: info.json_schema_extra["off"]
                    for field, info in type(group).model_fields.items()
                    if info.json_schema_extra and "off" in info.json_schema_extra
                }
                changed[name] = group.model_copy(update=off)
        return self.model_copy(update=changed)

    @classmethod
    def mechanisms(cls) -> list[str]:
        """Codes that `without` understands."""
        return sorted({info.annotation.mechanism for info in cls.model_fields.values()})
