"""A case as text: what is read back is what was written, in one fixed way."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from cspr_core.reading.document import parse_document
from cspr_core.simulating.text import as_line, as_yaml

CASE = {
    "schema": "cspr.case/1",
    "incident": {"date": date(2026, 3, 2), "abuse_or_neglect": "known"},
    "criteria": {"improvements": {"answer": "yes", "reason": "Late: twice, and [more]."}},
    "events": [{"type": "notified", "to": ["panel", "partners"], "date": date(2026, 3, 9)}],
    "forms": [{"id": "f1", "empty": []}],
}
YAML = """\
# Nobody's.
schema: cspr.case/1
incident: {date: 2026-03-02, abuse_or_neglect: known}
criteria:
  improvements: {answer: yes, reason: 'Late: twice, and [more].'}
events:
  - {type: notified, to: [panel, partners], date: 2026-03-09}
forms:
  - {id: f1, empty: []}
"""


def test_a_case_file_has_a_line_for_each_entry() -> None:
    assert as_yaml(CASE, "Nobody's.") == YAML


def test_a_line_of_json_is_one_line() -> None:
    assert as_line({"case": "C-1", "date": date(2026, 3, 2)}) == (
        '{"case": "C-1", "date": "2026-03-02"}\n'
    )


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1))
def test_text_of_every_kind_is_read_back_as_it_was(text: str) -> None:
    written = as_yaml({"reasons": [{"reason": text}]}, "Nobody's.")

    assert parse_document(written, "case.yaml").data == {"reasons": [{"reason": text}]}
