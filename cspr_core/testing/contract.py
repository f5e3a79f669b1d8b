"""What any plugin has to keep to, whatever its document says: one function for each promise.

`pytest` collects these for every plugin whose folder it is given (`cspr_core.pytest_plugin`). A
function takes the plugin and yields one line for each thing that is wrong; none: the promise is
kept. What could be better, but breaks nothing, is `cspr plugin check`'s to tell.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from cspr_core import hookspecs
from cspr_core.check import Rules, check_facts, check_words, facts_for
from cspr_core.model.finding import Report
from cspr_core.plugins import GROUP, NATIONAL, Plugin, PluginError, installed, load
from cspr_core.reading.case import CaseFile, check_case, read_case
from cspr_core.reading.document import parse_document
from cspr_core.reading.problems import BadInput
from cspr_core.reading.words import nearest
from cspr_core.report.as_json import json_of
from cspr_core.report.findings import report_of
from cspr_core.report.new_case import NewCase, case_text
from cspr_core.scenarios import read_scenario, scenarios_in
from cspr_core.testing.suites import rules_at, scenarios_of

COVERAGE = "COVERAGE.md"
PROJECT = "pyproject.toml"
_LATE = date(2026, 6, 1)  # a day by which every area's arrangements are in force
_NUMBERS: Mapping[str, re.Pattern[str]] = {
    "an NHS number": re.compile(r"(?<![\d-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d-])"),
    "a National Insurance number": re.compile(r"\b[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b"),
    "a mobile telephone number": re.compile(r"(?<!\d)(?:\+44 ?|0)7\d{3}[ -]?\d{3}[ -]?\d{3}(?!\d)"),
    "a date of birth": re.compile(r"\b(?:d\.?o\.?b\.?|born on|date of birth):? \d", re.IGNORECASE),
}
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


@dataclass(frozen=True)
class Subject:
    """A plugin that is held against the promises, by the file of its arrangements."""

    arrangements: Path

    @property
    def home(self) -> Path:
        """The plugin's folder: that of its project, or of its arrangements where it has none."""
        package = self.arrangements.parent
        return package.parent if (package.parent / PROJECT).is_file() else package

    @cached_property
    def rules(self) -> Rules:
        """The plugin's rules; raises `BadInput` or `PluginError`."""
        return rules_at(self.arrangements)

    @property
    def plugin(self) -> Plugin:
        """The plugin; raises as `rules`."""
        return self.rules.plugin

    @property
    def scenarios(self) -> Path | None:
        """The folder of its scenarios."""
        return scenarios_of(self.arrangements, named=True)

    @property
    def examples(self) -> tuple[Path, ...]:
        """The area's example cases: in the plugin's folder, or in the project's that holds it."""
        area = self.plugin.area
        folders = (
            self.home / "examples",
            *(p / "examples" / area for p in self.home.resolve().parents),
        )
        return tuple(path for folder in folders for path in sorted(folder.glob("*.yaml")))


def arrangements_are_valid(subject: Subject) -> Iterator[str]:
    """The arrangements can be read, and every requirement can be carried out."""
    try:
        _ = subject.rules
    except BadInput as error:
        yield from map(str, error.problems)
    except PluginError as error:
        yield str(error)


def ids_begin_with_the_area(subject: Subject) -> Iterator[str]:
    """Every requirement's id is `<area>.<words>`, and no other area's."""
    area = subject.plugin.area
    others = {NATIONAL, *installed()} - {area}
    for lowered in subject.plugin.lowered:
        name = lowered.requirement.id
        first, _, rest = name.partition(".")
        if first != area or rest.partition(".")[0] in others:
            yield f"{name}: an id of {area} begins with `{area}.`, and names no other area."


def requirements_have_sources(subject: Subject) -> Iterator[str]:
    """Every requirement says in which section of which document it stands."""
    documents = {cover.document for cover in subject.plugin.arrangements.covers}
    for lowered in subject.plugin.lowered:
        source = lowered.requirement.source
        if not source.section.strip():
            yield f"{lowered.requirement.id}: its source has no section."
        if source.document is None and not documents:
            yield f"{lowered.requirement.id}: it stands in no document: `covers` is empty."


def entry_point_names_the_area(subject: Subject) -> Iterator[str]:
    """The project's entry point is called as the area, and leads to these arrangements."""
    project = subject.home / PROJECT
    if not project.is_file():
        return
    area = subject.plugin.area
    data = tomllib.loads(project.read_text("utf-8"))
    points = data.get("project", {}).get("entry-points", {}).get(GROUP, {})
    if area not in points:
        yield f"{project}: there is no entry point `{area}` in the group `{GROUP}`."
        return
    if not (subject.home / points[area].replace(".", "/")).is_dir():
        yield f"{project}: the entry point `{area}` names no package of this folder."
    if area in installed():
        given = load(area).file
        if Path(given).resolve() != subject.arrangements.resolve():
            yield f"{project}: the plugin `{area}` that is installed is another one ({given})."


def hooks_are_known(subject: Subject) -> Iterator[str]:
    """Every function `cspr_…` of the package is a hook that there is; nothing is executed."""
    known = [name for name in vars(hookspecs) if name.startswith("cspr_")]
    package = subject.arrangements.parent / "__init__.py"
    if not package.is_file():
        return
    try:
        tree = ast.parse(package.read_text("utf-8"))
    except SyntaxError as error:
        yield f"{package}:{error.lineno or 1}:1: this is no Python."
        return
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("cspr_"):
            if node.name in known:
                continue
            near = nearest(node.name, known)
            hint = f"Did you mean {near}?" if near else f"There are {', '.join(known)}."
            yield f"{package}:{node.lineno}:1: `{node.name}` is no hook. {hint}"


def every_requirement_has_its_finding(subject: Subject) -> Iterator[str]:
    """Both engines take every requirement, agree, and answer each one, even of a new case."""
    report = _report(subject.rules, _new_case(subject.plugin.area))
    answered = {finding.requirement for finding in report.findings}
    for name in subject.rules.by_id:
        if name not in answered:
            yield f"{name}: a new case has no finding of it."


def report_keeps_its_shape(subject: Subject) -> Iterator[str]:
    """A report under these arrangements can be read back as the contract of reports says."""
    report = _report(subject.rules, _new_case(subject.plugin.area))
    text = json_of((report,), several=False, ascii_only=False)
    if Report.model_validate_json(text) != report:
        yield "A report does not come to the same once it is written and read."


def cases_of_other_areas_are_accepted(subject: Subject) -> Iterator[str]:
    """A case of another area can be checked under these arrangements: words are shared."""
    own = set(subject.rules.by_id)
    report = _report(subject.rules, _new_case("another_area"))
    for name in sorted(own - {finding.requirement for finding in report.findings}):
        yield f"{name}: a case of another area has no finding of it."


def examples_can_be_checked(subject: Subject) -> Iterator[str]:
    """Every example case of the area can be read and checked."""
    for path in subject.examples:
        yield from _checked(subject, path)


def scenarios_are_there(subject: Subject) -> Iterator[str]:
    """There are scenarios, every file among them is one, and each base is a valid case."""
    folder = subject.scenarios
    if folder is None or not any(scenarios_in(folder)):
        yield f"{subject.home}: there are no scenarios. Write a first one in `scenarios/`."
        return
    bases: set[Path] = set()
    for path in scenarios_in(folder):
        try:
            bases.add((path.parent / read_scenario(path).scenario.base).resolve())
        except BadInput as error:
            yield from map(str, error.problems)
    for base in sorted(bases):
        yield from _checked(subject, base)
    for path in sorted(folder.rglob("*.yml")):
        yield f"{path}: a scenario's name ends in `.yaml`; this one is not played."


def no_personal_data(subject: Subject) -> Iterator[str]:
    """Nothing in the arrangements looks like a person's number or private address."""
    contacts = {contact.email for contact in subject.plugin.arrangements.contacts}
    lines = subject.arrangements.read_text("utf-8-sig").splitlines()
    for number, line in enumerate(lines, 1):
        place = f"{subject.arrangements}:{number}"
        for what, pattern in _NUMBERS.items():
            if found := pattern.search(line):
                yield f"{place}:{found.start() + 1}: this looks like {what}. Take it out."
        for found in _MAIL.finditer(line):
            if found[0].rstrip(".") not in contacts:
                yield (
                    f"{place}:{found.start() + 1}: an e-mail address stands under `contacts`"
                    " only. Move it there, or take it out."
                )


def coverage_page_names_every_requirement(subject: Subject) -> Iterator[str]:
    """COVERAGE.md says of every requirement which passage it carries."""
    page = subject.home / COVERAGE
    if not page.is_file():
        yield f"{page}: there is no such page. Write what of the document is covered, and how."
        return
    text = page.read_text("utf-8-sig")
    for lowered in subject.plugin.lowered:
        name = lowered.requirement.id
        short = name.partition(".")[2]
        if not re.search(rf"(?<![\w.])(?:{re.escape(name)}|{re.escape(short)})(?![\w])", text):
            yield f"{page}: `{short}` is not named there. Say which passage it carries."


CHECKS: tuple[Callable[[Subject], Iterator[str]], ...] = (
    arrangements_are_valid,
    ids_begin_with_the_area,
    requirements_have_sources,
    entry_point_names_the_area,
    hooks_are_known,
    every_requirement_has_its_finding,
    report_keeps_its_shape,
    cases_of_other_areas_are_accepted,
    examples_can_be_checked,
    scenarios_are_there,
    no_personal_data,
    coverage_page_names_every_requirement,
)


def _new_case(area: str) -> CaseFile:
    text = case_text(NewCase(area, aware=date(2026, 3, 2)))
    return check_case(parse_document(text, "new.yaml"), today=None)


def _report(rules: Rules, casefile: CaseFile) -> Report:
    checked = check_facts(casefile, rules, _LATE, facts_for(casefile, rules, _LATE))
    return report_of(checked)


def _checked(subject: Subject, path: Path) -> Iterator[str]:
    """What is wrong with a case; it is read, and checked as of a late day."""
    try:
        casefile = read_case(path, today=None)
        check_words(casefile, subject.rules)
        _report(subject.rules, casefile)
    except BadInput as error:
        yield from map(str, error.problems)
