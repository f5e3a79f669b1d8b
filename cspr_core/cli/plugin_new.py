"""`cspr plugin new`: a complete plugin for a new partnership."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cspr_core.cli import output
from cspr_core.cli.errors import CommandError

if TYPE_CHECKING:
    from cspr_core.scaffold import NewPlugin


def register(group: typer.Typer) -> None:
    """Add the commands."""
    group.command("new")(new)


def new(  # noqa: PLR0913  (one for each question)
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="The area's word in case files: small letters, _ for spaces (devon, west_sussex).",
            show_default=False,
        ),
    ],
    *,
    title: Annotated[
        str | None,
        typer.Option("--title", metavar="TEXT", help="What the partnership calls itself."),
    ] = None,
    document: Annotated[
        str | None,
        typer.Option("--document", metavar="TEXT", help="The title of its document."),
    ] = None,
    dated: Annotated[
        str | None,
        typer.Option("--dated", metavar="DATE", help="The document's date: YYYY-MM or YYYY-MM-DD."),
    ] = None,
    in_force_from: Annotated[
        str | None,
        typer.Option(
            "--in-force-from",
            metavar="DATE",
            help="The day from which it holds: YYYY-MM or YYYY-MM-DD. Left out: for any case.",
        ),
    ] = None,
    office: Annotated[
        str | None,
        typer.Option(
            "--office",
            metavar="TEXT",
            help="What the document calls the business office. Left out: nothing is made up.",
        ),
    ] = None,
    email: Annotated[
        str | None,
        typer.Option(
            "--email",
            metavar="ADDRESS",
            help="The business office's, as published and still right.",
        ),
    ] = None,
    phone: Annotated[
        str | None,
        typer.Option(
            "--phone", metavar="NUMBER", help="The business office's, as published and still right."
        ),
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option(
            "--into",
            metavar="DIR",
            help="The folder to make the plugin's folder in: this one, or plugins/ of the"
            " repository of cspr, where left out.",
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="DATE",
            help="The day on which the document was read; today where left out.",
        ),
    ] = None,
) -> None:
    """Make a complete plugin for a new partnership: arrangements, scenarios, README, COVERAGE.

    What is not given as an option is asked, where there is somebody to ask.
    """
    from cspr_core import plugins, scaffold
    from cspr_core.cli.options import as_of_day

    if (wrong := scaffold.refuse_area(name)) is not None:
        raise CommandError(f"NAME: {wrong}")
    today = as_of_day(as_of)[0]
    top = scaffold.repository(Path.cwd()) if into is None else scaffold.repository(into.resolve())
    folder = (into or (Path.cwd() if top is None else top / "plugins")) / name
    workspace = top is not None and folder.resolve().parent == top / "plugins"
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CommandError(
            f"{folder}: there is something here already, and nothing is overwritten."
            " Give another NAME or another folder (--into DIR)."
        )
    if name in plugins.installed():
        raise CommandError(f"NAME: a plugin `{name}` is installed already. Give another NAME.")
    answers = _answers(
        scaffold.NewPlugin(
            area=name,
            name=title or "",
            document=document or "",
            today=today,
            dated=dated,
            in_force_from=in_force_from,
            business_office=office,
            email=email,
            phone=phone,
        )
    )
    if problems := scaffold.refuse(answers):
        raise CommandError(*problems)
    scaffold.write(scaffold.render(answers, workspace=workspace), folder)
    if workspace and top is not None:
        _enter(top, answers)
    output.emit(_next(answers, folder, workspace=workspace))


def _answers(given: NewPlugin) -> NewPlugin:
    """The answers, asked for where they are missing and somebody is there to ask."""
    from dataclasses import replace

    from cspr_core.scaffold import title_of

    usual = f"{title_of(given.area)} Safeguarding Children Partnership"
    if not sys.stdin.isatty():
        missing = [
            f"{option} is missing, and nobody is there to ask. Give {option} {example}."
            for option, value, example in (
                ("--title", given.name, f'"{usual}"'),
                ("--document", given.document, '"Practice Guidance"'),
            )
            if not value
        ]
        if missing:
            raise CommandError(*missing)
        return given

    def ask(question: str, value: str | None, default: str = "") -> str | None:
        if value:
            return value
        answer = typer.prompt(question, default=default, show_default=bool(default), err=True)
        return str(answer).strip() or None

    return replace(
        given,
        name=ask("What the partnership calls itself", given.name, usual) or "",
        document=_insist(given.document),
        dated=ask("Its date, YYYY-MM or YYYY-MM-DD (Enter: it has none)", given.dated),
        in_force_from=ask(
            "In force from, YYYY-MM or YYYY-MM-DD (Enter: hold it against any case)",
            given.in_force_from,
        ),
        business_office=ask(
            "What it calls the business office (Enter: nothing)", given.business_office
        ),
        email=ask("The office's published e-mail, still right today (Enter: none)", given.email),
        phone=ask("The office's published telephone, still right (Enter: none)", given.phone),
    )


def _insist(document: str) -> str:
    while not document:
        document = str(typer.prompt("The title of its document", err=True)).strip()
    return document


def _enter(top: Path, answers: NewPlugin) -> None:
    """Enter the plugin into the repository's project file, beside the others."""
    from cspr_core import scaffold

    others = sorted(p.parent.name for p in (top / "plugins").glob("*/pyproject.toml"))
    project = top / "pyproject.toml"
    before = project.read_text(encoding="utf-8")
    for other in others:
        if other != answers.area and f'"cspr-{other.replace("_", "-")}"' in before:
            beside = project.with_name(".pyproject.toml.new")
            beside.write_text(
                scaffold.enter(before, answers, other), encoding="utf-8", newline="\n"
            )
            beside.chmod(project.stat().st_mode)
            beside.replace(project)
            return


def _next(answers: NewPlugin, folder: Path, *, workspace: bool) -> str:
    """What there is now, and what to do next."""
    area = answers.area
    try:
        shown = folder.resolve().relative_to(Path.cwd())
    except ValueError:
        shown = folder
    lines = [
        f"Made {shown}: a plugin for {answers.name}.",
        "",
        f"  {shown / f'cspr_{area}' / 'arrangements.yaml'}",
        "      the rules: write them here, with the document beside you",
        f"  {shown / 'COVERAGE.md'}",
        "      the document sentence by sentence, and what became of each",
        f"  {shown / 'scenarios'}",
        "      small cases with what has to come out, worked out by hand",
        "",
    ]
    if workspace:
        lines += [
            "It is entered in pyproject.toml beside the others. Once, to install it with them:",
            "  uv sync",
            "",
            "Then, after every change:",
            f"  cspr plugin check {area}",
            f"  cspr test {area}",
            f"  python scripts/area_pages.py    (docs/areas/{area}.md, which a test asks for)",
        ]
    else:
        lines += [
            "Then, after every change:",
            f"  cspr plugin check {shown}",
            f"  cspr test {shown}",
            f"  cspr check CASE.yaml --plugins {shown}",
        ]
    return "\n".join(lines)
