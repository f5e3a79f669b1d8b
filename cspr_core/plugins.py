"""Finding and loading partnerships' plugins, one at a time.

Entry points are filtered by name before anything is imported, so that a broken plugin is named in
one line and the rest work. `load_arrangements` reads YAML only and imports nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy

from cspr_core import hookspecs
from cspr_core.kinds import Lowered, LoweringError, lower
from cspr_core.model.arrangements import Arrangements
from cspr_core.model.case import Case
from cspr_core.model.finding import Report
from cspr_core.model.patterns import DelayIs, DelayTold, FindingIs, InPlay, Period, Value
from cspr_core.program import ProgramError, strata
from cspr_core.reading.document import Document, build, read_document
from cspr_core.reading.problems import BadInput, Problem
from cspr_core.reading.words import nearest
from cspr_core.vocabulary import vocabulary

GROUP = "cspr"
NATIONAL = "national"
ARRANGEMENTS = "arrangements.yaml"


class PluginError(Exception):
    """A plugin that can't be used: one line that names it, its distribution and the remedy."""


class UnknownPartnershipError(PluginError):
    """No plugin has this name; the nearest is named."""


@dataclass(frozen=True)
class Plugin:
    """A partnership's arrangements with every requirement lowered, and its hooks.

    `hooks` is `None` where only the YAML was read.
    """

    area: str
    arrangements: Arrangements
    lowered: tuple[Lowered, ...]
    version: str
    distribution: str
    file: str
    hooks: Any = field(default=None, compare=False, repr=False)

    def facts(self, case: Case, as_of: date) -> Iterator[tuple[str, str, str]]:
        """What the plugin's hook adds to a case's facts."""
        if self.hooks is None:
            return
        try:
            given = [
                row for rows in self.hooks.hook.cspr_facts(case=case, as_of=as_of) for row in rows
            ]
        except (Exception, SystemExit) as error:
            raise PluginError(_broken(self.area, self.distribution, error)) from error
        yield from given

    def formats(self) -> Mapping[str, Callable[[tuple[Report, ...]], str]]:
        """The report formats that the plugin adds."""
        found: dict[str, Callable[[tuple[Report, ...]], str]] = {}
        for formats in [] if self.hooks is None else self.hooks.hook.cspr_report_formats():
            found.update(formats)
        return found

    @property
    def words(self) -> frozenset[str]:
        """The words of its own that the area declares."""
        return frozenset(self.arrangements.words)


def installed() -> dict[str, tuple[metadata.EntryPoint, ...]]:
    """The plugins there are, by area; nothing is imported."""
    found: dict[str, tuple[metadata.EntryPoint, ...]] = {}
    for point in metadata.entry_points(group=GROUP):
        found[point.name] = (*found.get(point.name, ()), point)
    return dict(sorted(found.items()))


def in_directory(directory: Path) -> dict[str, Path]:
    """The arrangements below a directory, by area: `*/arrangements.yaml` or `*/cspr_*/…`."""
    found: dict[str, Path] = {}
    for pattern in (ARRANGEMENTS, f"*/{ARRANGEMENTS}", f"*/*/{ARRANGEMENTS}"):
        for path in sorted(directory.glob(pattern)):
            name = path.parent.name.removeprefix("cspr_")
            found.setdefault(name, path)
    return found


def load(area: str, directory: Path | None = None) -> Plugin:
    """The plugin of `area`; from `directory`, by its YAML only, where one is given.

    Raises `UnknownPartnershipError`, `PluginError` or `BadInput`.
    """
    if directory is not None and (path := in_directory(directory).get(area)) is not None:
        return load_arrangements(path)
    points = installed().get(area)
    if points is None:
        names = [*installed(), *(in_directory(directory) if directory else ())]
        raise UnknownPartnershipError(_unknown(area, names))
    if len(points) > 1:
        owners = " and ".join(sorted(_owner(point) for point in points))
        raise PluginError(f"Two plugins are called `{area}`: {owners}. Uninstall one of them.")
    return _load(points[0])


def _unknown(area: str, names: Iterable[str]) -> str:
    near = nearest(area, list(names))
    known = ", ".join(names) or "none"
    hint = f"Did you mean `{near}`?" if near else f"Installed: {known}."
    return f"There is no plugin for the partnership `{area}`. {hint}"


def _owner(point: metadata.EntryPoint) -> str:
    return point.dist.name if point.dist is not None else "an unknown distribution"


def _load(point: metadata.EntryPoint) -> Plugin:
    owner = _owner(point)
    version = point.dist.version if point.dist is not None else ""
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    try:
        module = _package(point.load())
        manager.register(module, name=point.name)
        manager.check_pending()
        given = manager.hook.cspr_arrangements()
        path = Path(given) if given else Path(module.__file__ or "").parent / ARRANGEMENTS
    except KeyboardInterrupt:
        raise
    except _NoPackageError as error:
        raise PluginError(
            f"The plugin `{point.name}` ({owner}) can't be used: its entry point is no package."
            " Let it name the package; the other plugins work."
        ) from error
    except BaseException as error:
        raise PluginError(_broken(point.name, owner, error)) from error
    plugin = load_arrangements(path, area=point.name, version=version, distribution=owner)
    try:
        more = [
            r
            for rows in manager.hook.cspr_requirements(arrangements=plugin.arrangements)
            for r in rows
        ]
        lowered = (*plugin.lowered, *(lower(requirement) for requirement in more))
    except Exception as error:
        raise PluginError(_broken(point.name, owner, error)) from error
    arrangements = plugin.arrangements.model_copy(
        update={"requirements": (*plugin.arrangements.requirements, *more)}
    )
    return Plugin(point.name, arrangements, lowered, version, owner, str(path), manager)


class _NoPackageError(TypeError):
    """An entry point that names something other than a package."""


def _package(loaded: object) -> ModuleType:
    if not isinstance(loaded, ModuleType):
        raise _NoPackageError
    return loaded


def _broken(area: str, owner: str, error: BaseException) -> str:
    """One line on what is wrong with a plugin's Python, with the place in it."""
    kind = type(error).__name__
    if isinstance(error, SyntaxError):
        where = f"{Path(error.filename or '?').name}, line {error.lineno}"
    else:
        frame = error.__traceback__
        while frame is not None and frame.tb_next is not None:
            frame = frame.tb_next
        code = None if frame is None else frame.tb_frame.f_code
        where = (
            "?"
            if code is None or frame is None
            else (f"{Path(code.co_filename).name}, line {frame.tb_lineno}")
        )
    return (
        f"The plugin `{area}` ({owner}) can't be used: {kind} in {where}."
        " Repair or uninstall it; the other plugins work."
    )


def load_arrangements(
    path: Path, area: str | None = None, version: str = "", distribution: str = ""
) -> Plugin:
    """A plugin from its YAML alone: a file, or a directory that holds one; imports nothing.

    Raises `BadInput` with every problem, each with line and column.
    """
    if path.is_dir():
        found = in_directory(path)
        path = next(iter(found.values()), path / ARRANGEMENTS)
    document = read_document(path)
    arrangements, problems = build(document, Arrangements)
    if arrangements is not None:
        if area is not None and arrangements.partnership != area:
            problems.append(
                document.problem(
                    ("partnership",),
                    f"The entry point is called `{area}` and the file says another partnership",
                    f"Write {area} here, or name the entry point after the partnership",
                )
            )
        arrangements = _prefixed(arrangements)
        lowered, wrong = _lower(document, arrangements)
        problems += [*wrong, *_references(document, arrangements)]
    if arrangements is None or problems:
        raise BadInput(problems)
    return Plugin(
        arrangements.partnership, arrangements, lowered, version or "0", distribution, str(path)
    )


def _prefixed(arrangements: Arrangements) -> Arrangements:
    """Ids without the area's name get it, as CONTRACTS writes them: `<area>.<words>`."""
    start = f"{arrangements.partnership}."
    requirements = tuple(
        r if r.id.startswith(start) else r.model_copy(update={"id": start + r.id})
        for r in arrangements.requirements
    )
    return arrangements.model_copy(update={"requirements": requirements})


def _lower(
    document: Document, arrangements: Arrangements
) -> tuple[tuple[Lowered, ...], list[Problem]]:
    found: list[Lowered] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, requirement in enumerate(arrangements.requirements):
        loc = ("requirements", index, "id")
        if requirement.id in seen:
            problems.append(
                document.problem(
                    loc,
                    f"`{requirement.id}` is the id of another requirement too",
                    "Give each requirement an id of its own",
                )
            )
        seen.add(requirement.id)
        try:
            found.append(lower(requirement))
        except LoweringError as error:
            problems.append(
                document.problem(
                    loc, f"`{requirement.id}`: {str(error).rstrip('.')}", "Change the requirement"
                )
            )
    if not problems:
        try:
            strata([lowered.program for lowered in found])
        except ProgramError as error:
            problems.append(document.problem(("requirements",), str(error), "Break the circle"))
    return tuple(found), problems


def _references(document: Document, arrangements: Arrangements) -> Iterator[Problem]:
    """Words and requirements that arrangements name and nothing defines."""
    known = {requirement.id for requirement in arrangements.requirements}
    if arrangements.partnership != NATIONAL:
        known |= {requirement.id for requirement in national().arrangements.requirements}
    words, own = vocabulary(), set(arrangements.words)
    events = {*words.events, *own}
    stages = words.words("stages")
    for loc, name in _named(arrangements):
        if name not in known:
            near = nearest(name, sorted(known))
            yield document.problem(
                loc,
                f"No requirement is called `{name}`",
                f"Write {near} if that was meant" if near else "Name one that there is",
            )
    for index, requirement in enumerate(arrangements.requirements):
        if requirement.stage not in stages:
            yield document.problem(
                ("requirements", index, "stage"),
                f"`{requirement.stage}` is no stage",
                f"Write one of {', '.join(stages)}",
            )
    for loc, name in _event_types(document.data):
        if name not in events:
            near = nearest(name, sorted(events))
            yield document.problem(
                loc,
                f"`{name}` is no event type",
                f"Write {near} if that was meant" if near else "Declare it under `words`",
            )


def _named(arrangements: Arrangements) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for index, requirement in enumerate(arrangements.requirements):
        loc = ("requirements", index)
        if requirement.tightens is not None:
            yield (*loc, "tightens"), requirement.tightens
        for value in _values(requirement):
            if (key := _NAMING.get(type(value))) is not None:
                yield (*loc, "id"), getattr(value, key)
            elif isinstance(value, Period) and value.as_ is not None and value.n is None:
                yield (*loc, "within", "as"), value.as_


# What names another requirement, and in which field.
_NAMING: Mapping[type, str] = {
    DelayIs: "delayed",
    DelayTold: "delay_told",
    FindingIs: "finding",
    InPlay: "in_play",
}


def _values(value: Any) -> Iterator[Value]:
    """A value of arrangements and every value within it."""
    if isinstance(value, Value):
        yield value
        value = vars(value)
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, (list, tuple)):
        return
    for inner in value:
        yield from _values(inner)


def _event_types(
    value: Any, loc: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "event" and isinstance(inner, str):
                yield (*loc, key), inner
            else:
                yield from _event_types(inner, (*loc, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _event_types(inner, (*loc, index))


@cache
def national() -> Plugin:
    """The national provisions, which the core ships."""
    path = Path(__file__).parent / "national" / "provisions.yaml"
    version = sys.modules["cspr_core"].__version__
    return load_arrangements(path, version=version, distribution="cspr")
