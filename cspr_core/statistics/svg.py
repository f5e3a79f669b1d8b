"""Drawings by matplotlib as SVG that stands inside a page: titled, small, and the same every time.

Text stays text, in the page's own fonts. Everything in black, white and grey, told apart by
markers, hatching and labels. What matplotlib adds for files that stand alone is taken away: nothing
names anything outside the page, and what has an id in one drawing has it in no other.
"""

from __future__ import annotations

import io
import logging
import os
import re
import tempfile
import xml.etree.ElementTree as ET  # reads only what matplotlib has just written
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK, QUIET, FAINT, FILL, PAPER = "#161616", "#4a4a4a", "#d4d8dd", "#a9aeb5", "#ffffff"
WIDTH = 9.0  # inches, of 72 units of the drawing each
_FONTS = "'Segoe UI', Arial, 'Liberation Sans', sans-serif"
_STYLE = {
    "axes.axisbelow": True,
    "axes.edgecolor": QUIET,
    "axes.grid": True,
    "axes.linewidth": 0.8,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    # Comes with matplotlib, and is wider than those that a page is shown in: nothing gets too long.
    "font.family": ["DejaVu Sans"],
    "font.size": 9,
    "grid.color": FAINT,
    "grid.linewidth": 0.8,
    "hatch.color": INK,
    "hatch.linewidth": 0.7,
    "svg.fonttype": "none",
    "svg.hashsalt": "cspr",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
}
_SVG, _LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


@contextmanager
def drawing(height: float) -> Iterator[Figure]:
    """A figure to draw in, so many inches high; whatever style the user has set is left aside."""
    matplotlib = _loaded()
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)
        yield matplotlib.figure.Figure(figsize=(WIDTH, height))


@cache
def _loaded() -> Any:
    """Matplotlib, which keeps its list of fonts in a folder: in one that is gone afterwards."""
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    before = os.environ.get("MPLCONFIGDIR")
    with tempfile.TemporaryDirectory(prefix="cspr-", ignore_cleanup_errors=True) as folder:
        os.environ["MPLCONFIGDIR"] = folder
        try:
            import matplotlib as mpl  # noqa: PLC0415  (heavy, and only charts need it)
            import matplotlib.backends.backend_svg  # noqa: PLC0415
            import matplotlib.figure  # noqa: PLC0415
        finally:
            if before is None:
                del os.environ["MPLCONFIGDIR"]
            else:
                os.environ["MPLCONFIGDIR"] = before
    return mpl


def svg_of(figure: Figure, prefix: str, title: str, description: str) -> str:
    """A figure as an `svg` element with title and description; its ids begin with `prefix`."""
    stream = io.StringIO()
    _loaded().backends.backend_svg.FigureCanvasSVG(figure).print_svg(
        stream, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type"))
    )
    root = ET.fromstring(stream.getvalue())  # noqa: S314  (written a line above)
    box = root.get("viewBox", "")
    used = _references(root)
    for element in root.iter():
        _tidy(element, prefix, used)
    for element in list(root):
        if element.tag in ("metadata", "defs") and not len(element.findall(".//*[@id]")):
            root.remove(element)
    named = {"id": f"{prefix}-title"}, {"id": f"{prefix}-desc"}
    for place, (tag, attributes, text) in enumerate(
        zip(("title", "desc"), named, (title, description), strict=True)
    ):
        made = ET.Element(tag, attributes)
        made.text = text
        root.insert(place, made)
    root.attrib = {
        "viewBox": box,
        "class": "chart",
        "role": "img",
        "aria-labelledby": f"{prefix}-title {prefix}-desc",
        "stroke-linejoin": "round",
        "stroke-linecap": "butt",
    }
    return ET.tostring(root, encoding="unicode")


def _references(root: ET.Element) -> set[str]:
    """The ids that something in the drawing refers to."""
    used: set[str] = set()
    for element in root.iter():
        for name, value in element.attrib.items():
            used |= {value[1:]} if name == _LINK else set(_REFERENCE.findall(value))
    return used


def _tidy(element: ET.Element, prefix: str, used: set[str]) -> None:
    element.tag = element.tag.rpartition("}")[2]
    # A style sheet in a drawing would hold for the whole page.
    for child in list(element):
        if child.tag in (f"{_SVG}style", f"{_SVG}metadata"):
            element.remove(child)
    if element.get("id") in used:
        element.set("id", f"{prefix}-{element.get('id')}")
    else:
        element.attrib.pop("id", None)
    if _LINK in element.attrib:
        element.set("href", f"#{prefix}-{element.attrib.pop(_LINK)[1:]}")
    for name, value in element.attrib.items():
        value = _REFERENCE.sub(rf"url(#{prefix}-\1)", value)  # noqa: PLW2901
        element.set(name, value.replace("'DejaVu Sans'", _FONTS))
    if element.text and not element.text.strip():
        element.text = None
    element.tail = None
