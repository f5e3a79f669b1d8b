"""Cases cut down to what still fails, by hand."""

from typing import Any

import pytest

from cspr_core.agreeing import cutting
from cspr_core.agreeing.cutting import fewest, smallest


@pytest.fixture(autouse=True)
def _anything_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "refused", lambda _data: set())


def case() -> dict[str, Any]:
    return {
        "children": [{"id": "a"}, {"id": "b"}],
        "groups": {"review_group": {"chair": "p1"}, "executive": {"chair": "p2"}},
        "events": [
            {"type": "aware", "by": "local_authority"},
            {"type": "notified", "to": ["panel", "ofsted", "dfe"]},
            "no entry at all",
        ],
        "note": "x",
    }


def test_what_fails_for_one_value_is_cut_down_to_it() -> None:
    def fails(data: dict[str, Any]) -> bool:
        return any("ofsted" in e.get("to", ()) for e in data["events"] if isinstance(e, dict))

    # The rest of the event and every other section are not needed; `children` stays, as no case
    # is without, but none of them has to be there.
    assert smallest(case(), fails) == {"children": [], "events": [{"to": ["ofsted"]}]}


def test_a_section_by_keys_is_cut_down_too() -> None:
    def fails(data: dict[str, Any]) -> bool:
        return "chair" in data["groups"]["executive"]

    found = smallest(case(), fails)
    assert found == {"children": [], "groups": {"executive": {"chair": "p2"}}}


def test_who_is_impatient_gets_what_there_is() -> None:
    assert smallest(case(), lambda _: True, lambda: True) == case()


def test_of_several_those_that_are_needed() -> None:
    # 3 and 6 together, and neither alone
    assert fewest(range(8), lambda kept: {3, 6} <= set(kept)) == [3, 6]
