"""`docs/impact.md` says what the program does: the order of statuses, directions, keys."""

import re
from pathlib import Path

import pytest

from cspr_core.impact.order import DIRECTIONS, STANDING, UNASKED

PAGE = (Path(__file__).parents[2] / "docs" / "impact.md").read_text("utf-8")


def table(head: str) -> list[str]:
    """The first cells of the table that begins with this head."""
    rows = PAGE.partition(f"| {head} |")[2].partition("\n\n")[0].splitlines()[2:]
    return [row.split("|")[1].strip() for row in rows]


def test_statuses_stand_in_their_order() -> None:
    assert table("status") == sorted(STANDING, key=STANDING.__getitem__)
    assert all(f"`{status}`" in PAGE for status in UNASKED)


def test_every_direction_is_explained() -> None:
    assert table("direction") == list(DIRECTIONS)


@pytest.mark.parametrize(
    "key",
    re.findall(
        r'^ +"(\w+)":',
        (Path(__file__).parents[2] / "cspr_core" / "impact" / "as_json.py").read_text("utf-8"),
        re.MULTILINE,
    ),
)
def test_every_key_of_json_is_named(key: str) -> None:
    assert f"`{key}`" in PAGE
