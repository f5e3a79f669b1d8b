"""A flow as drawn: nothing overlaps, nothing runs over, and it can be read without seeing it."""

import io
import xml.etree.ElementTree as ET
from functools import cache
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cspr_core.report.guidance.document import Picture
from cspr_core.report.guidance.drawing import (
    HEIGHT,
    WIDTH,
    Box,
    Drawing,
    drawings_of,
    png_of,
    svg_of,
    wrapped,
)
from cspr_core.report.guidance.flow import Flow, Node
from tests.report.guidance.areas import MADE_UP, REAL, guidance

SVG = "{http://www.w3.org/2000/svg}"


@cache
def drawings(area: str) -> list[Drawing]:
    return [
        drawing
        for chapter in guidance(area).chapters
        for block in chapter.blocks
        if isinstance(block, Picture)
        for drawing in drawings_of(block.flow)
    ]


def apart(one: Box, other: Box) -> bool:
    return (
        one.x + one.width <= other.x
        or other.x + other.width <= one.x
        or one.y + one.height <= other.y
        or other.y + other.height <= one.y
    )


@pytest.mark.parametrize("area", [*REAL, MADE_UP])
def test_no_box_meets_another_or_leaves_the_page(area: str) -> None:
    for drawing in drawings(area):
        assert all(apart(one, other) for one, other in combinations(drawing.boxes, 2))
        for box in drawing.boxes:
            assert box.x >= 0
            assert box.x + box.width <= WIDTH
            assert box.y + box.height <= drawing.height


@pytest.mark.parametrize("area", [*REAL, MADE_UP])
def test_every_line_stands_inside_its_box(area: str) -> None:
    for drawing in drawings(area):
        for box in drawing.boxes:
            for line in box.lines:
                assert box.x < line.x
                assert box.y + 8 < line.y < box.y + box.height
                # As wide as the line, measured as one piece: what `wrapped` was asked to keep to.
                assert wrapped(line.text, box.x + box.width - line.x) == [line.text]


@pytest.mark.parametrize("area", [*REAL, MADE_UP])
def test_no_part_is_much_longer_than_a_page(area: str) -> None:
    # One long list may be: it is drawn smaller rather than cut.
    assert all(drawing.height < HEIGHT * 1.25 for drawing in drawings(area))


@pytest.mark.parametrize("area", [*REAL, MADE_UP])
def test_no_arrow_runs_through_a_box_that_is_not_its_own(area: str) -> None:
    for drawing in drawings(area):
        for arrow in drawing.arrows:
            for (x1, y1), (x2, y2) in pairwise(arrow.points):
                for box in drawing.boxes:
                    inside_x = box.x < max(x1, x2) and min(x1, x2) < box.x + box.width
                    inside_y = box.y < max(y1, y2) and min(y1, y2) < box.y + box.height
                    assert not (inside_x and inside_y)


def test_a_long_flow_is_drawn_in_parts_that_say_so() -> None:
    flow = Flow(
        "Long",
        Node(
            "start",
            "Begin",
            then=tuple(("", Node("step", f"Step {i}", ("A line",) * 8)) for i in range(20)),
        ),
    )
    found = drawings_of(flow)
    assert len(found) > 1
    assert found[0].title == f"Long (part 1 of {len(found)})"
    assert found[0].boxes[-1].lines[0].text == "Continued in the next part"
    assert found[1].boxes[0].lines[0].text == "Begin (continued)"
    steps = [b.lines[0].text for d in found for b in d.boxes if b.shape == "step"]
    assert steps == [f"Step {i}" for i in range(20)]


def test_an_end_makes_no_part_of_its_own() -> None:
    assert all(
        any(box.shape != "end" for box in drawing.boxes[1:])
        for area in REAL
        for drawing in drawings(area)
    )


def test_the_svg_has_a_title_a_description_and_every_word() -> None:
    start = Node(
        "start",
        "Begin",
        then=(
            (
                "",
                Node(
                    "question",
                    "Is it so?",
                    ("If not, nothing",),
                    then=(("yes", Node("list", "Then", ("3.1 One <thing> & another",))),),
                ),
            ),
            ("", Node("end", "End")),
        ),
    )
    (drawing,) = drawings_of(Flow("A flow", start))
    svg = ET.fromstring(svg_of(drawing, "f"))  # noqa: S314  (our own)
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "f-title f-desc"
    assert svg.find(f"{SVG}title").text == "A flow"  # type: ignore[union-attr]
    told = svg.find(f"{SVG}desc").text  # type: ignore[union-attr]
    assert told == "Begins with: Begin. 1. Is it so? 2. Then. Ends with: End."
    texts = [text.text for text in svg.iter(f"{SVG}text")]
    assert texts == [
        "Begin",
        "Is it so?",
        "If not, nothing",
        "Then",
        "3.1 One <thing> & another",
        "End",
        "yes",
    ]


def test_it_is_black_on_white() -> None:
    (drawing,) = drawings_of(
        Flow("A flow", Node("start", "Begin", then=(("", Node("step", "Do")),)))
    )
    colours = {
        value
        for element in ET.fromstring(svg_of(drawing, "f")).iter()  # noqa: S314
        for name in ("fill", "stroke")
        if (value := element.get(name)) is not None
    }
    assert colours == {"#000", "#fff", "none"}


def test_the_picture_has_the_drawings_shape_and_its_words_are_dark() -> None:
    start = Node(
        "start",
        "Begin",
        then=(
            ("", Node("question", "So?", then=(("yes", Node("list", "Then", ("1 One",))),))),
            ("", Node("step", "Do")),
        ),
    )
    (drawing,) = drawings_of(Flow("A flow", start))
    image = Image.open(io.BytesIO(png_of(drawing)))
    assert image.mode == "L"
    assert abs(image.width / image.height - drawing.width / drawing.height) < 0.02
    low, high = image.getextrema()
    assert (low, high) == (0, 255)


@given(st.text(), st.floats(min_value=30, max_value=500))
@settings(max_examples=50)
def test_wrapping_loses_nothing(text: str, room: float) -> None:
    assert "".join("".join(wrapped(text, room)).split()) == "".join(text.split())
