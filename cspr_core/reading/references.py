"""Whether the words and requirements that an area's plugin declares are those a case uses.

Reading a case needs no plugin; this check does, and so stands apart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from cspr_core.model.scalars import WORD
from cspr_core.reading.case import CaseFile
from cspr_core.reading.problems import Problem, in_order
from cspr_core.reading.uses import Loc, uses
from cspr_core.reading.words import nearest, token


def check_references(
    casefile: CaseFile,
    *,
    words: Collection[str],
    requirements: Collection[str],
    not_confirmable: Mapping[str, str],
) -> list[Problem]:
    """Every problem with words `<area>.<word>` and with requirements named in the case.

    `words` are those that the plugins declare, `requirements` the ids of all requirements,
    national ones included; `not_confirmable` gives for the ids that nobody can confirm by hand
    the sentence (without full stop) that says what to record instead.
    """
    found = [*_words(casefile, words), *_requirements(casefile, requirements, not_confirmable)]
    return list(in_order(found))


def _words(casefile: CaseFile, words: Collection[str]) -> Iterator[Problem]:
    for use in uses(casefile.case) if casefile.own is None else casefile.own:
        if "." not in use.text or use.text in words or not WORD.match(use.text):
            continue
        if use.of == ("word",):
            continue  # an attribute of an area's own event: its plugin alone knows its words
        near = nearest(use.text, words)
        yield casefile.document.problem(
            use.loc,
            f"`{use.text}` is a word that no area in use declares",
            f"Write {near} if that was meant" if near else _OWN_WORDS,
            use.at_key,
        )


_OWN_WORDS = "Check the spelling, and that the area's plugin is installed"


def _requirements(
    casefile: CaseFile, requirements: Collection[str], not_confirmable: Mapping[str, str]
) -> Iterator[Problem]:
    case = casefile.case
    named: list[tuple[Loc, str]] = []
    for section, names in (
        ("confirmed", [e.requirement for e in case.confirmed]),
        ("exceptions", [e.requirement for e in case.exceptions]),
        ("delays", [e.requirement for e in case.delays]),
    ):
        named += [((section, n, "requirement"), name) for n, name in enumerate(names)]
    for loc, name in named:
        if name not in requirements:
            near = nearest(name, requirements)
            yield casefile.document.problem(
                loc,
                f"{token(name)} is not a requirement",
                f"Write {near} if that was meant"
                if near
                else f"Take its id from `cspr requirements {case.partnership}`",
            )
        elif loc[0] == "confirmed" and name in not_confirmable:
            yield casefile.document.problem(
                loc, f"`{name}` cannot be confirmed by hand", not_confirmable[name].rstrip(".")
            )
