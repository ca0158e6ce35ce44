"""What a measure goes by beyond its run."""

import pytest

from simsuite.metrics.surroundings import context_of, group_of

PLAIN = {
    "counts_carts": False,
    "shares_data": True,
    "sells_now": False,
    "staffed": False,
    "needs_account": False,
}


@pytest.mark.parametrize(
    ("properties", "group"),
    [
        ({"sells_now": True, "staffed": True}, "place"),
        ({"staffed": True}, "phone"),
        ({"needs_account": True, "counts_carts": True}, "own shop"),
        ({"counts_carts": True}, "other online"),
        ({"shares_data": False, "needs_account": True}, "third party"),
    ],
)
def test_a_channel_belongs_to_a_group_by_what_it_is(properties, group):
    assert group_of(PLAIN | properties) == group


def test_the_channels_of_the_catalog_fall_into_their_groups(worlds):
    packed, isolated, _ = worlds
    groups = dict(
        zip(
            isolated.channel_names,
            context_of(isolated, isolated, packed.channels).groups,
            strict=True,
        )
    )
    assert groups == {
        "store": "place",
        "desktop_web": "own shop",
        "mobile_web": "own shop",
        "app": "own shop",
        "social": "other online",
        "marketplace": "third party",
        "phone": "phone",
    }


def test_changes_of_the_reference_world_go_by_the_name_of_the_channel(make_run):
    reference = make_run({"switches": {(0, 1, 0): 5, (2, 0, 0): 8}})
    run = make_run(channels=("web", "new", "store"))
    switches = context_of(run, reference, [PLAIN] * 3).switches
    assert switches.tolist() == [[0, 0, 0], [0, 0, 0], [5, 0, 0]]
