"""docs/benchmarks.md and its picture, written from what was measured."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import simsuite

from .measurements import JOURNEY, MESA, OWN, Measured, Point

DOCS = Path(__file__).parents[2] / "docs"
LIBRARIES = ("numpy", "numba", "mesa", "pandas", "pyarrow")
LOOKS = {OWN: ("#1b69ad", "D"), MESA: ("#b8540c", "o"), JOURNEY: ("#66645f", "s")}

PREFACE = """# Benchmarks

Written by `make bench`; the figures are those of one machine on one day. What is compared ran
alternately in one pass. One thread is timed by its own processor time, several threads and
commands by the clock on the wall. A cost is the minimum over its turns (of a visit 20, each four
weeks of the world), since noise only adds; a ratio is the median over the rounds; the time of a
command, or of loading from the cache, the median of its calls. Compiling is never
counted except where it is named. No test asserts any absolute time.
"""

READING = """## How to read this

- *Its Mesa engine* runs the very rules that the compiled engine runs, interpreted, on Mesa agents,
  and leaves the same record to the last bit. It is there to be looked into, not to be fast.
- *journey in plain Mesa* (`tests/benchmarks/journey.py`) is a small reference workload as users of
  Mesa write it: a choice among eight channels, a step forward or giving up. Its cost is that of a
  day over the customers who are active on it, a fifth. A visit of the full model does far more, so
  the ratio understates what the same model would cost in plain Mesa.
- A visit of simsuite carries everything that a day costs: the firm's shelves and prices, looking
  who is due, the audit. In small populations these fixed costs weigh more.
- *At the speed of the targets*: the targets were set on a machine on which a customer who is active
  cost *journey* in plain Mesa 8.4 microseconds. The same is measured before and after each theme
  here; times are divided by the quotient. It says what the program would take there, roughly: the
  speed of a shared machine moves by the minute. *Met* goes by the clock alone.
- Two threads against one are worth what the machine had to give at the time: compare the hash sums.
"""


def machine() -> list[tuple[str, str]]:
    """What the figures depend on; no names of hosts or folders."""
    rows = [
        ("processor", processor()),
        ("cores", str(os.cpu_count())),
        ("system", f"{platform.system()} {platform.machine()}"),
        ("Python", platform.python_version()),
    ]
    return [
        *rows,
        ("simsuite", simsuite.__version__),
        *((name, version(name)) for name in LIBRARIES),
    ]


def processor() -> str:
    """Model name of the processor."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or "unknown"


def busy() -> str:
    """How much else ran, as far as the system says."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def table_of(values: Sequence[Measured]) -> str:
    """The measured values against their targets, as Markdown."""
    lines = [
        "| what | measured | target | met | at the speed of the targets |",
        "|---|---|---|---|---|",
    ]
    for entry in values:
        met = {None: "", True: "yes", False: "**no**"}[entry.met]
        bound = "" if entry.target is None else f"at {'least' if entry.at_least else 'most'} {entry.target:g}"
        then = entry.at_the_speed_of_the_targets
        scaled = "" if then is None else f"{figure(then)} {entry.unit}"
        lines.append(f"| {entry.what} | {figure(entry.value)} {entry.unit} | {bound} | {met} | {scaled} |")
    return "\n".join(lines)


def figure(value: float) -> str:
    """Three digits that mean something."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def costs_of(points: Sequence[Point]) -> str:
    """Cost per visit by implementation and population, as Markdown."""
    lines = ["| customers | implementation | microseconds per visit |", "|---|---|---|"]
    for point in sorted(points, key=lambda point: (point.customers, point.nanoseconds)):
        lines.append(f"| {point.customers:,} | {point.implementation} | {figure(point.nanoseconds / 1000)} |")
    return "\n".join(lines)


def draw(points: Sequence[Point], path: Path) -> None:
    """Cost per visit against population size, both axes logarithmic, as SVG."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    with matplotlib.rc_context({"svg.hashsalt": "benchmarks", "font.size": 11}):
        figure_, axes = plt.subplots(figsize=(7.2, 4.2), layout="constrained")
        for name, (color, marker) in LOOKS.items():
            own = sorted(
                (point.customers, point.nanoseconds / 1000) for point in points if point.implementation == name
            )
            if own:
                axes.plot(*zip(*own, strict=True), color=color, marker=marker)
                axes.annotate(
                    name,
                    own[-1],
                    xytext=(0, 9),
                    textcoords="offset points",
                    color=color,
                    ha="right" if len(own) > 1 else "center",
                )
        axes.set(
            xscale="log",
            yscale="log",
            xlabel="customers",
            ylabel="microseconds per visit, one thread",
            title="What a visit costs, by population",
        )
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(axis="y", color="#dcd8cf", linewidth=0.6)
        axes.margins(x=0.08, y=0.12)
        figure_.savefig(path, metadata={"Date": None})
        plt.close(figure_)


def write(values: Sequence[Measured], points: Sequence[Point], load_before: str, folder: Path = DOCS) -> None:
    """Write the document and its picture into `folder`."""
    draw(points, folder / "benchmarks.svg")
    machine_rows = "\n".join(
        f"| {name} | {value} |" for name, value in [*machine(), ("other load at the start", load_before)]
    )
    text = "\n".join(
        (
            PREFACE,
            table_of(values),
            "",
            "![What a visit costs, by population](benchmarks.svg)",
            "",
            costs_of(points),
            "",
            READING,
            "## Machine",
            "",
            "| | |",
            "|---|---|",
            machine_rows,
            "",
        )
    )
    (folder / "benchmarks.md").write_text(text, encoding="utf-8")
