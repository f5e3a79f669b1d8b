"""Must for should, and back; for a recipient alone too."""

from __future__ import annotations

from collections.abc import Iterator

from cspr_core.mutation.change import Change, Raw, drop, listed, put

NAME = "binding"
TITLE = "Must for should, and should for must"
_OTHER = {"must": "should", "should": "must"}
_RECIPIENTS = {"recipient": "should", "should": "recipient"}


def changes(raw: Raw) -> Iterator[Change]:
    """The other binding. Advice never fails, whatever it says, and has none of these."""
    if raw.get("kind") == "advice":
        return
    old = raw.get("binding") or "must"
    if old in _OTHER:
        what = f"{old} → {_OTHER[old]}"
        yield Change(NAME, ("binding",), what, put(raw, ("binding",), _OTHER[old]))
    each = raw.get("for_each")
    if not isinstance(each, dict) or "should" not in each:
        return
    for key, other in _RECIPIENTS.items():
        names = listed(each[key]) if key in each else []
        for name in names:
            left = [n for n in names if n != name]
            moved = put(raw, ("for_each", other), [*(listed(each.get(other, []))), name])
            loc = ("for_each", key)
            changed = put(moved, loc, left) if left else drop(moved, loc)
            binding = {"recipient": (old, "should"), "should": ("should", old)}[key]
            if binding[0] != binding[1]:
                yield Change(NAME, loc, f"{name}: {binding[0]} → {binding[1]}", changed)
