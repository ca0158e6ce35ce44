"""What the codes behind values and targets stand for; `docs/sources.md` is rendered from here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

SEEN, REPORTED, RECOMPUTED, REMEMBERED = (
    "seen in the source",
    "seen in somebody's report of it",
    "recomputed from the data",
    "from memory: check before quoting",
)


@dataclass(frozen=True)
class Source:
    """One fact: who found it and when, what it says in our words, how it was checked."""

    reference: str
    says: str
    checked: str


FACTS = {
    "F01": Source(
        "Baymard Institute, running average of about 50 studies, 2024",
        "About seven of ten online carts never become an order; single studies range from 55 to 85 %.",
        REPORTED,
    ),
    "F02": Source(
        "Barilliance, via Glassbox; Statista, 2022",
        "Carts are left more often on small screens: around 70 % on desktops, around 85 % on phones.",
        REPORTED,
    ),
    "F03": Source(
        "Baymard Institute and Statista, survey of US shoppers, 2024",
        "Reasons named for leaving at "
        "the checkout: extra cost 48, account demanded 26, distrust of the payment 25, slow delivery 23, "
        "long form 22, and others, 222 mentions in all; used as relative weights.",
        REPORTED,
    ),
    "F04": Source(
        "Baymard Institute, via Klaviyo; and a newer edition",
        "43 to 60 % of those who leave a cart say that they were only looking or not ready.",
        REPORTED,
    ),
    "F11": Source(
        "SeeWhy, about 2011",
        "Of all purchases 30 % come within 20 minutes of the first visit, half "
        "within the hour, 72 % within a day, 95 % within two weeks.",
        REPORTED,
    ),
    "F19": Source(
        "Monetate quarterlies, 2014 to 2019; Endertech",
        "About four of a hundred visits by desktop end in a purchase, one to two of a hundred by phone.",
        REPORTED,
    ),
    "F21": Source(
        "Criteo, fourth quarter of 2017, 5,000 retailers",
        "Of those who look at a product 21 % buy in the app and 6 % on the mobile web; who has the app has chosen it.",
        SEEN,
    ),
    "F22": Source(
        "trade sources, McKinsey named",
        "One of five to two of five visits to a store end in a purchase, fewer at a news agency, more in grocery.",
        REPORTED,
    ),
    "F24": Source(
        "guides for marketplace sellers; a survey of 2015",
        "Ten to fifteen of a hundred visits to a marketplace end in a purchase.",
        REPORTED,
    ),
    "F51": Source(
        "OrderDynamics, Bell and Howell, ICSC, surveys",
        "Between 37 and 67 % of those who collect an order buy something else while they are there.",
        REPORTED,
    ),
    "F52": Source(
        "ICSC, 2018",
        "People collect mostly to save the delivery fee (half of them), then for speed, "
        "then to be sure that the item is there.",
        REPORTED,
    ),
    "F53": Source(
        "Vogel and Paul, 2015, Journal of Retailing and Consumer Services",
        "Prices that differ by channel look like good value and cost loyalty, because they seem unfair.",
        SEEN,
    ),
    "F57": Source("SQM Group", "Every further contact about the same issue takes some 15 % off satisfaction.", SEEN),
    "F58": Source(
        "Brown et al., 2005, Journal of the American Statistical Association, and notes by Zeltyn and Mandelbaum",
        "How many hang up grows in proportion to the wait; the mean patience of a caller comes out near six minutes.",
        SEEN,
    ),
    "F60": Source(
        "Dixon, Toman and DeLisi, The Effortless Experience",
        "Dealing with a firm's service harms "
        "loyalty about four times as often as it helps; taken as losses weighing 2 to 4 times gains.",
        REPORTED,
    ),
    "F61": Source(
        "Dixon et al., 2010, Harvard Business Review",
        "More than half of those who contact service have "
        "to explain themselves again, and effort makes people disloyal.",
        REMEMBERED,
    ),
    "F67": Source(
        "Bolton, 1998, Marketing Science",
        "Satisfaction is an anchor that each experience moves a "
        "little, and less the longer somebody has been a customer.",
        SEEN,
    ),
    "F68": Source(
        "Corsten and Gruen, 2003",
        "Before an empty shelf about a third goes to another store, nearly "
        "half takes another item, 15 % wait and 9 % drop it.",
        REMEMBERED,
    ),
    "F70": Source(
        "Panels of household choices in the R package Ecdat",
        "Having chosen something last time is worth "
        "1 to 2.7 units of utility where tastes are ignored: an upper bound.",
        RECOMPUTED,
    ),
    "F71": Source("The same panels", "Being featured or displayed is worth 0.2 to 1.0 units of utility.", RECOMPUTED),
    "F74": Source(
        "Kumar, Zhang and Luo, 2014, Journal of Marketing Research",
        "How hard a firm markets moves when customers opt in and when they opt out.",
        SEEN,
    ),
    "F77": Source(
        "Tucker, 2014, Journal of Marketing Research",
        "Personal advertisements got about twice the clicks "
        "once people felt in control of their data; others did not change.",
        SEEN,
    ),
    "F78": Source(
        "Goldfarb and Tucker, 2011, Marketing Science",
        "Targeted and obtrusive each works, both at once do not, least for those who guard their privacy.",
        REMEMBERED,
    ),
    "F79": Source(
        "CDNOW sample of 2,357 customers, 39 weeks",
        "Repeat orders spread as a gamma mixture of shape 0.24 "
        "(with drop-out) to 0.39 (without); six of ten never come back.",
        RECOMPUTED,
    ),
    "F80": Source(
        "CDNOW master file; Complete Journey; a copy of an online gift shop's data",
        "The best fifth of the buyers bring 55 to 78 % of what is spent.",
        RECOMPUTED,
    ),
    "F81": Source(
        "Complete Journey, grocery households (dunnhumby)",
        "Discounts take 15 % off list value, and about a quarter of the households ever use a coupon.",
        RECOMPUTED,
    ),
}
PATTERNS = {
    "P1": "Online carts mostly end without an order, on phones more than on desktops (F01, F02).",
    "P2": "Visits that end in an order, in this order: store, marketplace, app, desktop, mobile web, social; levels "
    "from trade figures of store counts, marketplace sellers, Criteo (2017) and Monetate (2014 to 2019).",
    "P8": "A quarter to half of the orders come from somebody who had learned most in another group of "
    "channels, mostly online before the store (Verhoef, Neslin and Vroomen, 2007, International Journal of Research in Marketing).",
    "P12": "Buying is concentrated: the best fifth of the customers makes 50 to 80 % of the spend (CDNOW, Complete "
    "Journey), and repeat buying follows a gamma mixture (F79).",
}
LOSSES = {
    "L1": "A shared record overwrites: what is written wrong, or not copied yet, is wrong in every connected channel.",
    "L2": "Announced continuity: who believes that channels work together changes more often, and is more disappointed "
    "if they do not.",
    "L3": "A stock promise makes people travel, sometimes in vain.",
    "L5": "One price takes the cheap channel away from those who look for it.",
    "L6": "Who is recognized without having said who she is may dislike it and withdraw her consent, "
    "everywhere at once.",
    "T22": "Limit case of L2 in closed form: when announcing is worse than silos that keep quiet (tests/verification).",
}
CODE = re.compile(r"\b(?:F\d{2}|P\d{1,2}|L\d|T\d{1,2})\b")
HEADING = ("Facts", "Patterns that the model is held against", "Ways in which integration can lose")


def explained() -> dict[str, str]:
    """What each code stands for, in one text."""
    facts = {code: f"{fact.reference}. {fact.says} ({fact.checked})" for code, fact in FACTS.items()}
    return {**facts, **PATTERNS, **LOSSES}


def codes_in(texts: Iterable[str]) -> list[str]:
    """The codes that occur in texts, each once, in order."""
    return sorted({code for text in texts for code in CODE.findall(text)}, key=lambda code: (code[0], int(code[1:])))


def sources_document() -> str:
    """The text of docs/sources.md."""
    facts = [f"| {code} | {fact.reference} | {fact.says} | {fact.checked} |" for code, fact in FACTS.items()]
    lists = [
        [
            "",
            f"## {title}",
            "",
            "| code | in short |",
            "|---|---|",
            *(f"| {code} | {text} |" for code, text in codes.items()),
        ]
        for title, codes in zip(HEADING[1:], (PATTERNS, LOSSES), strict=True)
    ]
    return "\n".join(
        [
            "# Sources",
            "",
            "Rendered from `simsuite/report/said/sources.py`; change it there. What the codes behind values (`simsuite show "
            "--origin`), scenarios and [calibration targets](calibration.md) stand for, in our own words. A value "
            'whose source begins with "assumption" was not measured by anybody; a code after it names what speaks '
            "for its size. M1 to M13 are mechanisms: [scenarios.md](scenarios.md).",
            "",
            f"## {HEADING[0]}",
            "",
            "| code | who and when | what it says | how checked |",
            "|---|---|---|---|",
            *facts,
            *(line for lines in lists for line in lines),
            "",
        ]
    )
