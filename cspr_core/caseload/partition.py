"""A partition of a caseload, checked: the one function that every process and machine runs.

What can't be used is told and left out, and the rest goes on. Nothing here knows of processes.
"""

from __future__ import annotations

import gc
import threading
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import cspr_core
from cspr_core import compiled
from cspr_core.caseload import answers as engines
from cspr_core.caseload.columns import CASE, PARTNERSHIP, CaseFacts, columns_of, table_of
from cspr_core.caseload.errors import CaseloadError
from cspr_core.caseload.sources import Partition
from cspr_core.caseload.store import GROUP, FactsFile, open_facts, parquet_file, unreadable
from cspr_core.check import EnginesDifferError, Rules, check_words, facts_for, rules_for
from cspr_core.plugins import (
    NATIONAL,
    Plugin,
    PluginError,
    in_directory,
    load,
    load_arrangements,
    national,
)
from cspr_core.reading.case import CaseFile, check_case
from cspr_core.reading.document import Document, read_document
from cspr_core.reading.json_tree import read_json_line
from cspr_core.reading.other_files import not_a_case
from cspr_core.reading.problems import START, BadInput, Place, Problem, in_order
from cspr_core.reading.source import MAX_BYTES, decode

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

_SELDOM = (1_000_000, 20, 20)  # as the command line does: what is loaded, is kept
_KEY = 16  # bytes that stand for an area and a reference
NOTED = "noted"


@dataclass(frozen=True)
class Job:
    """What is the same for every partition of a run, in every process and on every machine.

    `today` is given where the check is as of today (see `read_case`). `partnership`: check every
    case under this area's arrangements, not its own. `plugins`: a folder of plugins that are read
    by their YAML alone and come first. `provisions`: a file of national provisions in the place
    of those that are shipped. `areas`: answer only the cases of these areas; those of others are
    counted.
    """

    as_of: date
    today: date | None = None
    partnership: str | None = None
    plugins: Path | None = None
    provisions: Path | None = None
    areas: frozenset[str] | None = None
    version: str = field(default_factory=lambda: cspr_core.__version__)

    def absolute(self) -> Job:
        """The same by whole paths, for processes that run in another folder."""
        return replace(
            self,
            plugins=self.plugins and self.plugins.absolute(),
            provisions=self.provisions and self.provisions.absolute(),
        )


class Counted(NamedTuple):
    """How many findings of an area have a status."""

    area: str
    status: str
    findings: int


class LeftOut(NamedTuple):
    """Cases of an area that no rules are at hand for, and where the first of them stands."""

    area: str
    cases: int
    file: str
    place: Place
    example: str
    what: str
    remedy: str


def left_out(cases: int, example: str) -> str:
    """Whose cases these are, behind what is wrong with their area."""
    if cases == 1:
        return f": the case `{example}` is left out"
    return f": {cases} cases are left out, `{example}` is the first"


@dataclass(frozen=True)
class Outcome:
    """What became of a partition.

    `result` is a Parquet file of findings (`answers.findings_schema`): the answers to the `cases`
    cases that could be answered. `problems` is what could not be used, each with its place (exit
    status 2); `notes` are sentences on what is not as complete as it would be elsewhere (they
    change no exit status); `passed_over` are files of a folder that are no cases, each with what
    it is. `areas`: cases by the area checked under; `others`: those of areas that the job does not
    ask for. `wrong`: findings that make the exit status 1.

    For `running`: `left_out` are cases of areas without rules, which it makes problems of;
    `keys` stand for the cases' references and `at` for their places (row, line or file, from 0);
    `rules` says by area which requirements were asked.
    """

    number: int
    cases: int
    result: Path
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    passed_over: tuple[tuple[str, str], ...] = ()
    areas: tuple[tuple[str, int], ...] = ()
    others: tuple[tuple[str, int], ...] = ()
    counted: tuple[Counted, ...] = ()
    wrong: int = 0
    engines: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = field(default=(), repr=False)
    keys: bytes = field(default=b"", repr=False)
    at: bytes = field(default=b"", repr=False)
    rules: tuple[tuple[str, str], ...] = field(default=(), repr=False)


def check_partition(partition: Partition, job: Job, out: Path) -> Outcome:
    """Check a partition's cases and write their findings to `out`, whole or not at all.

    What a case file, a line or a row can't be used for is a problem of the outcome, and the rest
    goes on. Raises `EnginesDifferError` where the engines do not agree, `CaseloadError` where
    the result can't be written or another version of cspr is at work, and what `ready` does.
    """
    if job.version != cspr_core.__version__:
        raise CaseloadError(
            f"cspr {cspr_core.__version__} is at work where {job.version} was asked. Install the"
            " same version on every machine."
        )
    ready(job)
    with _seldom():
        checking = _Checking(partition, job)
        with _results(out) as write:
            for rules, facts, at in checking.parts():
                write(checking.answered(rules, facts, at))
    return checking.outcome(out)


def without(outcome: Outcome, doubted: Collection[tuple[str, str]], as_of: date) -> Outcome:
    """The outcome without the cases (area checked under, reference) that are in doubt.

    Each goes as often as it stands in the partition. The result is written anew; raises
    `CaseloadError` where it can't be.
    """
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    stand = Counter(outcome.keys[at : at + _KEY] for at in range(0, len(outcome.keys), _KEY))
    left = Counter(dict(outcome.areas))
    for area, case in doubted:
        left[area] -= stand[key_of(area, case)]
    tally = _Tally()
    with pq.ParquetFile(outcome.result) as file, \
            _results(outcome.result) as write:  # fmt: skip
        for group in range(file.num_row_groups):
            found = file.read_row_group(group)
            pairs = zip(*(found.column(n).to_pylist() for n in (PARTNERSHIP, CASE)), strict=True)
            kept = found.filter(pa.array([pair not in doubted for pair in pairs], pa.bool_()))
            tally.add(kept, as_of)
            write(kept)
    return replace(
        outcome,
        cases=left.total(),
        areas=tuple(sorted((+left).items())),
        counted=tally.counted,
        wrong=tally.wrong,
    )


def _results(path: Path) -> AbstractContextManager[Callable[[pa.Table], None]]:
    """What writes findings: quick to write and to read, as they are read once and then gone."""
    schema = engines.findings_schema()
    return parquet_file(path, schema, compression="lz4", write_statistics=False)


@contextmanager
def _seldom() -> Iterator[None]:
    """Look for cyclic garbage seldom: next to nothing that is made here is any."""
    if threading.current_thread() is not threading.main_thread():
        yield  # others share this process, and how it is kept is theirs to say
        return
    usual = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


# --- rules ----------------------------------------------------------------------------------------


def rules_of(area: str, job: Job) -> Rules:
    """The rules of an area in this job; raises `PluginError` or `BadInput`.

    What is installed is read once for a process; what stands in a folder, once for what its files
    hold, as they may hold something else when the next run comes.
    """
    return _asked(area, job).rules


class _Asked(NamedTuple):
    """Rules, and what tells them from others: the same in every process and on every machine."""

    rules: Rules
    digest: str


def _asked(area: str, job: Job) -> _Asked:
    if job.plugins is None and job.provisions is None:
        rules = rules_for(area)
        return _Asked(rules, rules.once(_digest))
    files = [] if job.plugins is None else sorted(in_directory(job.plugins).values())
    files += [] if job.provisions is None else [job.provisions]
    return _read(area, job.plugins, job.provisions, _held(files))


@lru_cache(maxsize=64)
def _read(area: str, plugins: Path | None, provisions: Path | None, digest: str) -> _Asked:
    nation = national() if provisions is None else _nation(provisions, _held([provisions]))
    return _Asked(Rules(load(area, plugins), nation), digest)


@lru_cache(maxsize=8)
def _nation(provisions: Path, _held: str) -> Plugin:
    return load_arrangements(provisions, NATIONAL)


def _held(files: Sequence[Path]) -> str:
    """What files hold, in short; nothing where one can't be read, which whoever reads it tells."""
    try:
        return compiled.digest_of(files)
    except OSError:
        return ""


def ready(job: Job) -> None:
    """Raise what would stop every partition: what `rules_of` does for the area that a job names.

    And `BadInput` for provisions that can't be used.
    """
    if job.provisions is not None:
        _nation(job.provisions, _held([job.provisions]))
    if job.partnership is not None:
        rules_of(job.partnership, job)


def _digest(rules: Rules) -> str:
    files = [Path(rules.plugin.file), Path(rules.nation.file)]
    return f"{rules.plugin.version} {compiled.digest_of(files)}"


def _adds_facts(rules: Rules) -> bool:
    """Whether the plugin's Python adds facts of its own."""
    hooks = rules.plugin.hooks
    return hooks is not None and bool(hooks.hook.cspr_facts.get_hookimpls())


# --- one partition --------------------------------------------------------------------------------


class _Tally:
    """Findings counted by area and status, and those that make the exit status 1."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self.wrong = 0

    @property
    def counted(self) -> tuple[Counted, ...]:
        return tuple(Counted(*key, n) for key, n in sorted(self._counts.items()))

    def add(self, findings: pa.Table, as_of: date) -> None:
        """Count a table of findings (`report.findings.is_wrong` says what is wrong)."""
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute as pc  # noqa: PLC0415

        words = findings.select([PARTNERSHIP, "status"]).unify_dictionaries()
        counts = words.group_by([PARTNERSHIP, "status"]).aggregate([([], "count_all")])
        for row in counts.to_pylist():
            self._counts[row[PARTNERSHIP], row["status"]] += row["count_all"]
        late = pc.fill_null(pc.less(findings.column("due"), pa.scalar(as_of)), False)
        amiss = pc.or_(
            _is(findings, "status", "overdue", "breached"),
            pc.and_(_is(findings, "status", "undetermined"), late),
        )
        self.wrong += pc.sum(pc.and_(_is(findings, "binding", "must"), amiss)).as_py() or 0


def _is(findings: pa.Table, name: str, *words: str) -> pa.ChunkedArray:
    """Where a column of coded words holds one of these."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    return pa.chunked_array(
        [
            pc.is_in(chunk.dictionary, value_set=pa.array(words)).take(chunk.indices)
            for chunk in findings.column(name).chunks
        ],
        pa.bool_(),
    )


class _Checking:
    """What is found out about a partition while its cases are read and answered."""

    def __init__(self, partition: Partition, job: Job) -> None:
        self.partition, self.job = partition, job
        self.problems: list[Problem] = []
        self.notes: dict[str, None] = {}
        self.passed_over: list[tuple[str, str]] = []
        self._left_out: dict[str, LeftOut] = {}
        self._known: dict[str, _Asked | Exception] = {}
        self._refused: dict[str, tuple[str, str]] = {}
        self._areas: Counter[str] = Counter()
        self._others: Counter[str] = Counter()
        self._tally = _Tally()
        self._keys: list[bytes] = []
        self._at: list[bytes] = []
        self._rules: dict[str, str] = {}

    def outcome(self, out: Path) -> Outcome:
        """All of it."""
        return Outcome(
            self.partition.number,
            self._areas.total(),
            out,
            in_order(self.problems),
            tuple(self.notes),
            tuple(self.passed_over),
            tuple(sorted(self._areas.items())),
            tuple(sorted(self._others.items())),
            self._tally.counted,
            self._tally.wrong,
            ENGINES if self._areas else (),
            tuple(self._left_out.values()),
            b"".join(self._keys),
            b"".join(self._at),
            tuple(sorted(self._rules.items())),
        )

    def parts(self) -> Iterator[tuple[Rules, pa.Table, Sequence[int]]]:
        """The facts of the cases that can be answered, those of one area together.

        With the place of each case: which row, line or file it is.
        """
        if self.partition.kind == "facts":
            yield from self._stored()
            return
        by_area: dict[str, list[tuple[int, CaseFacts]]] = {}
        files = self._lines() if self.partition.kind == "lines" else self._files()
        for at, document in files:
            with self._telling(at if self.partition.kind == "lines" else 1):
                if (case := self._facts(document)) is not None:
                    by_area.setdefault(self._area(case.partnership), []).append((at, case))
        for area, cases in sorted(by_area.items()):
            facts = table_of([case for _, case in cases], self.job.as_of)
            yield self._rules_of(area), facts, [at for at, _ in cases]

    def answered(self, rules: Rules, facts: pa.Table, at: Sequence[int]) -> pa.Table:
        """The findings of cases of one area; the first of them is held against the reference."""
        import pyarrow as pa  # noqa: PLC0415

        area, as_of = rules.plugin.area, self.job.as_of
        findings = engines.answers(facts, rules, as_of)
        references = facts.column(CASE).to_pylist()
        first = references[0]
        alone = facts.filter(pa.array([reference == first for reference in references]))
        expected = engines.reference_answers(alone, rules, as_of)
        if _plain(findings.filter(_is(findings, CASE, first))) != _plain(expected):
            raise EnginesDifferError(
                f"Internal error: the engines differ on {self._named(at[0])}"
                f" ({', '.join(ENGINES)}). Nothing was decided. Please report this line, without"
                " the case file."
            )
        self._areas[area] += len(references)
        self._rules[area] = self._asked(area).digest
        self._tally.add(findings, as_of)
        self._keys += [key_of(area, reference) for reference in references]
        self._at.append(array("q", at).tobytes())
        return findings

    def _named(self, at: int) -> str:
        problem = place_of(self.partition, at)
        return f"{problem.file}:{problem.line}"

    def _area(self, partnership: str) -> str:
        return self.job.partnership or partnership

    def _is_asked(self, area: str) -> bool:
        return self.job.areas is None or area in self.job.areas

    @contextmanager
    def _telling(self, line: int = 1) -> Iterator[None]:
        """Take note of problems; those of a whole case stand in the line where it begins."""
        try:
            yield
        except BadInput as error:
            self.problems += [replace(p, line=max(p.line, line)) for p in error.problems]

    def _rules_of(self, area: str) -> Rules:
        """As `rules_of`: an area's plugin is looked for once, be it there or not."""
        return self._asked(area).rules

    def _asked(self, area: str) -> _Asked:
        if area not in self._known:
            try:
                self._known[area] = _asked(area, self.job)
            except (PluginError, BadInput) as error:
                self._known[area] = error
        known = self._known[area]
        if isinstance(known, Exception):
            raise known.with_traceback(None)
        return known

    def _rules_or_none(self, area: str) -> Rules | None:
        """The rules of an area; None where it has none that can be used, which is told once."""
        if area not in self._refused:
            try:
                return self._rules_of(area)
            except PluginError as error:
                what, _, remedy = str(error).partition(". ")
                self._refused[area] = what, remedy.rstrip(".")
            except BadInput as error:
                self.problems += error.problems
                self._refused[area] = (
                    f"The plugin for the partnership `{area}` can't be used",
                    "Correct what is wrong with its file",
                )
        return None

    def _leave_out(self, area: str, cases: int, file: str, place: Place, example: str) -> None:
        known = self._left_out.get(area)
        if known is None:
            known = LeftOut(area, 0, file, place, example, *self._refused[area])
        self._left_out[area] = known._replace(cases=known.cases + cases)

    # --- case files and lines ---------------------------------------------------------------------

    def _files(self) -> Iterator[tuple[int, Document]]:
        for at, path in enumerate(self.partition.paths):
            with self._telling():
                document = read_document(path)
                other = not_a_case(document) if self.partition.walked else None
                if other is None:
                    yield at, document
                else:
                    self.passed_over.append((str(path), other))

    def _lines(self) -> Iterator[tuple[int, Document]]:
        path, line = self.partition.paths[0], self.partition.line
        try:
            with path.open("rb") as stream:
                stream.seek(self.partition.start)
                while stream.tell() < self.partition.stop:
                    content = stream.readline(MAX_BYTES + 1)
                    with self._telling():
                        if (document := of_line(content, line, path)) is not None:
                            yield line, document
                    while content and not content.endswith(b"\n"):
                        content = stream.readline(MAX_BYTES)
                    line += 1
        except OSError as error:
            self._tell(path, *unreadable(error))
        if self.partition.stop == 0 and not self.problems:
            self._tell(path, "The file is empty", "Write one case in a line, as JSON")

    def _tell(self, path: Path, what: str, remedy: str) -> None:
        self.problems.append(Problem(str(path), START.line, START.column, what, remedy))

    def _facts(self, document: Document) -> CaseFacts | None:
        """A case's facts, as `cspr check` makes them, if it is asked for; raises `BadInput`."""
        casefile = self._checked(document)
        case = casefile.case
        area = self._area(case.partnership)
        if not self._is_asked(area):
            self._others[area] += 1
            return None
        rules = self._rules_or_none(area)
        place = casefile.place(("partnership",))
        if rules is None:
            self._leave_out(area, 1, document.file, place, case.case)
            return None
        check_words(casefile, rules, self._rules_of)
        try:
            facts = facts_for(casefile, rules, self.job.as_of)
        except PluginError as error:
            what, _, remedy = str(error).partition(". ")
            problem = Problem(document.file, place.line, place.column, what, remedy.rstrip("."))
            raise BadInput([problem]) from error
        return CaseFacts(case.case, case.partnership, facts.rows)

    def _checked(self, document: Document) -> CaseFile:
        return check_case(document, today=self.job.today)

    # --- facts ------------------------------------------------------------------------------------

    def _stored(self) -> Iterator[tuple[Rules, pa.Table, Sequence[int]]]:
        path = self.partition.paths[0]
        with self._telling():
            file = opened(path)
            if file.as_of != self.job.as_of:
                self._tell(
                    path,
                    f"The facts in this file stand as of {file.as_of}, not of {self.job.as_of}",
                    f"Check them with --as-of {file.as_of}, or make them anew",
                )
                return
            if not file.cases:
                self._tell(path, "There is no case in this file", "Make it anew")
            row = sum(file.sizes[: self.partition.start])
            groups = range(self.partition.start, self.partition.stop)
            if groups and all(map(file.sealed, groups)):
                yield from self._sealed(path, file, groups, row)
                return
            for group in groups:
                with self._telling():
                    facts, problems, rows = file.read_part(group, coded=True)
                    self.problems += problems
                    for start in range(0, facts.num_rows, GROUP):
                        part = facts.slice(start, GROUP)
                        yield from self._by_area(path, part, row + rows[start : start + GROUP])
                row += file.sizes[group]

    def _sealed(
        self, path: Path, file: FactsFile, groups: range, row: int
    ) -> Iterator[tuple[Rules, pa.Table, Sequence[int]]]:
        """The facts of sealed row groups, together: only those columns that will be read."""
        import numpy as np  # noqa: PLC0415
        import pyarrow as pa  # noqa: PLC0415

        tables = [file.read_sealed(group, ()) for group in groups]
        areas = {
            self._area(own)
            for table in tables
            for own in table.column(PARTNERSHIP).unique().to_pylist()
        }
        wanted = {
            leaf
            for area in sorted(areas)
            if self._is_asked(area) and (rules := self._rules_or_none(area)) is not None
            for leaf in engines.leaves(rules)
        }
        wanted |= {f"{NOTED}.list.element.{name}" for name in columns_of(NOTED)}
        read = [file.read_sealed(group, sorted(wanted)) for group in groups]
        facts = pa.concat_tables(read).combine_chunks()
        yield from self._by_area(path, facts, row + np.arange(facts.num_rows))

    def _by_area(
        self, path: Path, facts: pa.Table, at: np.ndarray[Any, Any]
    ) -> Iterator[tuple[Rules, pa.Table, Sequence[int]]]:
        import pyarrow as pa  # noqa: PLC0415

        coded = facts.column(PARTNERSHIP).combine_chunks().dictionary_encode()
        codes, areas = coded.indices.to_numpy(), coded.dictionary.to_pylist()
        if (area := self.job.partnership) is not None:
            rules = self._rules_of(area)
            if (foreign := [own for own in areas if own != area]) and _adds_facts(rules):
                self.notes[_no_hook(area, path)] = None
            yield rules, _not_noted(facts, foreign), at.tolist()
            return
        for code in sorted(range(len(areas)), key=areas.__getitem__):
            mask, area = codes == code, areas[code]
            if not self._is_asked(area):
                self._others[area] += int(mask.sum())
                continue
            own = facts if len(areas) == 1 else facts.filter(pa.array(mask))
            found = self._rules_or_none(area)
            if found is None:
                example = own.column(CASE)[0].as_py()
                self._leave_out(area, own.num_rows, str(path), START, example)
            else:
                yield found, own, at[mask].tolist()


ENGINES = ("table", "reference")


def key_of(area: str, case: str) -> bytes:
    """What stands for a case among many: its area and reference in a few bytes."""
    return blake2b(f"{area}\0{case}".encode(), digest_size=_KEY).digest()


def place_of(partition: Partition, at: int) -> Problem:
    """Where a case of a partition stands, as a problem that names its row at most."""
    if partition.kind == "files":
        path = partition.paths[at]
        try:
            place = read_document(path).place(("case",))
        except BadInput:
            place = START
        return Problem(str(path), *place, "", "")
    if partition.kind == "lines":
        return Problem(str(partition.paths[0]), at, 1, "", "")
    return Problem(str(partition.paths[0]), *START, f"row {at + 1}", "")


def of_line(content: bytes, line: int, path: Path) -> Document | None:
    """A line of a JSONL file; None where it is blank; raises `BadInput`."""
    file = str(path)
    if len(content) > MAX_BYTES:
        what = "This line is longer than 1 MiB"
        remedy = "Keep one case in a line, and long texts in documents of their own"
        raise BadInput([Problem(file, line, 1, what, remedy)])
    if not content.strip():
        return None
    try:
        text = decode(content, file).removesuffix("\n")
    except BadInput as error:
        # Of a line by itself, every place is in its first.
        raise BadInput(replace(p, line=p.line + line - 1) for p in error.problems) from None
    tree, problems = read_json_line(text, file, line)
    if tree is None:
        raise BadInput(problems)
    return Document(file, tree.data, tree.mark, in_order(problems))


def _no_hook(area: str, path: Path) -> str:
    return (
        f"{path}: what the plugin `{area}` adds to the facts by its Python is not in this file for"
        " cases of other areas: requirements that need it are answered without. Check the case"
        " files themselves for these."
    )


def _not_noted(facts: pa.Table, foreign: Sequence[str]) -> pa.Table:
    """The facts without what other areas' plugins added to the cases of their own."""
    import numpy as np  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    lists = facts.column(NOTED).combine_chunks()
    if not foreign or not len(lists.flatten()):
        return facts
    theirs = pc.is_in(facts.column(PARTNERSHIP), value_set=pa.array(foreign)).to_numpy()
    lengths = np.where(theirs, 0, lists.value_lengths().to_numpy())
    kept = lists.flatten().filter(pa.array(~theirs[lists.value_parent_indices().to_numpy()]))
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]), pa.int32())
    column = pa.ListArray.from_arrays(offsets, kept, type=lists.type)
    where = facts.schema.get_field_index(NOTED)
    return facts.set_column(where, facts.schema.field(NOTED), column)


def opened(path: Path) -> FactsFile:
    """A Parquet file of facts; opened once for all its partitions, unless it is another by now."""
    try:
        stat = path.stat()
    except OSError:
        return open_facts(path)  # which says what is wrong
    return _opened(path, stat.st_mtime_ns, stat.st_size, threading.get_ident())


@lru_cache(maxsize=4)
def _opened(path: Path, _changed: int, _size: int, _thread: int) -> FactsFile:
    return open_facts(path)


def _plain(findings: pa.Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = findings.to_pylist()
    return rows
