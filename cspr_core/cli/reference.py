"""The reference commands: what an area's rules, contacts and roles are, which plugins there are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer
from typer.main import get_command

from cspr_core.cli import errors, hooks, output
from cspr_core.cli.options import Area, AsOf, Out, PluginsDir, area_names, as_of_day, plugins_dir

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_SCHEMAS = ("report",)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("requirements")(requirements)
    app.command("contacts")(contacts)
    app.command("roles")(roles)
    app.command("plugins")(plugins)
    app.command("schema")(schema)
    app.command(
        "area",
        add_help_option=False,  # `--help` after AREA is the plugin's own
        context_settings={
            "ignore_unknown_options": True,
            "allow_extra_args": True,
            "allow_interspersed_args": False,
        },
    )(area_command)


def complete_stages(incomplete: str) -> list[str]:
    """The stages that begin so, for shell completion."""
    from cspr_core.vocabulary import vocabulary

    return [s for s in vocabulary().words("stages") if s.startswith(incomplete)]


def requirements(  # noqa: PLR0913  (one for each option)
    area: Area,
    *,
    stage: Annotated[
        str | None,
        typer.Option(
            metavar="STAGE",
            help="Only those of this stage, for example rapid_review.",
            autocompletion=complete_stages,
            show_default=False,
        ),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            metavar="KIND",
            help="Only those of this kind, for example deadline.",
            show_default=False,
        ),
    ] = None,
    form: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="table or json.")
    ] = "table",
    plugins: PluginsDir = None,
    out: Out = None,
) -> None:
    """List what an area and the nation require, with limits, who acts and the source.

    \b
    Examples:
      cspr requirements northamptonshire
      cspr requirements northamptonshire --stage rapid_review --kind deadline
      cspr requirements northamptonshire --format json --out requirements.json
    """  # noqa: D301  (typer reads the \b)
    from cspr_core.check import rules_for
    from cspr_core.kinds import KINDS
    from cspr_core.report.areas import chosen, requirement_values, requirements_page
    from cspr_core.vocabulary import vocabulary

    _one_of("--format", form, ("table", "json"))
    _one_of("--stage", stage, vocabulary().words("stages"))
    _one_of("--kind", kind, KINDS)
    rules = rules_for(area, plugins_dir(plugins))
    found = chosen(rules, stage, kind)
    if form == "json":
        values = requirement_values(rules, found)
        plain = out is None and not output.is_unicode()
        output.emit(json.dumps(values, ensure_ascii=plain, indent=2), out)
    else:
        output.emit(requirements_page(rules, found, output.width(out)), out)


def contacts(
    area: Area, *, as_of: AsOf = None, plugins: PluginsDir = None, out: Out = None
) -> None:
    """List an area's published contacts, each with its age and when it was last confirmed.

    \b
    Examples:
      cspr contacts northamptonshire
      cspr contacts northamptonshire --as-of 2026-06-01
    """  # noqa: D301  (typer reads the \b)
    from cspr_core.check import rules_for
    from cspr_core.report.areas import contacts_page

    day, _ = as_of_day(as_of)
    rules = rules_for(area, plugins_dir(plugins))
    output.emit(contacts_page(rules, day, output.width(out)), out)


def roles(
    area: Area,
    role: Annotated[
        str | None,
        typer.Argument(metavar="[ROLE]", help="For example lead_reviewer.", show_default=False),
    ] = None,
    *,
    plugins: PluginsDir = None,
    out: Out = None,
) -> None:
    """Say what a role has to do, stage by stage, with sources; without ROLE list the roles.

    \b
    Examples:
      cspr roles northamptonshire
      cspr roles northamptonshire scrutineer
    """  # noqa: D301  (typer reads the \b)
    from cspr_core.check import rules_for
    from cspr_core.report.areas import role_names, role_page, roles_page

    rules = rules_for(area, plugins_dir(plugins))
    if role is None:
        output.emit(roles_page(rules, output.width(out)), out)
        return
    word = role.strip().lower().replace("-", "_").replace(" ", "_")
    _one_of("ROLE", word, role_names(rules))
    output.emit(role_page(rules, word, output.width(out)), out)


def plugins(
    *,
    directory: PluginsDir = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with status 2 if one can't be used.")
    ] = False,
) -> None:
    """List the partnerships' plugins, each with its document, or what is broken about it.

    A plugin is code that sees every case it is asked about: install only those you trust.

    \b
    Examples:
      cspr plugins
      cspr plugins --strict
    """  # noqa: D301  (typer reads the \b)
    from cspr_core.plugins import in_directory, installed

    folder = plugins_dir(directory)
    names = sorted({*installed(), *(in_directory(folder) if folder else ())})
    lines: list[str] = []
    broken = False
    for name in names:
        line, works = _plugin_line(name, folder)
        lines.append(line)
        broken = broken or not works
    output.emit("\n".join(lines) or "No plugin is installed.")
    if broken and strict:
        raise typer.Exit(errors.BAD)


def _plugin_line(name: str, folder: Path | None) -> tuple[str, bool]:
    """One plugin in one line, and whether it works; it alone is loaded."""
    from cspr_core.plugins import load
    from cspr_core.report.areas import covered

    try:
        plugin = load(name, folder)
    except errors.expected() as error:
        first, *others = errors.lines_of(error)
        more = f" (and {len(others)} more problems)" if others else ""
        return f"{name}: BROKEN: {first.removeprefix('cspr: ')}{more}", False
    owner = (
        f"{plugin.distribution} {plugin.version}".strip() if plugin.distribution else plugin.file
    )
    count = len(plugin.lowered)
    return f"{name}: ok, {count} requirements, {covered(plugin.arrangements)}, {owner}", True


def schema(
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT",
            help="report: what `cspr check --format json` writes.",
            autocompletion=lambda: list(_SCHEMAS),
            show_default=False,
        ),
    ],
    *,
    out: Out = None,
) -> None:
    """Write the JSON Schema of a format, for programs that read it.

    \b
    Example:
      cspr schema report --out report.schema.json
    """  # noqa: D301  (typer reads the \b)
    from cspr_core.report.schema import report_schema

    _one_of("WHAT", what, _SCHEMAS)
    output.emit(json.dumps(report_schema(), indent=2), out)


def area_command(
    context: typer.Context,
    area: Annotated[
        str | None,
        typer.Argument(
            metavar="AREA COMMAND...",
            help="The area, and the command with its own options.",
            autocompletion=area_names,
            show_default=False,
        ),
    ] = None,
) -> None:
    """Run a command that an area's plugin adds; only that plugin is loaded.

    \b
    Example:
      cspr area northamptonshire --help
    """  # noqa: D301  (typer reads the \b)
    from cspr_core.plugins import load

    if area in (None, "-h", "--help"):
        output.emit(context.get_help())
        return
    plugin = load(area)
    own = typer.Typer(no_args_is_help=True, add_completion=False, help=f"Commands of {area}.")
    own.callback()(lambda: None)  # a single command keeps its name
    if plugin.hooks is not None:
        hooks.ask(plugin, lambda: plugin.hooks.hook.cspr_commands(app=own))
    if not own.registered_commands and not own.registered_groups:
        raise errors.CommandError(f"The area {area} adds no commands of its own.")
    status = hooks.run(
        plugin,
        lambda: get_command(own).main(
            args=list(context.args), prog_name=f"cspr area {area}", standalone_mode=False
        ),
    )
    if isinstance(status, int):
        raise typer.Exit(status)


def _one_of(option: str, value: str | None, words: Iterable[str]) -> None:
    """Refuse a value that is none of the words, naming the nearest; raises `CommandError`."""
    known = list(words)
    if value is None or value in known:
        return
    from cspr_core.reading.words import nearest

    near = nearest(value, known)
    hint = f"Did you mean {near}?" if near else f"There are: {', '.join(known)}."
    raise errors.CommandError(f"{option} {value}: there is no such word here. {hint}")
