"""What one person, body or agency has to do in an area, as a page to hand to them.

It puts together the duties of a role's profile, the requirements that are addressed to the role,
and what others do for it. With a checked case it marks what is done and what is next; people
stand there by their pseudonyms only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from cspr_core.check import Rules
from cspr_core.model.arrangements import Attendance, Composition, Cover, Duty, Requirement
from cspr_core.model.case import Case
from cspr_core.model.finding import Finding, Report
from cspr_core.report.areas import age_words
from cspr_core.report.guide import Block, Entry, Guide, Part
from cspr_core.report.outline import dated
from cspr_core.report.timing import Timing
from cspr_core.report.words import Words, capital, day, listing, spaced
from cspr_core.vocabulary import vocabulary

STAGES = {"sign_off": "sign-off"}
BINDINGS = ("must", "should", "may")
_NAMES = {"agency": "Each agency"}
_OFFICE = "business_office"
_OFFICERS = ("business_manager", "project_officer")  # whose body is the office, by their meaning
# These act for an agency: a duty of theirs may be what the agency is held to.
_AGENCY_PEOPLE = (
    "author",
    "line_manager",
    "member",
    "practitioner",
    "safeguarding_lead",
    "senior_manager",
    "team_manager",
)
_GATHERINGS = ("author_briefing", "practitioner_event", "debrief", "learning_event")
_MARKS = {
    "met": "DONE",
    "met_late": "DONE LATE",
    "upcoming": "TO DO",
    "overdue": "OVERDUE",
    "breached": "CAN'T BE PUT RIGHT ANY MORE",
    "undetermined": "NOT KNOWN",
    "pending": "NOT YET",
    "not_applicable": "NOT FOR THIS CASE",
    "excused": "EXCUSED",
}
_SAID = re.compile(
    r"^(Done\.|Not recorded as done; no date is stated\.|Done on |Not in play yet: "
    r"|Does not apply: |Excused: |Not known: )"
)
_CONFIRM = re.compile(r",? and confirm it(?: from the minutes)?(?=$|[,.])|; the office confirms it")
_FEW = 3  # subjects that are named where nothing is to be done about them
_COMMAND = re.compile(r" \(`cspr contacts [^`]*`\)")
_SHARED = (
    "It says how everybody stands whom the case names: read it through before it is handed to one"
    " of them."
)
_CODE = re.compile(r" \(`[^`]*`\)")
_RECORD = re.compile(
    r"`|^In play|[Rr]ecorded (as|with)|minutes can show|confirmation|counts as|on record"
)
_SMALL = re.compile(r"(The|A|An|Each|It|There|Every|Everyone|Everybody|Practitioners|Authors) ")
_EMPTY = frozenset(
    "a about all an and any are as at be been before both by each ever every for from had has have"
    " her his if in into is it its no nor not of on or other others out own see so somebody that"
    " the their them there they this those through to up use was what when where which who whom"
    " will with you your confirm".split()
)


@dataclass(frozen=True)
class Task:
    """One thing to do or to know: in words, how binding, where it stands, what checks it."""

    stage: str
    binding: str
    text: str
    source: str
    rules: tuple[Requirement, ...] = ()


@dataclass(frozen=True)
class Tasks:
    """What is a role's own, what the bodies do in which it sits, and what others do for it."""

    own: tuple[Task, ...]
    bodies: Mapping[str, tuple[Task, ...]]
    others: tuple[Task, ...]


# --- who there is -------------------------------------------------------------------------------


def role_names(rules: Rules) -> dict[str, str]:
    """Everybody for whom something can be laid down, by word: what the area calls them."""
    words, arrangements = Words(rules), rules.plugin.arrangements
    found = {*arrangements.roles, *vocabulary().words("roles"), *arrangements.bodies}
    found |= {r.requirement.who for r in rules.lowered if r.requirement.who is not None}
    return {role: role_name(words, role) for role in sorted(found)}


def role_name(words: Words, role: str) -> str:
    """What the area calls a role, a body or an agency, with a capital letter."""
    profile = words.rules.plugin.arrangements.roles.get(role)
    return capital(_NAMES.get(role) or (profile.name if profile else words.name(role)))


def is_person(rules: Rules, role: str) -> bool:
    """Whether the word names a person's role rather than a body or an agency."""
    return role in vocabulary().words("roles") or role in rules.plugin.arrangements.roles


def bodies_of(rules: Rules, role: str) -> tuple[str, ...]:
    """The bodies in which a role sits, as far as the arrangements say so.

    They say so by a seat in a body's make-up, or by the role's name: `Review Group member`.
    """
    if not is_person(rules, role):
        return ()
    arrangements = rules.plugin.arrangements
    found = [
        lowered.requirement.body
        for lowered in rules.plugin.lowered
        if isinstance(lowered.requirement, Composition)
        and any(role in seat.role for seat in lowered.requirement.seats)
    ]
    if role in _OFFICERS:
        found.append(_OFFICE)
    name = role_name(Words(rules), role).casefold()
    called = {body: value.name.casefold() for body, value in arrangements.bodies.items()}
    named = [body for body, words in called.items() if words in name]
    if not named and name.endswith(" member"):  # `Sub-committee member`, of the CSPR Sub-committee
        group = f" {name.removesuffix(' member')}"
        named = [body for body, words in called.items() if words.endswith(group)]
    found += named
    return tuple(dict.fromkeys(found))


# --- what they do -------------------------------------------------------------------------------


def tasks_of(rules: Rules, role: str) -> Tasks:
    """Everything that the arrangements and the nation lay down for a role, each thing once.

    A duty of the profile that a requirement also carries stands there once, in the profile's
    words, with the requirement behind it.
    """
    bodies = bodies_of(rules, role)
    requirements = [
        lowered.requirement for lowered in (*rules.plugin.lowered, *rules.nation.lowered)
    ]
    own = [r for r in requirements if r.who == role]
    asked = [r for r in requirements if r.who != role and _asks(r, role, bodies)]
    shared = [r for r in requirements if r.who in bodies and r not in asked]
    agency = [r for r in requirements if r.who == "agency" and r not in asked]
    profile = rules.plugin.arrangements.roles.get(role)
    duties = () if profile is None else profile.duties
    also = agency if role in _AGENCY_PEOPLE else []
    behind = _behind(duties, ((own, OWN), (asked, OWN), (shared, _BODYS), (also, _AGENCYS)))
    carried = {r.id for found in behind.values() for r in found}
    tasks = [
        Task(
            duty.stage,
            duty.binding,
            _COMMAND.sub(" (see below)", duty.what).rstrip("."),
            _section(rules, duty.source.document, duty.source.section),
            tuple(behind.get(index, ())),
        )
        for index, duty in enumerate(duties)
    ]
    tasks += [_task(rules, r) for r in own if r.id not in carried]
    tasks += [_task(rules, r, asked=True) for r in asked if r.id not in carried]
    told = {r.id for r in (*own, *asked, *shared)} | carried
    return Tasks(
        own=tuple(_in_order(tasks)),
        bodies={
            body: tuple(
                _in_order(_task(rules, r) for r in shared if r.who == body and r.id not in carried)
            )
            for body in bodies
        },
        others=tuple(
            _in_order(
                replace(_task(rules, r), text=r.title)
                for r in requirements
                if r.id not in told and _speaks_of(r.title, _called(rules, role))
            )
        ),
    )


def _task(rules: Rules, r: Requirement, *, asked: bool = False) -> Task:
    text = f"This is asked of you: {_small(r.title)}" if asked else instruction(r)
    binding = "may" if r.kind_name == "advice" else r.binding
    return Task(r.stage, binding, text, _section(rules, r.source.document, r.source.section), (r,))


def instruction(r: Requirement) -> str:
    """A requirement as an instruction: its action, or its title where that says more."""
    if r.kind_name == "advice":
        return (r.action or r.title).rstrip(".")
    if r.action is None or r.action.startswith("Confirm "):
        return f"See to it: {_small(r.title)}"
    return _CONFIRM.sub("", r.action).rstrip(".")


def _small(title: str) -> str:
    return title[:1].lower() + title[1:] if _SMALL.match(title) else title


def _section(rules: Rules, document: str | None, section: str) -> str:
    """The section, with its document where that is not the area's first."""
    first = rules.plugin.arrangements.covers[0].document
    return section if document in (None, first) else f"{document}, {section}"


def _in_order(tasks: Iterable[Task]) -> list[Task]:
    stages = list(vocabulary().words("stages"))
    return sorted(tasks, key=lambda t: (stages.index(t.stage), BINDINGS.index(t.binding)))


def _asks(r: Requirement, role: str, bodies: Sequence[str]) -> bool:
    """Whether a requirement that somebody else sees to asks something of whoever has the role."""
    person = None if r.for_each is None else r.for_each.person
    if person is not None and (person.role == role or person.body in bodies):
        return True
    if not isinstance(r, Attendance):
        return False
    away = r.absent is not None and r.absent.role == role
    # Whom an agency sends is the agency's to see to.
    there = r.who != "agency" and any(role in seat.role for seat in r.present)
    return away or there or role in r.led_by


def _called(rules: Rules, role: str) -> re.Pattern[str]:
    """How titles speak of a role; a practitioner event, for one, is not a practitioner."""
    name = re.escape(role_name(Words(rules), role))
    if role not in ("member", "chair"):
        name += f"|{re.escape(spaced(role))}"
    return re.compile(rf"\b(?:{name})s?\b(?! (?:event|meeting|group))", re.IGNORECASE)


def _speaks_of(title: str, called: re.Pattern[str]) -> bool:
    return called.search(title) is not None


# --- a duty and a requirement that say the same --------------------------------------------------


@dataclass(frozen=True)
class Likeness:
    """How much of a requirement's wording a duty has, and of the duty's the requirement; 0 to 1.

    `shared`: how many words they have in common.
    """

    rule: float = 0.0
    duty: float = 0.0
    shared: int = 0


# From where on a duty and a requirement say the same. Addressed to the same person, one duty may
# hold several requirements; what a body or an agency has to do has to be as good as the same words.
OWN, _BODYS, _AGENCYS = Likeness(0.6, 0.0, 3), Likeness(0.8, 0.0, 3), Likeness(0.6, 0.5, 3)


def _behind(
    duties: Sequence[Duty], groups: Iterable[tuple[Sequence[Requirement], Likeness]]
) -> dict[int, list[Requirement]]:
    """By the duty's place: the requirements that say the same, each at the duty nearest to it."""
    found: dict[int, list[Requirement]] = {}
    for requirements, least in groups:
        for r in requirements:
            near = [(likeness(duty, r), -index) for index, duty in enumerate(duties)]
            same = [(n.rule, n.duty, index) for n, index in near if is_same(n, least)]
            if same:
                found.setdefault(-max(same)[2], []).append(r)
    return found


def is_same(near: Likeness, least: Likeness) -> bool:
    """Whether a likeness is as good as the least that is asked for."""
    enough = near.shared >= least.shared or (near.rule == 1 and near.shared > 1)
    return enough and near.rule >= least.rule and near.duty >= least.duty


def likeness(duty: Duty, r: Requirement) -> Likeness:
    """How alike a duty and a requirement of the same section are: by its title or its action."""
    if not set(_sections(duty.source.section)) & set(_sections(r.source.section)):
        return Likeness()
    said = _stems(duty.what)
    found = [Likeness()]
    for text in (r.title, _CONFIRM.sub("", r.action or "")):
        stems = _stems(text)
        if shared := len(stems & said):
            found.append(Likeness(shared / len(stems), shared / len(said), shared))
    return max(found, key=lambda n: (n.rule, n.shared))


def _sections(text: str) -> list[str]:
    return [part.strip() for part in text.split(";")]


def _stems(text: str) -> set[str]:
    found = re.findall(r"[a-z]+", text.lower().replace("-", ""))
    return {re.sub(r"(ies|es|ed|ing|ly|s|e|is)$", "", w) for w in found if w not in _EMPTY}


# --- the pages ----------------------------------------------------------------------------------


def roles_guide(rules: Rules) -> Guide:
    """Every role in a line, with how much is laid down for it; and those of which nothing is."""
    people: list[Entry] = []
    bodies: list[Entry] = []
    silent: list[Entry] = []
    for role, name in role_names(rules).items():
        tasks = tasks_of(rules, role)
        if tasks.own:
            entry = Entry(f"{role}: {name}, {_counted(tasks.own)}")
            (people if is_person(rules, role) else bodies).append(entry)
        elif role in vocabulary().words("roles"):
            also = " and ".join(f"the {Words(rules).name(body)}" for body in tasks.bodies)
            about = f"; see {also}" if also else ""
            silent.append(Entry(f"{role}: {vocabulary().words('roles')[role].rstrip('.')}{about}"))
    parts = [
        Part("People", (Block("", tuple(people)),)),
        Part("Bodies and agencies", (Block("", tuple(bodies)),)),
    ]
    if silent:
        parts.append(
            Part(
                "Nothing is laid down for these",
                (Block("", tuple(silent)),),
                (f"{_documents(rules)} gives them no duty by name, nor do the national duties.",),
            )
        )
    area = rules.plugin.area
    return Guide(
        f"{rules.plugin.arrangements.name}: who has to do what",
        (f"One of them as a page to hand out: cspr roles {area} ROLE",),
        tuple(parts),
    )


def _counted(tasks: Sequence[Task]) -> str:
    numbers = [(sum(t.binding == b for t in tasks), b) for b in BINDINGS]
    return listing(f"{n} {binding}" for n, binding in numbers if n)


def role_guide(
    rules: Rules, role: str, as_of: date, *, report: Report | None = None, case: Case | None = None
) -> Guide:
    """What a role has to do, by stage, with sources, whom to ask and what is left open.

    `as_of` ages the contacts. With a case's `report`, what is done and what is next for the role
    stands on the page too, and with the `case` itself the days of its gatherings.
    """
    return _Page(rules, role, as_of, report, case).guide()


class _Page:
    def __init__(
        self, rules: Rules, role: str, as_of: date, report: Report | None, case: Case | None
    ) -> None:
        self.rules, self.role, self.as_of, self.case = rules, role, as_of, case
        self.words, self.timing = Words(rules), Timing(rules)
        self.tasks = tasks_of(rules, role)
        self.name = role_name(self.words, role)
        self.person = is_person(rules, role)
        self.report = report
        self.sources: dict[str, int] = {}  # the sections, in the order in which they come up
        self.findings: dict[str, list[Finding]] = {}
        for finding in () if report is None else report.findings:
            self.findings.setdefault(finding.requirement, []).append(finding)

    def guide(self) -> Guide:
        title = f"{self.name}: {self.rules.plugin.arrangements.name}"
        parts = [*self._case(), *self._stages(self.tasks.own, "")]
        for body, tasks in self.tasks.bodies.items():
            called = f"As part of the {self.words.name(body)}"
            parts += self._stages(tasks, called, group=True)
        parts += self._others()
        parts += [*self._contacts(), *self._open(), *self._sections()]
        return Guide(title, tuple(self._sentences()), tuple(parts))

    # --- above everything ---------------------------------------------------------------------

    def _sentences(self) -> Iterator[str]:
        meaning = vocabulary().words("roles").get(self.role)
        if meaning is not None:
            yield f"For: {meaning[:1].lower()}{meaning[1:]}"
        if not self.tasks.own:
            body = listing(f"the {self.words.name(body)}" for body in self.tasks.bodies)
            also = f" What {body} has to do stands below." if body else ""
            yield (
                "The document lays nothing down for this role by name, and no national duty is"
                f" addressed to it.{also}"
            )
        checked = max(cover.checked for cover in self._covers())
        yield (
            f"From {_documents(self.rules)}, as read on {_date(checked)}, and the national"
            " duties. “Must” is a duty, “should” is expected, asked or recommended, “may” is open."
            " The number after each point is that of its section, listed at the end."
        )
        if self.report is None and self.person and any(t.rules for t in self.tasks.own):
            yield (
                f"Tell {self._office()} when something is done: the partnership's record shows only"
                " what has reached it."
            )

    def _covers(self) -> Sequence[Cover]:
        return self.rules.plugin.arrangements.covers

    def _office(self) -> str:
        arrangements = self.rules.plugin.arrangements
        manager = _OFFICE not in arrangements.bodies and "business_manager" in arrangements.roles
        return f"the {self.words.name('business_manager' if manager else _OFFICE)}"

    # --- the case -----------------------------------------------------------------------------

    def _case(self) -> Iterator[Part]:
        if self.report is None:
            return
        own = [t for t in (*self.tasks.own, *sum(self.tasks.bodies.values(), ())) if t.rules]
        found = [
            (t, f)
            for t in own
            for r in t.rules
            if r.kind_name != "advice"
            for f in self.findings.get(r.id, ())
        ]
        dated_, undated = self._next(found, ("upcoming", "excused"))
        unknown = self._next(found, ("undetermined",))
        blocks = (
            Block("Overdue:", sum(self._next(found, ("overdue",)), ())),
            Block("Next, by date:", dated_),
            Block("Still to do, with no date:", undated),
            Block("Not known yet, and for the business office to find out:", sum(unknown, ())),
            Block("Days on record:", tuple(self._days())),
        )
        counts = [
            f"{n} {mark.lower()}"
            for status, mark in _MARKS.items()
            if (n := sum(f.status == status for _, f in found))
        ]
        told = listing(counts) or "nothing that a check can see is addressed to this role"
        yield Part(
            "In this case",
            tuple(block for block in blocks if block.entries),
            (
                f"{self.report.case} as of {day(self.as_of)}: {told}.",
                _SHARED,
            ),
        )

    def _next(
        self, found: Iterable[tuple[Task, Finding]], statuses: Sequence[str]
    ) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
        """What has a date, by date, and what has none, in the order of the page."""
        rows: dict[tuple[date, str], list[str]] = {}
        for task, finding in found:
            by = finding.agreed_due or finding.due
            excepted = finding.status == "excused" and finding.agreed_due is None
            if finding.status in statuses and finding.kind != "hold" and not excepted:
                labels = rows.setdefault((by or date.max, task.text), [])
                labels += [label for label in [_label(finding)] if label not in labels]
        ordered = sorted(rows.items(), key=lambda row: row[0][0])
        entries = [(by, f"{self._by(by)}{text}{_for(labels)}") for (by, text), labels in ordered]
        return (
            tuple(Entry(text) for by, text in entries if by != date.max),
            tuple(Entry(text) for by, text in entries if by == date.max),
        )

    def _by(self, by: date) -> str:
        return "" if by == date.max else f"{day(by)}: "

    def _days(self) -> Iterator[Entry]:
        """The days of gatherings that are on record, or planned."""
        for event in () if self.case is None else self.case.events:
            if event.type not in _GATHERINGS:
                continue
            name = capital(self.timing.gathering(event.type))
            if event.date is not None and event.date <= self.as_of:
                yield Entry(f"{name}: held on {day(event.date)}")
            elif event.planned is not None:
                yield Entry(f"{name}: planned for {day(event.planned)}")

    def _marks(self, task: Task, *, leave: Sequence[str] = ()) -> Iterator[str]:
        """What the case says of each requirement behind a task; alike ones once.

        `leave`: statuses of which nothing is said.
        """
        rows: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for r in task.rules:
            for finding in self.findings.get(r.id, ()):
                shown = r.kind_name != "advice" or finding.status == "met"
                if shown and finding.status not in leave:
                    message = _SAID.sub("", finding.message)
                    rows.setdefault((finding.status, message), []).append(
                        (r.title, _label(finding))
                    )
        for (status, message), those in rows.items():
            if status == "not_applicable" and len(rows) > 1:
                continue  # it applies to others
            titles = dict.fromkeys(title for title, _ in those)
            named = len(titles) < len(task.rules) or len(rows) > len(task.rules) > 1
            what = f" ({'; '.join(map(_small, titles))})" if named else ""
            labels = list(dict.fromkeys(label for _, label in those if label))
            many = status in ("met", "pending", "not_applicable") and len(labels) > _FEW
            whom = f"{len(labels)} of them" if many else listing(labels)
            said = (f"{_MARKS[status]}{what}", whom, message)
            yield f"In this case, {': '.join(filter(None, said))}"

    # --- what to do ---------------------------------------------------------------------------

    def _stages(self, tasks: Sequence[Task], above: str, *, group: bool = False) -> Iterator[Part]:
        you = "You" if self.person and not group else ""
        headings = {
            "must": f"{you} must".strip(),
            "should": f"{you} should".strip(),
            "may": f"{you} may, and can expect".strip() if you else "May, and good to know",
        }
        for stage, meaning in vocabulary().words("stages").items():
            blocks = []
            for binding in BINDINGS:
                chosen = [t for t in tasks if (t.stage, t.binding) == (stage, binding)]
                if chosen:
                    entries = tuple(self._entry(t) for t in chosen)
                    blocks.append(Block(capital(headings[binding]) + ":", entries))
            if blocks:
                name = STAGES.get(stage) or spaced(stage)
                title = f"{above}, {name}" if above else capital(name)
                yield Part(title, tuple(blocks), (meaning,))

    def _entry(self, task: Task) -> Entry:
        notes = (*self._when(task), *self._marks(task))
        return Entry(f"{task.text}.", notes, self._source(task))

    def _source(self, task: Task) -> str:
        return str(self.sources.setdefault(task.source, len(self.sources) + 1))

    def _when(self, task: Task) -> Iterator[str]:
        agency = self.role not in _AGENCY_PEOPLE
        clauses = [(r, self.timing.clause(r, agency=agency)) for r in task.rules]
        told = dict.fromkeys(clause for _, clause in clauses if clause)
        if len(told) == 1:
            yield f"When: {next(iter(told))}."
            return
        for r, clause in clauses:
            if clause:
                yield f"When ({_small(r.title)}): {clause}."

    # --- what others do, whom to ask, what is open --------------------------------------------

    def _others(self) -> Iterator[Part]:
        if not self.tasks.others:
            return
        entries = []
        for task in self.tasks.others:
            who = task.rules[0].who
            by = "" if who is None else f"Who sees to it: {role_name(self.words, who)}."
            notes = (" ".join(filter(None, (by, *self._when(task)))),)
            marks = self._marks(task, leave=("pending", "not_applicable"))
            shown = (*filter(None, notes), *marks)
            entries.append(Entry(f"{task.text}.", shown, self._source(task)))
        title = "What you can expect of others" if self.person else "What others do"
        yield Part(title, (Block("", tuple(entries)),))

    def _contacts(self) -> Iterator[Part]:
        recipients = () if self._sends() else vocabulary().words("recipients")
        contacts = [c for c in self.rules.plugin.arrangements.contacts if c.for_ not in recipients]
        if not contacts:
            yield Part(
                "Whom to ask",
                sentences=(f"The document gives no contact. Ask {self._office()}.",),
            )
            return
        entries = []
        last = {contact.note: contact for contact in contacts}  # what several share, once
        for contact in contacts:
            called = capital(self.words.name(contact.for_))
            reach = (contact.name, contact.role, contact.email, contact.phone, contact.url)
            told = [f"{called}: {', '.join(filter(None, reach))}."]
            notes = [f"Published: {age_words(contact, self.as_of)}."]
            notes += [contact.note] if contact.note and last[contact.note] is contact else []
            entries.append(Entry(" ".join(told), tuple(notes)))
        yield Part("Whom to ask", (Block("", tuple(entries)),), tuple(self._age()))

    def _age(self) -> Iterator[str]:
        if any(c.confirmed_on is None for c in self.rules.plugin.arrangements.contacts):
            yield "Make sure that an address still holds before you send anything confidential."

    def _sends(self) -> bool:
        """Whether the role writes to the national bodies: the office, and the partners."""
        office = self.role == _OFFICE or _OFFICE in self.tasks.bodies
        return office or self.role in ("safeguarding_partners", "local_authority", "executive")

    def _open(self) -> Iterator[Part]:
        readings: dict[str, list[str]] = {}
        for task in (*self.tasks.own, *sum(self.tasks.bodies.values(), ())):
            for r in task.rules:
                if reading := self._reading(r):
                    readings.setdefault(reading, []).append(r.title)
        blocks = [
            Block("", tuple(Entry(_ended(t)) for t in self.rules.plugin.arrangements.not_covered))
        ]
        if readings:
            entries = tuple(
                Entry(f"{'; '.join(titles)}.", (_ended(reading),))
                for reading, titles in readings.items()
            )
            blocks.append(Block("Where its words leave room, they are read so:", entries))
        yield Part(
            "What the document does not say",
            tuple(block for block in blocks if block.entries),
            ("Where no time is given above, none is stated.",),
        )

    def _reading(self, r: Requirement) -> str:
        """How the document was read; for people without what concerns the record alone."""
        reading = r.reading or ""
        if not self.person or self.role in _OFFICERS:
            return reading.strip()
        sentences = re.split(r"(?<=[.:]) (?=[A-Z])", _CODE.sub("", reading).strip())
        return " ".join(s for s in sentences if s and not _RECORD.search(s))

    def _sections(self) -> Iterator[Part]:
        if self.sources:
            entries = tuple(Entry(f"{n}: {section}") for section, n in self.sources.items())
            yield Part("Sections", (Block("", entries),))


def _label(finding: Finding) -> str:
    return "" if finding.subject is None else finding.subject.label


def _for(labels: Sequence[str]) -> str:
    named = listing(filter(None, labels))
    return f" ({named})" if named else ""


def _ended(text: str) -> str:
    return f"{text.rstrip('.')}."


def _date(value: date) -> str:
    return day(value).partition(" ")[2]


def _documents(rules: Rules) -> str:
    """The documents with their dates: `“Guide” (December 2020)`; `undated` where one has none."""
    return listing(
        f"“{cover.document}” ({dated(cover.dated) or 'undated'})"
        for cover in rules.plugin.arrangements.covers
    )
