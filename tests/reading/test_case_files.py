"""Which files hold cases, by their names, and which nobody opens."""

import os
from pathlib import Path

import pytest

from cspr_core.reading.case import read_case
from cspr_core.reading.case_files import (
    Kind,
    holds_identities,
    kind_of,
    not_looked_at,
    refuse_special,
    walk,
)
from cspr_core.reading.problems import BadInput, Problem


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.yaml", "files"),
        ("a.YML", "files"),
        ("a.json", "files"),
        ("a.parquet", "facts"),
        ("a.pq", "facts"),
        ("a.jsonl", "lines"),
        ("a.NDJSON", "lines"),
        ("a.identities.yaml", None),
        ("a.Identities.jsonl", None),
        ("a.txt", None),
        ("a", None),
    ],
)
def test_a_name_says_what_a_file_holds(name: str, kind: Kind | None) -> None:
    assert kind_of(Path(name)) == kind
    assert holds_identities(Path(name)) == ("identities" in name.lower())


def test_a_folder_is_walked_in_one_order_without_what_is_hidden(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.jsonl", ".c.yaml", "x.identities.yaml", "sub/d.pq", ".git/e.yaml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert [(path.relative_to(tmp_path).as_posix(), kind) for path, kind in walk(tmp_path)] == [
        ("a.jsonl", "lines"),
        ("b.yaml", "files"),
        ("sub/d.pq", "facts"),
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("x.identities.yaml", "This file holds identities, which no check reads. Name the case"),
        ("x.jsonl", "This file holds many cases, and this command reads files of one case. Name a"),
    ],
)
def test_what_is_no_file_of_one_case_is_not_opened(tmp_path: Path, name: str, said: str) -> None:
    path = tmp_path / name  # there is none: to open it would tell
    with pytest.raises(BadInput) as refused:
        read_case(path, today=None)
    assert str(refused.value).startswith(f"{path}:1:1: {said}")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes there")
def test_a_pipe_is_no_file_to_wait_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "f.jsonl")
    assert str(refuse_special(tmp_path / "f.jsonl")).endswith(
        "ordinary file. Name a file or a folder."
    )
    assert refuse_special(tmp_path) is None
    assert refuse_special(tmp_path / "none") is None


def test_a_note_names_few_files_and_counts_the_others() -> None:
    start = "Not looked at, as in a folder only case files are: "
    assert not_looked_at([]) == ()
    assert not_looked_at(["a.pq"]) == (f"{start}a.pq. Name it itself if its cases are meant.",)
    (told,) = not_looked_at(["a", "b", "c", "d", "e"])
    assert told == f"{start}a, b, c and 2 more. Name them themselves if their cases are meant."


def test_a_remedy_that_asks_has_one_mark_at_its_end() -> None:
    problem = Problem("a.yaml", 1, 1, "There is no such area", "Did you mean `leeds`?")
    assert str(problem) == "a.yaml:1:1: There is no such area. Did you mean `leeds`?"
