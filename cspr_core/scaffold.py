"""A new partnership's plugin: the files of `template/`, filled in from a few answers.

The template is a plain folder that Jinja2 renders; nothing here knows what is in it. Inside the
repository of `cspr` itself the new plugin is also entered wherever the project's own file names the
other plugins, so that a plain `uv sync` installs it. Nothing that is already there is overwritten.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic_core import PydanticCustomError

import cspr_core
from cspr_core.model.patterns import in_force, month_or_date
from cspr_core.vocabulary import vocabulary

TEMPLATE = Path(__file__).parent / "template"
SCHEMAS = Path(__file__).parent / "schemas"
FOR_EDITORS = ("arrangements", "case", "scenario")
_SUFFIX = ".jinja"
_AREA = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*\Z")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+\Z")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{5,}\Z")
_MOST = 40


@dataclass(frozen=True)
class NewPlugin:
    """What is asked for a new plugin; dates as the document gives them, or `None`.

    `area` is the word that case files will use; `document` what the arrangements follow; `dated`
    and `in_force_from` are YYYY-MM or YYYY-MM-DD; `business_office` is what the document calls the
    office, and `email` and `phone` are the office's, as published.
    """

    area: str
    name: str
    document: str
    today: date
    dated: str | None = None
    in_force_from: str | None = None
    business_office: str | None = None
    email: str | None = None
    phone: str | None = None

    @property
    def distribution(self) -> str:
        """The name under which the plugin is installed."""
        return f"cspr-{self.area.replace('_', '-')}"


def title_of(area: str) -> str:
    """An area's word as people would write it: `south_glos` becomes `South Glos`."""
    return area.replace("_", " ").title()


def refuse_area(area: str) -> str | None:
    """What is wrong with the word for an area, and what to write instead; `None` if nothing."""
    if not _AREA.match(area) or len(area) > _MOST:
        made = re.sub(r"[^a-z0-9]+", "_", area.lower()).strip("_0123456789")[:_MOST].strip("_")
        hint = f"Write {made}." if made else "Write for example devon."
        return f"an area is small letters, digits and single _ between them. {hint}"
    words = vocabulary()
    taken = {"national", "template", *words.words("agencies"), *words.words("bodies")}
    if area in taken:
        return f"`{area}` means something else in every case file. Write the area's own name."
    return None


def refuse(new: NewPlugin) -> tuple[str, ...]:
    """What is wrong with the answers, one line each, with the option that gives it."""
    problems: list[str] = []
    if (wrong := refuse_area(new.area)) is not None:
        problems.append(f"NAME: {wrong}")
    for option, value in (
        ("--title", new.name),
        ("--document", new.document),
        ("--office", new.business_office),
    ):
        if value is not None and (not value.strip() or not value.isprintable()):
            problems.append(f"{option}: there is no text here. Write it as the document has it.")
    for option, day, reader in (
        ("--dated", new.dated, month_or_date),
        ("--in-force-from", new.in_force_from, in_force),
    ):
        try:
            if day is not None:
                reader(day)
        except PydanticCustomError as error:
            context = error.context or {}
            problems.append(f"{option}: {context['what']}. {context['remedy']}.")
    if new.email is not None and not _EMAIL.match(new.email):
        problems.append("--email: this is no e-mail address. Write it as it is published.")
    if new.phone is not None and not _PHONE.match(new.phone):
        problems.append("--phone: this is no telephone number. Write figures and spaces.")
    return tuple(problems)


def repository(start: Path) -> Path | None:
    """The repository of `cspr` itself, if `start` is in it: its plugins stand side by side."""
    for folder in (start, *start.parents):
        project = folder / "pyproject.toml"
        if (folder / "cspr_core").is_dir() and (folder / "plugins").is_dir() and project.is_file():
            return folder
    return None


def render(new: NewPlugin, *, workspace: bool) -> Mapping[str, str]:
    """The new plugin's files: path in its folder to text.

    `workspace`: the plugin will stand beside the others in the repository of `cspr`, which tells
    editors of the schemas itself; anywhere else the plugin brings them along.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    environment = Environment(
        loader=FileSystemLoader(TEMPLATE),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701  (YAML, TOML and Markdown; `quoted` sees to the quotes)
    )
    environment.filters["quoted"] = lambda text: json.dumps(text, ensure_ascii=False)
    major, minor = cspr_core.__version__.split(".")[:2]
    values = {
        **vars(new),
        "distribution": new.distribution,
        "requirement": f"cspr>={cspr_core.__version__},<{major}.{int(minor) + 1}",
        "today": new.today.isoformat(),
        "workspace": workspace,
    }
    files: dict[str, str] = {}
    for name in sorted(environment.list_templates()):
        path = environment.from_string(name.removesuffix(_SUFFIX)).render(values)
        files[path] = environment.get_template(name).render(values)
    for kind in () if workspace else FOR_EDITORS:
        schema = f"{kind}.schema.json"
        files[f"schemas/{schema}"] = (SCHEMAS / schema).read_text(encoding="utf-8")
    return files


def write(files: Mapping[str, str], folder: Path) -> None:
    """Write a new plugin's files into a folder that is not there yet, whole or not at all.

    Raises `FileExistsError` where something is there, and `OSError`.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, text in files.items():
            path = beside / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        # A folder made by mkdtemp is its owner's alone; a plugin holds no case data.
        beside.chmod(0o777 & ~_umask())
        if folder.exists():
            folder.rmdir()
        beside.rename(folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


# --- the project's own file ---------------------------------------------------------------------


def enter(project: str, new: NewPlugin, like: str) -> str:
    """The text of the repository's `pyproject.toml` with the new plugin wherever `like` stands.

    `like` is the word of an area that is there: each list and table that names its distribution or
    its package gets the same entry for the new one. Comments and order stay as they are.
    """
    import tomlkit  # noqa: PLC0415
    from tomlkit.items import Array  # noqa: PLC0415

    document = tomlkit.parse(project)
    names = {
        f"cspr-{like.replace('_', '-')}": new.distribution,
        f"cspr_{like}": f"cspr_{new.area}",
    }
    for holder in list(_tables(document)):
        for key, value in list(holder.items()):
            if isinstance(value, Array):
                _enter_into(value, names)
            elif (other := names.get(key)) is not None and other not in holder:
                holder.add(other, tomlkit.parse(f"x = {value.as_string()}")["x"])
                holder.add(tomlkit.nl())  # the new entry takes the place of the empty line
    return tomlkit.dumps(document)


def _tables(value: Any) -> Iterator[Any]:
    if isinstance(value, MutableMapping):
        yield value
        for inner in value.values():
            yield from _tables(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _tables(inner)


def _enter_into(array: Any, names: Mapping[str, str]) -> None:
    there = [str(item) for item in array if isinstance(item, str)]
    for item in there:
        for old, other in names.items():
            if re.match(rf"{re.escape(old)}(?![A-Za-z0-9_-])", item):
                entry = other + item.removeprefix(old)
                if entry not in there:
                    array.append(entry)
                    there.append(entry)
