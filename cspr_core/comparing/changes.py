"""What changed between two versions of one plugin, requirement by requirement, the worst first.

Stricter and looser are judged by `cspr_core.strictness`; this pairs the requirements, names what
kind of change each is, and finds the lines. Formats lay the result out and decide nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, TypeVar, cast

from cspr_core.check import Rules
from cspr_core.comparing.sections import SectionChange, section_changes
from cspr_core.comparing.versions import Version
from cspr_core.comparing.yaml_lines import Line, key_lines, requirement_lines
from cspr_core.kinds import lower
from cspr_core.model.arrangements import Requirement
from cspr_core.model.patterns import Value
from cspr_core.plugins import Plugin
from cspr_core.report.areas import document_of, limit_words, who_words
from cspr_core.report.guidance.sentences import verb_of
from cspr_core.report.timing import Timing
from cspr_core.report.words import Words, day, listing, spaced
from cspr_core.strictness import Comparison, Verdict, compare_requirements, limit_of, overall

Change = Literal[
    "removed",
    "loosened",
    "loosened in part",
    "changed",
    "re-dated",
    "tightened",
    "added",
    "renamed",
    "rewritten",
    "reworded",
]
# From what takes most away to what takes nothing; the order in which changes are told.
CHANGES: Mapping[Change, str] = {
    "removed": "it is not asked for any more",
    "loosened": "it asks for less",
    "loosened in part": "less in one point or on some dates, more in others",
    "changed": "it asks for something else; neither version is proved the stricter",
    "re-dated": "since when it holds, or when it was last checked",
    "tightened": "it asks for more",
    "added": "it was not asked for before",
    "renamed": "the same under another id",
    "rewritten": "other keys, which come to the same",
    "reworded": "other words alone",
}
_OF_VERDICT: Mapping[Verdict, Change] = {
    "looser": "loosened",
    "mixed": "loosened in part",
    "cannot be compared": "changed",
    "stricter": "tightened",
}
# Changes that leave the findings of every case as they were.
_IDLE: tuple[Change, ...] = ("rewritten", "reworded")
_CHECKED = ("checked", "verified")  # keys that say when and how well the source was looked at
_LIMIT = ("within", "before", "around", "by", "values")
# The fields that name another requirement.
_NAMING = ("as_", "finding", "in_play", "delayed", "delay_told", "delay", "tightens")
V = TypeVar("V")


@dataclass(frozen=True)
class Aspect:
    """One point in which a requirement differs.

    `words` is a clause on the new version against the old; `was` and `now` are both in words,
    where they can be put so; `keys` are the YAML's.
    """

    name: str
    verdict: Verdict
    words: str
    keys: tuple[str, ...] = ()
    was: str = ""
    now: str = ""
    first: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Side:
    """A requirement in one version: its id, what it says in words, and its lines.

    `lines` are those of the keys that differ (of those that only say something, where none else
    does); all of them for what was removed or added.
    """

    id: str
    title: str
    words: str
    file: str
    line: int
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class RequirementChange:
    """One requirement that changed; `old` is absent for an added one, `new` for a removed one.

    `affects`: whether a case may come out otherwise.
    """

    change: Change
    old: Side | None
    new: Side | None
    aspects: tuple[Aspect, ...] = ()
    affects: bool = True

    @property
    def title(self) -> str:
        """What it says, in the newest words there are."""
        return self._latest.title

    @property
    def id(self) -> str:
        """What it is called, or was last."""
        return self._latest.id

    @property
    def shows_lines(self) -> bool:
        """Whether the lines of the YAML say more than the words."""
        return self.change in ("removed", "added", "renamed") or any(
            aspect.name != "wording" for aspect in self.aspects
        )

    @property
    def _latest(self) -> Side:
        return cast("Side", self.new or self.old)

    @property
    def renamed_from(self) -> str | None:
        """The id that it had before, where that was another."""
        both = self.old is not None and self.new is not None
        return self.old.id if both and self.old and self.old.id != self.id else None


@dataclass(frozen=True)
class Redated:
    """Requirements that hold from another day, because the document that they follow does."""

    document: str
    was: date | None
    now: date | None
    requirements: tuple[str, ...]

    @property
    def words(self) -> str:
        """The change as a clause."""
        told = [
            "any date" if d is None else f"dates from {day(d)} on" for d in (self.now, self.was)
        ]
        return f"held against {told[0]}, before that against {told[1]}"


@dataclass(frozen=True)
class Hook:
    """A hook in Python that is not compared, and how its files stand to each other."""

    name: str
    words: str


@dataclass(frozen=True)
class Difference:
    """Everything in which two versions of one plugin differ."""

    name: str
    area: str
    old: Version
    new: Version
    requirements: tuple[RequirementChange, ...]
    redated: tuple[Redated, ...]
    sections: tuple[SectionChange, ...]
    hooks: tuple[Hook, ...]
    unchanged: int

    @property
    def affects(self) -> bool:
        """Whether what is checked differs."""
        return bool(self.redated) or any(one.affects for one in self.requirements)

    @property
    def same(self) -> bool:
        """Whether nothing at all differs in the YAML."""
        return not (self.requirements or self.redated or self.sections)

    def of(self, change: Change) -> list[RequirementChange]:
        """The requirements that changed so, in the order of the file."""
        return [one for one in self.requirements if one.change == change]


def difference_of(old: Version, new: Version) -> Difference:
    """What changed from one version to the other."""
    pairing = _pair(old, new)
    changes = [_removed(old, r) for r in pairing.removed]
    changes += [_added(new, r) for r in pairing.added]
    by_document: dict[tuple[str, date | None, date | None], list[str]] = {}
    unchanged = 0
    for before, was, now in pairing.both:
        comparisons = list(_compared(was, now, pairing.old_rules, new.rules))
        dated = [c for c in comparisons if c.aspect == "in force"]
        if dated and _own_date(was) == _own_date(now):
            comparisons = [c for c in comparisons if c not in dated]
            days = pairing.old_rules.in_force.get(was.id), new.rules.in_force.get(now.id)
            by_document.setdefault((document_of(new.rules, now), *days), []).append(now.id)
        elif not comparisons and before.id == now.id:
            unchanged += 1
        if comparisons or before.id != now.id:
            changes.append(_changed(old, new, before, now, comparisons))
    order = list(CHANGES)
    changes.sort(key=lambda one: order.index(one.change))
    return Difference(
        new.plugin.arrangements.name,
        new.plugin.area,
        old,
        new,
        tuple(changes),
        tuple(Redated(*key, tuple(ids)) for key, ids in by_document.items()),
        tuple(section_changes(old, new)),
        tuple(_hooks(old, new)),
        unchanged,
    )


def _own_date(r: Requirement) -> tuple[object, ...]:
    return r.in_force_from, r.source.document


# --- which requirement is which -----------------------------------------------------------------


@dataclass(frozen=True)
class _Pairing:
    """Requirements of both versions: those in both, with what the old one was called before.

    The old ones speak of others by their new ids, and so do the old rules.
    """

    both: tuple[tuple[Requirement, Requirement, Requirement], ...]
    removed: tuple[Requirement, ...]
    added: tuple[Requirement, ...]
    old_rules: Rules


def _pair(old: Version, new: Version) -> _Pairing:
    before = {r.id: r for r in old.plugin.arrangements.requirements}
    after = {r.id: r for r in new.plugin.arrangements.requirements}
    ids = _renamed(before, after)
    known = {name: cast("Requirement", _anew(r, ids)) for name, r in before.items()}
    both = tuple((before[name], r, after[r.id]) for name, r in known.items() if r.id in after)
    paired = {r.id for _, r, _ in both}
    removed = tuple(before[name] for name, r in known.items() if r.id not in after)
    added = tuple(r for name, r in after.items() if name not in paired)
    rules = _rules_with(old, tuple(known.values())) if ids else old.rules
    return _Pairing(both, removed, added, rules)


def _renamed(before: Mapping[str, Requirement], after: Mapping[str, Requirement]) -> dict[str, str]:
    """New ids by old ones: of the same content first, then of the same title and kind."""
    ids: dict[str, str] = {}
    contents: tuple[Callable[[Requirement], object], ...] = (
        lambda r: r.model_copy(update={"id": ""}),
        lambda r: (r.kind_name, r.title),
    )
    for content in contents:
        found = True
        while found:  # what names a renamed requirement is the same only once that is known
            gone = [r for name, r in before.items() if name not in after and name not in ids]
            come = [r for name, r in after.items() if name not in {*before, *ids.values()}]
            was = _single((content(cast("Requirement", _anew(r, ids))), r.id) for r in gone)
            now = _single((content(r), r.id) for r in come)
            found = False
            for one, name in was:
                for other, its in now:
                    if one == other:
                        ids[name], found = its, True
    return ids


def _single(given: Iterable[tuple[object, str]]) -> list[tuple[object, str]]:
    """What no two of them have: two alike can't be told from each other."""
    rows = list(given)
    return [row for row in rows if sum(row[0] == other[0] for other in rows) == 1]


def _anew(value: object, ids: Mapping[str, str]) -> object:
    """A value in which every requirement is named by its new id."""
    if isinstance(value, tuple):
        return tuple(_anew(one, ids) for one in value)
    if isinstance(value, dict):
        # The columns of a rule's facts: `requirement` holds the ids of some.
        return {
            key: tuple(ids.get(name, name) for name in one)
            if key == "requirement"
            else _anew(one, ids)
            for key, one in value.items()
        }
    if not isinstance(value, Value) or not ids:
        return value
    update: dict[str, Any] = {}
    for name, held in vars(value).items():
        names = name in _NAMING or (name == "id" and isinstance(value, Requirement))
        given = ids.get(held, held) if names and isinstance(held, str) else _anew(held, ids)
        if given is not held:
            update[name] = given
    return value.model_copy(update=update) if update else value


def _rules_with(version: Version, requirements: tuple[Requirement, ...]) -> Rules:
    arrangements = version.plugin.arrangements.model_copy(update={"requirements": requirements})
    lowered = tuple(lower(r) for r in requirements)
    plugin: Plugin = replace(version.plugin, arrangements=arrangements, lowered=lowered)
    return replace(version, plugin=plugin).rules


# --- one requirement ----------------------------------------------------------------------------


def _compared(was: Requirement, now: Requirement, old: Rules, new: Rules) -> Iterator[Comparison]:
    """Every difference, each key that differs named by one of them."""
    found = compare_requirements(was, now, old, new)
    yield from found
    told = {key for one in found for key in one.keys}
    if any(one.aspect == "kind" and one.verdict != "same" for one in found):
        return  # it asks for something else altogether, and is told as a whole
    limit = {key for key in _LIMIT if any(one.aspect == "limit" for one in found)}
    keys = [
        key
        for key in {**vars(was), **vars(now)}
        if getattr(was, key, None) != getattr(now, key, None)
        and key not in {"id", "kind", "in_force_from"} | told | limit
    ]
    same = [key for key in keys if key in _LIMIT]
    if same and _limit(was, old) == _limit(now, new):
        yield Comparison("limit", "same", "the same limit, written in another way", tuple(same))
        keys = [key for key in keys if key not in same]
    if keys:
        what = f"{listing(map(spaced, keys))}: not the same as before"
        yield Comparison("other", "cannot be compared", what, tuple(keys))


def _limit(r: Requirement, rules: Rules) -> object:
    return limit_of(r, {name: lowered.requirement for name, lowered in rules.by_id.items()})


def _changed(
    old: Version,
    new: Version,
    before: Requirement,
    now: Requirement,
    comparisons: Sequence[Comparison],
) -> RequirementChange:
    change, affects = _kind_of(comparisons, before, now)
    weighty = [one for one in comparisons if one.aspect != "wording"]
    keys = tuple(dict.fromkeys(key for one in weighty or comparisons for key in one.keys))
    if any(one.aspect == "limit" for one in comparisons):
        keys = (*keys, *_LIMIT)
    if any(one.aspect == "kind" for one in comparisons):
        keys = ("kind", *vars(before), *vars(now))
    if before.id != now.id:
        keys = ("id", *keys)
    aspects = [
        aspect for one in comparisons for aspect in _aspects(one, before, now, old.rules, new.rules)
    ]
    return RequirementChange(
        change,
        _side(old, before, keys),
        _side(new, now, keys),
        tuple(aspects),
        affects,
    )


def _kind_of(
    comparisons: Sequence[Comparison], before: Requirement, now: Requirement
) -> tuple[Change, bool]:
    content = [c for c in comparisons if c.aspect not in ("in force", "wording")]
    worded = {key for c in comparisons if c.aspect == "wording" for key in c.keys}
    verdict = overall(content)
    if verdict != "same":
        # Holding from a later day takes something away as well.
        verdict = overall(c for c in comparisons if c.aspect != "wording")
        return _OF_VERDICT[verdict], True
    if len(content) != len(comparisons) and any(c.aspect == "in force" for c in comparisons):
        return "re-dated", True
    if before.id != now.id:
        return "renamed", True
    staged = "stage" in worded and now.kind_name == "advice"  # shown at another time
    if content:
        return "rewritten", staged
    if worded <= set(_CHECKED):
        return "re-dated", False
    return ("changed", True) if staged else ("reworded", False)


def _aspects(
    one: Comparison, before: Requirement, now: Requirement, old: Rules, new: Rules
) -> Iterator[Aspect]:
    if one.aspect == "wording":
        for key in one.keys:
            was = _worded(key, before, old)
            its = _worded(key, now, new)
            yield Aspect("wording", "same", f"another {spaced(key)}", (key,), was, its)
        return
    first = None
    if one.first is not None:
        first = {name: d.isoformat() for name, d in vars(one.first).items() if d is not None}
    was, its = "", ""
    if one.aspect == "limit":
        was = limit_words(Words(old), old, before) or "no limit"
        its = limit_words(Words(new), new, now) or "no limit"
    yield Aspect(one.aspect, one.verdict, one.words, one.keys, was, its, first)


def _worded(key: str, r: Requirement, rules: Rules) -> str:
    """What a key says, in words; empty for nothing."""
    if key == "who":
        return who_words(Words(rules), r)
    if key == "source":
        return f"{document_of(rules, r)}, {r.source.section}"
    value = getattr(r, key)
    if value is None:
        return ""
    if isinstance(value, date):
        return day(value)
    return spaced(value) if key in ("stage", "authority") else str(value)


def _removed(version: Version, r: Requirement) -> RequirementChange:
    return RequirementChange("removed", _side(version, r, None), None)


def _added(version: Version, r: Requirement) -> RequirementChange:
    return RequirementChange("added", None, _side(version, r, None))


def _side(version: Version, r: Requirement, keys: Sequence[str] | None) -> Side:
    """One version of a requirement, with the lines of these keys, or with all of its lines."""
    own = r.id
    index = next(
        i for i, one in enumerate(version.plugin.arrangements.requirements) if one.id == own
    )
    whole = requirement_lines(version.document, version.lines, index)
    lines = whole
    if keys is not None:
        lines = key_lines(version.document, version.lines, index, keys)
    return Side(own, r.title, says(version.rules, r), version.file, whole[0].number, lines)


def says(rules: Rules, r: Requirement) -> str:
    """A requirement in one clause: how binding, and by when; `must, within 7 working days of …`."""
    verb = "advice" if r.kind_name == "advice" else verb_of(r)
    return ", ".join(filter(None, (verb, Timing(rules).clause(r))))


# --- Python -------------------------------------------------------------------------------------


def _hooks(old: Version, new: Version) -> Iterator[Hook]:
    was, now = old.hooks, new.hooks
    for name in dict.fromkeys((*was, *now)):
        if name not in now:
            words = "in the old version alone"
        elif name not in was:
            words = "in the new version alone"
        else:
            same = was[name] == now[name]
            words = f"in both, in files that {'are the same' if same else 'differ'}"
        yield Hook(name, words)
