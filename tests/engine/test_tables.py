"""Facts as columns: slices, spaces and what stands in their slots, by hand."""

import numpy as np

from cspr_core.engine.tables import FAR, NONE, Group, Parted, Stored, Tables, Wide, tables_of

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


# --- facts that stand in their slots already, and apart already ----------------------------------


def limited() -> Tables:
    """Two cases with agencies: limits of the first's two and the second's one; of the cases too."""
    held = tables()
    aware = held.slice("event", (("==", "name", "aware"),))
    agencies = held.space(frozenset([(aware, "agency")]))  # (0, gp), (0, icb), (1, gp)
    held.words += ["area.a", "area.b", "open", "passed"]
    held.codes |= {word: code for code, word in enumerate(held.words)}
    state = held.codes["open"], NONE, held.codes["passed"]
    of_each = Wide(
        agencies,
        np.array([True, False, True]),
        {"date": np.array([5, NONE, 6], np.int32), "state": np.array(state, np.int32)},
        first=10,
    )
    there = np.array([False, True, True])
    of_case = Wide(held.whole, there, {"date": np.array([NONE, 3, 4], np.int32)}, first=20)
    held.put_groups("limit", {"area.a": of_each, "area.b": of_case})
    return held


OF_EACH, OF_CASE = ("==", "requirement", "area.a"), ("==", "requirement", "area.b")


def test_facts_as_wide_as_their_slots() -> None:
    held = limited()
    of_each = held.slice("limit", (OF_EACH,))
    assert of_each.column("c").tolist() == [0, 1]
    assert [held.words[code] for code in of_each.column("subject")] == ["gp", "gp"]
    assert of_each.column("fid").tolist() == [10, 11]
    assert of_each.column("date").tolist() == [5, 6]
    assert {held.words[code] for code in of_each.column("requirement")} == {"area.a"}
    space = held.space(frozenset([(held.slice("event", (("==", "name", "aware"),)), "agency")]))
    placed = space.place(of_each, "subject")
    assert placed.wide
    assert placed.present.tolist() == [True, False, True]
    assert placed.column("date").tolist() == [5, NONE, 6]
    # By case alone they are not: a case has as many as there are.
    assert not held.whole.place(of_each, None).wide


def test_those_of_them_that_pass_further_tests_keep_their_slots() -> None:
    held = limited()
    space = held.space(frozenset([(held.slice("event", (("==", "name", "aware"),)), "agency")]))
    late = held.slice("limit", (OF_EACH, ("==", "state", "passed")))
    placed = space.place(late, "subject")
    assert not placed.wide
    assert placed.slots.tolist() == [2]
    assert placed.column("date").tolist() == [NONE, NONE, 6]


def test_facts_about_cases_have_no_subject() -> None:
    held = limited()
    assert held.whole.place(held.slice("limit", (OF_CASE, ("==", "subject", ""))), None).wide
    assert len(held.slice("limit", (OF_CASE, ("==", "subject", "gp")))) == 0
    assert held.slice("limit", (OF_CASE,)).column("subject").tolist() == [0, 0]
    # In the slots of agencies each stands beside every agency of its case: only the second's.
    space = held.space(frozenset([(held.slice("event", (("==", "name", "aware"),)), "agency")]))
    assert space.place(held.slice("limit", (OF_CASE,)), None).column("date").tolist() == [
        *(NONE, NONE),
        3,
    ]


def test_all_facts_of_a_type_that_stand_apart() -> None:
    held = limited()
    assert held.column("limit", "fid").tolist() == [10, 11, 20, 21]
    told = [held.words[code] for code in held.column("limit", "requirement")]
    assert told == ["area.a", "area.a", "area.b", "area.b"]
    some = held.slice("limit", (("in", "requirement", ("area.b", "area.c")),))
    assert some.column("date").tolist() == [3, 4]


def test_facts_that_stand_apart_twice() -> None:
    held = limited()
    open_, passed = held.codes["open"], held.codes["passed"]
    group = {"c": np.array([0, 2], np.int32), "subject": np.array([0, 0], np.int32)}
    parts = {open_: Group(group, None), passed: Group({**group, "c": np.array([1, 1])}, None)}
    held.put_groups("mark", {"area.a": Parted(parts, "what")})
    assert held.slice("mark", (OF_EACH, ("==", "what", "passed"))).column("c").tolist() == [1, 1]
    assert len(held.slice("mark", (OF_EACH, ("==", "what", "nothing")))) == 0
    assert held.column("mark", "c").tolist() == [0, 2, 1, 1]
    whats = [held.words[code] for code in held.column("mark", "what")]
    assert whats == ["open", "open", "passed", "passed"]


def test_texts_are_sorted_by_their_codes_however_many_there_are() -> None:
    for many in (3, 300):
        words = [f"w{n:03}" for n in range(many)]
        held = Tables(3, words)
        codes = [held.codes[word] for word in words]
        # The first case's fact is named by the last word, the others' by the first.
        name = Stored(np.array([many - 1, 0, 0], np.int32), None, codes)
        held.put("event", {"c": np.array([0, 1, 2], np.int32), "name": name})
        assert held.slice("event", (("==", "name", words[0]),)).column("c").tolist() == [1, 2]
        assert held.slice("event", (("==", "name", words[-1]),)).column("c").tolist() == [0]


def test_a_stored_value_that_is_not_known_may_be_anything() -> None:
    known = np.array([True, False, True])
    days = Stored(np.array([7, 1234, 9], np.int32), known)
    assert days[:].tolist() == [7, NONE, 9]
    texts = Stored(np.array([1, 1234, 0], np.int32), known, [5, 6])
    assert texts[np.array([0, 1])].tolist() == [6, NONE]
    assert texts.short() is None
    assert days.short() is None
