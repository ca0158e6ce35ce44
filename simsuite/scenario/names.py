"""Checks of names and texts: what may be called what, and what can be shown."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

from simsuite.scenario.checks import Case, Finding, check
from simsuite.scenario.fields import leaves
from simsuite.scenario.library import CODE_RULE, ONE, SECTIONS, is_code
from simsuite.scenario.words import shown_name, shown_value
from simsuite.specs.base import code_of
from simsuite.specs.channel import ChannelSpec
from simsuite.vocabulary import ALL

BY_REGION = "region"  # a channel's stock_pool: its own in every region
PROSE = ("question", "story", "look_at", "surprise", "sources")  # may have several lines


@check
def names_are_codes(case: Case) -> Iterator[Finding]:
    """Names of channels, strategies and so on go into results and file names."""
    for section in SECTIONS:
        for name in getattr(case.spec, section):
            if not is_code(name):
                yield case.problem(
                    (section, name),
                    f"{shown_value(name)} cannot be a name: {CODE_RULE}.",
                    at_key=True,
                )


@check
def names_of_totals_are_free(case: Case) -> Iterator[Finding]:
    """Tables call the row over all segments, or over all channels, "all"."""
    for section in ("segments", "channels"):
        if ALL in getattr(case.spec, section):
            yield case.problem(
                (section, ALL),
                f'"{ALL}" cannot be the name of a {ONE[section]}: tables call the total of all {section} so. '
                "Choose another name.",
                at_key=True,
            )


@check
def the_word_for_own_stock_is_no_channel(case: Case) -> Iterator[Finding]:
    """`stock_pool = "region"` says that a channel has its own; stock of a channel of that code would be called the same."""
    for name, channel in case.spec.channels.items():
        if code_of(name, channel) == BY_REGION:
            what = "code" if channel.code else "name"
            yield case.problem(
                ("channels", name, "code") if channel.code else ("channels", name),
                f'"{BY_REGION}" cannot be the {what} of a channel: stock_pool = "{BY_REGION}" says that a channel keeps its own '
                f"stock in every region. Choose another {what}.",
                at_key=not channel.code,
            )


@check
def texts_can_be_shown(case: Case) -> Iterator[Finding]:
    """Titles go into pictures, pages and terminals; a control character breaks the first and moves the last."""
    for path, value in leaves(case.spec):
        texts = [(path, value)] if isinstance(value, str) else []
        if isinstance(value, tuple):
            texts = [((*path, index), text) for index, text in enumerate(value) if isinstance(text, str)]
        for place, text in texts:
            found = next((at for at, character in enumerate(text) if not _is_shown(character, path[-1])), None)
            if found is not None:
                yield case.problem(
                    place,
                    f"{shown_name(path[-1]) if place == path else 'an entry'} holds a character that cannot be shown, "
                    f"U+{ord(text[found]):04X}, behind {shown_value(text[:found])}. Take it out.",
                )


def _is_shown(character: str, name: str) -> bool:
    """False for control characters, for what is no character, and for what turns the writing around."""
    code = ord(character)
    if character in "\n\t":
        return name in PROSE
    return not (
        unicodedata.category(character) in ("Cc", "Cs")
        or code & 0xFFFE == 0xFFFE
        or 0xFDD0 <= code <= 0xFDEF
        or 0x202A <= code <= 0x202E
        or 0x2066 <= code <= 0x2069
    )


@check
def common_stock_is_not_called_like_a_channel_with_its_own(case: Case) -> Iterator[Finding]:
    """The pools of a channel that keeps its stock by region go by its code."""
    channels = case.spec.channels
    own = {code_of(name, channel): name for name, channel in channels.items() if channel.stock_pool == BY_REGION}
    own.pop(BY_REGION, None)  # refused as a code
    for name, channel in channels.items():
        if channel.stock_pool in own:
            owner = own[channel.stock_pool]
            if channels[owner].code:
                yield case.problem(
                    ("channels", owner, "code"),
                    f"code = {shown_value(channel.stock_pool)} is the name of the common stock of {name}, and {owner} keeps "
                    "its own by region. Say another code.",
                    given=[("channels", name, "stock_pool")],
                )
                return
            yield case.problem(
                ("channels", name, "stock_pool"),
                f"stock_pool = {shown_value(channel.stock_pool)} is a channel that keeps its stock by region, which nobody "
                f'shares. Give the common pool a name of its own, such as "{_free_name(channels)}".',
                given=[("channels", owner, "stock_pool")],
            )


def _free_name(channels: Mapping[str, ChannelSpec]) -> str:
    """A name for common stock that no channel has as its code."""
    codes = {code_of(name, channel) for name, channel in channels.items()}
    return next((name for name in ("central", "warehouse", "depot") if name not in codes), "stock_of_all")
