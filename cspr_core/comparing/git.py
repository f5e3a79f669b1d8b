"""Files as a git revision has them: read out of git's store, never checked out, never run.

Only commands that read are called, none of which starts a hook, a filter or a pager; git is kept
from fetching what a partial clone lacks, as nothing here may reach the network.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cspr_core.plugins import PluginError

_QUIET = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",  # what git says is told on
}


class VersionError(PluginError):
    """A version that can't be had: one line with the reason and the remedy."""


@dataclass(frozen=True)
class Repository:
    """A git repository, by the folder of its work tree."""

    root: Path
    program: str

    def commit(self, revision: str) -> str:
        """The full name of the commit that a revision stands for; raises `VersionError`."""
        found = _run(
            self.program,
            self.root,
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            f"{revision}^{{commit}}",
        )
        if found.returncode:
            raise VersionError(
                f"{revision}: there is no such file or folder here, and no such revision in the"
                f" repository {self.root}. Name a folder, a branch, a tag or a commit;"
                " `git log --oneline` lists the commits."
            )
        return found.stdout.decode().strip()

    def files(self, commit: str) -> tuple[str, ...]:
        """The paths of every file of a commit, from the repository's root."""
        listed = self._read("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit)
        return tuple(name.decode("utf-8", "replace") for name in listed.split(b"\0") if name)

    def content(self, commit: str, path: str) -> bytes:
        """What a file of a commit holds."""
        return self._read("cat-file", "blob", f"{commit}:{path}")

    def inside(self, path: Path) -> str | None:
        """A path as the repository names it; nothing where it lies outside."""
        real = Path(os.path.realpath(path))
        try:
            return real.relative_to(self.root).as_posix()
        except ValueError:
            return None

    def _read(self, *arguments: str) -> bytes:
        done = _run(self.program, self.root, *arguments)
        if done.returncode:
            raise VersionError(f"{self.root}: git can't read this repository: {_said(done)}.")
        return done.stdout


def repository_of(folder: Path, wanted: str) -> Repository:
    """The repository that a folder lies in; `wanted` is the revision asked for.

    Raises `VersionError` where git is not installed, or the folder is in no repository.
    """
    program = shutil.which("git")
    if program is None:
        raise VersionError(
            f"{wanted}: there is no such file or folder here, and revisions can't be read: git is"
            " not installed. Name a folder, or install git."
        )
    found = _run(program, folder, "rev-parse", "--show-toplevel")
    if found.returncode:
        said = _said(found)
        why = "this is no git repository" if "not a git repository" in said else said
        raise VersionError(
            f"{wanted}: there is no such file or folder here, and no revision can be read either:"
            f" {why}. Name a folder, or go to the repository's folder."
        )
    root = found.stdout.decode("utf-8", "surrogateescape").rstrip("\r\n")
    return Repository(Path(os.path.realpath(root)), program)


def _run(program: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603  (git itself; a revision is never read as an option)
        [program, "--no-pager", "-c", "protocol.allow=never", *arguments],
        cwd=folder,
        env={**os.environ, **_QUIET},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    """The first line of what git said of an error."""
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["it does not say why"]
    return lines[0].removeprefix("fatal: ").rstrip(".")
