"""What a caseload is drawn from: stated, each with what it is, and other figures read strictly."""

import pickle
from pathlib import Path
from typing import Any

import pytest
import yaml

from cspr_core.reading.problems import BadInput
from cspr_core.simulating.distributions import SHIPPED, read_distributions, shipped_distributions
from tests.simulating.barset import other_shares

PAGE = Path(__file__).parents[2] / "docs" / "simulating.md"


def stated() -> dict[str, dict[str, Any]]:
    whole = yaml.load(SHIPPED.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  (our file)
    return {name: entry for name, entry in whole.items() if name != "schema"}


def in_words(entry: dict[str, Any]) -> str:
    """The figures of a distribution as docs/simulating.md has them."""
    if "share" in entry:
        return f"{entry['share']} in a hundred"
    if "gap" in entry:
        gap = entry["gap"]
        unit = gap["unit"].replace("_", " ")
        return f"{gap['least']} to {gap['most']} {unit}, {gap['mean']} on average"
    if "timing" in entry:
        when = entry["timing"]
        return (
            f"{when['late']} in a hundred late, by {when['after']} on average and {when['most']}"
            f" at most; else {when['before']} before"
        )
    words = entry.get("shares") or entry["chances"]
    return ", ".join(f"{word} {share}" for word, share in words.items())


def test_each_says_what_it_is_and_that_it_is_assumed() -> None:
    assert [n for n, entry in stated().items() if not entry["about"].endswith(". Assumed.")] == []


def test_each_stands_in_the_docs_with_its_figures() -> None:
    page = PAGE.read_text("utf-8")
    rows = [
        f"| `{name}` | {entry['about'].removesuffix(' Assumed.')} | {in_words(entry)} |"
        for name, entry in stated().items()
    ]

    assert [row for row in rows if row not in page] == []
    assert page.count("\n| `") == len(rows)


def test_a_file_takes_the_place_of_what_it_names_and_of_nothing_else(tmp_path: Path) -> None:
    other = read_distributions(other_shares(tmp_path, "withdrawn: {share: 12.5}\n"))

    assert other.withdrawn.share == 12.5
    assert other.step == shipped_distributions().step


def test_another_process_gets_the_same(tmp_path: Path) -> None:
    other = read_distributions(other_shares(tmp_path, "withdrawn: {share: 12.5}\n"))

    assert pickle.loads(pickle.dumps(other)) == other  # noqa: S301  (our own, made a moment ago)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("withdrawm: {share: 3}", "2:1: `withdrawm` is not a key that may stand here."),
        ("withdrawn: {share: 101}", "2:20: This is not a share in a hundred."),
        ("withdrawn: {share: -1}", "2:20: This is not a share in a hundred."),
        ("withdrawn: {share: some}", "2:20: This is not a share in a hundred."),
        ("withdrawn: {}", "`share` is missing."),
        ("children:\n  shares: {one: 60, two: 30}", "These shares add up to 90."),
        ("children:\n  shares: {one: 60, four: 40}", "3:21: `four` is not one of the words"),
        ("soon: {gap: {least: 9, mean: 3, most: 4}}", "`least`, `mean` and `most` are not in"),
        ("soon: {gap: {least: 0, mean: 3, most: 9, unit: weeks}}", "`weeks` is not one of the"),
        ("step: {timing: {late: 5, before: 1, after: 2}}", "`most` is missing."),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, problem: str) -> None:
    path = other_shares(tmp_path, text + "\n")

    with pytest.raises(BadInput) as refused:
        read_distributions(path)

    assert problem in str(refused.value)
    assert str(refused.value).startswith(f"{path}:")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- a\n", "1:1: There are no distributions here."),
        ("withdrawn: {share: 3}\n", "1:1: `schema` is missing."),
        ("", "1:1: The file is empty."),
    ],
)
def test_a_file_of_something_else_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "shares.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(BadInput, match=problem.replace("`", ".")):
        read_distributions(path)
