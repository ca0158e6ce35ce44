# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Should we link our channels' records this year?
#
# A fashion retailer runs stores, a web shop, an app, a social shop, a phone line, and sells on a
# marketplace. Each keeps its own customers, carts, prices and stock. Linking them costs money and a
# year. **What would change?** We let the same customers, with the same luck, live half a year under
# both, and look at what differs.

# %%
import pandas as pd

import simsuite

# %matplotlib inline

# %% tags=["parameters"]
SIZE = {"population.customers": 6_000}
REPLICATIONS = 10

# %% [markdown]
# ## The comparison
#
# Every replication is another half year of luck; in each, both worlds are lived by the same people.
# The first run on a machine compiles the rules, which takes a minute.

# %%
results = simsuite.compare("../scenarios/flagship_retailer.toml", overrides=SIZE, replications=REPLICATIONS)
print(results.answer())

# %% [markdown]
# A verdict weighs the likely range against the smallest change that matters. "Better" and "worse"
# need the whole range on one side; where the runs do not suffice, it says so instead of guessing.

# %%
results.plot("comparison")

# %% [markdown]
# ## A measure that misleads alone
#
# A shop counts a cart as abandoned if no order comes from it *there*. With shared carts people order
# the very cart in another channel, and the shop's own dashboard takes them for lost. So three figures
# belong together: abandoned, of these ordered elsewhere, and the rest, which is lost for good.

# %%
together = results.companions.set_index("measure").loc[["carts_rescued", "carts_lost_for_good"]]
carts = pd.concat([results.table.set_index("measure").loc[["cart_abandonment"]], together])
carts.set_index("title")[["reference_value", "value", "change", "low", "high", "verdict"]].round(2)

# %% [markdown]
# ## Where saved sales come from
#
# A sale is *saved* if the customer orders only in the world with shared data, *forfeited* if only in
# the other. Without sharing, what became of the sales that it saves?

# %%
results.plot("saved")

# %% [markdown]
# ## Who wins
#
# The same orders by segment, per 100 needs, with likely ranges of their own.

# %%
by_segment = results.comparison.by_segment
segments = by_segment[by_segment["measure"] == "conversion"].set_index("segment")
segments[["reference_value", "value", "change", "low", "high", "verdict"]].round(2)

# %% [markdown]
# ## A warning: half an integration
#
# Projects end half done. Suppose 40 % of the records get linked, and marketing announces to
# everybody that channels now work together.

# %%
half = simsuite.compare(
    "../scenarios/half_integrated.toml",
    strategies=["half_silent", "half_announced"],
    overrides=SIZE,
    replications=REPLICATIONS,
)
half.table.set_index(["title", "strategy"])[["reference_value", "change", "low", "high", "verdict"]].round(2)

# %% [markdown]
# ## The decision
#
# The margin has to pay for the project, so the margin decides; whatever gets worse is the price. Of
# carts, those that are lost for good are weighed: an abandoned one that is ordered elsewhere is no loss.


# %%
def by_verdict(results, strategy):
    """Titles of measures by their verdict; carts by those that are lost for good."""
    lost = results.companions[results.companions["measure"] == "carts_lost_for_good"]
    table = pd.concat([results.table[results.table["measure"] != "cart_abandonment"], lost])
    table = table[table["strategy"] == strategy]
    return {verdict: rows["title"].str.lower().tolist() for verdict, rows in table.groupby("verdict")}


def in_words(verdicts):
    """Better on these, worse on those."""
    said = [f"{verdict} on {', '.join(verdicts[verdict])}" for verdict in ("better", "worse") if verdict in verdicts]
    return "; ".join(said) or "neither better nor worse on anything that these runs can tell"


whole, silent, announced = (
    by_verdict(results, "integrated"),
    by_verdict(half, "half_silent"),
    by_verdict(half, "half_announced"),
)
margin = results.table.set_index("measure").loc["margin"]
gain = f"{margin['low']:+.2f} to {margin['high']:+.2f} EUR margin per customer and half year"
if margin["verdict"] == "better":
    print(f"Link the records if that costs less than {margin['low']:.2f} EUR per customer and half year.")
    print(f"Likely: {gain}.")
elif margin["verdict"] == "worse":
    print(f"Do not link the records. Likely: {gain}.")
else:
    print(f"These runs do not decide ({margin['verdict']}). Likely: {gain}.")
if "worse" in whole:
    print(f"The price: worse on {', '.join(whole['worse'])}.")
abandoned, rescued, lost = carts["change"]
print(
    f"Carts, in points: {abandoned:+.1f} abandoned = {rescued:+.1f} ordered elsewhere {lost:+.1f} lost for good. "
    f"{'Fewer' if lost < 0 else 'Not fewer'} carts are lost."
)
print(f"Half done and silent: {in_words(silent)}.")
print(f"Half done and announced: {in_words(announced)}.")
harmed = sorted(set(announced.get("worse", [])) - set(silent.get("worse", [])))
if harmed:
    print(f"So do not announce before it works: the announcement makes {', '.join(harmed)} worse.")
