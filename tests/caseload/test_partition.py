"""One partition: what is answered, what is told, and what is left out."""

import gc
import os
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import cspr_core
from cspr_core import check
from cspr_core.caseload import partition as module
from cspr_core.caseload import store
from cspr_core.caseload.answers import Answer, findings_table, reference_answers
from cspr_core.caseload.columns import CaseFacts, table_of
from cspr_core.caseload.errors import CaseloadError
from cspr_core.caseload.partition import (
    Counted,
    Job,
    LeftOut,
    Outcome,
    check_partition,
    key_of,
    place_of,
    rules_of,
    without,
)
from cspr_core.caseload.sources import Partition, partitions
from cspr_core.caseload.store import FactsWriter
from cspr_core.check import EnginesDifferError, check_case, facts_for, rules_for
from cspr_core.plugins import Plugin, PluginError, UnknownPartnershipError, load
from cspr_core.reading.case import read_case
from cspr_core.reading.problems import BadInput, Place
from cspr_core.report.findings import is_wrong, report_of
from tests.caseload.made import AREA, AS_OF, case_facts, case_file, case_line, case_text

JOB = Job(AS_OF)
PANEL = "national.notify_panel"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    # What the table engine answers, its own tests show: here it is who asks that counts.
    monkeypatch.setattr(module.engines, "answers", reference_answers)


def _check(*given: str, job: Job = JOB) -> Outcome:
    (part,) = partitions(given)
    return check_partition(part, job, Path("result.parquet"))


def _rows(outcome: Outcome) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(outcome.result).to_pylist()
    return rows


def _cases(outcome: Outcome) -> list[str]:
    return sorted({row["case"] for row in _rows(outcome)})


def _told(outcome: Outcome) -> list[str]:
    return [str(problem) for problem in outcome.problems]


def _facts(*cases: CaseFacts, as_of: date = AS_OF) -> None:
    # As another program writes them: the writer itself refuses what no case gives.
    pq.write_table(table_of(cases, as_of), "f.parquet")


# --- what is answered -----------------------------------------------------------------------------


def test_a_case_is_answered_as_a_check_answers_it() -> None:
    case_file(Path())
    outcome = _check("TEST-1.yaml")
    (row,) = [row for row in _rows(outcome) if row["requirement"] == PANEL]
    # Aware on Monday 5 January: 6, 7, 8, 9, 12 January are the five working days.
    assert (
        row
        == Answer(
            AREA,
            "TEST-1",
            PANEL,
            "child_1",
            "met",
            None,
            "must",
            date(2026, 1, 12),
            date(2026, 1, 9),
        )._asdict()
    )
    checked = check_case(read_case(Path("TEST-1.yaml"), today=None), AS_OF)
    assert len(_rows(outcome)) == len(checked.decisions)


def test_what_is_counted_is_what_the_report_says() -> None:
    case_file(Path())
    outcome = _check("TEST-1.yaml")
    report = report_of(check_case(read_case(Path("TEST-1.yaml"), today=None), AS_OF))
    assert outcome.wrong == sum(is_wrong(finding, AS_OF) for finding in report.findings) > 0
    assert {(one.status, one.findings) for one in outcome.counted} == set(report.summary.items())
    assert (outcome.cases, outcome.areas) == (1, ((AREA, 1),))


def test_cases_of_several_areas_are_held_against_their_own_rules() -> None:
    case_file(Path(), "A-1", "essex")
    case_file(Path(), "B-2")
    case_file(Path(), "C-3", "essex")
    outcome = _check("*.yaml")
    assert outcome.areas == (("essex", 2), (AREA, 1))
    own = {(row["partnership"], row["case"]) for row in _rows(outcome)}
    assert own == {("essex", "A-1"), ("essex", "C-3"), (AREA, "B-2")}
    assert all(
        row["requirement"].startswith(("national.", f"{row['partnership']}."))
        for row in _rows(outcome)
    )


def test_files_lines_and_facts_of_the_same_cases_have_the_same_answers() -> None:
    names = ["A-1", "B-2", "C-3"]
    for name in names:
        case_file(Path(), name)
    Path("c.jsonl").write_text("".join(map(case_line, names)), "utf-8")
    _facts(*map(case_facts, names))
    results = [_check(given).result.read_bytes() for given in ("*.yaml", "c.jsonl", "f.parquet")]
    assert results[0] == results[1] == results[2]


def test_another_areas_rules() -> None:
    case_file(Path())
    outcome = _check("TEST-1.yaml", job=Job(AS_OF, partnership="essex"))
    assert outcome.areas == (("essex", 1),)
    assert any(row["requirement"].startswith("essex.") for row in _rows(outcome))


@pytest.mark.parametrize("kind", ["files", "lines", "facts", "sealed facts"])
def test_cases_of_areas_that_are_not_asked_for_are_only_counted(kind: str) -> None:
    cases = [("A-1", "essex"), ("B-2", AREA), ("C-3", "nowhere"), ("D-4", "essex")]
    if kind == "files":
        for case in cases:
            case_file(Path(), *case)
    elif kind == "lines":
        Path("c.jsonl").write_text("".join(case_line(*case) for case in cases), "utf-8")
    elif kind == "facts":
        _facts(*(case_facts(*case) for case in cases))
    else:
        with FactsWriter(Path("f.parquet"), AS_OF) as writer:
            writer.add([case_facts(*case) for case in cases])
    given = {"files": "*.yaml", "lines": "c.jsonl"}.get(kind, "f.parquet")
    outcome = _check(given, job=Job(AS_OF, areas=frozenset([AREA])))
    assert _cases(outcome) == ["B-2"]
    assert (outcome.cases, outcome.areas) == (1, ((AREA, 1),))
    assert outcome.others == (("essex", 2), ("nowhere", 1))
    assert (outcome.problems, outcome.left_out) == ((), ())


@pytest.mark.parametrize("own", ["barset", "nowhere"])
def test_under_another_area_the_cases_own_plugin_is_looked_for_once(
    own: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def looked_for(area: str, directory: Path | None = None) -> Plugin:
        asked.append(area)
        return load(area, directory)

    text = _BARSET.replace("title: Notice", "title: Notice of it")  # as no other test has it
    job = replace(_plugin(text), partnership="essex")
    monkeypatch.setattr(module, "load", looked_for)
    monkeypatch.setattr(check, "load", looked_for)
    for n in range(3):
        case_file(Path(), f"A-{n}", own)
    assert _check("*.yaml", job=job).areas == (("essex", 3),)
    assert asked.count(own) == 1


def test_a_day_still_to_come_is_refused_where_the_check_is_as_of_today() -> None:
    later = [{"type": "aware", "by": "local_authority", "date": "2026-07-01"}]
    case_file(Path(), events=later)
    assert _check("TEST-1.yaml").cases == 1
    assert _check("TEST-1.yaml", job=Job(AS_OF, today=AS_OF)).cases == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has access control lists")
def test_the_result_is_its_owners_only() -> None:
    case_file(Path())
    assert _check("TEST-1.yaml").result.stat().st_mode & 0o777 == 0o600


# --- what can't be used ---------------------------------------------------------------------------


def test_a_bad_file_is_told_and_the_rest_goes_on() -> None:
    case_file(Path(), "A-1")
    Path("B-2.yaml").write_text("schema: cspr.case/1\ncase: [\n", "utf-8")
    Path("C-3.yaml").write_text(case_text("C-3").replace("suspected", "suspcted"), "utf-8")
    outcome = _check("A-1.yaml", "B-2.yaml", "C-3.yaml", "none.yaml")
    assert [line.partition(":")[0] for line in _told(outcome)] == [
        "B-2.yaml",
        "C-3.yaml",
        "none.yaml",
    ]
    assert _cases(outcome) == ["A-1"]


def test_what_a_check_refuses_is_refused_here() -> None:
    confirmed = [
        {"requirement": "national.nothing", "answer": "yes", "on": "2026-03-02", "by": "chair"}
    ]
    path = case_file(Path(), confirmed=confirmed)
    outcome = _check(path.name)
    with pytest.raises(BadInput) as error:
        check_case(read_case(path, today=None), AS_OF)
    assert outcome.problems == error.value.problems
    assert outcome.cases == 0


def test_what_is_no_case_is_passed_over_in_a_folder_alone() -> None:
    folder = Path("c")
    folder.mkdir()
    case_file(folder, "A-1")
    for name, text in {
        "one.yaml": "schema: cspr.scenario/1",
        "two.yaml": "schema: cspr.arrangements/1",
        "three.yaml": "schema: somebody.else/1",
        "four.json": '["a"]',
        "five.yaml": "children: []",
    }.items():
        (folder / name).write_text(text + "\n", "utf-8")
    outcome = _check("c")
    assert outcome.passed_over == (
        (str(Path("c/four.json")), "not a case"),
        (str(Path("c/one.yaml")), "scenario, not a case"),
        (str(Path("c/three.yaml")), "not a case"),
        (str(Path("c/two.yaml")), "arrangements, not a case"),
    )
    assert {problem.file for problem in outcome.problems} == {str(Path("c/five.yaml"))}
    named = _check("c/one.yaml")
    assert named.passed_over == ()
    assert named.problems


def test_an_area_without_a_plugin_is_counted_with_its_first_case() -> None:
    case_file(Path(), "A-1", "essx")
    case_file(Path(), "B-2")
    case_file(Path(), "C-3", "essx")
    outcome = _check("*.yaml")
    (left,) = outcome.left_out
    line = case_text("A-1", "essx").splitlines().index(' "partnership": "essx",') + 1
    assert left == LeftOut(
        "essx",
        2,
        "A-1.yaml",
        Place(line, 17),  # ` "partnership": ` is 16 characters long
        "A-1",
        "There is no plugin for the partnership `essx`",
        "Did you mean `essex`?",
    )
    assert _cases(outcome) == ["B-2"]


def test_a_plugin_that_fails_over_a_case_is_told_at_that_case(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def failing(casefile: Any, *args: Any) -> Any:
        if casefile.case.case == "B-2":
            raise PluginError("The plugin `it` can't be used: KeyError. Repair it; others work.")
        return facts_for(casefile, *args)

    monkeypatch.setattr(module, "facts_for", failing)
    for name in ("A-1", "B-2", "C-3"):
        case_file(Path(), name)
    outcome = _check("*.yaml")
    (line,) = _told(outcome)
    assert line.startswith("B-2.yaml:4:17: The plugin `it` can't be used: KeyError. Repair it")
    assert _cases(outcome) == ["A-1", "C-3"]


def _plugin(text: str) -> Job:
    folder = Path("plugins/barset")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "arrangements.yaml").write_text(text, "utf-8")
    return Job(AS_OF, plugins=Path("plugins"))


_BARSET = """\
schema: cspr.arrangements/1
partnership: barset
name: Barset
covers: [{document: Guide, dated: 2024-01, in_force_from: 2024-01-01, checked: 2026-01-10,
  stages: [review]}]
not_covered: [All else.]
contacts: []
requirements:
  - {id: notice, kind: deadline, title: Notice, stage: publication,
     before: {n: 14, unit: days, of: {event: publication}},
     met_by: {event: report_sent, to: panel},
     who: business_office, binding: must, source: {section: "1"}}
"""


def test_a_folder_of_plugins_is_read_again_when_its_files_are_others() -> None:
    job = _plugin(_BARSET)
    before = rules_of("barset", job)
    assert rules_of("barset", job) is before
    _plugin(_BARSET.replace("n: 14", "n: 10"))
    after = rules_of("barset", job)
    assert "barset.notice" in after.by_id
    assert after is not before


def test_arrangements_that_are_wrong_are_told_once_and_their_cases_left_out() -> None:
    job = _plugin(_BARSET.replace("binding: must", "binding: mst"))
    case_file(Path(), "A-1", "barset")
    case_file(Path(), "B-2", "barset")
    outcome = _check("A-1.yaml", "B-2.yaml", job=job)
    (problem,) = outcome.problems
    assert problem.file == str(Path("plugins/barset/arrangements.yaml"))
    assert [(one.area, one.cases, one.what) for one in outcome.left_out] == [
        ("barset", 2, "The plugin for the partnership `barset` can't be used")
    ]


def test_provisions_in_the_place_of_those_shipped() -> None:
    shipped = Path(cspr_core.__file__).parent / "national" / "provisions.yaml"
    text = shipped.read_text("utf-8")
    Path("provisions.yaml").write_text(text, "utf-8")
    job = Job(AS_OF, provisions=Path("provisions.yaml"))
    case_file(Path())
    assert _check("TEST-1.yaml", job=job).result.read_bytes() == (
        _check("TEST-1.yaml").result.read_bytes()
    )
    assert rules_of(AREA, job).nation.file == "provisions.yaml"
    assert Job(AS_OF).absolute() == Job(AS_OF)
    assert job.absolute().provisions == Path.cwd() / "provisions.yaml"


@pytest.mark.parametrize("area", ["essx", "barset"])
def test_an_area_that_was_asked_for_and_cannot_be_used_stops_all(area: str) -> None:
    job = _plugin(_BARSET.replace("n: 14", "n: many"))
    case_file(Path())
    with pytest.raises((UnknownPartnershipError, BadInput)):
        _check("TEST-1.yaml", job=Job(AS_OF, plugins=job.plugins, partnership=area))
    assert not Path("result.parquet").exists()


@pytest.mark.parametrize("text", [None, "schema: cspr.arrangements/1\n"])
def test_provisions_that_cannot_be_used_stop_all(text: str | None) -> None:
    if text is not None:
        Path("provisions.yaml").write_text(text, "utf-8")
    case_file(Path())
    with pytest.raises(BadInput):
        _check("TEST-1.yaml", job=Job(AS_OF, provisions=Path("provisions.yaml")))


# --- lines ----------------------------------------------------------------------------------------


def _lines(*lines: str | bytes) -> Outcome:
    content = [line if isinstance(line, bytes) else line.encode() for line in lines]
    Path("c.jsonl").write_bytes(b"".join(content))
    return _check("c.jsonl")


def test_a_line_is_told_of_by_its_number_in_the_file() -> None:
    bad = case_line("B-2").replace("suspected", "suspcted")
    twice = case_line("D-4").replace('"case"', '"case": "D-4", "case"')
    outcome = _lines(case_line("A-1"), "\n", bad, "{}\n", "[\n", twice, case_line("C-3"))
    places = [(problem.line, problem.what) for problem in outcome.problems]
    assert [line for line, _ in places] == [3, 4, 4, 4, 4, 4, 5, 6]
    assert places[0][1].startswith("`suspcted`")
    assert places[-1][1] == "`case` stands here a second time; the first is in line 6"
    assert _cases(outcome) == ["A-1", "C-3"]


def test_a_line_that_is_no_text() -> None:
    outcome = _lines(case_line("A-1"), b'{"case": "\xe9"}\n', case_line("C-3"))
    (problem,) = outcome.problems
    assert (problem.line, problem.column) == (2, 11)
    assert _cases(outcome) == ["A-1", "C-3"]


def test_a_line_too_long_is_told_and_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 2_000)
    outcome = _lines(case_line("A-1"), b'"' + b"x" * 9_000 + b'"\n', case_line("C-3"))
    assert _told(outcome) == [
        (
            "c.jsonl:2:1: This line is longer than 1 MiB. Keep one case in a line, and long texts"
            " in documents of their own."
        )
    ]
    assert _cases(outcome) == ["A-1", "C-3"]


def test_a_file_without_lines() -> None:
    assert _told(_lines()) == ["c.jsonl:1:1: The file is empty. Write one case in a line, as JSON."]
    assert _told(_check("none.jsonl")) == [
        "none.jsonl:1:1: There is no such file. Check the name and the folder."
    ]


def test_a_part_of_a_file_begins_with_its_own_line() -> None:
    lines = [case_line("A-1"), case_line("B-2"), "{\n"]
    Path("c.jsonl").write_text("".join(lines), "utf-8")
    second = partitions(["c.jsonl"], size=1)[1:]
    outcomes = [check_partition(part, JOB, Path("result.parquet")) for part in second]
    assert [one.cases for one in outcomes] == [1, 0]
    assert [one.problems[0].line for one in outcomes[1:]] == [3]


# --- facts ----------------------------------------------------------------------------------------


def test_facts_of_another_day_are_refused() -> None:
    _facts(case_facts(), as_of=date(2026, 5, 1))
    outcome = _check("f.parquet")
    assert _told(outcome) == [
        (
            "f.parquet:1:1: The facts in this file stand as of 2026-05-01, not of 2026-06-01. Check"
            " them with --as-of 2026-05-01, or make them anew."
        )
    ]
    assert outcome.cases == 0


def test_facts_without_cases_and_without_a_file() -> None:
    _facts()
    assert _told(_check("f.parquet")) == [
        "f.parquet:1:1: There is no case in this file. Make it anew."
    ]
    assert _told(_check("none.parquet")) == [
        "none.parquet:1:1: There is no such file. Check the name and the folder."
    ]


def test_a_row_that_cannot_be_used_and_an_area_that_nobody_knows() -> None:
    wrong = case_facts("B-2", more={"stage": []})
    _facts(case_facts("A-1"), wrong, case_facts("C-3", "nowhere"), case_facts("D-4", "nowhere"))
    outcome = _check("f.parquet")
    (line,) = _told(outcome)
    assert "`stage` is empty" in line
    assert [(one.area, one.cases, one.example) for one in outcome.left_out] == [
        ("nowhere", 2, "C-3")
    ]
    assert _cases(outcome) == ["A-1"]


def test_a_damaged_part_is_told_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "GROUP", 2)
    with FactsWriter(Path("f.parquet"), AS_OF) as writer:
        writer.add([case_facts(f"A-{n}") for n in range(6)])
    footer = pq.ParquetFile("f.parquet").metadata
    second = footer.row_group(1)
    start = second.column(0).dictionary_page_offset or second.column(0).data_page_offset
    content = bytearray(Path("f.parquet").read_bytes())
    content[start : start + 40] = bytes(40)
    Path("f.parquet").write_bytes(bytes(content))
    outcome = _check("f.parquet")
    assert _told(outcome) == [
        (
            "f.parquet:1:1: Part 2 of 3 of this file is damaged, and its 2 cases can't be read."
            " Copy the file again, or make it anew."
        )
    ]
    assert _cases(outcome) == ["A-0", "A-1", "A-4", "A-5"]
    assert [place_of(partitions(["f.parquet"])[0], at).what for at in _at(outcome)] == [
        "row 1",
        "row 2",
        "row 5",
        "row 6",
    ]


def _at(outcome: Outcome) -> list[int]:
    return memoryview(outcome.at).cast("q").tolist()


def test_a_file_that_was_changed_is_opened_again() -> None:
    _facts(case_facts("A-1"))
    assert _cases(_check("f.parquet")) == ["A-1"]
    _facts(case_facts("B-2"), case_facts("C-3"))
    assert _cases(_check("f.parquet")) == ["B-2", "C-3"]


def _noted(fid: int, name: str) -> dict[str, Any]:
    return {"fid": fid, "name": name, "subject": "", "value": "yes"}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[pa.Table]:
    """The tables of facts that the engine is asked about."""
    tables: list[pa.Table] = []

    def answers(facts: pa.Table, rules: Any, as_of: date) -> pa.Table:
        tables.append(facts)
        return reference_answers(facts, rules, as_of)

    monkeypatch.setattr(module.engines, "answers", answers)
    return tables


def test_what_other_areas_plugins_added_does_not_count_under_this_one(
    asked: Sequence[pa.Table],
) -> None:
    _facts(
        case_facts("A-1", more={"noted": [_noted(900, "a"), _noted(901, "b")]}),
        case_facts("B-2", "essex", more={"noted": [_noted(900, "c")]}),
        case_facts("C-3"),
    )
    _check("f.parquet", job=Job(AS_OF, partnership="essex"))
    (facts,) = asked
    noted = facts.column("noted").to_pylist()
    assert [[row["name"] for row in rows] for rows in noted] == [[], ["c"], []]
    _check("f.parquet")
    names = [
        row["name"] for facts in asked[1:] for rows in facts["noted"].to_pylist() for row in rows
    ]
    assert sorted(names) == ["a", "b", "c"]


def test_what_a_plugins_python_would_add_is_named_as_not_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_adds_facts", lambda rules: rules.plugin.area == "essex")
    _facts(case_facts("A-1"))
    assert _check("f.parquet").notes == ()
    assert _check("f.parquet", job=Job(AS_OF, partnership="essex")).notes == (
        (
            "f.parquet: what the plugin `essex` adds to the facts by its Python is not in this file"
            " for cases of other areas: requirements that need it are answered without. Check the"
            " case files themselves for these."
        ),
    )


@pytest.mark.parametrize("implementations", [[], ["one"]])
def test_whether_a_plugins_python_adds_facts(implementations: list[str]) -> None:
    hook = SimpleNamespace(cspr_facts=SimpleNamespace(get_hookimpls=lambda: implementations))
    rules: Any = SimpleNamespace(plugin=SimpleNamespace(hooks=SimpleNamespace(hook=hook)))
    assert module._adds_facts(rules) is bool(implementations)  # noqa: SLF001  (no plugin at hand has one)


# --- what stops a partition -----------------------------------------------------------------------


def test_engines_that_differ_stop_it_and_leave_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def other(facts: pa.Table, rules: Any, as_of: date) -> pa.Table:
        rows = reference_answers(facts, rules, as_of).to_pylist()
        changed = [Answer(**{**row, "due": None}) for row in rows]
        return findings_table(changed)

    monkeypatch.setattr(module.engines, "answers", other)
    case_file(Path())
    with pytest.raises(EnginesDifferError) as error:
        _check("TEST-1.yaml")
    assert str(error.value) == (
        "Internal error: the engines differ on TEST-1.yaml:3 (table, reference). Nothing was"
        " decided. Please report this line, without the case file."
    )
    assert [path.name for path in Path().iterdir()] == ["TEST-1.yaml"]


def test_another_version_of_cspr_stops_it() -> None:
    case_file(Path())
    with pytest.raises(CaseloadError) as error:
        _check("TEST-1.yaml", job=Job(AS_OF, version="0.0.1"))
    assert str(error.value) == (
        f"cspr {cspr_core.__version__} is at work where 0.0.1 was asked. Install the same version"
        " on every machine."
    )


def test_a_folder_for_results_that_is_not_there() -> None:
    case_file(Path())
    (part,) = partitions(["TEST-1.yaml"])
    with pytest.raises(CaseloadError, match="there is no such folder"):
        check_partition(part, JOB, Path("none/result.parquet"))


# --- beside ---------------------------------------------------------------------------------------


def test_garbage_is_looked_for_as_before_once_it_is_done() -> None:
    case_file(Path())
    before = gc.get_threshold()
    _check("TEST-1.yaml")
    assert gc.get_threshold() == before


def test_a_thread_among_others_leaves_the_process_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_to: list[tuple[int, ...]] = []
    monkeypatch.setattr(module.gc, "set_threshold", lambda *to: set_to.append(to))
    case_file(Path())
    thread = threading.Thread(target=_check, args=("TEST-1.yaml",))
    thread.start()
    thread.join()
    assert Path("result.parquet").exists()
    assert set_to == []


def test_a_key_tells_areas_and_references_apart() -> None:
    keys = {key_of("essex", "A-1"), key_of("essex", "A-2"), key_of("leeds", "A-1")}
    assert len(keys) == 3
    assert {len(key) for key in keys} == {16}


def test_every_case_answered_has_its_key_and_its_place() -> None:
    Path("c.jsonl").write_text(case_line("A-1") + "\n" + case_line("B-2"), "utf-8")
    outcome = _check("c.jsonl")
    assert outcome.keys == key_of(AREA, "A-1") + key_of(AREA, "B-2")
    assert _at(outcome) == [1, 3]


def test_where_a_case_stands() -> None:
    path = case_file(Path())
    files = Partition(0, "files", (Path("none.yaml"), path))
    assert place_of(files, 1).place == Place(3, 10)  # ` "case": ` is 9 characters long
    assert place_of(files, 0).place == Place(1, 1)
    lines = Partition(0, "lines", (Path("c.jsonl"),))
    assert place_of(lines, 7).place == Place(7, 1)


def test_an_outcome_without_some_of_its_cases(tmp_path: Path) -> None:
    for name in ("A-1", "B-2"):
        case_file(Path(), name)
    alone = _check("B-2.yaml")
    both = _check("A-1.yaml", "B-2.yaml")
    left = without(both, {(AREA, "A-1")}, AS_OF)
    assert (left.cases, left.areas, left.counted, left.wrong) == (
        1, ((AREA, 1),), alone.counted, alone.wrong,
    )  # fmt: skip
    assert _cases(left) == ["B-2"]
    nothing = without(left, {(AREA, "B-2")}, AS_OF)
    assert (nothing.cases, nothing.areas, nothing.counted) == (0, (), ())
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_findings_are_counted_by_area_and_status() -> None:
    tally = module._Tally()  # noqa: SLF001  (by itself, so that every status comes)
    day = date(2026, 5, 29)
    rows = [
        Answer("essex", "A", "r", None, "overdue", None, "must", day, None),
        Answer("essex", "A", "s", None, "overdue", None, "should", day, None),
        Answer("leeds", "B", "r", None, "breached", None, "must", None, None),
        Answer("leeds", "B", "s", None, "undetermined", None, "must", day, None),
        Answer("leeds", "C", "s", None, "undetermined", None, "must", AS_OF, None),
        Answer("leeds", "D", "s", None, "undetermined", None, "must", None, None),
    ]
    tally.add(findings_table(rows[:2]), AS_OF)
    tally.add(findings_table(rows[2:]), AS_OF)
    assert tally.counted == (
        Counted("essex", "overdue", 2),
        Counted("leeds", "breached", 1),
        Counted("leeds", "undetermined", 3),
    )
    assert tally.wrong == 3  # overdue and breached musts, and one unknown past its date


def test_rules_that_are_installed_are_those_of_a_check() -> None:
    assert rules_of(AREA, JOB) is rules_for(AREA)
