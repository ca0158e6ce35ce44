"""Checks of meaning: what no single value shows. To add one, write one function with `@check`."""

from __future__ import annotations

import contextlib
import os
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path as File

from simsuite.scenario.areas import regions_of
from simsuite.scenario.delays import days_in_words
from simsuite.scenario.fields import plain_number
from simsuite.scenario.library import CODE_RULE, CODED, is_code, is_in_catalog
from simsuite.scenario.origin import Table
from simsuite.scenario.pack import AREAS
from simsuite.scenario.problems import OTHERS, Path, Problems
from simsuite.scenario.words import counted, did_you_mean, shown_name, shown_value
from simsuite.specs.base import code_of
from simsuite.specs.scenario import ScenarioSpec
from simsuite.specs.strategy import FlowSpec
from simsuite.vocabulary import ALL

CONTAINER_LIMITS = (File("/sys/fs/cgroup/memory.max"), File("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
LEAST_REPLICATIONS = 2
NEARLY = 1e-6  # shares written with few digits still sum to 1


@dataclass(frozen=True)
class Finding:
    """Something without meaning at a path; `rests_on` are the paths of all that it follows from."""

    path: Path
    text: str
    at_key: bool
    rests_on: tuple[Path, ...]


@dataclass(frozen=True)
class Case:
    """What a check looks at.

    spec : with any valid value in place of one that is wrong
    memory_needed : bytes that a run of a spec takes, by its customers, channels and
        horizon; None to leave memory unchecked
    """

    spec: ScenarioSpec
    table: Table
    memory_needed: Callable[[ScenarioSpec], int] | None = None

    def problem(self, path: Path, text: str, *, given: Sequence[Path] = (), at_key: bool = False) -> Finding:
        """A problem of the value at `path`; the table around it is also named in the message.

        given : paths of the other values from which it follows. If one of them is wrong
            itself, or unknown, nothing is said.
        """
        return Finding(path, text, at_key, (path, *given))


Check = Callable[[Case], Iterator[Finding]]
CHECKS: list[Check] = []


def check(function: Check) -> Check:
    """Register a check: a function that yields `case.problem(path, message)`."""
    CHECKS.append(function)
    return function


def check_meaning(case: Case, problems: Problems, checks: Sequence[Check] = CHECKS) -> None:
    """Run checks; what they find goes to `problems`, but for what follows from a wrong value."""
    for one in checks:
        for finding in one(case):
            if all(problems.knows(case.table, path) for path in finding.rests_on):
                problems.tell(case.table, finding.path, finding.text, at_key=finding.at_key)


def unknown(name: str, known: Collection[str], what: str) -> str:
    """'"stor" is no channel of this scenario. Did you mean 'store'?', for the end of a message."""
    meant = did_you_mean(name, known)
    remedy = f"Did you mean '{meant}'?" if meant else f"There are: {', '.join(known)}."
    return f"{shown_value(name)} is no {what} of this scenario. {remedy}"


@check
def codes_are_their_own(case: Case) -> Iterator[Finding]:
    """Two segments, channels or categories of one code would share their luck and their rows in every table.

    What has no share gives way: the old name in a parent, under which nobody is left.
    """
    spec = case.spec
    unused = {("segments", name) for name, share in spec.population.segments.items() if not share}
    unused |= {("segments", name) for name in spec.segments if name not in spec.population.segments}
    unused |= {("categories", name) for name, category in spec.categories.items() if not category.need_share}
    for section in CODED:
        owners: dict[str, str] = {}
        entries = getattr(case.spec, section)
        for name, entry in sorted(entries.items(), key=lambda item: bool(item[1].code)):
            code = code_of(name, entry)
            if not is_code(code) and entry.code or entry.code == ALL:
                yield case.problem(
                    (section, name, "code"),
                    f'code = {shown_value(code)} cannot be a code: {CODE_RULE}, and not "{ALL}".',
                )
            elif (section, name) in unused:
                continue
            elif code in owners:
                yield case.problem(
                    (section, name, "code"),
                    f"code = {shown_value(code)} is that of [{section}.{owners[code]}] already. Leave the line out, or say "
                    "one that nothing has.",
                    given=[(section, owners[code])],
                )
            owners.setdefault(code, name)


@check
def channels_can_be_reached(case: Case) -> Iterator[Finding]:
    """A channel that nobody can use is taken out, not kept."""
    for name, channel in case.spec.channels.items():
        if channel.reach_share == 0:
            yield case.problem(
                ("channels", name, "reach_share"),
                "reach_share = 0: nobody can reach this channel. Set a share above 0, "
                "or present = false to take the channel out.",
            )


@check
def segment_shares_are_shares(case: Case) -> Iterator[Finding]:
    """Every share belongs to a segment, lies between 0 and 1, and all sum to 1."""
    shares = case.spec.population.segments
    path = ("population", "segments")
    for name, share in shares.items():
        if name not in case.spec.segments:
            yield case.problem(
                (*path, name),
                unknown(name, case.spec.segments, "segment") + f" Or add [segments.{shown_name(name)}].",
                given=[("segments", name)],
                at_key=True,
            )
        if not 0 <= share <= 1:
            yield case.problem((*path, name), f"{shown_name(name)} = {share:g} must be a share from 0 to 1.")
    if all(name in case.spec.segments for name in shares):  # a misspelt one makes a wrong sum
        given = [(*path, name) for name in (*shares, OTHERS)]
        yield from _sum_to_one(case, path, shares, "shares of the segments", given)


@check
def category_shares_sum_to_one(case: Case) -> Iterator[Finding]:
    """Every need is of one category."""
    shares = {name: category.need_share for name, category in case.spec.categories.items()}
    given = [("categories", OTHERS), *(("categories", name, "need_share") for name in shares)]
    yield from _sum_to_one(case, ("categories",), shares, "need_share of the categories", given)


def _sum_to_one(
    case: Case, path: Path, shares: dict[str, float], what: str, given: Sequence[Path]
) -> Iterator[Finding]:
    total = sum(shares.values())
    if abs(total - 1) > NEARLY:
        listed = " + ".join(f"{shown_name(name)} {share:g}" for name, share in shares.items())
        yield case.problem(
            path,
            f"{what} sum to {total:g} and must sum to 1: {listed}. "
            "What a parent says counts too; set to 0 what is not wanted.",
            given=given,
        )


@check
def parts_of_a_whole_stay_below_one(case: Case) -> Iterator[Finding]:
    """Probabilities of answers that exclude each other; the last answer takes the rest."""
    wholes = (
        ("needs", "browse_share", "consider_share"),
        ("stock", "go_to_competitor", "give_up", "come_back"),
        ("stock", "go_to_competitor_wasted", "give_up_wasted", "come_back_wasted"),
        ("stock", "go_to_competitor_promised", "give_up_promised", "come_back_promised"),
    )
    for group, *names in wholes:
        values = [getattr(getattr(case.spec.parameters, group), name) for name in names]
        if sum(values) > 1 + NEARLY:
            yield case.problem(
                ("parameters", group, _last_written(case, group, names)),
                f"{' + '.join(names)} = {sum(values):g}: they exclude each other and may sum to 1 at most.",
                given=[("parameters", group, name) for name in names],
            )


def _last_written(case: Case, group: str, names: list[str]) -> str:
    """The caret belongs under a line that somebody wrote, not under a default."""
    written = {path for path, _ in case.table.leaves()}
    return [name for name in names if ("parameters", group, name) in written][-1]


@check
def dayparts_follow_each_other(case: Case) -> Iterator[Finding]:
    """Morning, noon, afternoon, evening, night begin in this order."""
    begins = list(case.spec.clock)
    for (before, earlier), (name, begin) in zip(begins, begins[1:], strict=False):
        if begin <= earlier:
            yield case.problem(
                ("clock", name),
                f"{name} begins at minute {begin:g} and must begin after {before}, minute {earlier:g}.",
                given=[("clock", before)],
            )


@check
def flows_name_channels_and_regions_that_exist(case: Case) -> Iterator[Finding]:
    """A flow that is limited still reaches somebody."""
    population, regions = case.spec.population, regions_of(case.spec)
    for path, flow in _flows(case.spec):
        for index, name in enumerate(flow.channels or ()):
            if name not in case.spec.channels:
                yield case.problem(
                    (*path, "channels", index),
                    unknown(name, case.spec.channels, "channel"),
                    given=[("channels", name)],
                )
            elif not case.spec.channels[name].shares_data:
                yield case.problem(
                    (*path, "channels", index),
                    f"{shown_value(name)} shares no data (shares_data = false), so no "
                    "flow can reach it. Take it out of the list.",
                    given=[("channels", name, "shares_data")],
                )
            if name in (flow.channels or ())[:index]:
                yield case.problem(
                    (*path, "channels", index),
                    f"{shown_value(name)} stands in this list twice. Take it out here, or name the channel that is meant.",
                )
        if flow.channels == () and flow.coverage:
            yield _links_nothing(case, path, flow)
        if flow.regions == () and flow.coverage:
            yield case.problem(
                (*path, "regions"),
                "regions = [] links nothing. Leave the line out for all regions, or set coverage = 0.",
            )
        for index, region in enumerate(flow.regions or ()):
            if region in (flow.regions or ())[:index]:
                yield case.problem(
                    (*path, "regions", index),
                    f"region {region} stands in this list twice. Take it out here, or name the region that is meant.",
                )
            if not 0 <= region < regions:
                yield case.problem(
                    (*path, "regions", index),
                    f"region {region} does not exist: {counted(population.customers, 'customer')} "
                    f"{_make_regions(population.customers, regions)}.",
                    given=[("population", "customers"), ("population", "customers_per_region")],
                )


def _links_nothing(case: Case, path: Path, flow: FlowSpec) -> Finding:
    """An empty list of channels: written so, or of the catalog and none of them is here."""
    origin = case.table.origin_of((*path, "channels"))
    if not is_in_catalog(origin):
        return case.problem(
            (*path, "channels"),
            "channels = [] links nothing. Leave the line out for all channels, or set coverage = 0.",
        )
    return case.problem(
        (*path, "coverage"),
        f"coverage = {flow.coverage:g} links nothing: none of the channels that {origin.file} names for it is in this "
        'scenario. Name some that are, such as channels = ["NAME", "NAME"], or set coverage = 0.',
        given=[("channels", OTHERS)],
    )


def _make_regions(customers: int, regions: int) -> str:
    """'make regions 0 to 9', 'makes region 0 alone'."""
    which = f"regions 0 to {regions - 1}" if regions > 1 else "region 0 alone"
    return f"make{'s' * (customers == 1)} {which}"


@check
def regions_can_be_told_apart(case: Case) -> Iterator[Finding]:
    """Stock is drawn by the number of its region, of which there are only so many."""
    regions = regions_of(case.spec)
    if regions > AREAS:
        population = case.spec.population
        yield case.problem(
            ("population", "customers_per_region"),
            f"customers_per_region = {population.customers_per_region}: {plain_number(population.customers)} customers make "
            f"{plain_number(regions)} regions, and there may be {plain_number(AREAS)}. Say "
            f"{-(-population.customers // AREAS)} or more.",
            given=[("population", "customers")],
        )


@check
def delays_end_within_the_horizon(case: Case) -> Iterator[Finding]:
    """What a flow carries arrives while somebody still looks."""
    horizon = case.spec.experiment.horizon
    for path, flow in _flows(case.spec):
        if flow.coverage > 0 and flow.delay >= horizon:
            yield case.problem(
                (*path, "delay"),
                f"delay = {days_in_words(flow.delay)}, but the horizon is {days_in_words(horizon)}: nothing "
                "would ever arrive. Shorten the delay or lengthen [experiment] horizon.",
                given=[(*path, "coverage"), ("experiment", "horizon")],
            )


def _flows(spec: ScenarioSpec) -> Iterator[tuple[tuple[str, ...], FlowSpec]]:
    for name, strategy in spec.strategies.items():
        for flow_name, flow in strategy.flows:
            yield ("strategies", name, "flows", flow_name), flow


@check
def reference_is_a_strategy(case: Case) -> Iterator[Finding]:
    """Strategies are compared with one of them."""
    name = case.spec.experiment.reference
    if name not in case.spec.strategies:
        yield case.problem(
            ("experiment", "reference"),
            f"reference = {unknown(name, case.spec.strategies, 'strategy')}",
            given=[("strategies", name)],
        )


@check
def runs_are_paired(case: Case) -> Iterator[Finding]:
    """One pair of runs has no interval; the command line refuses it alike."""
    replications = case.spec.experiment.replications
    if replications < LEAST_REPLICATIONS:
        yield case.problem(
            ("experiment", "replications"),
            f"replications = {replications}: an interval needs {LEAST_REPLICATIONS} or more paired runs.",
        )


@check
def other_names_are_channels(case: Case) -> Iterator[Finding]:
    """Own figures and tastes go by channel."""
    places = [("check", name) for name in case.spec.check]
    places += [
        ("segments", segment, "tastes", name) for segment, spec in case.spec.segments.items() for name in spec.tastes
    ]
    for path in places:
        if path[-1] not in case.spec.channels:
            yield case.problem(
                path,
                unknown(path[-1], case.spec.channels, "channel"),
                given=[("channels", path[-1])],
                at_key=True,
            )


@check
def the_machine_has_the_memory(case: Case) -> Iterator[Finding]:
    """What a run needs against what is built in."""
    if case.memory_needed is None:
        return
    needed, here = case.memory_needed(case.spec), machine_memory()
    if here is not None and needed > here:
        customers = case.spec.population.customers
        yield case.problem(
            ("population", "customers"),
            f"customers = {plain_number(customers)} need {gigabytes(needed)} of memory; "
            f"this machine has {gigabytes(here)}. "
            f"About {plain_number(customers_that_fit(case.spec, case.memory_needed, here))} fit.",
            given=[("channels", OTHERS), ("experiment", "horizon")],
        )


def customers_that_fit(spec: ScenarioSpec, memory_needed: Callable[[ScenarioSpec], int], memory: int) -> int:
    """The largest number of customers of three digits, and zeros behind them, with whom a scenario needs no more than this memory."""

    def needed_for(customers: int) -> int:
        population = spec.population.model_copy(update={"customers": customers})
        return memory_needed(spec.model_copy(update={"population": population}))

    rounded = [*range(1000), *(lead * 10**zeros for zeros in range(1, 6) for lead in range(100, 1000))]
    return rounded[bisect_right(rounded, memory, lo=1, key=needed_for) - 1]


def machine_memory() -> int | None:
    """Bytes of physical memory, or fewer where a container may not use all; None where the system does not say."""
    sizes = []
    with contextlib.suppress(AttributeError, ValueError, OSError):
        sizes.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    for limit in CONTAINER_LIMITS:
        with contextlib.suppress(ValueError, OSError):  # no such file, or "max"
            sizes.append(int(limit.read_text()))
    return min(sizes, default=None)


def gigabytes(n_bytes: int) -> str:
    """'3.2 GB', or '12.0 MB' if it is little."""
    return f"{n_bytes / 1e9:.1f} GB" if n_bytes >= 1e8 else f"{n_bytes / 1e6:.1f} MB"
