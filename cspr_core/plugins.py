"""Finding and loading partnerships' plugins, one at a time.

Entry points are filtered by name before anything is imported, so that a broken plugin is named in
one line and the rest work. `load_arrangements` reads YAML only and imports nothing. What is
installed is read from its compiled file, where there is one that is exactly true of its YAML.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pluggy

from cspr_core import compiled, hookspecs
from cspr_core.kinds import Lowered, LoweringError, lower
from cspr_core.model.arrangements import Arrangements, Requirement
from cspr_core.model.case import Case
from cspr_core.model.finding import Report
from cspr_core.model.patterns import DelayIs, DelayTold, FindingIs, InPlay, Period, Value
from cspr_core.packed import PackingError, unpack
from cspr_core.program import ProgramError, strata
from cspr_core.reading.document import (
    Document,
    Remainder,
    build_with_remainder,
    read_document,
)
from cspr_core.reading.problems import BadInput, Problem
from cspr_core.reading.words import nearest
from cspr_core.vocabulary import vocabulary

GROUP = "cspr"
NATIONAL = "national"
ARRANGEMENTS = "arrangements.yaml"
PROVISIONS = Path(__file__).parent / "national" / "provisions.yaml"
# The code that decides what is read out of YAML, and what it lowers to.
_CODE = ("compiled.py", "matching.py", "packed.py", "plugins.py", "program.py", "vocabulary.py",
         "vocabulary.yaml", "national/provisions.yaml", "engine", "kinds", "model", "reading",
         )  # fmt: skip


class Ruleset(NamedTuple):
    """What durable-rules is given for an area beside the nation, written beforehand.

    It is that of these very requirements (`of`), and of no others.
    """

    of: tuple[Lowered, ...]
    text: str
    triggers: Mapping[int, Sequence[int]]


class PluginError(Exception):
    """A plugin that can't be used: one line that names it, its distribution and the remedy.

    `at` is the file and line in the plugin's Python, where no other error is the cause.
    """

    at: tuple[str, int] | None = None


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
    ruleset: Ruleset | None = field(default=None, compare=False, repr=False)

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
        for row in given:
            if not isinstance(row, tuple) or [type(value) for value in row] != [str, str, str]:
                raise PluginError(
                    f"The plugin `{self.area}` ({self.distribution}) can't be used: cspr_facts"
                    " gives a row that is not three texts. Repair or uninstall it; the other"
                    " plugins work."
                )
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
    return {area: paths[0] for area, paths in _all_in(directory).items()}


def _all_in(directory: Path) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for pattern in (ARRANGEMENTS, f"*/{ARRANGEMENTS}", f"*/*/{ARRANGEMENTS}"):
        for path in sorted(directory.glob(pattern)):
            found.setdefault(path.parent.name.removeprefix("cspr_"), []).append(path)
    return found


def load(area: str, directory: Path | None = None) -> Plugin:
    """The plugin of `area`; from `directory`, by its YAML only, where one is given.

    Raises `UnknownPartnershipError`, `PluginError` or `BadInput`.
    """
    if directory is not None and (paths := _all_in(directory).get(area)) is not None:
        if len(paths) > 1:
            # Which of them holds would show in no report, and a copy may lack rules.
            places = " and ".join(str(path) for path in paths)
            raise PluginError(f"Two plugins are called `{area}`: {places}. Take one of them away.")
        return load_arrangements(paths[0])
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
    plugin = load_installed(path, area=point.name, version=version, distribution=owner)
    try:
        more = _more(manager, point.name, owner, plugin.arrangements)
        lowered = plugin.lowered
        if more:
            lowered = (*lowered, *(lower(requirement) for requirement in more))
    except (KeyboardInterrupt, PluginError):
        raise
    except BaseException as error:
        raise PluginError(_broken(point.name, owner, error)) from error
    arrangements = plugin.arrangements.model_copy(
        update={"requirements": (*plugin.arrangements.requirements, *more)}
    )
    return Plugin(
        point.name, arrangements, lowered, version, owner, str(path), manager, plugin.ruleset
    )


class _NoPackageError(TypeError):
    """An entry point that names something other than a package."""


def _package(loaded: object) -> ModuleType:
    if not isinstance(loaded, ModuleType):
        raise _NoPackageError
    return loaded


def _more(
    manager: pluggy.PluginManager, area: str, owner: str, arrangements: Arrangements
) -> list[Requirement]:
    """The requirements that the plugin's hook adds; raises `PluginError` for anything else."""
    given = manager.hook.cspr_requirements(arrangements=arrangements)
    more = [requirement for requirements in given for requirement in requirements]
    for one in more:
        if not isinstance(one, Requirement):
            code = manager.hook.cspr_requirements.get_hookimpls()[-1].function.__code__
            error = PluginError(
                f"The plugin `{area}` ({owner}) can't be used: cspr_requirements in"
                f" {Path(code.co_filename).name}, line {code.co_firstlineno}, gives"
                f" {type(one).__name__} where a requirement is due."
                " Repair or uninstall it; the other plugins work."
            )
            error.at = code.co_filename, code.co_firstlineno
            raise error
    return more


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


def made_from(source: Path) -> str:
    """The hash of all that the compiled file of these arrangements depends on; raises `OSError`."""
    return compiled.digest_of([source], _code())


@cache
def _code() -> str:
    files: list[Path] = []
    for name in _CODE:
        path = Path(__file__).parent / name
        files += sorted(p for p in path.iterdir() if p.suffix == ".py") if path.is_dir() else [path]
    return compiled.digest_of(files)


def load_installed(path: Path, area: str, version: str, distribution: str) -> Plugin:
    """As `load_arrangements`, but from the compiled file where there is one that is true.

    For what is installed alone, as that is trusted like code: where somebody names a folder, its
    YAML is what is read. Raises `BadInput`.
    """
    held = _read_back(path)
    if held is None or held[0].partnership != area:
        return load_arrangements(path, area, version, distribution)
    arrangements, lowered, ruleset = held
    return Plugin(
        area, arrangements, lowered, version or "0", distribution, str(path), ruleset=ruleset
    )


def _read_back(path: Path) -> tuple[Arrangements, tuple[Lowered, ...], Ruleset | None] | None:
    try:
        match compiled.read(path, made_from(path)):
            case {"values": packed, "ruleset": written}:
                found = unpack(packed)
            case _:
                return None
    except (OSError, PackingError):
        return None
    match found:
        case (Arrangements() as arrangements, tuple() as lowered):
            return arrangements, lowered, _ruleset(lowered, written)
    return None


def _ruleset(lowered: tuple[Lowered, ...], written: Any) -> Ruleset | None:
    match written:
        case {"text": str() as text, "triggers": dict() as triggers}:
            return Ruleset(lowered, text, {int(stratum): n for stratum, n in triggers.items()})
    return None


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
    arrangements, problems, rest = build_with_remainder(document, Arrangements)
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
        lowered, wrong = _lower(rest, arrangements)
        problems += [*wrong, *_references(document, rest.document, arrangements)]
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
    rest: Remainder, arrangements: Arrangements
) -> tuple[tuple[Lowered, ...], list[Problem]]:
    """Every requirement lowered, and what is wrong with it.

    One that lost something to a mistake of its own is left out: that mistake says enough.
    """
    document = rest.document
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
        if document.place(loc[:-1]) in rest.spoiled:
            continue
        try:
            found.append(lower(requirement))
        except LoweringError as error:
            problems.append(
                document.problem(
                    loc, f"`{requirement.id}`: {str(error).rstrip('.')}", "Change the requirement"
                )
            )
    if not problems and not rest.spoiled:
        try:
            strata([lowered.program for lowered in found])
        except ProgramError as error:
            problems.append(document.problem(("requirements",), str(error), "Break the circle"))
    return tuple(found), problems


def _references(
    document: Document, rest: Document, arrangements: Arrangements
) -> Iterator[Problem]:
    """Words and requirements that arrangements name and nothing defines.

    `rest` is the document that the arrangements were made from, without what was cut out for a
    mistake of its own. What was cut out may be named all the same.
    """
    known = {requirement.id for requirement in arrangements.requirements}
    known |= {
        name if "." in name else f"{arrangements.partnership}.{name}"
        for name in _written(document, "requirements")
    }
    if arrangements.partnership != NATIONAL:
        known |= {requirement.id for requirement in national().arrangements.requirements}
    words = vocabulary()
    events = {*words.events, *_written(document, "words")}
    stages = words.words("stages")
    for loc, name in _named(arrangements):
        if name not in known:
            near = nearest(name, sorted(known))
            yield rest.problem(
                loc,
                f"No requirement is called `{name}`",
                f"Write {near} if that was meant" if near else "Name one that there is",
            )
    for index, requirement in enumerate(arrangements.requirements):
        if requirement.stage not in stages:
            yield rest.problem(
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


def _written(document: Document, section: str) -> list[str]:
    """The keys of a section, or the ids of its entries, as the file has them."""
    found = document.data.get(section)
    if isinstance(found, dict):
        return list(found)
    entries = found if isinstance(found, list) else []
    ids = [entry.get("id") for entry in entries if isinstance(entry, dict)]
    return [name for name in ids if isinstance(name, str)]


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
    version = sys.modules["cspr_core"].__version__
    return load_installed(PROVISIONS, NATIONAL, version, "cspr")
