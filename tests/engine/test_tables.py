"""Facts as columns: slices, spaces and what stands in their slots, by hand."""

import numpy as np

from cspr_core.engine.tables import FAR, NONE, Tables, tables_of

# Three cases. The first has two events, the second one without a date, the third none.
EVENTS = [
    [{"name": "aware", "date": 9, "agency": "gp"}, {"name": "aware", "date": 7, "agency": "icb"}],
    [{"name": "aware", "date": None, "agency": "gp"}],
    [],
]


def tables() -> Tables:
    rows = []
    for events in EVENTS:
        empty = dict.fromkeys(
            (
                *("id", "entry", "planned", "return_by", "child", "stands", "latest", "outcome"),
                *("reviewer_named", "to", "by", "from", "what", "stage", "with", "view", "person"),
                *("version", "whom", "for", "of", "on", "audience", "state"),
            )
        )
        facts = [{**empty, **event, "fid": n} for n, event in enumerate(events, 1)]
        rows.append({"event": facts})
    return tables_of(rows, ["aware"])


def test_no_fact_has_a_word_that_nobody_says() -> None:
    held = tables()
    assert len(held.slice("event", (("==", "name", "notified"),))) == 0
    assert len(held.slice("event", (("==", "agency", "nobody"),))) == 0
    # and every one that is known is unlike it
    assert len(held.slice("event", (("!=", "agency", "nobody"),))) == 3


def test_the_least_of_a_column_in_each_slot() -> None:
    held = tables()
    aware = held.slice("event", (("==", "name", "aware"),))
    by_case = held.whole.place(aware, None)
    assert by_case.least(["date"]).tolist() == [7, FAR, FAR]
    assert not by_case.once
    assert by_case.present.tolist() == [True, True, False]
    agencies = held.space(frozenset([(aware, "agency")]))
    assert [held.words[code] for code in agencies.subjects] == ["gp", "icb", "gp"]
    own = agencies.place(aware, "agency")
    assert own.once
    assert own.least(["date"]).tolist() == [9, 7, FAR]
    assert own.column("date").tolist() == [9, 7, NONE]
    # What is told of the case stands beside each of its agencies.
    assert agencies.place(aware, None).least(["date"]).tolist() == [7, 7, FAR]


def test_facts_that_have_no_slot_are_passed_over() -> None:
    held = tables()
    dated = held.slice("event", (("known", "date", None),))
    aware = held.slice("event", (("==", "name", "aware"),))
    agencies = held.space(frozenset([(dated, "agency")]))  # not the second case's
    placed = agencies.place(aware, "agency")
    assert placed.slots.tolist() == [0, 1, -1]
    assert placed.least(["date"]).tolist() == [9, 7]
    assert agencies.find(np.array([2]), np.array([0])).tolist() == [-1]
