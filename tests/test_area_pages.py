"""The pages of docs/areas are what the arrangements in plugins/ give: none is missing or stale."""

from pathlib import Path

import pytest

from cspr_core.check import rules_for
from cspr_core.plugins import in_directory
from cspr_core.report.area_page import area_page

ROOT = Path(__file__).parent.parent
PLUGINS = ROOT / "plugins"
PAGES = ROOT / "docs" / "areas"


def test_each_area_has_its_page_and_no_page_is_left_over() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} == set(in_directory(PLUGINS))


@pytest.mark.parametrize("area", sorted(in_directory(PLUGINS)))
def test_page_is_what_the_arrangements_give(area: str) -> None:
    written = (PAGES / f"{area}.md").read_text(encoding="utf-8")
    assert written == area_page(rules_for(area, PLUGINS)), (
        "docs/areas is stale: run `.venv/bin/python scripts/area_pages.py`"
    )


@pytest.mark.parametrize("area", sorted(in_directory(PLUGINS)))
def test_page_names_every_requirement(area: str) -> None:
    page = (PAGES / f"{area}.md").read_text(encoding="utf-8")
    rules = rules_for(area, PLUGINS)
    assert [x.requirement.id for x in rules.lowered if f"`{x.requirement.id}`" not in page] == []
