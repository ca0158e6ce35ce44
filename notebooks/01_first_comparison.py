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
import simsuite

# %matplotlib inline

# %% tags=["parameters"]
SIZE = {"population.customers": 5_000}
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
half = simsuite.compare("../scenarios/half_integrated.toml", strategies=["half_silent", "half_announced"],
                        overrides=SIZE, replications=REPLICATIONS)
half.table.set_index(["title", "strategy"])[["reference_value", "change", "low", "high", "verdict"]].round(2)

# %% [markdown]
# ## The decision


# %%
def verdicts(results, strategy):
    """Measures by verdict."""
    table = results.table[results.table["strategy"] == strategy]
    return {verdict: rows["title"].str.lower().tolist() for verdict, rows in table.groupby("verdict")}


def in_words(verdicts):
    """Better on these, worse on those."""
    said = [f"{verdict} on {', '.join(verdicts[verdict])}" for verdict in ("better", "worse") if verdict in verdicts]
    return "; ".join(said) or "neither better nor worse on anything that these runs can tell"


def margin(results, strategy):
    """The row of the margin."""
    return results.table.set_index(["strategy", "measure"]).loc[(strategy, "margin")]


whole, silent, announced = (verdicts(results, "integrated"), verdicts(half, "half_silent"), verdicts(half, "half_announced"))
money = margin(results, "integrated")
if "better" in whole and "worse" not in whole:
    decision = "Link the records"
elif "worse" in whole and "better" not in whole:
    decision = "Do not link the records"
else:
    decision = "Decide by what matters more: the measures do not agree" if "better" in whole else "Not decided by these runs"

print(f"{decision}. Shared data: {in_words(whole)}.")
print(f"It may cost {max(0.0, money['low']):.2f} EUR a customer and half year before that eats the gain in margin, "
      f"which is likely {money['low']:.2f} to {money['high']:.2f}.")
print(f"Half done and silent: {in_words(silent)}. Half done and announced: {in_words(announced)}.")
harmed = sorted(set(announced.get("worse", [])) - set(silent.get("worse", [])))
if harmed:
    print(f"So do not announce before it works: the announcement alone makes {', '.join(harmed)} worse.")
unsure = whole.get("cannot tell yet", [])
if unsure:
    print(f"Before signing, run more replications: {', '.join(unsure)} cannot be told yet.")
