"""A condition left out or turned round; a part of what is asked, forgotten."""

from __future__ import annotations

from collections.abc import Iterator

from cspr_core.mutation.change import Change, Raw, drop, entries, flow, groups, put

NAME = "condition"
TITLE = "A condition, or a part of what is asked, is removed or turned round"
_OTHER = {"yes": "no", "no": "yes"}
# Parts of a requirement without which it asks for less (or for more often).
_PARTS = (
    ("after", "since", "ahead_of", "within", "before", "around", "by", "delay", "reason"),
    ("further", "chair", "absent", "led_by", "everyone", "agencies", "substitutes", "signed"),
    ("no", "yes", "not_in", "not_role", "only"),
)


def changes(raw: Raw) -> Iterator[Change]:
    """Each condition left out; each `not` without it; each part of what is asked left out."""
    if "when" in raw:
        for loc, entry in entries(raw, ("when",)):
            yield Change(NAME, loc, f"condition removed: {flow(entry)}", drop(raw, loc))
    for loc, group in groups(raw):
        yield from _within(raw, loc, group)
    for key in (key for part in _PARTS for key in part if key in raw):
        for loc, entry in entries(raw, (key,)):
            if len(entries(raw, (key,))) > 1 and not isinstance(entry, dict):
                continue  # a list of words: `dropped` takes each of them
            yield Change(NAME, loc, f"`{key}` removed: {flow(entry)}", drop(raw, loc))
    each = raw.get("for_each")
    if isinstance(each, dict) and each.get("agency") in ("involved", "any"):
        other = {"involved": "any", "any": "involved"}[each["agency"]]
        loc = ("for_each", "agency")
        what = f"agencies {each['agency']} → {other}"
        yield Change(NAME, loc, what, put(raw, loc, other))


def _within(raw: Raw, loc: tuple[str | int, ...], group: Raw) -> Iterator[Change]:
    for key in ("any", "all"):
        members = group.get(key)
        if isinstance(members, list) and len(members) > 1 and isinstance(members[0], dict):
            for index, member in enumerate(members):
                where = (*loc, key, index)
                what = f"dropped from `{key}`: {flow(member)}"
                yield Change(NAME, where, what, drop(raw, where))
    if "not" in group:
        what = f"`not` removed: {flow(group['not'])}"
        yield Change(NAME, (*loc, "not"), what, put(raw, loc, group["not"]))
    for key in ("planned", "running", "during", "by_plan", "absent", "first"):
        if loc and key in group:
            what = f"`{key}: {flow(group[key])}` removed"
            yield Change(NAME, (*loc, key), what, drop(raw, (*loc, key)))
    if "finding" in group and group.get("answer") in _OTHER:
        old = group["answer"]
        what = f"{group['finding']} answered {old} → {_OTHER[old]}"
        yield Change(NAME, (*loc, "answer"), what, put(raw, (*loc, "answer"), _OTHER[old]))
