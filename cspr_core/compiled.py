"""Files made beforehand beside those that they are made from, so that a check starts quickly.

A compiled file says in its first line what it was made from, as one hash, and what it holds, as
another. It is read only where both are exactly true, and is otherwise as if it were not there:
whatever it holds, the file that it stands beside is what counts. It holds plain JSON, and it is
written by `cspr_core.compiling` alone, never while a case is checked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

try:  # the plain C module: `hashlib` loads all of OpenSSL, which takes longer than what is hashed
    from _sha256 import sha256  # type: ignore[import-not-found,unused-ignore]
except ImportError:  # pragma: no cover  (its name since Python 3.12, or none at all)
    try:
        from _sha2 import sha256  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        from hashlib import sha256

FORMAT = "cspr.compiled/1"


def path_for(source: Path) -> Path:
    """Where the compiled file of `source` stands: beside it."""
    return source.with_name(f"{source.stem}.compiled.json")


def digest_of(files: Iterable[Path], and_of: str = "") -> str:
    """One hash over the names, lengths and bytes of these files, and over another hash.

    Raises `OSError`.
    """
    digest = sha256(f"{FORMAT} {and_of}".encode())
    for file in files:
        content = file.read_bytes()
        digest.update(f"\n{file.name} {len(content)}\n".encode())
        digest.update(content)
    return str(digest.hexdigest())


def read(source: Path, made_from: str) -> Any:
    """What the compiled file of `source` holds; `None` where there is none that is true.

    `made_from` is the hash of all that it has to be made from. A file that is cut short, changed
    or made from anything else is none.
    """
    try:
        head, _, body = path_for(source).read_bytes().partition(b"\n")
        if head != _head(made_from, body):
            return None
        return json.loads(body)
    except (OSError, ValueError):
        return None


def content_of(value: object, made_from: str) -> bytes:
    """The compiled file that holds `value`, made from what has this hash."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return _head(made_from, body) + b"\n" + body


def _head(made_from: str, body: bytes) -> bytes:
    said = {"format": FORMAT, "made_from": made_from, "holds": sha256(body).hexdigest()}
    return json.dumps(said).encode()
