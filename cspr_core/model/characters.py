"""Characters that a word processor puts in the place of others, and what to type instead.

They may stand in free text; in keys, dates and fixed words they change the meaning.
"""

from __future__ import annotations

import re

# character: (what it is called, what to type)
ODD: dict[str, tuple[str, str]] = {
    "\u2018": ("a curly quote", "a straight one (')"),
    "\u2019": ("a curly quote", "a straight one (')"),
    "\u201a": ("a low curly quote", "a straight one (')"),
    "\u201c": ("a curly quote", 'a straight one (")'),
    "\u201d": ("a curly quote", 'a straight one (")'),
    "\u201e": ("a low curly quote", 'a straight one (")'),
    "\u00a0": ("a non-breaking space", "an ordinary space"),
    "\u202f": ("a narrow non-breaking space", "an ordinary space"),
    "\u2007": ("a figure space", "an ordinary space"),
    "\u2009": ("a thin space", "an ordinary space"),
    "\u3000": ("a wide space", "an ordinary space"),
    "\u2010": ("a typographic hyphen", "an ordinary hyphen (-)"),
    "\u2011": ("a non-breaking hyphen", "an ordinary hyphen (-)"),
    "\u2012": ("a figure dash", "an ordinary hyphen (-)"),
    "\u2013": ("an en dash", "an ordinary hyphen (-)"),
    "\u2014": ("an em dash", "an ordinary hyphen (-)"),
    "\u2212": ("a minus sign", "an ordinary hyphen (-)"),
    "\u00ad": ("an invisible soft hyphen", "nothing in its place"),
    "\u200b": ("an invisible space", "nothing in its place"),
    "\u200c": ("an invisible joiner", "nothing in its place"),
    "\u200d": ("an invisible joiner", "nothing in its place"),
    "\u2060": ("an invisible joiner", "nothing in its place"),
    "\ufeff": ("an invisible byte-order mark", "nothing in its place"),
    "\u200e": ("an invisible direction mark", "nothing in its place"),
    "\u200f": ("an invisible direction mark", "nothing in its place"),
    "\u2022": ("a bullet", "a hyphen and a space (- )"),
    "\u00b7": ("a bullet", "a hyphen and a space (- )"),
    "\u2026": ("an ellipsis", "what is meant, or nothing"),
    "\uff1a": ("a wide colon", "an ordinary colon (:)"),
}

FIND_ODD = "[" + "".join(map(re.escape, ODD)) + "]"

_NAMES = {
    0x00: "a NUL character",
    0x85: "an invisible line break",
    0x2028: "an invisible line break",
    0x2029: "an invisible line break",
}


def odd_character(text: str) -> tuple[str, str] | None:
    """What is wrong and the remedy, for the first odd character of `text`; None without one."""
    found = None if text.isascii() else re.search(FIND_ODD, text)
    if found is None:
        return None
    name, instead = ODD[found[0]]
    return f"There is {name} (U+{ord(found[0]):04X}) here", f"Type {instead}"


def name_control(character: str) -> str:
    """What to call a character that must not stand in a file at all."""
    code = ord(character)
    return f"{_NAMES.get(code, 'a control character')} (U+{code:04X})"
