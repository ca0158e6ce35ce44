"""What a measure needs beyond its run: properties of the channels, and the reference world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simsuite.run_result import RunResult
from simsuite.tallies import Switch

PLACE, OWN_SHOP, PHONE, THIRD_PARTY, OTHER = (
    "place",
    "own shop",
    "phone",
    "third party",
    "other online",
)


@dataclass(frozen=True)
class Context:
    """What the measures of one run go by.

    counts_carts : bool [channels], own online shops, whose carts count as online carts
    groups : name of the group of each channel, see `group_of`
    switches : integers [channels, channels], changes of channel in the reference world; they
        weigh the pairs of the audit in every world, so that the weights are frozen
    twin : the reference world, if it holds the same customers and needs; None: no twins
    """

    counts_carts: np.ndarray
    groups: tuple[str, ...]
    switches: np.ndarray
    twin: RunResult | None = None


def context_of(result: RunResult, reference: RunResult, channels: Sequence[Mapping]) -> Context:
    """Context of a run that is compared with `reference`, perhaps of a world with other channels.

    channels : properties by channel index of the run: counts_carts, shares_data, sells_now,
        staffed, needs_account
    """
    return Context(
        counts_carts=np.array([bool(channel["counts_carts"]) for channel in channels]),
        groups=tuple(group_of(channel) for channel in channels),
        switches=_switches(reference, result.channel_names),
    )


def _switches(reference: RunResult, names: Sequence[str]) -> np.ndarray:
    """Changes of channel in the reference world, by these names; 0 at a channel that it lacks."""
    counts = dict(np.ndenumerate(reference.tallies["switches"][:, :, Switch.ALL]))
    code = {name: place for place, name in enumerate(reference.channel_names)}
    return np.array([[counts.get((code.get(before), code.get(here)), 0) for here in names] for before in names])


def group_of(channel: Mapping) -> str:
    """Group within which a change of channel is no research shopping, by what a channel is.

    Third party: data are not shared. Place: the buyer takes the item away. Phone: staffed, but
    no place. Own shop: buying needs an account. Other online: the rest, such as social media.
    """
    if not channel["shares_data"]:
        return THIRD_PARTY
    if channel["sells_now"]:
        return PLACE
    if channel["staffed"]:
        return PHONE
    return OWN_SHOP if channel["needs_account"] else OTHER
