"""Both versions of the rules as a run over a caseload takes them, and as single cases take them.

A run reads each version from a folder of this run's own, where its YAML alone is laid out: nothing
of a version is executed, and every process reads the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cspr_core.caseload.partition import Job
from cspr_core.comparing.changes import Difference, difference_of
from cspr_core.comparing.versions import Version, in_working_tree, read_versions
from cspr_core.kinds import Lowered
from cspr_core.plugins import (
    ARRANGEMENTS,
    NATIONAL,
    PROVISIONS,
    Plugin,
    in_directory,
    installed,
    load,
)
from cspr_core.reading.document import Document, read_document
from cspr_core.reading.problems import BadInput, Problem


def versions(old: str, new: str | None, area: str | None, here: Path) -> tuple[Version, Version]:
    """Both versions, as `cspr diff` reads them; without `new`, the working tree's.

    Raises `VersionError` where one can't be found, `BadInput` where one is not valid.
    """
    if new is None:
        new = in_working_tree(old, area, here)
    return read_versions(old, new, area, here)


@dataclass(frozen=True)
class Sides:
    """Two versions of a plugin, or of the national provisions; `plugins` is what `--plugins` says.

    `area` is nothing for the national provisions, which are held beside every area's own plugin.
    """

    old: Version
    new: Version
    plugins: Path | None

    @property
    def area(self) -> str | None:
        """The one area whose cases are compared."""
        area = self.new.plugin.area
        return None if area == NATIONAL else area

    @cached_property
    def difference(self) -> Difference:
        """What is different in the rules themselves."""
        return difference_of(self.old, self.new)

    @cached_property
    def renamed(self) -> dict[str, str]:
        """New ids by old ones, of requirements that are the same under another id."""
        changes = self.difference.requirements
        return {one.renamed_from: one.id for one in changes if one.renamed_from is not None}

    def jobs(self, job: Job, folder: Path) -> tuple[Job, Job]:
        """The same job under each version, laid out below `folder`."""
        return self._job(job, self.old, folder / "old"), self._job(job, self.new, folder / "new")

    def _job(self, job: Job, version: Version, folder: Path) -> Job:
        national = self.area is None
        place = folder if national else folder / version.plugin.area
        place.mkdir(parents=True)
        file = place / (PROVISIONS.name if national else ARRANGEMENTS)
        file.write_bytes(version.text.encode())
        if national:
            return Job(job.as_of, job.today, plugins=self.plugins, provisions=file)
        areas = frozenset([self.new.plugin.area])
        return Job(job.as_of, job.today, plugins=folder, areas=areas)

    def refuse_broken(self) -> None:
        """Refuse national provisions that lack what an area's plugin names; raises `BadInput`.

        Such a plugin can't be checked: what waits for a missing finding would wait in silence.
        """
        if self.area is not None:
            return
        names = {*installed(), *(in_directory(self.plugins) if self.plugins is not None else ())}
        plugins = [load(name, self.plugins) for name in sorted(names)]
        problems = [
            problem
            for version in (self.old, self.new)
            for plugin in plugins
            for problem in _broken(plugin, version)
        ]
        if problems:
            raise BadInput(problems)


def _broken(plugin: Plugin, version: Version) -> Iterator[Problem]:
    known = {lowered.requirement.id for lowered in (*plugin.lowered, *version.plugin.lowered)}
    document: Document | None = None
    for index, lowered in enumerate(plugin.lowered):
        for name in sorted(_named(lowered) - known):
            document = document or read_document(Path(plugin.file))
            loc = ("requirements", index)
            # What a hook adds stands in no file.
            in_file = index < len(document.data["requirements"])
            yield document.problem(
                loc if in_file else (),
                f"`{lowered.requirement.id}` names `{name}`, which {version.file} does not have",
                "Keep it in the provisions, or give with --plugins a folder with a plugin that"
                " goes with them",
            )


def _named(lowered: Lowered) -> set[str]:
    """The other requirements that one reads, takes its limit from, or tightens."""
    found = set(lowered.program.reads)
    if lowered.limit is not None and lowered.limit.copies is not None:
        found.add(lowered.limit.copies)
    if lowered.requirement.tightens is not None:
        found.add(lowered.requirement.tightens)
    return found
