"""CSPR405: contacts that can't be reached as they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from cspr_core.lint.framework import Context, Message, Severity
from cspr_core.model.arrangements import Contact

CODE = "CSPR405"
TITLE = "A contact is not well formed"
SEVERITY: Severity = "error"

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_EMAIL = re.compile(
    rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+)*"
    rf"@(?:{_LABEL}\.)+[A-Za-z]{{2,}}"
)
_EXTENSION = re.compile(r"\s*(?:,?\s*(?:ext\.?|extension|x|option)\s*\d+)\Z", re.IGNORECASE)
# Numbers in the United Kingdom: ten or eleven figures after the 0, the 0 left out after +44;
# 01 and 02 are places, 03 is for public bodies, 07 mobile, 08 services.
_NATIONAL = re.compile(r"0[12378]\d{8,9}")
_SHORT = re.compile(r"1\d{2,5}")  # 101, 111, 116 123


def check(context: Context) -> Iterator[Message]:
    """Each e-mail address, telephone number and web address that can't be one; and none at all."""
    for n, contact in enumerate(context.arrangements.contacts):
        for key, what, remedy in _wrong(contact):
            yield Message(("contacts", n, key), what, remedy)


def _wrong(contact: Contact) -> Iterator[tuple[str, str, str]]:
    if contact.email is not None and not _EMAIL.fullmatch(contact.email):
        yield "email", "This is not an e-mail address", "Write it as name@organisation.gov.uk"
    if contact.phone is not None and not _is_phone(contact.phone):
        yield (
            "phone",
            "This is not a telephone number of the United Kingdom",
            "Write it with its area code and all its figures, for example 01632 960123",
        )
    if contact.url is not None and not _is_url(contact.url):
        yield "url", "This is not a web address", "Write it whole, with https:// before it"
    if contact.email is None and contact.phone is None and contact.url is None:
        yield (
            "for",
            "This contact has neither an e-mail address nor a telephone number nor a web address",
            "Add `email:`, `phone:` or `url:`",
        )


def _is_phone(text: str) -> bool:
    number = re.sub(r"[\s().-]", "", _EXTENSION.sub("", text.strip()))
    if number.startswith("+44"):
        number = "0" + number[3:].removeprefix("0")
    return bool(_NATIONAL.fullmatch(number) or _SHORT.fullmatch(number))


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    host = parts.hostname or ""
    whole = re.fullmatch(rf"(?:{_LABEL}\.)+[A-Za-z]{{2,}}", host) is not None
    return parts.scheme in ("http", "https") and whole and not re.search(r"\s", text)
