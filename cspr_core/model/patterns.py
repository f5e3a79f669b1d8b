"""The words in which requirements speak of a case: what happened, what holds, what to count from.

Values only; `cspr_core.kinds.patterns` lowers them to patterns over facts.
"""

import re
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)

from cspr_core.model.scalars import iso_date, number, text, word

_MONTH = r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])"

Word = Annotated[str, BeforeValidator(word)]
Text = Annotated[str, BeforeValidator(text)]
Number = Annotated[int, BeforeValidator(number), Field(ge=0)]


def listed(value: Any) -> Any:
    """A single value stands for a list of one."""
    return value if isinstance(value, (list, tuple)) else [value]


Words = Annotated[tuple[Word, ...], BeforeValidator(listed)]
Same = Literal["child", "agency", "recipient", "person", "meeting", "event", "form", "parallel"]
Sames = Annotated[tuple[Same, ...], BeforeValidator(listed)]
ChildQuestion = Literal[
    "abuse_or_neglect",
    "died_or_seriously_harmed",
    "died",
    "looked_after",
    "care_leaver",
    "own_area",
]


def in_force(value: Any) -> Any:
    """A day from which something holds: a date, a month (its first day), or nothing."""
    if isinstance(value, str) and re.fullmatch(_MONTH, value):
        value = f"{value}-01"
    return None if value is None else iso_date(value)


def month_or_date(value: Any) -> str:
    """A month or a date, as text."""
    if isinstance(value, str) and re.fullmatch(_MONTH, value):
        return value
    return str(iso_date(value))


class Value(BaseModel):
    """The base of everything in arrangements: frozen, and no key that is not known."""

    # Most models are only ever parts of another: whichever is validated is built when it first is.
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)


class EventPattern(Value):
    """Events of a type, with what their attributes hold; `same` ties them to the subject.

    `stands: any` also takes a notification that was withdrawn and what lapsed when a plan moved.
    """

    event: Word
    to: Words = ()
    by: Words = ()
    from_: Words = Field((), alias="from")
    agency: Words = ()
    outcome: Words = ()
    what: Words = ()
    stage: Words = ()
    with_: Words = Field((), alias="with")
    view: Words = ()
    version: Words = ()
    whom: Words = ()
    for_: Words = Field((), alias="for")
    of: Words = ()
    on: Words = ()
    audience: Words = ()
    state: Words = ()
    reviewer_named: Literal["yes"] | None = None
    same: Sames = ()
    stands: Literal["yes", "any"] = "yes"


class Anchor(EventPattern):
    """An event to count from: its date.

    `as: planned` takes the planned date where there is one; `field: return_by` that date instead.
    """

    as_: Literal["planned"] | None = Field(None, alias="as")
    field: Literal["return_by"] | None = None


class MeetingPattern(Value):
    """Meetings of a body, or gatherings of a type: `first` only the first.

    With an item on its `agenda`; or somebody `invited` to it (how early is not known).
    """

    meeting: Word
    first: Literal["yes"] | None = None
    agenda: Word | None = None
    invited: Word | None = None
    same: Sames = ()


class FormPattern(Value):
    """Receipts of a form; `returned: yes` is the day that it was sent back."""

    form: Word
    complete: Literal["yes"] | None = None
    returned: Literal["yes"] | None = None
    same: Sames = ()


class SubjectPattern(Value):
    """Something of the subject itself.

    Of a meeting `agenda`, `led_by`, `invited`; of a substitute `named`, `briefed`,
    `equivalent_seniority`; of a delay `considered`, `told`; of a form `returned`. `item` is the
    agenda's item, the role that leads, or by whom, to whom.
    """

    subject: Literal[
        "agenda",
        "led_by",
        "invited",
        "named",
        "briefed",
        "equivalent_seniority",
        "considered",
        "told",
        "returned",
    ]
    item: Word | None = None


class DelayTold(Value):
    """A delay of this requirement was told to somebody (`same: recipient`: to the subject)."""

    delay_told: Word
    same: Sames = ()


class RolePattern(Value):
    """Somebody holds a role in the case (its date is not known)."""

    role: Word
    body: Word | None = None


def _which(value: Any) -> str | None:
    keys = ("event", "meeting", "form", "subject", "role", "delay_told")
    if isinstance(value, dict):
        return next((key for key in keys if key in value), None)
    return next((key for key in keys if hasattr(value, key)), None)


Done = Annotated[
    Annotated[EventPattern, Tag("event")]
    | Annotated[MeetingPattern, Tag("meeting")]
    | Annotated[FormPattern, Tag("form")]
    | Annotated[SubjectPattern, Tag("subject")]
    | Annotated[RolePattern, Tag("role")]
    | Annotated[DelayTold, Tag("delay_told")],
    Discriminator(_which),
]
Dones = Annotated[tuple[Done, ...], BeforeValidator(listed)]


class OneOf(Value):
    """One of these was done, whichever came first."""

    any: tuple[Done, ...] = Field(min_length=1)


def _which_first(value: Any) -> str | None:
    alternatives = "any" in value if isinstance(value, dict) else hasattr(value, "any")
    return "any" if alternatives else _which(value)


First = Annotated[
    Annotated[OneOf, Tag("any")]
    | Annotated[EventPattern, Tag("event")]
    | Annotated[MeetingPattern, Tag("meeting")]
    | Annotated[FormPattern, Tag("form")]
    | Annotated[SubjectPattern, Tag("subject")]
    | Annotated[RolePattern, Tag("role")]
    | Annotated[DelayTold, Tag("delay_told")],
    Discriminator(_which_first),
]
Firsts = Annotated[tuple[First, ...], BeforeValidator(listed)]


class IncidentDate(Value):
    """The date of the incident."""

    incident: Literal["date"]


class SubjectDate(Value):
    """The subject's own date: a meeting's, an event's, a form's receipt, a delay's arising."""

    subject: Literal["date"]


def _which_anchor(value: Any) -> str | None:
    keys = ("event", "meeting", "form", "incident", "subject")
    if isinstance(value, dict):
        return next((key for key in keys if key in value), None)
    return next((key for key in keys if hasattr(value, key)), None)


Start = Annotated[
    Annotated[Anchor, Tag("event")]
    | Annotated[MeetingPattern, Tag("meeting")]
    | Annotated[FormPattern, Tag("form")]
    | Annotated[IncidentDate, Tag("incident")]
    | Annotated[SubjectDate, Tag("subject")],
    Discriminator(_which_anchor),
]


class Period(Value):
    """`n` working days, days or months of (after), before or around a start.

    `as: REQUIREMENT` takes over another requirement's limit, whatever it is on the day. A start
    that stands alone (`by: {event: …, field: return_by}`) is the day of that itself.
    """

    @model_validator(mode="before")
    @classmethod
    def _start_alone(cls, value: Any) -> Any:
        starts = ("event", "meeting", "form", "incident", "subject")
        alone = isinstance(value, dict) and not {"n", "unit", "of"} & value.keys()
        return {"of": value} if alone and any(key in value for key in starts) else value

    n: Number | None = None
    unit: Literal["working_days", "days", "months"] | None = None
    of: Start | None = None
    as_: Word | None = Field(None, alias="as")


# --- conditions: what has to hold for a requirement to be in play ------------------------------


class DecisionIs(Value):
    """The latest decision's outcome is one of these; no decision yet: not in play yet."""

    decision: Words


class Happened(Value):
    """It was done (or, with `planned: yes`, is planned); not in play before."""

    happened: Dones
    planned: Literal["yes"] | None = None


class AnswerIs(Value):
    """A fixed question about a child is answered `yes`; without `same`, about any child.

    Of several questions all are answered `yes` about one and the same child.
    """

    answer: Annotated[tuple[ChildQuestion, ...], BeforeValidator(listed), Field(min_length=1)]
    same: Sames = ()


class InPlay(Value):
    """Another requirement is in play; without `same`, for any subject."""

    in_play: Word
    same: Sames = ()


class FindingIs(Value):
    """Another requirement's finding has this answer, or one of these statuses.

    `answer: yes` holds where any subject's answer is yes; `answer: no` where all are no.
    """

    finding: Word
    answer: Literal["yes", "no"] | None = None
    status: Words = ()
    same: Sames = ()


class ParallelIs(Value):
    """A parallel process of one of these types is recorded (`running: yes`: and not over).

    `during: EVENT`: it ran on the day of that event; until the event has a date, it runs now.
    """

    parallel: Words
    running: Literal["yes"] | None = None
    during: Word | None = None


class DelayIs(Value):
    """A delay of this requirement is recorded, or what meets it is planned after its limit."""

    delayed: Word
    by_plan: EventPattern | None = None


class Started(Value):
    """The limit of the requirement itself has a start to count from."""

    started: Literal["yes"]


class AnyOf(Value):
    """One of these conditions holds."""

    any: tuple["Condition", ...] = Field(min_length=1)


class AllOf(Value):
    """All of these conditions hold."""

    all: tuple["Condition", ...] = Field(min_length=1)


class Not(Value):
    """The condition does not hold."""

    not_: "Condition" = Field(alias="not")


def _which_condition(value: Any) -> str | None:
    keys = (
        "decision",
        "happened",
        "answer",
        "in_play",
        "finding",
        "parallel",
        "delayed",
        "started",
        "any",
        "all",
        "not",
    )
    if isinstance(value, dict):
        if "finding" in value:
            return "finding"
        return next((key for key in keys if key in value), None)
    for key in ("finding", *keys, "not_"):
        if hasattr(value, key):
            return key.rstrip("_")
    return None


Condition = Annotated[
    Annotated[DecisionIs, Tag("decision")]
    | Annotated[Happened, Tag("happened")]
    | Annotated[AnswerIs, Tag("answer")]
    | Annotated[InPlay, Tag("in_play")]
    | Annotated[FindingIs, Tag("finding")]
    | Annotated[ParallelIs, Tag("parallel")]
    | Annotated[DelayIs, Tag("delayed")]
    | Annotated[Started, Tag("started")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[AllOf, Tag("all")]
    | Annotated[Not, Tag("not")],
    Discriminator(_which_condition),
]
Conditions = Annotated[tuple[Condition, ...], BeforeValidator(listed)]


# --- subjects: for whom or what a requirement is answered ---------------------------------------


class PersonIs(Value):
    """People of a body (its members), or with a role in the case."""

    body: Word | None = None
    role: Word | None = None


class ForEach(Value):
    """Exactly one (or child and recipient together): whose findings there are.

    `child: all`; `agency: involved` (no: not applicable; unknown: undetermined) or `any`;
    `meeting: BODY`; `event: TYPE`; `recipient: [..]`; `person: {..}`; `substitute: BODY`;
    `form: FORM`; `delay: REQUIREMENT`; `parallel: [TYPES]`.
    """

    child: Literal["all"] | None = None
    agency: Literal["involved", "any"] | None = None
    meeting: Word | None = None
    first: Literal["yes"] | None = None  # of a body's meetings only the first
    event: Word | None = None
    recipient: Words = ()
    should: Words = ()  # the recipients for whom the requirement is a `should`
    person: PersonIs | None = None
    substitute: Word | None = None
    form: Word | None = None
    delay: Word | None = None
    parallel: Words = ()
