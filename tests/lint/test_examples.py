"""Each rule says of its failing example what `expected.txt` has, and nothing of its passing one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.lint.examples import HERE, NAMES, checked, codes, lines


def test_every_rule_has_its_two_examples() -> None:
    assert sorted(codes()) == NAMES
    assert all((HERE / name / "passes" / "arrangements.yaml").is_file() for name in NAMES)


def test_no_two_rules_have_one_code() -> None:
    assert len(set(codes().values())) == len(codes())


@pytest.mark.parametrize("name", NAMES)
def test_the_failing_example_fails(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = HERE / name / "fails"
    found = lines(checked(folder, tmp_path, monkeypatch), folder)
    # Where in our own code an example ends changes with every line of it.
    found = [re.sub(r"(\w\.py, line )\d+", r"\1N", line) for line in found]
    assert found == (folder / "expected.txt").read_text("utf-8").splitlines()
    assert found
    assert all(f" {codes()[name]} " in line for line in found)


@pytest.mark.parametrize("name", NAMES)
def test_the_passing_example_passes(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = HERE / name / "passes"
    expected = folder / "expected.txt"
    own = expected.read_text("utf-8").splitlines() if expected.is_file() else []
    found = lines(checked(folder, tmp_path, monkeypatch), folder)
    # what is well may be noted: by the rule itself as expected, by others as they like
    assert [line for line in found if f" {codes()[name]} " in line or " note: " not in line] == own
    assert all(" note: " in line for line in own)
