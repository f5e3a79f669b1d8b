"""What a run of scenarios comes to, as text for people and as JSON and JUnit XML for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from cspr_core.report.layout import wrapped
from cspr_core.report.words import listing, spaced
from cspr_core.testing.coverage import Coverage
from cspr_core.testing.difference import Failure
from cspr_core.testing.playing import compared
from cspr_core.testing.running import Played, Ran, engines

SCHEMA_VERSION = "1"
_NAMES = {"rete": "durable-rules", "reference": "the reference engine"}


# --- text -----------------------------------------------------------------------------------------


def text_of(runs: Sequence[Ran], *, missing: bool = False) -> str:
    """Every failure, and a line or two on each area; with `missing`, what is not covered."""
    lines: list[str] = []
    for ran in runs:
        for played in ran.failed:
            for failure in played.failures:
                lines += [*failure.lines(), ""]
    for ran in runs:
        lines += _summary(ran)
        if missing and not ran.part:
            lines += _missing(ran.coverage)
    lines.append(f"Played on {listing(_NAMES[name] for name in engines())}.")
    return "\n".join(lines) + "\n"


def _summary(ran: Ran) -> Iterator[str]:
    failures = sum(len(p.failures) for p in ran.played)
    yield from wrapped(
        f"{ran.suite.area}: {_many(len(ran.played), 'scenario')},"
        f" {_many(ran.expectations, 'expectation')}: {_outcome(ran, failures)}."
    )
    if ran.part:
        return
    cover = ran.coverage
    yield from wrapped(
        f"Coverage, requirement by status: {cover.shown} of {cover.possible}"
        f" ({percent(cover.percent)}), of {_many(len(cover.requirements), 'requirement')}.",
        "  ",
    )
    if cover.untouched:
        yield from wrapped(f"No scenario shows {listing(cover.untouched)}.", "  ", "    ")


def _outcome(ran: Ran, failures: int) -> str:
    parts = [f"{_many(failures, 'expectation')} failed"] if failures else []
    if ran.unread:
        parts.append(f"{_many(len(ran.unread), 'scenario')} could not be played")
    return " and ".join(parts) or "all as expected"


def percent(share: float) -> str:
    """A share, rounded down: 100% is all of it."""
    return f"{int(share * 10) / 10:g}%"


def _many(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


def _missing(coverage: Coverage) -> Iterator[str]:
    for one in coverage.requirements:
        if one.missing:
            names = ", ".join(spaced(status) for status in one.missing)
            yield from wrapped(f"{one.requirement}: {names}", "  not shown: ", "      ")


# --- JSON -----------------------------------------------------------------------------------------


def json_of(runs: Sequence[Ran], *, ascii_only: bool = False) -> str:
    """The runs as JSON text: every scenario with its expectations, and the coverage."""
    data = {
        "schema_version": SCHEMA_VERSION,
        "engines": list(engines()),
        "suites": [_suite(ran) for ran in runs],
    }
    return json.dumps(data, indent=2, ensure_ascii=ascii_only) + "\n"


def _suite(ran: Ran) -> dict[str, Any]:
    cover = ran.coverage
    return {
        "area": ran.suite.area,
        "summary": {
            "scenarios": len(ran.played),
            "expectations": ran.expectations,
            "failed": sum(len(p.failures) for p in ran.played),
            "errors": len(ran.unread),
        },
        "coverage": None
        if ran.part
        else {
            "percent": round(cover.percent, 2),
            "shown": cover.shown,
            "possible": cover.possible,
            "requirements": [
                {"requirement": c.requirement, "shown": c.shown, "missing": c.missing}
                for c in cover.requirements
            ],
        },
        "scenarios": [_scenario(played) for played in ran.played],
    }


def _scenario(played: Played) -> dict[str, Any]:
    return {
        "file": str(played.path),
        "title": played.title,
        "outcome": played.outcome,
        "problems": list(played.problems),
        "expectations": len(played.results),
        "failures": [_failure(failure) for failure in played.failures],
    }


def _failure(failure: Failure) -> dict[str, Any]:
    expected = failure.expected
    return {
        "file": failure.file,
        "line": failure.line,
        "column": failure.column,
        "requirement": expected.requirement,
        "subject": expected.subject,
        "as_of": expected.as_of.isoformat(),
        "because": expected.because,
        "expected": {name: _plain(getattr(expected, name)) for name in compared(expected)},
        "found": {name: failure.value(name) for name in compared(expected)},
        "wrong": list(failure.wrong),
        "message": failure.finding.message,
        "difference": list(failure.differences),
        "facts": [_at(at) for at in failure.evidence],
        "rule": [_at(at) for at in failure.rule],
        "counted": [line.strip() for line in failure.counted],
    }


def _at(at: Any) -> dict[str, Any]:
    return {"what": at.what, "file": at.file, "line": at.line, "column": at.column}


def _plain(value: object) -> str | None:
    return None if value is None else str(value)


# --- JUnit ----------------------------------------------------------------------------------------


def junit_of(runs: Sequence[Ran]) -> str:
    """The runs as JUnit XML: a suite for each area, a case for each scenario."""
    root = Element("testsuites", name="cspr test")
    for ran in runs:
        suite = SubElement(
            root,
            "testsuite",
            name=ran.suite.area,
            tests=str(len(ran.played)),
            failures=str(len(ran.failed)),
            errors=str(len(ran.unread)),
            skipped="0",
            time=_seconds(sum(p.seconds for p in ran.played)),
        )
        for played in ran.played:
            _case(suite, ran.suite.area, played)
    _total(root)
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _case(suite: Element, area: str, played: Played) -> None:
    case = SubElement(
        suite,
        "testcase",
        classname=".".join((area, *played.path.with_suffix("").parts[-2:])),
        name=_clean(played.title),
        file=str(played.path),
        time=_seconds(played.seconds),
    )
    if played.problems:
        error = SubElement(case, "error", type="BadInput", message=_clean(played.problems[0]))
        error.text = _clean("\n".join(played.problems))
    elif played.failures:
        first = played.failures[0]
        failure = SubElement(case, "failure", type="Difference", message=_clean(first.head))
        blocks = ("\n".join(one.lines()) for one in played.failures)
        failure.text = _clean("\n\n".join(blocks))


def _total(root: Element) -> None:
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    root.set("time", _seconds(sum(float(suite.get("time", "0")) for suite in root)))


def _seconds(value: float) -> str:
    return f"{value:.3f}"


def _clean(text: str) -> str:
    """Text without the control characters that XML can't hold."""
    return "".join(c for c in text if c in "\n\t" or ord(c) >= ord(" "))
