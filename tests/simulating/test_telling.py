"""Simulated cases: taken by every check, told from their number alone, and of use."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cspr_core.caseload.answers import answers, reference_answers
from cspr_core.caseload.columns import CaseFacts, table_of
from cspr_core.check import Rules, check_words, rules_for
from cspr_core.plugins import installed
from cspr_core.reading.case import check_case
from cspr_core.reading.document import parse_document
from cspr_core.simulating.distributions import read_distributions, shipped_distributions
from cspr_core.simulating.story import Data
from cspr_core.simulating.telling import Teller, teller_of
from cspr_core.simulating.text import as_yaml
from tests.simulating.barset import AS_OF, other_shares, teller

AREAS = tuple(installed())


def of_area(area: str, seed: int = 1, as_of: date = AS_OF, years: int = 5) -> Teller:
    return teller_of(rules_for(area), shipped_distributions(), seed=seed, as_of=as_of, years=years)


def is_taken(told: Teller, number: int, as_of: date) -> None:
    """Read the case from its file as on the caseload's day, and compare it with the case told."""
    file = parse_document(as_yaml(told.data(number), "Nobody's."), f"{number}.yaml")

    read = check_case(file, today=as_of)  # refuses whatever is dated after that day

    check_words(read, told.rules)
    assert read.case == told.case(number)


@pytest.mark.slow
@pytest.mark.parametrize("area", AREAS)
def test_every_case_is_taken_as_a_file(area: str) -> None:
    told = of_area(area)

    for number in range(1, 41):
        is_taken(told, number, AS_OF)


@settings(max_examples=25)
@given(
    st.sampled_from(AREAS), st.integers(0, 10**9), st.integers(1, 10**6),
    st.dates(date(1992, 1, 1), date(2098, 12, 31)), st.integers(1, 30),
)  # fmt: skip
def test_cases_of_any_seed_and_day_are_taken(
    area: str, seed: int, number: int, as_of: date, years: int
) -> None:
    is_taken(of_area(area, seed, as_of, years), number, as_of)


def test_a_case_depends_on_seed_area_and_number_alone(tmp_path: Path) -> None:
    first, second = teller(tmp_path), teller(tmp_path)
    forwards = [first.data(number) for number in range(1, 21)]
    backwards = [second.data(number) for number in range(20, 0, -1)]

    assert forwards == backwards[::-1]
    assert teller(tmp_path, seed=2).data(1) != forwards[0]


def test_a_reference_is_plainly_simulated(tmp_path: Path) -> None:
    told = teller(tmp_path)

    assert told.data(7)["case"] == "SIM-barset-000007"
    assert told.reference(1_234_567) == "SIM-barset-1234567"


def test_a_case_begins_in_the_years_before_the_day(tmp_path: Path) -> None:
    told = teller(tmp_path)
    aware = [e["date"] for n in range(1, 101) for e in told.data(n)["events"]
             if e["type"] in ("aware", "referral_received")]  # fmt: skip

    assert date(2021, 6, 1) <= min(aware) < date(2022, 6, 1)
    assert date(2025, 6, 1) < max(aware) <= AS_OF


def test_the_29th_of_february_has_a_day_in_other_years() -> None:
    told = of_area(AREAS[0], as_of=date(2024, 2, 29), years=1)

    assert told.world.first == date(2023, 2, 28).toordinal()


# --- what an area asks for -----------------------------------------------------------------------

CERTAIN = (
    "outcome: {shares: {seriously_harmed: 100}}\nabuse_or_neglect: {shares: {known: 100}}\n"
    "not_notified: {share: 0}\nwithdrawn: {share: 0}\nreferral_only: {share: 0}\n"
    "referred: {share: 100}\noutcome_decided: {shares: {local_review: 100}}\n"
    "panel_view: {shares: {agrees: 100}}\nreview_stops: {share: 0}\nstep_missing: {share: 0}\n"
    "form_missing: {share: 0}\nchildren: {shares: {one: 100}}\nin_both_groups: {share: 0}\n"
)


def all_of(told: Teller, n: int = 40) -> list[Data]:
    return [told.data(number) for number in range(1, n + 1)]


def events(cases: list[Data], type_: str) -> Iterator[Data]:
    return (e for case in cases for e in case["events"] if e["type"] == type_)


def certain(tmp_path: Path, more: str = "") -> list[Data]:
    """Cases that all go on to a local review, as far as they have come."""
    return all_of(teller(tmp_path, by=read_distributions(other_shares(tmp_path, CERTAIN + more))))


def test_an_areas_form_comes_with_each_referral(tmp_path: Path) -> None:
    cases = certain(tmp_path, "form_incomplete: {share: 0}\n")

    for case in cases:
        received = [e["date"] for e in events([case], "referral_received")]
        forms = [f for f in case.get("forms", ()) if f["form"] == "barset.request"]
        assert [form["received"] for form in forms] == received


def test_a_form_of_another_stage_comes_when_that_is_reached(tmp_path: Path) -> None:
    for case in certain(tmp_path, "form_incomplete: {share: 0}\n"):
        decided = [e["date"] for e in events([case], "decision")]
        forms = [f for f in case.get("forms", ()) if f["form"] == "barset.record"]
        assert [(f["from"], f["received"]) for f in forms] == [
            ("local_authority", day) for day in decided
        ]


def test_what_no_case_file_can_hold_is_in_none(tmp_path: Path) -> None:
    types = {e["type"] for case in certain(tmp_path) for e in case["events"]}

    assert "told" not in types


def test_what_turns_out_not_to_be_serious_is_withdrawn(tmp_path: Path) -> None:
    text = CERTAIN.replace("{known: 100}", "{no: 100}").replace(
        "withdrawn: {share: 0}", "withdrawn: {share: 100}"
    )
    cases = all_of(teller(tmp_path, by=read_distributions(other_shares(tmp_path, text))))

    assert len(list(events(cases, "notification_withdrawn"))) > 20
    assert not list(events(cases, "decision"))


def test_an_incomplete_form_comes_again(tmp_path: Path) -> None:
    cases = certain(
        tmp_path, "form_incomplete: {share: 100}\nform_returned: {share: 100}\n"
        "form_unread: {share: 0}\nshortly: {gap: {least: 0, mean: 0, most: 0}}\n"
    )  # fmt: skip
    old = [case for case in cases if case["events"][0]["date"] < date(2026, 3, 1)]

    requests = [
        [f["empty"] for f in case["forms"] if f["form"] == "barset.request"] for case in old
    ]
    assert len(requests) > 20
    assert all(len(empty) == 2 and empty[0] and not empty[1] for empty in requests)


def test_a_form_that_goes_back_later_has_not_gone_back_yet(tmp_path: Path) -> None:
    shares = (
        "form_incomplete: {share: 100}\nform_returned: {share: 100}\n"
        "shortly: {gap: {least: 20, mean: 20, most: 20}}\n"
    )
    by = read_distributions(other_shares(tmp_path, CERTAIN + shares))
    cases = all_of(teller(tmp_path, by=by, years=1), 60)
    forms = [form for case in cases for form in case.get("forms", ())]

    assert {"returned" in form for form in forms} == {True, False}
    assert all(form.get("returned", AS_OF) <= AS_OF for form in forms)


def test_an_areas_own_event_comes_after_what_goes_before_it(tmp_path: Path) -> None:
    cases = certain(tmp_path, "out_of_order: {share: 0}\nstep:\n  timing: {late: 0, before: 1,"
                    " after: 1, most: 1}\n")  # fmt: skip
    agreed = 0
    for case in cases:
        for plan in events([case], "barset.plan_agreed"):
            appointed = [e["date"] for e in events([case], "reviewer_appointed")]
            terms = [e["date"] for e in events([case], "terms_of_reference")]
            assert appointed[0] <= plan["date"]
            assert all(plan["date"] <= day for day in terms)
            agreed += 1
    assert agreed > 20


def test_an_event_asked_of_each_agency_comes_from_each(tmp_path: Path) -> None:
    cases = certain(tmp_path)
    told = list(events(cases, "barset.handover_told"))

    assert len({e["agency"] for e in told}) > 5


def test_answers_are_held_against_the_areas_own_limit(tmp_path: Path) -> None:
    punctual = "timing: {late: 0, before: 0, after: 1, most: 1}"
    cases = certain(tmp_path, f"information_returned:\n  {punctual}\n"
                    "information_requested: {gap: {least: 0, mean: 0, most: 0}}\n"
                    "asked_later: {share: 0}\n")  # fmt: skip
    tellers = of_area(AREAS[0]).world.days
    for case in cases:
        asked = [e["date"] for e in events([case], "information_requested")]
        for back in events([case], "information_returned"):
            # ten working days, as Barset has it, and none of them late or early
            assert back["date"].toordinal() == tellers.plus(asked[0].toordinal(), 10)


def test_a_rare_event_of_the_areas_own_has_what_is_asked_of_it(tmp_path: Path) -> None:
    cases = certain(tmp_path, "own_events: {share: 100}\nown_event_complete: {share: 100}\n")
    resigned = list(events(cases, "barset.resignation"))

    assert len(resigned) > 10
    assert {e["to"] for e in resigned} == {"chair"}


def test_a_debrief_comes_around_the_planned_day(tmp_path: Path) -> None:
    cases = certain(tmp_path, "step:\n  timing: {late: 0, before: 1, after: 1, most: 1}\n"
                    "publication_unplanned: {share: 0}\nplanned_early: {share: 0}\n"
                    "publication_moved: {share: 0}\n")  # fmt: skip
    held = 0
    for case in cases:
        for debrief in events([case], "debrief"):
            planned = next(events([case], "publication"))["planned"]
            day = debrief.get("date") or debrief["planned"]
            assert abs((day - planned).days) <= 2
            held += 1
    assert held > 10


def test_what_minutes_show_is_confirmed_by_the_day_asked_for(tmp_path: Path) -> None:
    cases = certain(tmp_path, "step:\n  timing: {late: 0, before: 1, after: 1, most: 1}\n"
                    "confirmed: {share: 100}\n")  # fmt: skip
    confirmed = 0
    for case in cases:
        first = [m["date"] for m in case.get("meetings", ())
                 if m["body"] == "review_group" and "date" in m]  # fmt: skip
        for entry in case.get("confirmed", ()):
            if entry["requirement"] == "barset.genogram" and first:
                assert entry["on"] <= first[0]
                confirmed += 1
    assert confirmed > 20


def test_confirmations_for_each_agency_name_it(tmp_path: Path) -> None:
    cases = certain(tmp_path, "confirmed_each: {share: 100}\n")
    for case in cases:
        named = [c.get("subject") for c in case.get("confirmed", ())
                 if c["requirement"] == "barset.support"]  # fmt: skip
        assert set(named) <= case["agencies"].keys()


def test_what_is_to_come_is_planned_and_has_no_attendance(tmp_path: Path) -> None:
    cases = certain(tmp_path, "planned_known: {share: 100}\nabsent: {share: 50}\n"
                    "represented: {share: 100}\n")  # fmt: skip
    ahead = [e for case in cases for e in (*case["events"], *case.get("meetings", ()))
             if "date" not in e]  # fmt: skip

    assert len(ahead) > 5
    assert all(e["planned"] > AS_OF or e.get("type") == "publication" for e in ahead)
    assert not any({"attended", "unclear", "apologies"} & e.keys() for e in ahead)


def test_a_substitute_who_is_not_named_yet_is_not_there(tmp_path: Path) -> None:
    cases = certain(tmp_path, "planned_known: {share: 100}\nabsent: {share: 50}\n"
                    "represented: {share: 100}\nsubstitute_late: {share: 100}\n"
                    "substitute_named_unknown: {share: 0}\n"
        "planned_ahead: {gap: {least: 120, mean: 120, most: 120}}\n")  # fmt: skip
    named = [s["named"] for case in cases for m in case.get("meetings", ())
             for s in m.get("substitutes", ())]  # fmt: skip

    assert len(named) > 20
    assert all(day <= AS_OF for day in named)


def test_nothing_is_planned_beyond_what_a_case_file_takes(tmp_path: Path) -> None:
    by = read_distributions(other_shares(tmp_path, CERTAIN + "planned_known: {share: 100}\n"))
    cases = all_of(teller(tmp_path, by=by, as_of=date(2098, 12, 20)), 80)
    planned = [e["planned"] for case in cases for e in case["events"] if "planned" in e]

    assert max(planned) <= date(2098, 12, 31)


def test_an_agreed_delay_of_which_all_are_told_excuses(tmp_path: Path) -> None:
    # Published 300 working days after the sign-off, which is known, agreed and told in time.
    by = read_distributions(
        other_shares(
            tmp_path,
            CERTAIN + "publication_after: {gap: {least: 300, mean: 300, most: 300}}\n"
            "delay_recorded: {share: 100}\ndelay_not_told: {share: 0}\n"
            "delay_agreed: {share: 100}\ndelay_enough: {share: 100}\n"
            "delay_arose: {gap: {least: 60, mean: 60, most: 60}}\n",
        )
    )
    told = teller(tmp_path, by=by)
    cases = [told.case(number) for number in range(1, 31)]
    facts = [CaseFacts(c.case, c.partnership, told.facts(c).rows) for c in cases]

    found = reference_answers(table_of(facts, AS_OF), told.rules, AS_OF).to_pylist()

    late = [row["status"] for row in found if row["requirement"] == "national.publish_6_months"]
    assert late.count("excused") > 3
    assert late.count("overdue") == 0


def test_a_review_that_stops_has_nothing_after_that(tmp_path: Path) -> None:
    text = CERTAIN.replace("review_stops: {share: 0}", "review_stops: {share: 100}")
    path = other_shares(tmp_path, text)
    stopped = all_of(teller(tmp_path, by=read_distributions(path)))

    assert not list(events(stopped, "publication"))
    assert list(events(stopped, "reviewer_appointed"))


def test_a_member_who_leaves_is_followed_by_another(tmp_path: Path) -> None:
    cases = certain(tmp_path, "member_changed: {share: 100}\n")
    members = [m for case in cases for m in case.get("groups", {}).get("review_group", {"members":
               ()})["members"] if isinstance(m, dict)]  # fmt: skip
    left, came = [m["to"] for m in members if "to" in m], [m for m in members if "from" in m]

    assert len(left) == len(came) > 10


def test_an_exception_is_recorded_where_a_rule_allows_one(tmp_path: Path) -> None:
    cases = certain(tmp_path, "exceptions: {share: 100}\n")
    named = {e["requirement"] for case in cases for e in case.get("exceptions", ())}

    assert named == {"barset.family_on_agenda"}


def test_no_share_of_reviews_means_no_review(tmp_path: Path) -> None:
    path = other_shares(tmp_path, "outcome_decided: {shares: {national_referral: 100}}\n"
                        "decided_again: {share: 0}\n")  # fmt: skip
    cases = all_of(teller(tmp_path, by=read_distributions(path)))

    assert {e["outcome"] for e in events(cases, "decision")} == {"national_referral"}
    assert not list(events(cases, "reviewer_appointed"))


# --- of use --------------------------------------------------------------------------------------

MET = {"met", "met_late", "upcoming", "overdue", "breached", "undetermined", "excused"}


def statuses(area: str, n: int) -> tuple[Counter[str], Counter[str]]:
    """How many answers there are of each status, and of requirements in play how many."""
    told = of_area(area, as_of=date(2026, 11, 21))
    rules: Rules = told.rules
    cases = [told.case(number) for number in range(1, n + 1)]
    facts = [CaseFacts(c.case, c.partnership, told.facts(c).rows) for c in cases]
    found = answers(table_of(facts, date(2026, 11, 21)), rules, date(2026, 11, 21))
    rows = found.select(["requirement", "status"]).to_pylist()
    in_play = {row["requirement"] for row in rows if row["status"] in MET}
    return Counter(row["status"] for row in rows), Counter(r.partition(".")[0] for r in in_play)


@pytest.mark.slow
def test_a_caseload_of_the_fullest_area_has_every_requirement_in_play() -> None:
    found, in_play = statuses("northamptonshire", 120)

    least = {"met": 3_000, "upcoming": 1_000, "pending": 3_000, "not_applicable": 3_000,
             "met_late": 250, "overdue": 150, "breached": 75, "undetermined": 75}  # fmt: skip
    assert {status for status, n in least.items() if found[status] < n} == set()
    rules = rules_for("northamptonshire")
    # nine in ten of each at the least
    assert in_play["national"] >= 0.9 * len(rules.nation.lowered)
    assert in_play["northamptonshire"] >= 0.9 * len(rules.plugin.lowered)
