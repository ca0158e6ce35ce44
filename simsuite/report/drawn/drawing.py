"""How every figure looks and becomes part of a page: one palette, two widths, inline SVG."""

from __future__ import annotations

import re
import textwrap
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from html import escape
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Light values; in a page each becomes a variable of style.css, which has dark values as well.
REFERENCE, COMPARED = "#b8540c", "#1b69ad"  # orange and blue, told apart by color-blind readers too
INK, MUTED, RULE, PAPER, BAND = "#1c1c1a", "#66645f", "#dcd8cf", "#fdfcf9", "#f1eee6"
VARIABLES = {
    REFERENCE: "reference",
    COMPARED: "compared",
    INK: "ink",
    MUTED: "muted",
    RULE: "rule",
    PAPER: "paper",
    BAND: "band",
}
CIRCLE, DIAMOND = "o", "D"  # reference and compared, where points are drawn
ROW, LABELS, NARROW_LABELS = 34, 172, 132  # pixels of a row, and of the names on its left
WIDE, NARROW = 720, 350  # pixels
STYLE = {
    "text.parse_math": False,  # a title with two dollars is no formula
    "font.family": "sans-serif",
    "font.size": 12,
    "text.color": INK,
    "axes.edgecolor": RULE,
    "axes.labelcolor": MUTED,
    "axes.labelsize": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.axisbelow": True,
    "axes.titlesize": 12,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlecolor": INK,
    "axes.titley": 1.0,  # measuring every label to find a place for titles took a tenth of the drawing
    "xtick.bottom": False,
    "ytick.left": False,
    "xtick.labelcolor": MUTED,
    "ytick.labelcolor": MUTED,
    "xtick.labelsize": 11,
    "ytick.labelsize": 11,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "figure.dpi": 72,
    "lines.solid_capstyle": "butt",
}


_STYLED: ContextVar[bool] = ContextVar("styled", default=False)


@contextmanager
def one_style() -> Iterator[None]:
    """Whatever is drawn within has the one style; the settings of the session come back afterwards."""
    import matplotlib

    if _STYLED.get():
        yield
        return
    plain = {name: value for name, value in matplotlib.rcParamsDefault.items() if name != "backend"}  # imports pyplot
    token = _STYLED.set(True)
    try:
        with matplotlib.rc_context({**plain, **STYLE}):
            yield
    finally:
        _STYLED.reset(token)


def styled(draw: Callable[..., Figure]) -> Callable[..., Figure]:
    """Draw in the one style, whatever the settings of the session are."""

    @wraps(draw)
    def in_style(*arguments, **options) -> Figure:
        with one_style():
            return draw(*arguments, **options)

    return in_style


def full_width(narrow: bool) -> int:
    """Pixels across."""
    return NARROW if narrow else WIDE


def blank(narrow: bool, height: float) -> Figure:
    """An empty figure; height in pixels."""
    from matplotlib.figure import Figure

    return Figure(figsize=(full_width(narrow) / 72, height / 72))


def panel(figure: Figure, left: float, top: float, width: float, height: float, **options) -> Axes:
    """Axes at a place in pixels, counted from the upper left corner."""
    across, down = (72 * length for length in figure.get_size_inches())
    return figure.add_axes((left / across, 1 - (top + height) / down, width / across, height / down), **options)


def note(figure: Figure, left: float, top: float, text: str, **options) -> None:
    """Text at a place in pixels, counted from the upper left corner."""
    across, down = (72 * length for length in figure.get_size_inches())
    figure.text(left / across, 1 - top / down, text, **{"va": "center", **options})


def across_days(axes: Axes, days: Sequence[int]) -> None:
    """A horizontal axis from the first of these days to the last; a single day is as wide as one."""
    axes.set_xlim(days[0], max(days[-1], days[0] + 1))


def nothing(narrow: bool, top: float, words: str) -> Figure:
    """A figure that says in words that there is nothing to draw; its first `top` pixels are for what stands above."""
    figure = blank(narrow, top + ROW)
    note(figure, 8, top + ROW / 2, words, color=MUTED)
    return figure


def rows(axes: Axes, names: Sequence[str], show_names: bool = True) -> None:
    """A vertical axis of rows, the first on top, with their names on the left."""
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(range(len(names)), names if show_names else [""] * len(names))
    axes.tick_params(axis="y", length=0, labelcolor=INK, labelsize=12, pad=8)


def zero_line(axes: Axes) -> None:
    """The line of no change, and a quiet grid across."""
    axes.axvline(0, color=MUTED, linewidth=1, zorder=1)
    axes.grid(axis="x")


def key(figure: Figure, reference: str, compared: str, narrow: bool, left: float = 0) -> None:
    """Which color and shape is which world, in the upper left corner."""
    for place, (title, color, shape, fill) in enumerate(
        ((reference, REFERENCE, CIRCLE, PAPER), (compared, COMPARED, DIAMOND, COMPARED))
    ):
        x, y = (left + 6, 9 + 18 * place) if narrow else (left + 6 + 260 * place, 9)
        across, down = (72 * length for length in figure.get_size_inches())
        from matplotlib.lines import Line2D

        figure.add_artist(
            Line2D(
                [x / across],
                [1 - y / down],
                marker=shape,
                color=color,
                markersize=7,
                markerfacecolor=fill,
                markeredgewidth=1.6,
            )
        )
        note(figure, x + 12, y, title, color=color, weight="bold")


def key_height(narrow: bool) -> int:
    """Pixels that the key takes."""
    return 44 if narrow else 26


def pair_of_bars(axes: Axes, place: float, reference: float, compared: float, thickness: float = 0.34) -> None:
    """Two bars from zero: the reference an outline, the compared world solid."""
    axes.barh(place - 0.19, reference, thickness, color=REFERENCE, alpha=0.28, linewidth=0)
    axes.barh(place - 0.19, reference, thickness, facecolor="none", edgecolor=REFERENCE, linewidth=1.2)
    axes.barh(place + 0.19, compared, thickness, color=COMPARED)


def dot_and_range(
    axes: Axes,
    place: float,
    estimate: float,
    low: float,
    high: float,
    color: str = COMPARED,
    shape: str = DIAMOND,
) -> None:
    """An estimate with its interval, which is always drawn."""
    axes.plot([low, high], [place, place], color=color, linewidth=2, zorder=3)
    axes.plot(
        [estimate],
        [place],
        marker=shape,
        color=color,
        markersize=7,
        zorder=4,
        markeredgecolor=PAPER,
        markeredgewidth=0.6,
    )


def signed_ticks(value: float, _position: int | None = None) -> str:
    """Label of a tick of change: +1, 0, -1 with a real minus."""
    return "0" if value == 0 else f"{value:+,.6g}".replace("-", "\N{MINUS SIGN}")


@dataclass(frozen=True)
class Drawing:
    """A figure of a page that is still to be drawn, here or in another process.

    draw : makes the figure, of draw(narrow=True or False)
    name : unique in the page
    alternative : what a screen reader says
    narrow : for a telephone; the style sheet shows one of both widths
    """

    draw: Callable[..., Figure]
    name: str
    alternative: str
    narrow: bool = False

    def svg(self) -> str:
        """The drawing as inline SVG; the same each time."""
        style = "narrow" if self.narrow else "wide"
        return svg(self.draw(narrow=self.narrow), f"{self.name} {style}", self.alternative, style)


Draw = Callable[[Iterable[Sequence[Drawing]]], list[list[str]]]  # makes inline SVG of the drawings of each plate


def svgs(plates: Iterable[Sequence[Drawing]]) -> list[list[str]]:
    """The drawings of each plate as inline SVG, one after the other."""
    return [[drawing.svg() for drawing in drawings] for drawings in plates]


def svg_file(figure: Figure, name: str, **options) -> str:
    """A figure as an SVG file: same figure and name, same text. Options are those of matplotlib's `savefig`."""
    import matplotlib

    content = StringIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from")  # text stays text: the reader's fonts show it
        figure.savefig(content, format="svg", metadata={"Date": None}, **options)
    return content.getvalue()


def svg(figure: Figure, name: str, alternative: str, style: str = "") -> str:
    """A figure as inline SVG for a page: same figure, same text; colors follow the page.

    Parameters
    ----------
    figure : made by a function of `figures`
    name : unique in the page
    alternative : what a screen reader says
    style : class of the element
    """
    with one_style():
        body = _without_clutter(svg_file(figure, name))
    for color, variable in VARIABLES.items():
        body = body.replace(color, f"var(--{variable})")
    across, down = (72 * length for length in figure.get_size_inches())
    return (
        f'<svg viewBox="0 0 {across:g} {down:g}" role="img" aria-label="{escape(alternative)}" class="{style}">{body}'
    )


def _without_clutter(text: str) -> str:
    """The content of an SVG without fonts, metadata, unused names and spare digits."""
    clutter = (
        r"^.*?<svg[^>]*>",
        r"<metadata>.*?</metadata>",
        r"<!--.*?-->",
        r"<style.*?</style>",
        r"<clipPath.*?</clipPath>",
        r' clip-path="[^"]*"',
        r' xmlns(:\w+)?="[^"]*"',
        r' transform="rotate\(-0 [^"]*"',
        r' id="(?!m[0-9a-f]{6,})[^"]*"',  # markers are drawn by their name
        r" ?font-family: [^;\"]*;",
        r"<defs>\s*</defs>",
        r'<g>\s*<path d="[^"]*" style="fill: none"/>\s*</g>',  # backgrounds
    )
    text = re.sub("|".join(clutter), "", text, flags=re.S).replace("xlink:href", "href")
    text = re.sub(r"font: ((?:\w+ )*?)([\d.]+px) [^;\"]*", _size_and_weight, text)
    text = re.sub(r"<[^>]+>", lambda tag: re.sub(r"(\d\.\d)\d+", r"\1", tag.group()), text)
    return re.sub(r"\s*\n\s*", " ", re.sub(r">\s+<", "><", text)).strip()


def _size_and_weight(font: re.Match) -> str:
    """The shorthand of older versions of matplotlib without the names of the fonts."""
    weight = "font-weight: bold; " if {"bold", "700"} & set(font.group(1).split()) else ""
    return f"{weight}font-size: {font.group(2)}"


def spread(places: Mapping[str, float], distance: float) -> dict[str, float]:
    """Places on a line, moved as little as it takes to keep a distance, up and down alike; for labels."""
    names = sorted(places, key=lambda name: (places[name], name))
    blocks: list[tuple[float, int]] = []  # mean place of the lowest label, number of labels
    for place, name in enumerate(names):
        start, count = places[name] - place * distance, 1
        while blocks and blocks[-1][0] > start:
            before, many = blocks.pop()
            start, count = (before * many + start * count) / (many + count), many + count
        blocks.append((start, count))
    starts = [start for start, count in blocks for _ in range(count)]
    return {name: starts[place] + place * distance for place, name in enumerate(names)}


def folded(text: str, width: int, lines: int = 3) -> str:
    """Text in lines of at most `width` characters, half as many of Chinese or Japanese; what needs more lines is left out."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return "\n".join(textwrap.wrap(text, max(1, width * len(text) // (len(text) + wide or 1)))[:lines])
