"""The score, and how survivors are told: first, each with its place and the change in words."""

from __future__ import annotations

from cspr_core.mutation.judging import Verdict
from cspr_core.mutation.mutants import Mutant
from cspr_core.mutation.result import Judged, MutationResult, Score


def judged(requirement: str, operator: str, outcome: str, why: str = "", line: int = 7) -> Judged:
    """A mutant of a requirement, and what became of it."""
    mutant = Mutant(requirement, operator, line, 3, f"{operator} of {requirement}")
    return Judged(mutant, Verdict(outcome, why))  # type: ignore[arg-type]


RESULT = MutationResult(
    "anyshire",
    "anyshire/arrangements.yaml",
    (
        judged("anyshire.a", "number", "killed", "s1.yaml, expectation 2"),
        judged("anyshire.a", "binding", "survived", line=12),
        judged("anyshire.b", "number", "killed"),
        judged("anyshire.b", "unit", "equivalent", "every due date is the same"),
        judged("anyshire.c", "same", "error", "KeyError: 'x'"),
    ),
    3,
    (("s2.yaml", 1),),
)


def test_the_score_is_of_killed_and_survived_alone() -> None:
    # two killed, one survived: 2 of 3 is 66.66…, rounded down
    assert RESULT.score == 66.6
    assert RESULT.total == Score(killed=2, survived=1, equivalent=1, error=1)


def test_the_score_is_never_rounded_up_to_a_pass() -> None:
    # 1999 of 2000 is 99.95 per cent
    assert Score(1999, 1, 0, 0).percent == 99.9


def test_where_nothing_is_judged_nothing_is_missing() -> None:
    assert MutationResult("anyshire", "f", (), 0, ()).score == 100.0


def test_scores_by_operator_and_by_requirement() -> None:
    assert {name: score.percent for name, score in RESULT.by_operator().items()} == {
        "number": 100.0,
        "unit": 100.0,
        "binding": 0.0,
        "same": 100.0,
    }
    assert {name: score.percent for name, score in RESULT.by_requirement().items()} == {
        "anyshire.a": 50.0,
        "anyshire.b": 100.0,
        "anyshire.c": 100.0,
    }


def test_survivors_come_first_and_killed_ones_are_not_listed() -> None:
    assert RESULT.text() == (
        "Survived: no scenario notices the change (1)\n"
        "\n"
        "anyshire/arrangements.yaml:12:3: anyshire.a: binding of anyshire.a [binding]\n"
        "\n"
        "Error: the check itself failed on the change (1)\n"
        "\n"
        "anyshire/arrangements.yaml:7:3: anyshire.c: same of anyshire.c [same] (KeyError: 'x')\n"
        "\n"
        "Equivalent: proved to come to the same (1)\n"
        "\n"
        "anyshire/arrangements.yaml:7:3: anyshire.b: unit of anyshire.b [unit] (every due date is"
        " the same)\n"
        "\n"
        "Left out: does not hold as the arrangements are (1)\n"
        "\n"
        "s2.yaml: expectation 1\n"
        "\n"
        "By kind of change\n"
        "\n"
        "          score  killed  survived  equivalent  error\n"
        "number   100.0%       2         0           0      0\n"
        "unit     100.0%       0         0           1      0\n"
        "binding    0.0%       0         1           0      0\n"
        "same     100.0%       0         0           0      1\n"
        "\n"
        "Requirements with survivors or errors\n"
        "\n"
        "             score  killed  survived  equivalent  error\n"
        "anyshire.a   50.0%       1         1           0      0\n"
        "anyshire.c  100.0%       0         0           0      1\n"
        "\n"
        "anyshire: 66.6% (2 killed, 1 survived, 1 equivalent, 1 in error; 3 changes made no valid"
        " arrangements)"
    )


def test_all_noticed_is_said_in_a_line() -> None:
    result = MutationResult("anyshire", "f", (judged("anyshire.a", "unit", "killed"),), 0, ())
    assert result.text().splitlines()[-1] == "anyshire: 100.0% (1 killed, 0 survived)"
    assert "Survived" not in result.text()


def test_the_same_for_programs() -> None:
    data = RESULT.as_json()
    assert data["score"] == 66.6
    assert (data["killed"], data["survived"], data["equivalent"], data["error"]) == (2, 1, 1, 1)
    assert data["invalid"] == 3
    assert data["failing"] == [{"scenario": "s2.yaml", "expectation": 1}]
    assert data["operators"]["binding"]["score"] == 0.0
    assert [m["outcome"] for m in data["mutants"]] == [
        "survived",
        "error",
        "equivalent",
        "killed",
        "killed",
    ]
    assert data["mutants"][0] == {
        "outcome": "survived",
        "requirement": "anyshire.a",
        "operator": "binding",
        "line": 12,
        "column": 3,
        "change": "binding of anyshire.a",
        "why": None,
    }
