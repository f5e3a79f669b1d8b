"""Whether a file in a folder of cases is one: what a folder holds beside them is passed over."""

from __future__ import annotations

from cspr_core.reading.document import Document

_CASE = "cspr.case"


def not_a_case(document: Document) -> str | None:
    """What a document is in the place of a case (`scenario, not a case`); None for a case.

    What says `cspr.case` of any version, or has no schema and a case's keys, is meant as one.
    """
    data = document.data
    schema = data.get("schema") if isinstance(data, dict) else None
    if isinstance(schema, str) and not schema.startswith(_CASE):
        kind = schema.partition("/")[0].removeprefix("cspr.")
        return f"{kind}, not a case" if kind in ("scenario", "arrangements") else "not a case"
    if schema is None and not (isinstance(data, dict) and {"case", "children"} & set(data)):
        return "not a case"
    return None
