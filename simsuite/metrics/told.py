"""Between which channels the mystery shoppers' question for stock is answered at all."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from simsuite.rules.luck import draw
from simsuite.scenario.pack import PackedScenario
from simsuite.vocabulary import FIRM, PARTS_PER_DAY, Decision, Flow

LONGEST_DELAY = 400 * PARTS_PER_DAY  # as in `rules/links.py`: beyond, nothing is ever read


def stock_told(packed: PackedScenario, strategy: str, replication: int) -> np.ndarray:
    """Share of the regions in which both channels say something about the shelf of the place.

    A place speaks for its own shelf; every other channel needs the stock flow to it, with both
    ends connected, which is drawn once per replication.

    Returns
    -------
    floats [channel asked first, channel asked second], 0 to 1; 0 where no channel is a place
    """
    count = len(packed.channels)
    place = next((at for at in range(count) if packed.channels[at]["sells_now"]), None)
    if place is None:
        return np.zeros((count, count))
    luck = SimpleNamespace(key_0=packed.seed & 0xFFFFFFFF, key_1=packed.seed >> 32, replication=replication)
    lot = np.array([draw(luck, FIRM, 0, Decision.CHANNEL_LINK, row["code"]) for row in packed.channels])
    tables = packed.strategies[strategy]
    share = np.array([rows.columns["share"] for rows in tables.coverage[Flow.STOCK]])  # [channels, regions]
    connected = lot[:, None] < share
    near = np.array([link["delay"] <= LONGEST_DELAY for link in tables.links[Flow.STOCK][place]])
    speaks = connected & connected[place] & near[:, None]
    speaks[place] = True
    return (speaks[:, None] & speaks[None]).mean(2)
