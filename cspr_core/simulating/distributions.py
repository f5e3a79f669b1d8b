"""What a simulated caseload is drawn from: stated shares, gaps and timings, read strictly.

The shipped figures stand in `distributions.yaml`; a file of the same shape takes the place of those
that it names. All of them are assumptions for simulation, not data about any area.
"""

from __future__ import annotations

import re
from functools import cache, cached_property
from itertools import accumulate
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from cspr_core.model.scalars import number, refuse, text
from cspr_core.reading.document import Document, build, read_document
from cspr_core.reading.problems import BadInput, Problem
from cspr_core.reading.tree import Mark

SHIPPED = Path(__file__).with_name("distributions.yaml")
W = TypeVar("W", bound=str)
_PERCENT = re.compile(r"(\d{1,3})(\.\d{1,2})?\Z")
_HUNDRED = 100
_CLOSE = 0.001


def _percent(value: Any) -> float:
    """A share in a hundred, of at most two decimals."""
    if isinstance(value, float):  # it has been read before
        return value
    said = text(value)
    if not _PERCENT.match(said) or float(said) > _HUNDRED:
        raise refuse("This is not a share in a hundred", "Write a figure from 0 to 100")
    return float(said)


Percent = Annotated[float, BeforeValidator(_percent)]
Days = Annotated[int, BeforeValidator(number), Field(ge=0, le=3000)]


class Stated(BaseModel):
    """The base of all distributions: what it is about, in words."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    about: Annotated[str, BeforeValidator(text)] = ""


class Share(Stated):
    """So many in a hundred."""

    share: Percent


class Shares(Stated, Generic[W]):
    """One of several words; their shares add up to a hundred."""

    shares: dict[W, Percent] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Shares[W]:
        total = sum(self.shares.values())
        if abs(total - _HUNDRED) > _CLOSE:
            raise refuse(
                f"These shares add up to {total:g}", "Write shares that add up to a hundred"
            )
        return self

    @cached_property
    def table(self) -> tuple[tuple[W, ...], tuple[float, ...]]:
        """The words, and their shares, each added to those before."""
        return tuple(self.shares), tuple(accumulate(self.shares.values()))


class Chances(Stated, Generic[W]):
    """Any of several words, each by its own share."""

    chances: dict[W, Percent]


class Between(BaseModel):
    """How many days lie between two things."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    least: Days
    mean: Days
    most: Days
    unit: Literal["working_days", "days"] = "working_days"

    @model_validator(mode="after")
    def _ordered(self) -> Between:
        if not self.least <= self.mean <= self.most:
            raise refuse(
                "`least`, `mean` and `most` are not in this order",
                "Write a mean from the least to the most",
            )
        return self


class Against(BaseModel):
    """When something is done, in working days against its limit."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    late: Percent
    before: Days
    after: Days
    most: Days


class Gap(Stated):
    """Days between two things."""

    gap: Between


class Timing(Stated):
    """Working days against a limit."""

    timing: Against


Answers = Shares[Literal["yes", "no", "unknown"]]
Outcomes = Shares[Literal["died", "seriously_harmed", "neither", "unknown"]]
Some = Chances[Annotated[str, Field(pattern=r"^[a-z_]+$")]]


class Distributions(BaseModel):
    """All that a caseload is drawn from; what each is stands with its figures in the YAML."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    schema_: Literal["cspr.distributions/1"] = Field(alias="schema")
    children: Shares[Literal["one", "two", "three"]]
    outcome: Outcomes
    sibling_outcome: Outcomes
    abuse_or_neglect: Shares[Literal["known", "suspected", "no", "unknown"]]
    looked_after: Answers
    care_leaver: Answers
    harm: Chances[
        Literal["physical", "mental_health", "intellectual", "emotional", "social", "behavioural"]
    ]
    incident_area: Shares[Literal["own", "elsewhere", "outside_england", "unknown"]]
    residence: Shares[Literal["own", "elsewhere", "unknown"]]
    incident_undated: Share
    aware_after: Gap
    referred: Share
    referral_after: Gap
    referral_only: Share
    referral_answered: Timing
    partners_aware: Share
    involved: Chances[
        Literal[
            "childrens_social_care", "police", "icb", "gp", "acute_hospital", "community_health",
            "mental_health", "ambulance", "education", "early_years", "probation",
            "youth_justice", "housing", "cafcass", "voluntary_sector",
        ]
    ]  # fmt: skip
    not_involved_recorded: Share
    involvement_unknown: Share
    agency_named: Share
    notified: Timing
    not_notified: Share
    notified_apart: Share
    partners_notified: Share
    withdrawn: Share
    information_requested: Gap
    not_requested: Share
    asked_later: Share
    return_by_named: Share
    return_asked: Gap
    information_returned: Timing
    returns_missing: Share
    rapid_review_meetings: Shares[Literal["none", "one", "two"]]
    decision: Timing
    decision_by_recorded: Share
    outcome_decided: Shares[
        Literal["no_review", "local_review", "alternative_review", "national_referral"]
    ]
    meeting_before_decision: Gap
    criteria_answers: Chances[
        Literal[
            "improvements", "recurrent_themes", "agencies_together", "panel_view",
            "single_agency", "no_agency", "several_areas", "institutional",
        ]
    ]  # fmt: skip
    criteria_missing: Share
    criteria_unknown: Share
    criteria_without_reason: Share
    rapid_review_sent: Gap
    sent_before_decision: Share
    panel_response: Gap
    panel_silent: Share
    panel_view: Shares[
        Literal["agrees", "disagrees", "asks_again", "local_review", "national_review"]
    ]
    decided_again: Share
    reviewer_appointed: Gap
    reviewer_not_independent: Share
    announced_missing: Share
    reviewer_unnamed: Share
    review_group_first: Gap
    scrutineer_attends: Share
    terms_set_later: Share
    meetings_apart: Gap
    authors_asked: Gap
    author_time: Gap
    author_day_named: Share
    author_returned: Timing
    author_missing: Share
    author_named: Share
    disputes: Share
    disputes_go_on: Share
    family_met: Share
    managers_invited: Share
    senior_manager_invited: Share
    practitioner_events: Shares[Literal["none", "one", "two", "three"]]
    event_after: Gap
    first_draft: Gap
    sign_off: Gap
    publication_after: Gap
    publication_unplanned: Share
    planned_early: Share
    move_known: Share
    date_named: Share
    publication_moved: Share
    moved_by: Gap
    waits_for_prosecution: Share
    report_sent: Timing
    report_not_sent: Share
    improvements_only: Share
    taken_down: Share
    review_stops: Share
    briefing: Gap
    learning_discussed: Gap
    plan_reviewed: Gap
    step: Timing
    soon: Gap
    shortly: Gap
    usual_word: Share
    step_missing: Share
    out_of_order: Share
    confirmed: Share
    confirmed_no: Share
    confirmed_each: Share
    confirmed_besides: Share
    exceptions: Share
    exception_for_one: Share
    own_events: Share
    own_event_complete: Share
    seat_open: Share
    member_changed: Share
    in_both_groups: Share
    quality_unknown: Share
    quality_unusual: Share
    attendance_unlisted: Share
    absent: Share
    apologies: Share
    attendance_unclear: Share
    represented: Share
    substitute_named: Gap
    substitute_late: Share
    substitute_named_unknown: Share
    substitute_fit: Answers
    agenda_unlisted: Share
    agenda_missed: Share
    led_by_unknown: Share
    led_by_another: Share
    online: Share
    planned_known: Share
    planned_ahead: Gap
    form_missing: Share
    form_incomplete: Share
    form_unread: Share
    form_returned: Share
    form_unsigned: Share
    signed_unknown: Share
    parallel: Chances[
        Literal[
            "criminal_investigation", "care_proceedings", "inquest", "child_death_review",
            "domestic_homicide_review", "adult_review", "single_agency_review", "disciplinary",
            "lado",
        ]
    ]  # fmt: skip
    prosecution: Share
    process_after: Gap
    process_length: Gap
    prosecution_length: Gap
    process_unknown: Share
    delay_recorded: Share
    delay_local: Share
    delay_arose: Gap
    delay_considered: Gap
    delay_not_considered: Share
    delay_told: Gap
    delay_not_told: Share
    delay_agreed: Share
    delay_enough: Share

    def __reduce__(self) -> tuple[Any, ...]:
        """How another process gets them: as plain values, read anew."""
        return Distributions.model_validate, (self.model_dump(by_alias=True),)


def read_distributions(path: Path) -> Distributions:
    """The shipped distributions, with what a file puts in the place of some of them.

    Raises `BadInput` with every problem of the file, each at its line.
    """
    own, shipped = read_document(path), read_document(SHIPPED)
    if not isinstance(own.data, dict):
        raise BadInput([_no_keys(own)])
    if "schema" not in own.data:
        what, remedy = "`schema` is missing", "Write schema: cspr.distributions/1 at the top"
        raise BadInput([*own.problems, own.problem((), what, remedy)])
    marks = {**_inside(shipped), **_inside(own)}
    merged = Document(own.file, {**shipped.data, **own.data}, Mark(1, 1, marks), own.problems)
    value, problems = build(merged, Distributions)
    if value is None or problems:
        raise BadInput(problems)
    return value


@cache
def shipped_distributions() -> Distributions:
    """The distributions that come with cspr."""
    return read_distributions(SHIPPED)


def _inside(document: Document) -> dict[str, Any]:
    inside = document.mark.inside
    return inside if isinstance(inside, dict) else {}


def _no_keys(document: Document) -> Problem:
    return document.problem(
        (), "There are no distributions here", "Write them as docs/simulating.md shows"
    )
