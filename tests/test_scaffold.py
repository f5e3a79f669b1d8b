"""A new plugin: its files, its answers, and its place in the repository's own project file."""

import json
import re
import tomllib
from datetime import date
from pathlib import Path, PurePosixPath

import pytest

from cspr_core import scaffold
from cspr_core.kinds import KINDS
from cspr_core.plugins import load_arrangements
from cspr_core.scaffold import NewPlugin, enter, refuse, render, title_of, write

ROOT = Path(__file__).parent.parent
NEW = NewPlugin(
    area="west_barset",
    name='The "West" Barset: Partnership’s',
    document="Practice Guidance: part 1 # final",
    today=date(2026, 11, 22),
    dated="2025-03",
    in_force_from="2025-04-01",
    business_office="Support Team",
    email="office@barset.invalid",
    phone="01632 960123",
)


def _made(folder: Path, new: NewPlugin = NEW, *, workspace: bool = False) -> Path:
    write(render(new, workspace=workspace), folder)
    return folder


def _uncommented(text: str, section: str) -> str:
    """The template with a section's examples made live, as its comments say: take the # away."""
    start = text.index(f"# {section}:\n")
    end = start + re.match(r"(#.*\n)+", text[start:]).end()  # type: ignore[union-attr]
    lines = [
        line.removeprefix("# ").removeprefix("#")
        for line in text[start:end].splitlines()
        if not re.match(r"#\s+##", line)
    ]
    return text[:start] + "\n".join(lines) + "\n" + text[end:]


def test_arrangements_say_what_was_answered(tmp_path: Path) -> None:
    plugin = load_arrangements(_made(tmp_path / "west_barset"))
    cover = plugin.arrangements.covers[0]
    contact = plugin.arrangements.contacts[0]
    assert plugin.area == "west_barset"
    assert plugin.arrangements.name == 'The "West" Barset: Partnership’s'
    assert (cover.document, cover.dated) == ("Practice Guidance: part 1 # final", "2025-03")
    assert (cover.in_force_from, cover.checked) == (date(2025, 4, 1), date(2026, 11, 22))
    assert (contact.email, contact.phone) == ("office@barset.invalid", "01632 960123")
    assert contact.confirmed_on == date(2026, 11, 22)
    assert plugin.arrangements.bodies["business_office"].name == "Support Team"


def test_without_a_contact_or_an_office_none_is_made_up(tmp_path: Path) -> None:
    new = NewPlugin("barset", "Barset Partnership", "Guide", date(2026, 11, 22))
    arrangements = load_arrangements(_made(tmp_path / "barset", new)).arrangements
    assert arrangements.contacts == ()
    assert arrangements.bodies == {}


def test_every_section_is_there(tmp_path: Path) -> None:
    text = (_made(tmp_path / "x") / "cspr_west_barset" / "arrangements.yaml").read_text("utf-8")
    for section in (
        *("schema", "partnership", "name", "covers", "not_covered", "bodies", "agencies"),
        *("words", "contacts", "roles", "requirements"),
    ):
        assert re.search(rf"^(# )?{section}:", text, re.MULTILINE), section


def test_every_example_can_be_used_as_it_stands(tmp_path: Path) -> None:
    folder = _made(tmp_path / "x", NewPlugin("barset", "Barset", "Guide", date(2026, 11, 22)))
    path = folder / "cspr_barset" / "arrangements.yaml"
    text = path.read_text("utf-8")
    for section in ("bodies", "agencies", "words", "contacts", "roles", "requirements"):
        text = _uncommented(text, section)
    path.write_text(text, "utf-8")
    made = load_arrangements(path).arrangements
    # All kinds but the two of which the template says that they are rare.
    assert {r.kind_name for r in made.requirements} == set(KINDS) - {"criterion", "rule"}
    assert set(made.bodies) == {"business_office", "review_group", "executive"}
    assert len(made.words) == 2
    assert len(made.roles) == len(made.contacts) == 1


def test_project_file_names_the_package(tmp_path: Path) -> None:
    folder = _made(tmp_path / "x")
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["name"] == "cspr-west-barset"
    assert project["project"]["entry-points"]["cspr"] == {"west_barset": "cspr_west_barset"}
    assert (folder / "cspr_west_barset" / "__init__.py").is_file()
    assert "tool" not in project or "uv" not in project["tool"]


def test_in_the_repository_the_core_comes_from_the_workspace() -> None:
    project = tomllib.loads(render(NEW, workspace=True)["pyproject.toml"])
    assert project["tool"]["uv"]["sources"] == {"cspr": {"workspace": True}}
    # Its licence and its compiled file are the repository's, as those of the others.
    assert project["project"]["license"] == "MIT"
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["artifacts"] == ["*.compiled.json"]


def test_in_the_repository_the_schemas_are_told_by_its_own_settings() -> None:
    files = render(NEW, workspace=True)
    assert [name for name in files if name.endswith(".json")] == []
    assert [name for name, text in files.items() if "schemas/" in text or "$schema" in text] == []
    settings = json.loads((ROOT / ".vscode" / "settings.json").read_text("utf-8"))
    told = [glob for globs in settings["yaml.schemas"].values() for glob in globs]
    for name in (name for name in files if name.endswith(".yaml")):
        path = PurePosixPath("plugins/west_barset", name)
        # `**` of the settings is any number of folders; here there are one or two below plugins/.
        patterns = [glob.replace("**/", "plugins/*/", 1).replace("**", "*") for glob in told]
        assert any(path.match(pattern) for pattern in patterns), name


def test_in_the_repository_the_files_begin_with_what_they_are_for() -> None:
    files = render(NEW, workspace=True)
    first = {name: text.splitlines()[0] for name, text in files.items() if name.endswith(".yaml")}
    assert all(re.match(r"# [A-Z]|schema: ", line) for line in first.values()), first


def test_schemas_for_editors_are_the_cores_own() -> None:
    files = render(NEW, workspace=False)
    for kind in ("case", "arrangements", "scenario"):
        name = f"{kind}.schema.json"
        assert files[f"schemas/{name}"] == (scaffold.SCHEMAS / name).read_text("utf-8")


def test_every_yaml_file_names_a_schema_that_is_there() -> None:
    files = render(NEW, workspace=False)
    yaml = [name for name in files if name.endswith(".yaml")]
    assert len(yaml) == 5  # the arrangements, a base case, three scenarios
    for name in yaml:
        first = files[name].splitlines()[0]
        named = re.fullmatch(r"# yaml-language-server: \$schema=(.+)", first)
        assert named, name
        target = Path("/plugin", name).parent / named[1]
        assert str(target.resolve().relative_to("/plugin")) in files


def test_nothing_is_written_over_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(FileExistsError):
        _made(tmp_path / "x")
    assert [p.name for p in tmp_path.rglob("*")] == ["x", "notes.txt"]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    assert (_made(tmp_path / "x") / "README.md").is_file()


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(FileExistsError, match="/a"):
        write({"a": "a file", "a/b": "below a file"}, tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("area", "instead"),
    [
        ("Devon", "Write devon."),
        ("west-sussex", "Write west_sussex."),
        ("West Sussex ", "Write west_sussex."),
        ("2nd", "Write nd."),
        ("", "Write for example devon."),
        ("a" * 41, f"Write {'a' * 40}."),
        ("police", "Write the area's own name."),
        ("national", "Write the area's own name."),
    ],
)
def test_word_that_no_area_can_have(area: str, instead: str) -> None:
    said = scaffold.refuse_area(area)
    assert said is not None
    assert said.endswith(instead)


@pytest.mark.parametrize("area", ["devon", "south_glos", "area51"])
def test_word_for_an_area(area: str) -> None:
    assert scaffold.refuse_area(area) is None


def test_every_wrong_answer_is_named() -> None:
    wrong = NewPlugin(
        area="Devon",
        name=" ",
        document="two\nlines",
        today=date(2026, 11, 22),
        dated="March 2025",
        in_force_from="2025-13",
        email="office",
        phone="ask us",
    )
    said = [line.partition(":")[0] for line in refuse(wrong)]
    assert said == [
        *("NAME", "--title", "--document", "--dated", "--in-force-from", "--email", "--phone"),
    ]


def test_right_answers_are_not_refused() -> None:
    assert refuse(NEW) == ()


def test_title_of_an_area() -> None:
    assert title_of("west_barset") == "West Barset"


def test_repository_is_found_from_within(tmp_path: Path) -> None:
    for folder in ("cspr_core", "plugins/essex"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("", "utf-8")
    assert scaffold.repository(tmp_path / "plugins" / "essex") == tmp_path
    assert scaffold.repository(tmp_path.parent) is None


def test_new_plugin_stands_wherever_another_stands() -> None:
    before = (ROOT / "pyproject.toml").read_text("utf-8")
    after = enter(before, NEW, "essex")
    # The distribution with a hyphen and the package with an underscore; as often as Essex's.
    for old, made in (("cspr-essex", "cspr-west-barset"), ("cspr_essex", "cspr_west_barset")):
        assert before.count(old) == after.count(made) > 0
    project = tomllib.loads(after)
    assert "cspr-west-barset" in project["dependency-groups"]["plugins"]
    assert project["tool"]["uv"]["sources"]["cspr-west-barset"] == {"workspace": True}
    assert "cspr_west_barset.** -> cspr_core.plugins" in str(project["tool"]["importlinter"])


def test_all_else_in_the_project_file_stays() -> None:
    before = (ROOT / "pyproject.toml").read_text("utf-8")
    after = enter(before, NEW, "essex")
    kept = [line for line in after.splitlines() if "west" not in line]
    changed = {line for line in before.splitlines() if line not in kept}
    # Only lines that list packages side by side are not as they were.
    assert changed
    assert all("cspr_essex" in line or "cspr-essex" in line for line in changed)


def test_entering_twice_changes_nothing_more() -> None:
    once = enter((ROOT / "pyproject.toml").read_text("utf-8"), NEW, "essex")
    assert enter(once, NEW, "essex") == once
