"""A case as the register holds it: mostly dates and who. Values only.

The shapes are those of a case file (`docs/case-file.md`). Words are checked against the
vocabulary, and entries against one another, in `cspr_core.reading`; here stand the types.
"""

from datetime import date as Day  # noqa: N812  (a field is called `date`)
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from cspr_core.model.scalars import choice, iso_date, key, subject, text, word

Date = Annotated[Day, BeforeValidator(iso_date)]
Key = Annotated[str, BeforeValidator(key)]
Subject = Annotated[str, BeforeValidator(subject)]  # an id, or ids joined by `/`
Word = Annotated[str, BeforeValidator(word)]
Choice = Annotated[str, BeforeValidator(choice)]  # a word of a list, looked up in `reading`
Text = Annotated[str, BeforeValidator(text)]
Answer = Literal["yes", "no", "unknown"]


def _listed(value: Any) -> Any:
    return value if isinstance(value, (list, tuple)) else [value]


Words = Annotated[tuple[Word, ...], BeforeValidator(_listed)]
Choices = Annotated[tuple[Choice, ...], BeforeValidator(_listed)]
Keys = Annotated[tuple[Key, ...], BeforeValidator(_listed)]


class Entry(BaseModel):
    """The base of everything in a case: frozen, and no key that is not known."""

    # Most models are only ever parts of another: whichever is validated is built when it first is.
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)


class Child(Entry):
    """A child of the incident, by pseudonym; `residence` overrides the incident's."""

    id: Key
    outcome: Literal["died", "seriously_harmed", "neither", "unknown"] = "unknown"
    harm: Annotated[
        tuple[
            Literal[
                "physical", "mental_health", "intellectual", "emotional", "social", "behavioural"
            ],
            ...,
        ],
        BeforeValidator(_listed),
    ] = ()
    looked_after: Answer = "unknown"
    care_leaver: Answer = "unknown"
    residence: Word | None = None


class Incident(Entry):
    """What happened where; `area` is where it happened, `residence` where the children live."""

    date: Date | Literal["unknown"] = "unknown"
    area: Word = "unknown"
    residence: Word = "unknown"
    abuse_or_neglect: Literal["known", "suspected", "no", "unknown"] = "unknown"


class Agency(Entry):
    """An agency; one whose key is a kind of agency needs no `kind`."""

    kind: Choice | None = None
    involved: Answer = "unknown"


class Criterion(Entry):
    """What the partners answered to one criterion, and why."""

    answer: Answer = "unknown"
    reason: Text | None = None


class Person(Entry):
    """Somebody with a part in the review, by pseudonym."""

    agency: Key | None = None
    roles: Choices = ()
    involved_with_child: Answer = "unknown"
    knows_child: Answer = "unknown"
    senior_manager: Answer = "unknown"
    multi_agency_experience: Answer = "unknown"
    contributed: Answer = "unknown"


class Member(Entry):
    """A membership; without dates it is taken to hold throughout."""

    person: Key
    from_: Date | None = Field(None, alias="from")
    to: Date | None = None


def _member(value: Any) -> Any:
    return {"person": value} if isinstance(value, str) else value


class Group(Entry):
    """A body's chair and members."""

    chair: Key | None = None
    members: tuple[Annotated[Member, BeforeValidator(_member)], ...] = ()


class Apology(Entry):
    """Who sent apologies, and when."""

    by: Key
    date: Date | None = None


class Substitute(Entry):
    """Who comes for whom, and when that was named."""

    for_: Key = Field(alias="for")
    by: Key
    named: Date | Literal["unknown"] = "unknown"
    briefed: Answer = "unknown"
    equivalent_seniority: Answer = "unknown"


class Gathering(Entry):
    """What a meeting and an event that is a gathering have in common."""

    led_by: Key | None = None
    invited: Keys | None = None
    attended: Keys | None = None
    unclear: Keys = ()
    apologies: tuple[Apology, ...] = ()
    substitutes: tuple[Substitute, ...] = ()
    agenda: Choices | None = None
    online: Answer = "unknown"


class Event(Gathering):
    """Something that happened (`date`), or is intended (`planned`), with its attributes."""

    type: Choice
    id: Key | None = None
    child: Keys = ()
    date: Date | None = None
    planned: Date | None = None
    # Which attribute goes with which type, and what it may hold, says the vocabulary.
    to: Choices = ()
    by: Choices = ()
    from_: Choices = Field((), alias="from")
    agency: Choices = ()
    outcome: Choices = ()
    what: Choices = ()
    stage: Choices = ()
    with_: Choices = Field((), alias="with")
    view: Choices = ()
    person: Choices = ()
    version: Choices = ()
    whom: Choices = ()
    for_: Choices = Field((), alias="for")  # a date with `report_sent` and `publication_date_told`
    of: Choices = ()
    on: Choices = ()
    audience: Choices = ()
    state: Choices = ()
    return_by: Date | None = None
    reviewer_named: Answer = "unknown"


class Meeting(Gathering):
    """A meeting of a body."""

    id: Key
    body: Choice
    date: Date | None = None
    planned: Date | None = None


class Form(Entry):
    """One receipt of a form; `empty: []` is complete, `empty` left out is unknown."""

    id: Key
    form: Choice
    from_: Key | None = Field(None, alias="from")
    received: Date | None = None
    returned: Date | None = None  # sent back to whoever sent it, to be completed
    empty: Words | None = None
    signed: dict[Choice, Date | Literal["unknown"]] = Field(default_factory=dict)


class Parallel(Entry):
    """A process beside the review; `closed` left out: still open."""

    id: Key
    type: Choice
    opened: Date | Literal["unknown"] = "unknown"
    closed: Date | Literal["unknown"] | None = None
    agency: Key | None = None


class Confirmation(Entry):
    """What minutes hold and nobody retypes: who says so, and where it stands."""

    requirement: Choice
    subject: Subject | None = None
    answer: Literal["yes", "no"]
    on: Date
    by: Choice | None = None
    reference: Text | None = None


class RecordedException(Entry):
    """A recorded reason why a requirement is not followed."""

    requirement: Choice
    subject: Subject | None = None
    reason: Word
    by: Choice | None = None
    on: Date


class Delay(Entry):
    """A delay, and who considered it, was told of it and agreed to it."""

    id: Key | None = None
    requirement: Choice
    reason: Word
    arose: Date | Literal["unknown"] = "unknown"
    considered: dict[Choice, Date] = Field(default_factory=dict)
    told: dict[Choice, Date] = Field(default_factory=dict)
    agreed_by: Choice | None = None
    agreed_due: Date | None = None
    review_on: Date | None = None


class Case(Entry):
    """A case: the whole of a case file."""

    schema_: Literal["cspr.case/1"] = Field(alias="schema")
    case: Key
    partnership: Word
    children: Annotated[tuple[Child, ...], Field(min_length=1)]
    incident: Incident
    agencies: dict[Key, Agency] = Field(default_factory=dict)
    criteria: dict[Choice, Criterion] = Field(default_factory=dict)
    people: dict[Key, Person] = Field(default_factory=dict)
    groups: dict[Choice, Group] = Field(default_factory=dict)
    events: tuple[Event, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    forms: tuple[Form, ...] = ()
    parallel: tuple[Parallel, ...] = ()
    confirmed: tuple[Confirmation, ...] = ()
    exceptions: tuple[RecordedException, ...] = ()
    delays: tuple[Delay, ...] = ()
