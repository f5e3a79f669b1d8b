"""Any model from any document: one problem for each mistake, and the rest still checked."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from cspr_core.model.case import Date, Words
from cspr_core.reading.document import build, build_with_remainder, parse_document


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Of(_Strict):
    event: str
    same: str | None = None


class Within(_Strict):
    n: Annotated[int, Field(ge=1)]
    of: Of


class As(_Strict):
    as_: str = Field(alias="as")


class Deadline(_Strict):
    kind: Literal["deadline"]
    within: Within | As


class Form(_Strict):
    kind: Literal["form"]
    form: str
    within: Within | None = None


class Other(_Strict):
    a: str | None = None
    b: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Other:
        if self.a and self.b:
            raise ValueError("`a` and `b` cannot both be given. Keep one of the two.")
        if self.a == "c":
            raise ValueError("`a` cannot be c")
        return self


def _which(value: object) -> str | None:
    if isinstance(value, dict):
        return "keys" if "as" in value else None
    return "text" if isinstance(value, str) else None


class Root(_Strict):
    requirements: tuple[Annotated[Deadline | Form, Field(discriminator="kind")], ...] = ()
    when: Date | Literal["unknown"] = "unknown"
    words: Words = ()
    other: Other = Other()
    pick: Annotated[
        Annotated[Literal["all"], Tag("text")] | Annotated[As, Tag("keys")],
        Discriminator(_which),
    ] = "all"
    by_name: dict[str, Of] = {}
    several: Literal["none"] | tuple[Of, ...] = "none"
    mixed: Literal["none"] | dict[str, Of] = "none"
    flag: Literal["yes", "no", "unknown"] = "unknown"
    short: Annotated[str, Field(max_length=3)] = ""
    text: str = ""


def _told(text: str) -> list[str]:
    return [str(p).removeprefix("f.yaml:") for p in build(parse_document(text, "f.yaml"), Root)[1]]


def test_a_valid_document_gives_its_value_and_no_problem() -> None:
    value, problems = build(
        parse_document("requirements: [{kind: deadline, within: {as: x}}]", "f.yaml"), Root
    )
    assert problems == []
    assert value is not None
    assert isinstance(value.requirements[0], Deadline)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (  # the branch that fits best is spoken of, and no other
            "requirements: [{kind: deadline, within: {n: 5, of: {evnt: x}}}]",
            ("1:53: `evnt` is not a key that may stand here. "
            "Write `event` if that was meant, or leave it out."),
        ),
        (  # a key that is called as a kind does not mislead
            "requirements: [{kind: form, form: f, within: {n: 0, of: {event: x}}}]",
            "1:50: This value does not fit here. Input should be greater than or equal to 1.",
        ),
        (
            "requirements: [{kind: dedline, within: {as: x}}]",
            ("1:23: `dedline` is not one of the words that may stand here. "
            "Write deadline if that was meant; other words are form."),
        ),
        ("requirements: [{within: {as: x}}]", "1:16: `kind` is missing. Add `kind:`."),
        (
            "requirements: [deadline]",
            ("1:16: There is a single value here where keys are due. "
            "Write its keys, each with a colon: kind, within, form."),
        ),
        (
            "when: tomorrow",
            ("1:7: `tomorrow` is not a date: it means another day whenever the file is read. "
            "Write year, month and day, for example 2026-03-12, or unknown."),
        ),
        ("words: Big One", ("1:8: This is not one word in lower case. Write lower case letters, "
         "with underscores for spaces, for example review_group.")),
        ("other: {a: x, b: y}", "1:8: `a` and `b` cannot both be given. Keep one of the two."),
        ("other: {a: c}", "1:8: `a` cannot be c. Correct the entry."),
        ("pick: none", "1:7: `none` is not one of the words that may stand here. Write all."),
        (
            "pick: {}",
            "1:7: These keys make up none of the forms that may stand here. Begin with as.",
        ),
        (
            "pick: []",
            "1:7: What stands here is none of the forms that may. Look the forms up in the docs.",
        ),
        (
            "several: [{event: y, smae: z}]",
            ("1:22: `smae` is not a key that may stand here. "
            "Write `same` if that was meant, or leave it out."),
        ),
        (
            "mixed: {x: {evnt: y, same: z}}",
            ("1:13: `evnt` is not a key that may stand here. "
            "Write `event` if that was meant, or leave it out."),
        ),
        ("by_name: {x: }", ("1:14: There is nothing here where keys are due. "
         "Write its keys, each with a colon: event, same.")),
        ("by_name: {x: {event: y, zzz: y}}", ("1:25: `zzz` is not a key that may stand here. "
         "Leave it out; the keys here are event, same.")),
        ("by_name: {x: 'event:y'}", "1:14: There is no space after the colon here. Write one."),
        ("flag: [yes]", ("1:7: There is a list here where one word is due. "
         "Write yes, no or unknown.")),
        ("flag: y\u2011s", ("1:7: There is a non-breaking hyphen (U+2011) here. "
         "Type an ordinary hyphen (-).")),
        ("short: abcd", ("1:8: This value does not fit here. "
         "String should have at most 3 characters.")),
        ("text: {a: b}", "1:7: There are keys here where one value is due. Write one value."),
        ("requirements: -x", "1:15: There is no space after the hyphen here. Write one."),
        ("requirements: {kind: form, form: f}", ("1:15: There are keys here where a list is due. "
         "Put a hyphen and a space before the first key of each entry.")),
    ],
)  # fmt: skip
def test_one_mistake_is_one_problem(text: str, told: str) -> None:
    assert _told(text) == [told]


def test_all_mistakes_are_told_at_once_by_place() -> None:
    told = _told("flag: y\nzz: 1\nwhen: 3/3/2026\nflag: n\n")
    assert [line.split(":")[0] for line in told] == ["1", "2", "3", "4"]


def test_what_is_left_is_valid_and_keeps_its_places() -> None:
    text = (
        "requirements:\n"
        "  - {kind: form, form: f, zz: 1}\n"  # loses `zz`
        "  - {kind: form}\n"  # is cut out whole: `form` is missing
        "  - {kind: form, form: g}\n"
    )
    value, problems, rest = build_with_remainder(parse_document(text, "f.yaml"), Root)
    assert len(problems) == 2
    assert value is not None
    assert [r.form for r in value.requirements if isinstance(r, Form)] == ["f", "g"]
    assert rest.document.place(("requirements", 1)).line == 4
    assert rest.document.place(("requirements", 0)) in rest.spoiled
    assert rest.document.place(("requirements", 1)) not in rest.spoiled


def test_where_too_little_is_left_there_is_no_value() -> None:
    class Needs(_Strict):
        id: str

    assert build(parse_document("idd: x", "f.yaml"), Needs)[0] is None
    assert build(parse_document("- x", "f.yaml"), Needs)[0] is None


def test_a_branch_may_be_none_of_the_two() -> None:
    assert _told("requirements: [{kind: deadline, within: 5}]") == [
        (
            "1:41: There is a single value here where keys are due. "
            "Write its keys, each with a colon: n, of, as."
        )
    ]
