"""The reference commands: what an area's rules, contacts and roles are, which plugins there are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from typer.main import get_command

from cspr_core.cli import errors, hooks, output
from cspr_core.cli.formats import format_of
from cspr_core.cli.options import (
    Area,
    AsOf,
    Out,
    PluginsDir,
    area_names,
    as_of_day,
    one_of,
    plugins_dir,
)

_SCHEMAS = ("case", "arrangements", "scenario", "report")


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
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="table or json; markdown is the page of the whole area. Left out: what the ending"
            " of --out says, or a table.",
            show_default=False,
        ),
    ] = None,
    plugins: PluginsDir = None,
    out: Out = None,
) -> None:
    """List what an area and the nation require, with limits, who acts and the source.

    \b
    Examples:
      cspr requirements northamptonshire
      cspr requirements northamptonshire --stage rapid_review --kind deadline
      cspr requirements northamptonshire --format json --out requirements.json
      cspr requirements northamptonshire --format markdown --out northamptonshire.md
    """  # noqa: D301  (typer reads the \b)
    from cspr_core.check import rules_for
    from cspr_core.kinds import KINDS
    from cspr_core.report.area_page import area_page
    from cspr_core.report.areas import chosen, requirement_values, requirements_page
    from cspr_core.vocabulary import vocabulary

    form = format_of(form, out, ("table", "json", "markdown"))
    if form == "markdown" and (stage is not None or kind is not None):
        raise errors.CommandError(
            "--format markdown: this is the page of the whole area. Leave --stage and --kind out."
        )
    one_of("--stage", stage, vocabulary().words("stages"))
    one_of("--kind", kind, KINDS)
    rules = rules_for(area, plugins_dir(plugins))
    found = chosen(rules, stage, kind)
    if form == "markdown":
        output.emit(area_page(rules), out)
    elif form == "json":
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

    format_of(None, out, ("table",))
    day, _ = as_of_day(as_of)
    rules = rules_for(area, plugins_dir(plugins))
    output.emit(contacts_page(rules, day, output.width(out)), out)


def roles(  # noqa: PLR0913  (one for each option)
    area: Area,
    role: Annotated[
        str | None,
        typer.Argument(metavar="[ROLE]", help="For example lead_reviewer.", show_default=False),
    ] = None,
    *,
    case: Annotated[
        Path | None,
        typer.Option(
            "--case",
            metavar="CASE",
            help="Mark what is done in this case, and what is next for the role.",
            show_default=False,
        ),
    ] = None,
    as_of: AsOf = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="table or markdown; left out: what the ending of --out says, or a table.",
            show_default=False,
        ),
    ] = None,
    plugins: PluginsDir = None,
    out: Out = None,
) -> None:
    """Say what a role has to do, as a page to hand out; without ROLE list the roles.

    \b
    Examples:
      cspr roles staffordshire
      cspr roles staffordshire practitioner
      cspr roles northamptonshire scrutineer --case NH-2026-03.yaml
      cspr roles essex author --format markdown --out for-authors.md
    """  # noqa: D301  (typer reads the \b)
    from cspr_core.check import check_case, rules_for
    from cspr_core.reading.case import read_case
    from cspr_core.report.findings import report_of
    from cspr_core.report.guide import guide_markdown, guide_text
    from cspr_core.report.roles import role_guide, role_names, roles_guide

    form = format_of(form, out, ("table", "markdown"))
    if case is not None and role is None:
        raise errors.CommandError("--case: name the role too, for example lead_reviewer.")
    day, today = as_of_day(as_of)
    directory = plugins_dir(plugins)
    rules = rules_for(area, directory)
    if role is None:
        guide = roles_guide(rules)
    else:
        word = role.strip().lower().replace("-", "_").replace(" ", "_")
        one_of("ROLE", word, role_names(rules))
        if case is None:
            guide = role_guide(rules, word, day)
        else:
            casefile = read_case(case, today=today)
            checked = check_case(casefile, day, partnership=area, directory=directory)
            guide = role_guide(rules, word, day, report=report_of(checked), case=casefile.case)
    made = guide_markdown(guide) if form == "markdown" else guide_text(guide, output.width(out))
    output.emit(made, out)


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
            help="case, arrangements or scenario: the files that you write; report: what"
            " `cspr check --format json` writes.",
            autocompletion=lambda: list(_SCHEMAS),
            show_default=False,
        ),
    ],
    *,
    out: Out = None,
) -> None:
    """Write the JSON Schema of a kind of file: editors use it to complete and check as you type.

    \b
    Examples:
      cspr schema case --out case.schema.json
      cspr schema arrangements --out arrangements.schema.json
      cspr schema report --out report.schema.json
    """  # noqa: D301  (typer reads the \b)
    one_of("WHAT", what, _SCHEMAS)
    format_of(None, out, ("json",))
    if what == "report":
        from cspr_core.report.schema import report_schema

        output.emit(json.dumps(report_schema(), indent=2), out)
    else:
        from cspr_core.schemas import schema_text

        output.emit(schema_text(what), out)


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
