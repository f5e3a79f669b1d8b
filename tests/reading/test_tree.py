"""Text to values and places, in YAML and in JSON."""

from __future__ import annotations

import json
import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cspr_core.reading import yaml_tree
from cspr_core.reading.document import parse_document
from cspr_core.reading.problems import BadInput, Place


def test_nothing_is_guessed_from_how_a_value_looks() -> None:
    document = parse_document(
        "a: no\nb: 10:00\nc: 01454\nd: 2026-02-30\ne: '~'\nf: 1e3\n", "f.yaml"
    )
    assert document.data == {
        "a": "no", "b": "10:00", "c": "01454", "d": "2026-02-30", "e": "~", "f": "1e3"
    }  # fmt: skip


def test_only_empty_tilde_and_null_are_nothing() -> None:
    document = parse_document("[~, null, Null, NULL, '', none, {a: }]", "f.yaml")
    assert document.data == [None, None, None, None, "", "none", {"a": None}]


def test_places_of_values_and_keys() -> None:
    document = parse_document("a:\n  - b: 1\n    é: [x, yy]\n", "f.yaml")
    assert document.place(()) == Place(1, 1)
    assert document.place(("a", 0)) == Place(2, 5)
    assert document.place(("a", 0, "é"), key=True) == Place(3, 5)
    assert document.place(("a", 0, "é", 1)) == Place(3, 12)
    assert document.place(("a", 0, "é", 7)) == Place(3, 8)  # its list
    assert document.place(("a", 0, "b", 0)) == Place(2, 8)  # a value written without a list


def test_a_small_alias_stands_for_its_anchor() -> None:
    document = parse_document("a: &x [p1, p2]\nb: *x\nc: &y one\nd: *y\n", "f.yaml")
    assert document.data["b"] == ["p1", "p2"]
    assert document.data["d"] == "one"
    assert document.place(("b", 0)) == Place(1, 8)


def test_an_alias_as_key_is_refused() -> None:
    document = parse_document("a: &x b\n*x : c\n", "f.yaml")
    assert str(document.problems[0]).startswith("f.yaml:2:1: An alias (*) stands here")


def test_a_long_key_is_not_quoted() -> None:
    document = parse_document("what the family said: a\nwhat the family said: b\n", "f.yaml")
    assert str(document.problems[0]).startswith("f.yaml:2:1: This key stands here a second time")


def test_a_key_that_is_empty() -> None:
    document = parse_document("'': x\n", "f.yaml")
    assert [str(p) for p in document.problems] == [
        "f.yaml:1:1: There is no key before the colon. Write a key, or delete the line."
    ]


def test_a_file_indented_with_tabs_is_told_five_times() -> None:
    with pytest.raises(BadInput) as caught:
        parse_document("a:\n" + "\tb: c\n" * 9, "f.yaml")
    assert [p.line for p in caught.value.problems] == [2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("a: 'x\nb: y\n", (1, 4), "A quotation mark opens here"),
        ('a: "\\U00110000"\n', (1, 1), "A character code"),
        ("%FOO\n---\na: b\n%BAR x\n", None, "This"),
        ("%YAML 1.1 1\n---\na: b\n", (1, 11), "A line may not begin with %"),
        ("a: |x\n  b\n", (1, 5), "A value may not begin with > or |"),
        ("a: b\n\tc\n", (2, 1), "There is a tab"),
        ("a: {b: `}\n", (1, 8), "A value may not begin with `"),
        ("a: !b!c d\n", (1, 4), "A tag"),
        ("a: &\n", None, "A value may not begin with &"),
        ("a: [b\n\u2022 c: d: e\n", (2, 1), "There is a bullet"),
        ("a: b: c\n", (1, 5), "A colon is not allowed here"),
        ("a:\n  -b\n  d: e\n", (3, 4), "A colon is not allowed here"),
    ],
)
def test_syntax_errors_in_plain_words(text: str, place: tuple[int, int] | None, what: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_document(text, "f.yaml")
    problem = caught.value.problems[-1]
    assert problem.what.startswith(what)
    assert place is None or (problem.line, problem.column) == place


def test_a_tab_that_starts_a_value() -> None:
    with pytest.raises(BadInput, match=r"1:6: There is a tab here\. Type spaces instead\."):
        parse_document("a: {b\t: `}\n", "f.yaml")


def test_deep_nesting_ends_the_reading_quickly() -> None:
    for name in ("f.yaml", "f.json"):
        begun = time.perf_counter()
        with pytest.raises(BadInput, match="nested more than 30 deep"):
            parse_document("[" * 500_000, name)
        assert time.perf_counter() - begun < 5


def test_without_libyaml_the_same_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a: &x [p1, {b: no}]\nc: *x\nd: |\n  free\n  text\n"
    fast = parse_document(text, "f.yaml")
    monkeypatch.setattr(yaml_tree, "_FAST", yaml.SafeLoader)
    assert parse_document(text, "f.yaml") == fast


_VALUES = st.recursive(
    st.none() | st.text(st.characters(blacklist_categories=["Cc", "Cs", "Zl", "Zp", "Cn"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.from_regex(r"[a-z]{1,6}", fullmatch=True), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(_VALUES, st.integers(0, 1), st.sampled_from([None, 2, "\t"]))
def test_json_is_read_as_the_standard_reader_does(
    value: object, ascii_only: int, indent: int | str | None
) -> None:
    text = json.dumps({"a": value}, ensure_ascii=bool(ascii_only), indent=indent)
    assert parse_document(text, "f.json").data == {"a": value}


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ('{"a": "\\ud800"}', (1, 7), "A control character stands in this text"),
        ('{"a": "x\ty"}', None, ""),
        ('["a", NaN]', (1, 7), "This value is not in quotes"),
        ('["a" "b"]', (1, 6), "A comma is missing"),
        ('{"a"}', (1, 5), "The last key has no value"),
        ('{"a":}', (1, 6), "The last key has no value"),
        ('["a",]', (1, 6), "A comma stands before this bracket"),
        ("{,}", (1, 2), "A key in quotes is due here"),
        ("[}", (1, 2), "A value is missing here"),
        ("*", (1, 1), "This sign may not stand here"),
        ('{"a": "b"', (1, 10), "The file ends too early"),
        ("\n\n", (1, 1), "The file is empty"),
        ('{"a": "b"} []', (1, 12), "Something stands behind the end"),
    ],
)
def test_json_mistakes(text: str, place: tuple[int, int] | None, what: str) -> None:
    try:
        problems = parse_document(text, "f.json").problems
    except BadInput as bad:
        problems = bad.problems
    if place is None:
        assert problems == ()
        return
    assert (problems[0].line, problems[0].column) == place
    assert problems[0].what.startswith(what)


class _Strange:
    """A parser that stumbles where the pure-Python one does not."""

    def __init__(self, text: str) -> None:
        self.text = text

    def get_event(self) -> None:
        raise yaml.MarkedYAMLError(problem="something new", problem_mark=None)


@pytest.mark.parametrize("text", ["a: b\n", "[" * 40])
def test_an_error_that_only_one_parser_finds(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_tree, "_FAST", _Strange)
    with pytest.raises(BadInput, match=r"f\.yaml:1:1: This cannot be read"):
        parse_document(text, "f.yaml")
