"""The smallest world in which every phase has work; used to compile the rules."""

from __future__ import annotations

from simsuite.scenario.pack import PackedScenario, pack
from simsuite.specs.category import CategorySpec
from simsuite.specs.channel import ChannelSpec
from simsuite.specs.scenario import ExperimentSpec, PopulationSpec, ScenarioSpec
from simsuite.specs.segment import SegmentSpec
from simsuite.specs.strategy import StrategySpec


def tiny_world(customers: int = 200) -> PackedScenario:
    """Two channels, one category, very busy people."""
    attributes = dict.fromkeys(
        (
            "breadth",
            "information",
            "inspection",
            "reassurance",
            "immediacy",
            "experience",
            "screen_friction",
            "form_friction",
            "knowledge_gain",
            "identification_rate",
            "recognizable",
            "surcharge",
            "payment_risk",
        ),
        0.5,
    )
    return pack(
        ScenarioSpec(
            population=PopulationSpec(customers=customers, customers_per_region=customers),
            segments={"regular": SegmentSpec(need_rate=700.0, need_rate_shape=5.0)},
            categories={
                "goods": CategorySpec(
                    need_share=1.0,
                    need_to_inspect=0.5,
                    risk=0.5,
                    pleasure=0.5,
                    urgency=0.5,
                    deliberation=0.5,
                    price=50.0,
                )
            },
            channels={
                "shop": ChannelSpec(staffed=True, sells_now=True, service=5.0, stock_pool="region", **attributes),
                "web": ChannelSpec(counts_carts=True, **attributes),
            },
            strategies={"isolated": StrategySpec()},
            experiment=ExperimentSpec(warm_up=0, horizon=2, cool_down=0),
        )
    )
