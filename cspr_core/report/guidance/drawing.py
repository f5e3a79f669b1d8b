"""A flow laid out and drawn without a browser: as SVG for a page, as PNG for Word.

The layout is that of an outline: what comes next stands below, and of several ways that leave a
box all but the last are set in, on one line that runs down beside them. So no two lines cross, and
a box is as high as its words need. Black on white, shapes tell kinds apart.
"""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET  # only to write
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from cspr_core.report.guidance.flow import Flow, Node, Shape

WIDTH = 760.0  # units, of which a page of A4 takes 760
HEIGHT = 1040.0  # as much as stands on a page with its heading
_SIZE, _LINE = 13.0, 17.0
_PAD, _GAP, _STEP, _TRUNK = 9.0, 14.0, 34.0, 16.0
_NARROW, _WIDE = 300.0, 690.0
_SLANT = 14.0  # how far the sides of a question point outwards
# The widths are measured in one sans-serif; the reader's may be somewhat wider.
_SPARE = 1.12
_SCALE = 2.25  # points of the PNG to a unit
_DPI = 255  # which that is, at 17 centimetres wide
FONTS = "'Segoe UI', Arial, 'Liberation Sans', sans-serif"


@dataclass(frozen=True)
class Line:
    """A line of words in a box; `strong` is the box's title."""

    text: str
    x: float
    y: float
    strong: bool = False


@dataclass(frozen=True)
class Box:
    """A box with its words."""

    shape: Shape
    x: float
    y: float
    width: float
    height: float
    lines: tuple[Line, ...]
    requirements: tuple[str, ...] = ()


@dataclass(frozen=True)
class Arrow:
    """A way through points, with a head at its end; `label` stands at `at`."""

    points: tuple[tuple[float, float], ...]
    label: str = ""
    at: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Drawing:
    """A flow as drawn: boxes and arrows, in units from the upper left."""

    title: str
    told: str
    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def drawings_of(flow: Flow) -> list[Drawing]:
    """A flow as one drawing, or as several where it is longer than a page.

    Each part begins at the start and says what it is a part of.
    """
    parts = _parts(flow)
    found = []
    for index, start in enumerate(parts, 1):
        told = Flow(flow.title, start).told
        title = flow.title if len(parts) == 1 else f"{flow.title} (part {index} of {len(parts)})"
        found.append(_Layout().drawn(start, title, told))
    return found


def _parts(flow: Flow) -> list[Node]:
    start = flow.start
    ways: list[list[tuple[str, Node]]] = [[]]
    high = 0.0
    for way in start.then:
        tall = _Layout().drawn(replace(start, then=(way,)), "", "").height
        ends = way[1].shape == "end"  # which no part is made for
        if ways[-1] and high + tall > HEIGHT and not ends:
            ways.append([])
            high = 0.0
        ways[-1].append(way)
        high += tall - _height(start, WIDTH)
    last = len(ways) - 1
    return [
        replace(
            start,
            title=start.title if index == 0 else f"{start.title} (continued)",
            then=(
                *part,
                *((("", Node("end", "Continued in the next part")),) if index < last else ()),
            ),
        )
        for index, part in enumerate(ways)
    ]


class _Layout:
    def __init__(self) -> None:
        self.boxes: list[Box] = []
        self.arrows: list[Arrow] = []
        self.y = 1.0

    def drawn(self, start: Node, title: str, told: str) -> Drawing:
        self._place(start, 0)
        return Drawing(title, told, WIDTH, self.y + 1.0, tuple(self.boxes), tuple(self.arrows))

    def _place(self, node: Node, depth: int) -> Box:
        x = 1.0 + depth * _STEP
        room = WIDTH - 2.0 - depth * _STEP
        box = _box(node, x, self.y, min(room, _WIDE))
        self.boxes.append(box)
        self.y += box.height + _GAP
        *aside, last = node.then or (None,)
        trunk = x + _TRUNK
        for way in aside:
            if way is not None:
                label, below = way
                self._aside(box, trunk, label, below, depth)
        if last is not None:
            label, below = last
            if label:
                self._aside(box, trunk, label, below, depth)
            else:
                top = self.y
                self._place(below, depth)
                self.arrows.append(Arrow(((trunk, box.y + box.height), (trunk, top))))
        return box

    def _aside(self, box: Box, trunk: float, label: str, below: Node, depth: int) -> None:
        """What leaves a box on the line beside it; a labelled way keeps room for its label."""
        if label and label != "yes":
            self.y += _LINE
        top = self.y
        placed = self._place(below, depth + (2 if label == "yes" else 1))
        middle = top + min(placed.height / 2, _PAD + _LINE / 2)
        points = ((trunk, box.y + box.height), (trunk, middle), (placed.x, middle))
        at = (trunk + 5, middle - 4) if label == "yes" else (placed.x, top - 4)
        self.arrows.append(Arrow(points, label, at))


def _box(node: Node, x: float, y: float, room: float) -> Box:
    side = _SLANT if node.shape == "question" else 0.0
    inner = room - 2 * (_PAD + side)
    rows = list(_rows(node, inner))
    widest = max(_measure(text) for text, _ in rows)
    width = (
        max(_NARROW, widest + 2 * (_PAD + side) + 2)
        if node.shape != "end"
        else (widest + 2 * (_PAD + 8))
    )
    width = min(room, width)
    left = x + _PAD + side + (8 if node.shape in ("start", "end") else 0)
    lines = tuple(
        Line(text, left, y + _PAD + _SIZE * 0.85 + i * _LINE, strong)
        for i, (text, strong) in enumerate(rows)
    )
    height = 2 * _PAD + len(rows) * _LINE - (_LINE - _SIZE)
    return Box(node.shape, x, y, width, height, lines, node.requirements)


def _height(node: Node, room: float) -> float:
    return _box(node, 0, 0, min(room, _WIDE)).height + _GAP


def _rows(node: Node, room: float) -> Iterator[tuple[str, bool]]:
    room = room - 16 if node.shape in ("start", "end") else room
    for text in wrapped(node.title, room * 0.94):
        yield text, True
    for line in node.lines:
        for text in wrapped(line, room):
            yield text, False


def wrapped(text: str, room: float) -> list[str]:
    """A text in lines that fit into so many units; a word that is longer than that is broken."""
    lines = [""]
    for word in text.split():
        piece = word
        whole = f"{lines[-1]} {piece}".strip()
        if _measure(whole) <= room:
            lines[-1] = whole
            continue
        while _measure(piece) > room:
            n = next(i for i in range(len(piece), 0, -1) if _measure(piece[:i]) <= room)
            lines.append(piece[:n])
            piece = piece[n:]
        lines.append(piece)
    return [line for line in lines if line] or [""]


def _measure(text: str) -> float:
    words = text.split(" ")
    return sum(map(_wide, words)) + _wide(" ") * (len(words) - 1)


@cache
def _wide(word: str) -> float:
    return _font(100).getlength(word) * _SIZE / 100 * _SPARE


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):  # pragma: no cover  (every wheel has FreeType)
        raise TypeError("Pillow was built without FreeType; install its wheel.")
    return font


# --- SVG ----------------------------------------------------------------------------------------


def svg_of(drawing: Drawing, prefix: str) -> str:
    """A drawing as an SVG element; `prefix` keeps its ids apart from others' on a page."""
    svg = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "flow",
            "viewBox": f"0 0 {_n(drawing.width)} {_n(drawing.height)}",
            "width": _n(drawing.width),
            "height": _n(drawing.height),
            "role": "img",
            "aria-labelledby": f"{prefix}-title {prefix}-desc",
            "font-family": FONTS,
            "font-size": _n(_SIZE),
        },
    )
    ET.SubElement(svg, "title", {"id": f"{prefix}-title"}).text = drawing.title
    ET.SubElement(svg, "desc", {"id": f"{prefix}-desc"}).text = drawing.told
    for arrow in drawing.arrows:
        _draw_arrow(svg, arrow)
    for box in drawing.boxes:
        _draw_box(svg, box)
    for arrow in drawing.arrows:
        if arrow.label:
            x, y = arrow.at
            label = ET.SubElement(
                svg, "text", {"x": _n(x), "y": _n(y), "font-style": "italic", "font-size": "12"}
            )
            label.text = arrow.label
    return ET.tostring(svg, encoding="unicode")


def _draw_arrow(svg: ET.Element, arrow: Arrow) -> None:
    points = " ".join(f"{_n(x)},{_n(y)}" for x, y in arrow.points)
    ET.SubElement(
        svg, "polyline", {"points": points, "fill": "none", "stroke": "#000", "stroke-width": "1.3"}
    )
    head = " ".join(f"{_n(x)},{_n(y)}" for x, y in _head(arrow))
    ET.SubElement(svg, "polygon", {"points": head, "fill": "#000"})


def _draw_box(svg: ET.Element, box: Box) -> None:
    style = {"fill": "#fff", "stroke": "#000", "stroke-width": "1.3"}
    if box.shape == "question":
        points = " ".join(f"{_n(x)},{_n(y)}" for x, y in _hexagon(box))
        ET.SubElement(svg, "polygon", {"points": points, **style})
    else:
        _rectangle(svg, box, 0.0, style)
        if box.shape == "list":
            _rectangle(svg, box, 3.0, {**style, "fill": "none", "stroke-width": "0.8"})
    for line in box.lines:
        weight = {"font-weight": "700"} if line.strong else {}
        text = ET.SubElement(svg, "text", {"x": _n(line.x), "y": _n(line.y), **weight})
        text.text = line.text


def _rectangle(svg: ET.Element, box: Box, inset: float, style: dict[str, str]) -> None:
    round_ = {"rx": _n(box.height / 2)} if box.shape in ("start", "end") else {}
    ET.SubElement(
        svg,
        "rect",
        {
            "x": _n(box.x + inset),
            "y": _n(box.y + inset),
            "width": _n(box.width - 2 * inset),
            "height": _n(box.height - 2 * inset),
            **round_,
            **style,
        },
    )


def _hexagon(box: Box) -> Sequence[tuple[float, float]]:
    right, bottom, middle = box.x + box.width, box.y + box.height, box.y + box.height / 2
    return (
        (box.x, middle),
        (box.x + _SLANT, box.y),
        (right - _SLANT, box.y),
        (right, middle),
        (right - _SLANT, bottom),
        (box.x + _SLANT, bottom),
    )


def _head(arrow: Arrow) -> Sequence[tuple[float, float]]:
    """The three points of an arrow's head: it points down, or to the right."""
    (before_x, before_y), (x, y) = arrow.points[-2:]
    if before_x == x and before_y < y:
        return ((x, y), (x - 4, y - 8), (x + 4, y - 8))
    return ((x, y), (x - 8, y - 4), (x - 8, y + 4))


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


# --- PNG ----------------------------------------------------------------------------------------


def png_of(drawing: Drawing) -> bytes:
    """A drawing as a PNG in grey, for what can't show an SVG."""
    size = (round(drawing.width * _SCALE), round(drawing.height * _SCALE))
    image = Image.new("L", size, 255)
    pen = ImageDraw.Draw(image)
    for arrow in drawing.arrows:
        pen.line([_p(point) for point in arrow.points], fill=0, width=3)
        pen.polygon([_p(point) for point in _head(arrow)], fill=0)
    for box in drawing.boxes:
        _paint_box(pen, box)
    for arrow in drawing.arrows:
        if arrow.label:
            x, y = arrow.at
            pen.text(_p((x, y)), arrow.label, fill=0, font=_font(round(12 * _SCALE)), anchor="ls")
    stream = io.BytesIO()
    image.save(stream, "PNG", compress_level=6, dpi=(_DPI, _DPI))
    return stream.getvalue()


def _paint_box(pen: ImageDraw.ImageDraw, box: Box) -> None:
    corners = [_p((box.x, box.y)), _p((box.x + box.width, box.y + box.height))]
    if box.shape == "question":
        pen.polygon([_p(point) for point in _hexagon(box)], fill=255, outline=0, width=3)
    elif box.shape in ("start", "end"):
        radius = box.height / 2 * _SCALE
        pen.rounded_rectangle(corners, radius, fill=255, outline=0, width=3)
    else:
        pen.rectangle(corners, fill=255, outline=0, width=3)
    if box.shape == "list":
        inner = [
            _p((box.x + 3, box.y + 3)),
            _p((box.x + box.width - 3, box.y + box.height - 3)),
        ]
        pen.rectangle(inner, outline=0, width=2)
    for line in box.lines:
        font = _font(round(_SIZE * _SCALE))
        stroke = 0.7 if line.strong else 0
        pen.text(
            _p((line.x, line.y)), line.text, fill=0, font=font, anchor="ls", stroke_width=stroke
        )


def _p(point: tuple[float, float]) -> tuple[float, float]:
    return (point[0] * _SCALE, point[1] * _SCALE)
