"""The pages of the rules: complete, in one shape, and true of the examples."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from cspr_core.lint.framework import rules
from cspr_core.lint.ignoring import CODE_OF_ITS_OWN, TITLE
from tests.lint.examples import HERE, codes

DOCS = HERE.parent.parent / "docs"
HEADINGS = ["What it finds", "Why it matters", "What to do", "Failing", "Passing"]
BLOCK = re.compile(r"^```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def sections(name: str) -> dict[str, str]:
    """A page's sections by heading."""
    text = (DOCS / "lint" / f"{name}.md").read_text("utf-8")
    parts = re.split(r"^## (.*)$", text, flags=re.MULTILINE)
    return {"": parts[0]} | dict(zip(parts[1::2], parts[2::2], strict=True))


def stands_in(block: str, folder: Path) -> bool:
    """Whether a block's lines stand, indentation aside, in a file of an example."""
    wanted = textwrap.dedent(block).strip("\n")
    for path in folder.rglob("*.*"):
        lines = path.read_text("utf-8").splitlines()
        size = len(wanted.splitlines())
        for start in range(len(lines) - size + 1):
            if textwrap.dedent("\n".join(lines[start : start + size])).strip("\n") == wanted:
                return True
    return False


def test_each_rule_has_a_page_and_each_page_a_rule() -> None:
    assert {path.stem for path in (DOCS / "lint").glob("*.md")} == set(codes())


@pytest.mark.parametrize("name", sorted(codes()))
def test_a_page_has_every_heading_with_something_under_it(name: str) -> None:
    titles = {rule.CODE: rule.TITLE for rule in rules()} | {CODE_OF_ITS_OWN: TITLE}
    found = sections(name)
    assert found.pop("").strip() == f"# {codes()[name]}: {titles[codes()[name]]}"
    assert list(found) == HEADINGS
    assert all(text.strip() for text in found.values())


@pytest.mark.parametrize("name", sorted(codes()))
@pytest.mark.parametrize(("heading", "side"), [("Failing", "fails"), ("Passing", "passes")])
def test_what_a_page_shows_stands_in_the_example(name: str, heading: str, side: str) -> None:
    blocks = BLOCK.findall(sections(name)[heading])
    assert len(blocks) == 1
    assert stands_in(blocks[0], HERE / name / side)


def test_the_overview_names_every_rule_with_its_severity() -> None:
    text = (DOCS / "plugin-check.md").read_text("utf-8")
    rows = re.findall(r"^\| \[(CSPR\d+)\]\(lint/([\w-]+)\.md\) \| (\w+) \|", text, re.MULTILINE)
    severities = {rule.CODE: rule.SEVERITY for rule in rules()} | {CODE_OF_ITS_OWN: "warning"}
    wanted = [(code, name, severities[code]) for name, code in codes().items()]
    assert rows == sorted(wanted)
