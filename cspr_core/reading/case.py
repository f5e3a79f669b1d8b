"""A case file, read strictly: every problem in one run, or a case with the place of each entry."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

from cspr_core.model.case import Case
from cspr_core.reading.case_files import refuse_others
from cspr_core.reading.consistency import Reading, check_consistency
from cspr_core.reading.contradictions import check_contradictions
from cspr_core.reading.document import Document, Loc, build_with_remainder, read_document
from cspr_core.reading.problems import BadInput, Place
from cspr_core.reading.uses import Use


class CaseFile(NamedTuple):
    """A case, the path it was read from, and the file's values with their places.

    `own` are the areas' own words in it, which reading came across; not known where it was changed.
    """

    case: Case
    path: str
    document: Document
    own: tuple[Use, ...] | None = None

    def place(self, loc: Loc, key: bool = False) -> Place:  # noqa: FBT001, FBT002
        """Where the entry at `loc` stands, e.g. `("events", 2)`; its key with `key`."""
        return self.document.place(loc, key)


def read_case(path: Path, *, today: date | None) -> CaseFile:
    """Read and check a case file (YAML, or JSON where the name ends in `.json`).

    `today` is given where the case is checked as of today: then a `date` still to come is an
    error. With None, such entries are taken as they are.

    Raises `BadInput` with every problem found; a file of identities, or of many cases, is not
    opened at all.
    """
    refuse_others(path)
    return check_case(read_document(path), today=today)


def check_case(document: Document, *, today: date | None) -> CaseFile:
    """As `read_case`, for a document already read."""
    own: list[Use] = []
    case, problems, rest = build_with_remainder(document, Case)
    if case is not None:
        raw = document.data if isinstance(document.data, dict) else {}
        reading = Reading(case, rest.document, raw, rest.spoiled, own)
        problems += check_consistency(reading, today=today)
        problems += check_contradictions(reading)
    if case is None or problems:
        raise BadInput(problems)
    return CaseFile(case, document.file, document, tuple(own))
