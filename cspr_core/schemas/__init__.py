"""JSON Schemas of the files that people write, so that an editor helps while they type.

The schemas are made from the models and the vocabulary (`making`), and shipped as made, in the
files beside this one: whoever asks for one (`cspr schema KIND`) gets the file's text, and nothing
is computed. A test keeps the files true. What decides whether a file is right is the strict
reader; a schema sees less, and what it sees it says at once.
"""

from __future__ import annotations

from pathlib import Path

KINDS = ("case", "arrangements", "scenario")
FOLDER = ".cspr"


def file_name(kind: str) -> str:
    """The name of the file that holds the schema of one kind of file."""
    return f"{kind}.schema.json"


def schema_text(kind: str) -> str:
    """The schema of `case`, `arrangements` or `scenario` files, as JSON text."""
    return Path(__file__).with_name(file_name(kind)).read_text("utf-8")


def modeline(folder: str, kind: str) -> str:
    """The line that names a file's schema to an editor; `folder` as seen from the file."""
    return f"# yaml-language-server: $schema={folder}/{file_name(kind)}"


def put_schema(beside: Path, kind: str) -> None:
    """Write a schema into the folder `.cspr` beside a file, unless it is there as it should be.

    It holds nothing of any case, and may be read by everybody who may read the folder.

    Raises OSError.
    """
    path = beside.parent / FOLDER / file_name(kind)
    text = schema_text(kind)
    if path.is_file() and path.read_text("utf-8", errors="replace") == text:
        return
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
