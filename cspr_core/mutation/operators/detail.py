"""What an event has to say is left out: to whom, by whom, of what, which version."""

from __future__ import annotations

from collections.abc import Iterator

from cspr_core.mutation.change import Change, Raw, drop, flow, groups

NAME = "detail"
TITLE = "What an event, meeting, form or place has to say of itself is left out"
_WHAT = ("event", "meeting", "form", "role", "fact")
_KEPT = frozenset({*_WHAT, "same", "absent", "where", "first"})
_SEAT = ("kind", "role", "body")


def changes(raw: Raw) -> Iterator[Change]:
    """Each attribute of each pattern, and of each place all but one, left out."""
    for loc, group in groups(raw):
        if not loc or loc[-1] == "for_each":
            continue
        holder = loc[-2] if isinstance(loc[-1], int) else loc[-1]
        keys: list[str] = []
        if holder in ("seats", "present"):
            keys = [key for key in _SEAT if key in group] if len(group) > 1 else []
        elif holder == "where":
            keys = [k for k, v in group.items() if not str(v).startswith("=") and k != "name"]
        elif holder == "absent":
            keys = list(group) if len(group) > 1 else []
        elif holder == "agencies":
            keys = [key for key in group if key != "n"]
        elif any(key in group for key in _WHAT):
            keys = [key for key in group if key not in _KEPT]
        for key in keys:
            what = f"`{key}: {flow(group[key])}` left out"
            yield Change(NAME, (*loc, key), what, drop(raw, (*loc, key)))
