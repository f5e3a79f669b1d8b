"""Whatever the bytes, reading ends with a case or with problems a person can act on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cspr_core.reading.case import CaseFile, check_case
from cspr_core.reading.document import parse_document
from cspr_core.reading.problems import BadInput, Problem
from cspr_core.reading.source import decode

_SMALL = (Path(__file__).parents[1] / "errors" / "date-british.yaml").read_text("utf-8")
_GOOD = _SMALL.replace("12/03/2026", "2026-03-03") + (
    "criteria:\n  improvements: {answer: yes, reason: 'One: two'}\n"
    "people:\n  p1: {agency: police, roles: [member]}\n"
    "groups:\n  review_group: {chair: p1, members: [{person: p1, from: 2026-05-01}]}\n"
    "meetings:\n  - {id: m1, body: review_group, planned: 2026-05-12, attended: [p1]}\n"
)
_LINE = re.compile(r"[^:]+:[1-9][0-9]*:[1-9][0-9]*: .+[^.]\. .+\.")


def _read(content: bytes, name: str) -> None:
    problems: tuple[Problem, ...] = ()
    try:
        found = check_case(parse_document(decode(content, name), name), today=None)
    except BadInput as bad:
        problems = bad.problems
    else:
        assert isinstance(found, CaseFile)
        return
    assert problems
    for problem in problems:
        assert _LINE.fullmatch(str(problem)), str(problem)


@given(st.binary(max_size=300), st.sampled_from(["f.yaml", "f.json"]))
def test_arbitrary_bytes(content: bytes, name: str) -> None:
    _read(content, name)


@given(
    st.text(st.sampled_from(list("ab:-,{}[]'\"\\|>&*!%@`#?~ \n\t“–\u00a0012<=.")), max_size=60),
    st.sampled_from(["f.yaml", "f.json"]),
)
def test_text_made_of_signs(text: str, name: str) -> None:
    _read(text.encode(), name)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(_GOOD)),
            st.integers(0, 12),
            st.sampled_from(
                [
                    "",
                    " ",
                    "\n",
                    ":",
                    "- ",
                    "{",
                    "}",
                    "[",
                    "]",
                    "x",
                    "yes",
                    "~",
                    "2026-03-02",
                    "\t",
                    "'",
                    '"',
                    "”",
                    "p1",
                    "from",
                    "&a ",
                    "*a",
                    "!t ",
                    ",",
                    "7",
                    "\u2011",
                ]
            ),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_a_good_case_with_bits_cut_out_and_put_in(edits: list[tuple[int, int, str]]) -> None:
    text = _GOOD
    for at, length, new in edits:
        text = text[:at] + new + text[at + length :]
    _read(text.encode(), "f.yaml")


def test_the_case_that_is_changed_above_is_good() -> None:
    assert isinstance(check_case(parse_document(_GOOD, "f.yaml"), today=None), CaseFile)


@pytest.mark.parametrize("bad", ["{a: \ud800}"])
def test_a_lone_surrogate_in_text_is_refused(bad: str) -> None:
    with pytest.raises(BadInput):
        decode(bad.encode("utf-8", "surrogatepass"), "f.yaml")
