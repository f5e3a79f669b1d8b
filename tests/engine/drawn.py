"""Programs and facts drawn at random, for what holds of any of them in every engine."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from cspr_core.program import (
    ALWAYS,
    FACT_TYPES,
    Column,
    Count,
    Every,
    Match,
    Pattern,
    Program,
    Ref,
    Row,
    Some,
    eq,
)
from cspr_core.program import Test as Check  # pytest would take `Test` for a class of tests

TYPES = ("event", "limit", "answer", "child", "delay", "attendance")
WORDS = ("a", "b", "é", 'q"', "")
OPERATORS = ("==", "!=", "<", "<=", ">", ">=")


def _values(column: Column) -> st.SearchStrategy[Any]:
    if column.type == "number":
        return st.integers(-1, 3)
    return st.sampled_from(column.words or WORDS)


@st.composite
def facts(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Up to four facts of each type, some columns of which are unknown."""
    found: dict[str, list[dict[str, Any]]] = {}
    number = draw(st.integers(0, 50))
    for fact_type in draw(st.lists(st.sampled_from(TYPES), unique=True)):
        found[fact_type] = []
        for _ in range(draw(st.integers(0, 4))):
            number += draw(st.integers(1, 3))
            row: dict[str, Any] = {"fid": number}
            for name, column in FACT_TYPES[fact_type].items():
                value = _values(column)
                row[name] = draw(st.one_of(st.none(), value) if column.optional else value)
            found[fact_type].append(row)
    return found


def _known(pattern: Pattern) -> list[str]:
    """The columns of a pattern that others may refer to."""
    tested = {test.column for test in pattern.tests if test.op != "unknown"}
    columns = FACT_TYPES[pattern.type].items()
    return ["fid", *(name for name, c in columns if not c.optional or name in tested)]


def _column(fact_type: str, name: str) -> Column:
    return Column("number") if name == "fid" else FACT_TYPES[fact_type][name]


@st.composite
def checks(draw: st.DrawFn, fact_type: str, earlier: Sequence[Pattern]) -> Check:
    name = draw(st.sampled_from(["fid", *FACT_TYPES[fact_type]]))
    column = _column(fact_type, name)
    operators = OPERATORS if column.type == "number" else OPERATORS[:2]
    refs = [
        Ref(pattern.alias, other)
        for pattern in earlier
        for other in _known(pattern)
        if _column(pattern.type, other).type == column.type
    ]
    kind = draw(st.sampled_from(["join", "join", "constant", "in", "there"]))
    if kind == "join" and refs:
        return Check(name, draw(st.sampled_from(operators)), draw(st.sampled_from(refs)))  # type: ignore[arg-type]
    if kind == "in":
        return Check(name, "in", tuple(draw(st.lists(_values(column), min_size=1, max_size=3))))
    if kind == "there":
        return Check(name, draw(st.sampled_from(["known", "unknown"])))  # type: ignore[arg-type]
    return Check(name, draw(st.sampled_from(operators)), draw(_values(column)))  # type: ignore[arg-type]


@st.composite
def patterns(
    draw: st.DrawFn, alias: str, earlier: Sequence[Pattern], readable: Sequence[str], *, last: bool
) -> Pattern:
    if readable and draw(st.booleans()):
        fixed: tuple[Check, ...] = (eq("requirement", draw(st.sampled_from(readable))),)
        fact_type = "finding"
    else:
        fixed, fact_type = (), draw(st.sampled_from(TYPES))
    more = draw(st.lists(checks(fact_type, earlier), max_size=3))
    return Pattern(alias, fact_type, (*fixed, *more), last and draw(st.booleans()))


@st.composite
def matches(draw: st.DrawFn, readable: Sequence[str], *, tag: str, per_subject: bool) -> Match:
    body: list[Pattern] = []
    length = draw(st.integers(1, 3))
    for index in range(length):
        last = 0 < index == length - 1
        body.append(draw(patterns(f"p{index}", body, readable, last=last)))
    bound = [pattern for pattern in body if not pattern.negated]
    refs = [Ref(p.alias, name) for p in bound for name in _known(p)]
    types = {pattern.alias: pattern.type for pattern in bound}
    texts = [ref for ref in refs if _column(types[ref.alias], ref.column).type == "text"]
    words = [ref for ref in texts if FACT_TYPES[types[ref.alias]][ref.column].words]
    return Match(
        tag,
        tuple(body),
        draw(st.sampled_from(refs)),
        draw(st.sampled_from(texts)) if per_subject else None,
        tuple(Ref(pattern.alias) for pattern in bound),
        draw(st.sampled_from(words)) if words and draw(st.booleans()) else None,
    )


@st.composite
def programs(draw: st.DrawFn) -> list[Program]:
    """Up to three programs, each of which may read what those before it found."""
    found: list[Program] = []
    for index in range(draw(st.integers(1, 3))):
        per_subject = draw(st.booleans())
        readable = [program.requirement for program in found]
        made = tuple(
            draw(matches(readable, tag=f"t{n}", per_subject=per_subject))
            for n in range(draw(st.integers(1, 3)))
        )
        bare = Program(
            f"area.r{index}", made, (Row("pending"),), (Row("pending"),) * per_subject or None
        )
        counts = st.builds(
            Count,
            st.sampled_from(bare.tags),
            st.sampled_from(OPERATORS),
            st.integers(0, 3),
        )
        conditions = st.one_of(
            counts,
            st.builds(Every, st.lists(counts, max_size=2).map(tuple)),
            st.builds(Some, st.lists(counts, max_size=2).map(tuple)),
        )
        rows = (
            Row("met", draw(conditions), "first", evidence=bare.tags),
            Row("overdue", draw(conditions), "second", evidence=bare.tags, answer="no"),
            Row("pending", ALWAYS, "third", evidence=bare.tags),
        )
        found.append(Program(bare.requirement, made, rows, rows[2:] if per_subject else None))
    return found
