"""Arrangements: a partnership's (or the nation's) requirements, bodies, contacts and coverage.

Values only. How each kind of requirement is answered stands in `cspr_core.kinds`, one file each.
"""

from datetime import date as Day  # noqa: N812
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from cspr_core.model.case import Date
from cspr_core.model.patterns import (
    Conditions,
    Dones,
    EventPattern,
    Firsts,
    ForEach,
    Number,
    Period,
    Text,
    Value,
    Word,
    Words,
    in_force,
    listed,
    month_or_date,
)

InForce = Annotated[Day | None, BeforeValidator(in_force)]
MonthOrDate = Annotated[str, BeforeValidator(month_or_date)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(listed)]
Events = Annotated[tuple[EventPattern, ...], BeforeValidator(listed)]


class Source(Value):
    """Where a rule stands; `document` defaults to the first covered document."""

    section: Text
    document: Text | None = None


class DatedValue(Value):
    """A limit and the day from which it holds.

    `governed_by` lists events, the first present of which decides by its date which value holds;
    without it, the event that the count starts from.
    """

    in_force_from: InForce = None
    governed_by: tuple[EventPattern, ...] = ()
    within: Period | None = None
    before: Period | None = None
    around: Period | None = None
    by: Period | None = None
    verified: Literal["yes", "no"] = "yes"
    reference: Text | None = None


class DelayRule(Value):
    """A recorded delay may excuse this requirement, once agreed and told to these."""

    told: Words = ()


class Requirement(Value):
    """What all kinds of requirement have in common."""

    id: Word
    title: Text
    stage: Word
    binding: Literal["must", "should"] = "must"
    source: Source
    who: Word | None = None
    action: Text | None = None  # what to do next, as an instruction; the title where left out
    for_each: ForEach | None = None
    when: Conditions = ()
    reading: Text | None = None
    note: Text | None = None  # shown with every finding of the requirement
    tightens: Word | None = None
    unless: Literal["recorded"] | None = None
    delay: DelayRule | None = None
    authority: Literal["statute", "statutory_guidance", "panel_guidance", "local"] = "local"
    verified: Literal["yes", "no"] = "yes"
    checked: Date | None = None
    in_force_from: InForce = None  # where it is not the document's
    confirmable: Literal["yes", "no"] = "yes"

    @property
    def kind_name(self) -> str:
        """The requirement's kind."""
        return str(getattr(self, "kind"))  # noqa: B009  (declared by every kind)


class Limited(Requirement):
    """A requirement that may have a limit: one on its own line, or several dated values.

    `since`: what was done before this event, or the first of these, does not count.
    """

    within: Period | None = None
    before: Period | None = None
    around: Period | None = None
    by: Period | None = None
    values: tuple[DatedValue, ...] = ()
    met_by: Dones = ()
    since: Events = ()


class Criterion(Requirement):
    """A question that has to be considered and answered, with a reason where one is asked.

    `question` is one of the case's criteria; `all` are fixed questions about each child, which
    have all to be known.
    """

    kind: Literal["criterion"] = "criterion"
    question: Word | None = None
    reason: Literal["required"] | None = None
    all: Words = ()


class Deadline(Limited):
    """Something is done by a date."""

    kind: Literal["deadline"] = "deadline"


class Notification(Limited):
    """Somebody is told; with or without a limit."""

    kind: Literal["notification"] = "notification"


class Step(Limited):
    """Something is done, after other things or ahead of them.

    `after`: all of these have to be done by then (one of several: `any`); done without them is out
    of order. `ahead_of`: it has to be done by the day that this, or the first of these, happens.
    """

    kind: Literal["step"] = "step"
    after: Firsts = ()
    ahead_of: Events = ()


class Seat(Value):
    """A place, taken by somebody of whom all that is named here holds.

    They come from one of these kinds of agency, hold one of these roles, are a member of a body.
    """

    kind: Words = ()
    role: Words = ()
    body: Word | None = None


class Further(Value):
    """Partners beyond the seats: how many, and how many of them without any involvement."""

    n: Number
    uninvolved: Number = 0


class Composition(Requirement):
    """A body's make-up; due on its first meeting."""

    kind: Literal["composition"] = "composition"
    body: Word
    seats: tuple[Seat, ...] = ()
    further: Further | None = None
    chair: Seat | None = None


class Independence(Requirement):
    """What has to be true, or must not be, of each person (`for_each: {person: …}`).

    `no` and `yes` name answers about the person; `not_in` bodies and `not_role` roles that the
    person must not have too; `only` the kinds of agency that the person may come from.
    """

    kind: Literal["independence"] = "independence"
    no: Words = ()
    yes: Words = ()
    not_in: Words = ()
    not_role: Words = ()
    only: Words = ()


class Absent(Value):
    """Who should stay away: people with a role, or of whom all these answers hold."""

    role: Word | None = None
    yes: Words = ()
    no: Words = ()


class Agencies(Value):
    """How many different agencies have somebody there, with one of these roles: partners only."""

    n: Number
    role: Words = ()


class Attendance(Requirement):
    """Who is, and who is not, at each meeting or gathering (`for_each: {meeting: …}`).

    `present`: each of these places has to be filled, by a substitute too where `substitutes`
    says so; `agencies`: people of so many different agencies are there; `everyone`: every member
    of this body is there, or somebody in their place; `absent`: these stay away; `led_by`: the
    role of whoever leads it.

    With `for_each: {agency: …}` and `at`: each agency has somebody in each of the places at one
    meeting or gathering of this body or type at least.
    """

    kind: Literal["attendance"] = "attendance"
    at: Word | None = None
    present: tuple[Seat, ...] = ()
    substitutes: Literal["yes"] | None = None
    agencies: Agencies | None = None
    everyone: Word | None = None
    absent: Absent | None = None
    led_by: Words = ()


class Form(Requirement):
    """A form is complete and signed (`for_each: {form: …}`)."""

    kind: Literal["form"] = "form"
    signed: Words = ()
    boxes: Words = ()


class Number_(Requirement):  # noqa: N801  (`Count` is the program language's)
    """How many there are of something: at least, at most."""

    kind: Literal["count"] = "count"
    of: EventPattern
    min: Number = 0
    max: Number | None = None


class Hold(Requirement):
    """Something is not done while something else runs, or for a time.

    `running`: types of parallel process; or `within`: a period. `hold`: what is not done.
    """

    kind: Literal["hold"] = "hold"
    running: Words = ()
    within: Period | None = None
    values: tuple[DatedValue, ...] = ()
    hold: EventPattern


class RuleTest(Value):
    """A pattern over one type of facts: columns to words.

    A word may also be `known`, `unknown`, or another pattern's column (`=alias.column`).
    """

    fact: Word
    as_: Word | None = Field(None, alias="as")
    where: dict[Word, Texts] = Field(default_factory=dict)
    absent: Literal["yes"] | None = None


class RuleRow(Value):
    """If the named matches all hold (`all`), or none of them (`none`), the status is this."""

    status: Word
    all: Words = ()
    none: Words = ()


class Rule(Requirement):
    """Raw patterns over the facts, for what no other kind covers."""

    kind: Literal["rule"] = "rule"
    match: dict[Word, tuple[RuleTest, ...]]
    decide: tuple[RuleRow, ...] = Field(min_length=1)


class Advice(Requirement):
    """Shown at its stage, never failed."""

    kind: Literal["advice"] = "advice"
    binding: Literal["must", "should"] = "should"


def _kind(value: Any) -> Any:
    return value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)


AnyRequirement = Annotated[
    Annotated[Criterion, Tag("criterion")]
    | Annotated[Deadline, Tag("deadline")]
    | Annotated[Step, Tag("step")]
    | Annotated[Composition, Tag("composition")]
    | Annotated[Independence, Tag("independence")]
    | Annotated[Attendance, Tag("attendance")]
    | Annotated[Notification, Tag("notification")]
    | Annotated[Form, Tag("form")]
    | Annotated[Number_, Tag("count")]
    | Annotated[Hold, Tag("hold")]
    | Annotated[Rule, Tag("rule")]
    | Annotated[Advice, Tag("advice")],
    Discriminator(_kind),
]


class Cover(Value):
    """A document that the arrangements follow, and the stages that it speaks of."""

    document: Text
    dated: MonthOrDate | None = None
    in_force_from: InForce = None
    written_under: Word | None = None
    checked: Date
    stages: Words = ()


class Contact(Value):
    """A published contact: for what, how, where and when published, when last confirmed.

    `as_of: null`: what it was published in has no date.
    """

    for_: Word = Field(alias="for")
    name: Text | None = None
    role: Text | None = None
    email: Text | None = None
    phone: Text | None = None
    url: Text | None = None
    published_in: Text
    as_of: MonthOrDate | None
    confirmed_on: Date | None = None
    note: Text | None = None


class Body(Value):
    """What the area calls a body, and what the document says of it."""

    name: Text
    note: Text | None = None


class Duty(Value):
    """One duty of a role, in plain words."""

    stage: Word
    what: Text
    source: Source
    binding: Literal["must", "should", "may"] = "must"


class RoleProfile(Value):
    """What a role is called here, and what it has to do, by stage, beyond the requirements."""

    name: Text
    duties: tuple[Duty, ...] = ()


class Arrangements(Value):
    """A partnership's validated configuration."""

    schema_: Literal["cspr.arrangements/1"] = Field(alias="schema")
    partnership: Word
    name: Text
    covers: tuple[Cover, ...] = Field(min_length=1)
    not_covered: Texts = ()
    bodies: dict[Word, Body] = Field(default_factory=dict)
    agencies: dict[Word, Text] = Field(default_factory=dict)  # what kinds are called here
    roles: dict[Word, RoleProfile] = Field(default_factory=dict)
    words: dict[Word, Text] = Field(default_factory=dict)  # words of the area's own
    contacts: tuple[Contact, ...] = ()
    requirements: tuple[AnyRequirement, ...] = ()
