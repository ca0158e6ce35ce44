"""What stands beside the declared measures: lines in the table of the answer, and what a mean hides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simsuite.experiment.comparison import NOT_COMPARABLE, Comparison
from simsuite.experiment.statistics import BETTER, NO_DIFFERENCE, WORSE, verdict
from simsuite.report.said import labels
from simsuite.report.said.findings import AUDIT_PARTS, Pair
from simsuite.report.said.told_apart import likely

if TYPE_CHECKING:
    import pandas

BESIDE = {  # under a declared measure: companions that must be read with it, and their short titles
    "cart_abandonment": {
        "carts_rescued": "- ordered elsewhere",
        "carts_lost_for_good": "- lost for good",
    },
    "consistency": {"experienced_consistency": "- as experienced"},
}
NOTE = "Lines with a dash belong to the measure above them; each of their ranges holds for itself."
DECIDED = (BETTER, WORSE, NO_DIFFERENCE)
MANY = 5.0  # percent of the customers: as many have to end elsewhere than their twin to be told


def lines_of(comparison: Comparison, strategy: str) -> list[dict[str, Any]]:
    """The rows of the answer: every declared measure, followed by what has to be read with it."""
    beside = rows_by_measure(comparison.companions, strategy)
    lines = []
    for row in comparison.table[comparison.table["strategy"] == strategy].to_dict("records"):
        lines.append(row)
        lines += [
            {**beside[name], "title": title} for name, title in BESIDE.get(row["measure"], {}).items() if name in beside
        ]
    return lines


def rows_by_measure(table: pandas.DataFrame, strategy: str) -> dict[str, dict[str, Any]]:
    """Rows of one strategy in a comparison's table of totals, by measure."""
    rows = table[table["strategy"] == strategy].to_dict("records")
    return {row["measure"]: row for row in rows}


def reading(comparison: Comparison) -> str:
    """How to read the lines that stand under a measure, and why some have no verdict; "" without any."""
    beside = [name for names in BESIDE.values() for name in names]
    shown = comparison.companions[comparison.companions["measure"].isin(beside)]
    without = shown[shown["verdict"] == NOT_COMPARABLE].drop_duplicates("measure")
    reasons = [f"{row.title} has no verdict: {row.reason}." for row in without.itertuples()]
    costs = ["The margin does not hold what integration costs."] if "margin" in set(comparison.table["measure"]) else []
    return " ".join([*([NOTE] if len(shown) else []), *reasons, *costs])


def reasons_of(comparison: Comparison) -> list[tuple[str, str]]:
    """Title of each companion without a verdict, and why it has none."""
    rows = comparison.companions[comparison.companions["verdict"] == NOT_COMPARABLE]
    return list(dict.fromkeys(zip(rows["title"], rows["reason"], strict=True)))


def remarks(comparison: Comparison, strategy: str) -> list[str]:
    """What has to be said about the lines of one strategy: selection, and what hides in a mean."""
    found = (silence(comparison, strategy), selection(comparison, strategy), cancellation(comparison, strategy))
    return [text for text in found if text]


def silence(comparison: Comparison, strategy: str) -> str:
    """Which parts of the audit are 0 in the reference: mostly since no channel there can say."""
    rows = comparison.companions[comparison.companions["strategy"] == strategy]
    mute = rows[rows["measure"].isin(AUDIT_PARTS) & (rows["reference_value"] == 0.0) & (rows["value"] > 0.0)]
    if not len(mute):
        return ""
    parts = labels.listed([AUDIT_PARTS[measure] for measure in mute["measure"]])
    return f"Audited consistency of {parts} is 0 in the reference: a channel that cannot say counts as not alike."


def selection(comparison: Comparison, strategy: str) -> str:
    """That audit and experience disagree, if they do; then who changes channels makes the difference."""
    audit = rows_by_measure(comparison.table, strategy).get("consistency")
    lived = rows_by_measure(comparison.companions, strategy).get("experienced_consistency")
    if audit is None or lived is None:
        return ""
    felt = verdict(lived["change"], lived["low"], lived["high"], lived["threshold"], lived["better"])
    if audit["verdict"] == felt or not {audit["verdict"], felt} <= set(DECIDED):
        return ""
    return (
        f"Audit and experience disagree ({audit['verdict']} in the audit, {felt} as experienced): selection. "
        "Other people change channels, with other things in hand."
    )


def cancellation(comparison: Comparison, strategy: str) -> str:
    """That many customers end elsewhere although the mean stays, if it is so, and whether that cancels."""
    mean = rows_by_measure(comparison.table, strategy).get("satisfaction")
    twins = rows_by_measure(comparison.companions, strategy)
    up, down = (twins.get(name, {}).get("value", float("nan")) for name in ("more_satisfied", "less_satisfied"))
    if mean is None or mean["verdict"] != NO_DIFFERENCE or not up + down >= MANY:
        return ""
    more, fewer = (twins[name] for name in ("more_satisfied", "less_satisfied"))
    if max(up, down) <= 2 * min(up, down):
        why = "gains and losses cancel"
    elif more["low"] > fewer["high"] or fewer["low"] > more["high"]:
        why = f"more {'gains' if up > down else 'losses'}, too few or too small to move the mean by what matters"
    else:
        why = "which of both are more cannot be told yet"
    return (
        f"Mean satisfaction stays, yet {up:.0f} % of the customers end more than 0.01 above their twin "
        f"in the other world and {down:.0f} % below: {why}."
    )


def contradictions(pair: Pair) -> str:
    """What moved satisfaction: contradictions noticed in both worlds; "" unless movement cancels."""
    if not cancellation(pair.comparison, pair.strategy):
        return ""
    if "clashes" not in pair.tables or "funnel" not in pair.tables or not len(pair.tables["clashes"]):
        return ""
    clashes = pair.tables["clashes"]
    whole, rates = pair.in_all(clashes, "clashes"), pair.paired(clashes, ["cause"], "clashes")
    text = (
        f"Contradictions that customers notice, per 1,000 needs: {whole['reference_value']:.0f} in the reference, "
        f"{whole['value']:.0f} here ({likely(whole['low'], whole['high'])})"
    )
    grown = rates[rates["clear"].astype(bool) & (rates["change"] > 0)]
    told = [
        f"{labels.cause(row['cause'])}, from {row['reference_value']:.1f} to {row['value']:.1f} "
        f"({likely(row['low'], row['high'])})"
        for row in grown.to_dict("records")
    ]
    return f"{text}; more often: {labels.listed(told)}." if told else f"{text}; none is clearly more frequent."
