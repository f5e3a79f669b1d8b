"""What stops a whole caseload, as against a file or a case of it that can't be used."""

from __future__ import annotations


class CaseloadError(Exception):
    """A run over a caseload can't go on, or its result can't be kept: one line, with the remedy.

    Nothing was written where the result was to stand.
    """
