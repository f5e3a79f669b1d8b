"""Compiled files: believed only where they are exactly true, and then they say the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import NamedTuple

import pytest

from cspr_core import check, compiled, compiling, packed, plugins, vocabulary
from cspr_core.check import Rules, check_case
from cspr_core.engine.rete import ReteEngine
from cspr_core.model.finding import Report
from cspr_core.plugins import Plugin, load, load_arrangements, load_installed
from cspr_core.program import Count, Every, Some
from cspr_core.reading.case import read_case
from cspr_core.reading.problems import BadInput
from cspr_core.report.as_json import json_of
from cspr_core.report.findings import report_of

EXAMPLES = Path(__file__).parents[1] / "examples"
AREAS = ("essex", "leeds", "northamptonshire", "south_glos", "staffordshire")
AS_OF = date(2026, 6, 1)
YAML = """\
schema: cspr.arrangements/1
partnership: midshire
name: Midshire
covers: [{document: Guide, dated: 2020-12, in_force_from: 2020-12, checked: 2026-11-21}]
requirements:
  - {id: one, kind: step, title: First, stage: review, source: {section: 1}}
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Arrangements with a true compiled file beside them."""
    path = tmp_path / "arrangements.yaml"
    path.write_text(YAML, encoding="utf-8")
    compiling.compile_arrangements(path)
    return path


def titles(plugin: Plugin) -> list[str]:
    return [requirement.title for requirement in plugin.arrangements.requirements]


def midshire(source: Path) -> Plugin:
    return load_installed(source, "midshire", "1", "cspr-midshire")


def lie(source: Path, made_from: str | None = None) -> None:
    """Put a compiled file there that says something else than the YAML, and is in order."""
    plugin = load_arrangements(source)
    first = plugin.arrangements.requirements[0].model_copy(update={"title": "Compiled"})
    arrangements = plugin.arrangements.model_copy(update={"requirements": (first,)})
    held = packed.pack((arrangements, plugin.lowered))
    content = compiled.content_of(
        {"values": held, "ruleset": None}, made_from or plugins.made_from(source)
    )
    compiled.path_for(source).write_bytes(content)


# --- the file -----------------------------------------------------------------------------------


def test_what_is_written_is_read(source: Path) -> None:
    compiled.path_for(source).write_bytes(compiled.content_of({"a": ["é", 1]}, "hash"))
    assert compiled.read(source, "hash") == {"a": ["é", 1]}


def test_it_stands_beside_its_source() -> None:
    assert compiled.path_for(Path("x/arrangements.yaml")) == Path("x/arrangements.compiled.json")


def test_none_is_none(tmp_path: Path) -> None:
    assert compiled.read(tmp_path / "arrangements.yaml", "hash") is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[:-1],
        lambda content: content.replace(b"First", b"Fi1st"),
        lambda content: content.replace(b"cspr.compiled/1", b"cspr.compiled/2"),
        lambda content: content.partition(b"\n")[0],
        lambda content: b"",
        lambda content: b"\xff" + content,
    ],
)
def test_a_file_that_was_changed_is_none(source: Path, spoil: Callable[[bytes], bytes]) -> None:
    path = compiled.path_for(source)
    assert compiled.read(source, plugins.made_from(source)) is not None
    path.write_bytes(spoil(path.read_bytes()))
    assert compiled.read(source, plugins.made_from(source)) is None
    assert titles(midshire(source)) == ["First"]


def test_the_hash_knows_names_lengths_and_what_came_before(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"ab")
    two.write_bytes(b"c")
    first = compiled.digest_of([one, two])
    assert first == compiled.digest_of([one, two])
    assert first != compiled.digest_of([two, one])
    assert first != compiled.digest_of([one, two], "before")
    one.write_bytes(b"a")
    two.write_bytes(b"bc")  # together the same bytes
    assert first != compiled.digest_of([one, two])


# --- arrangements -------------------------------------------------------------------------------


def test_what_is_installed_is_read_from_its_compiled_file(source: Path) -> None:
    lie(source)  # or nobody could tell
    assert titles(midshire(source)) == ["Compiled"]


def test_arrangements_changed_by_one_character_are_read_anew(source: Path) -> None:
    source.write_text(YAML.replace("First", "Fist"), encoding="utf-8")
    assert titles(midshire(source)) == ["Fist"]


def test_a_file_made_by_other_code_is_not_believed(source: Path) -> None:
    lie(source, "made from something else")
    assert titles(midshire(source)) == ["First"]


def test_the_hash_is_of_the_national_provisions_the_vocabulary_and_the_code() -> None:
    core = Path(plugins.__file__).parent
    for name in plugins._CODE:  # noqa: SLF001
        assert (core / name).exists()
    assert {"national/provisions.yaml", "vocabulary.yaml", "kinds", "model", "reading"} < set(
        plugins._CODE  # noqa: SLF001
    )


def test_a_true_file_that_holds_something_else_is_not_believed(source: Path) -> None:
    content = compiled.content_of([["scalar", 1]], plugins.made_from(source))
    compiled.path_for(source).write_bytes(content)
    assert titles(midshire(source)) == ["First"]


def test_what_cannot_be_unpacked_is_read_the_long_way(source: Path) -> None:
    content = compiled.content_of([["os:system", ["true"]]], plugins.made_from(source))
    compiled.path_for(source).write_bytes(content)
    assert titles(midshire(source)) == ["First"]


def test_another_area_is_refused_with_its_place_all_the_same(source: Path) -> None:
    with pytest.raises(BadInput, match="the file says another partnership"):
        load_installed(source, "midshir", "1", "cspr-midshire")


def test_arrangements_that_are_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no such file"):
        midshire(tmp_path / "arrangements.yaml")


def test_a_folder_that_somebody_names_is_read_by_its_yaml(source: Path, tmp_path: Path) -> None:
    lie(source)
    folder = tmp_path / "named" / "midshire"
    folder.mkdir(parents=True)
    for path in (source, compiled.path_for(source)):
        path.rename(folder / path.name)
    assert titles(load("midshire", folder.parent)) == ["First"]
    assert titles(midshire(folder / "arrangements.yaml")) == ["Compiled"]


# --- what they say is the same ------------------------------------------------------------------


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Plugin, Plugin]]:
    """An area (or the nation) from its YAML, and from a compiled file made of that."""
    folder = tmp_path_factory.mktemp("compiled")

    def made(area: str) -> tuple[Plugin, Plugin]:
        file = plugins.PROVISIONS if area == "national" else Path(load(area).file)
        source = folder / area / file.name
        source.parent.mkdir(exist_ok=True)
        source.write_bytes(file.read_bytes())
        compiling.compile_arrangements(source)
        return load_arrangements(source), load_installed(source, area, "0", "")

    return made


@pytest.mark.parametrize("area", [*AREAS, "national"])
def test_an_area_comes_back_field_by_field(
    area: str, both: Callable[[str], tuple[Plugin, Plugin]]
) -> None:
    by_yaml, back = both(area)
    assert back == by_yaml
    assert repr(back.arrangements) == repr(by_yaml.arrangements)
    assert repr(back.lowered) == repr(by_yaml.lowered)
    assert back.arrangements.model_dump(by_alias=True) == by_yaml.arrangements.model_dump(
        by_alias=True
    )
    for one, other in zip(back.lowered, back.arrangements.requirements, strict=True):
        assert one.requirement is other


@pytest.mark.slow
@pytest.mark.parametrize("area", AREAS)
def test_every_example_has_the_same_report_byte_for_byte(
    area: str,
    both: Callable[[str], tuple[Plugin, Plugin]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pairs = list(zip(both(area), both("national"), strict=True))

    def reports(path: Path, rules: Rules) -> tuple[Report, ...]:
        monkeypatch.setattr(check, "rules_for", lambda *_: rules)
        return (report_of(check_case(read_case(path, today=None), AS_OF)),)

    by_yaml, back = (Rules(plugin, nation) for plugin, nation in pairs)
    for path in sorted((EXAMPLES / area).glob("*.yaml")):
        said = json_of(reports(path, by_yaml), several=False)
        assert json_of(reports(path, back), several=False) == said


# --- packing ------------------------------------------------------------------------------------


def test_equal_values_are_one_value_again() -> None:
    value = (Every((Count("a"), Count("b"))), Some((Count("a"), Count("b"))))
    every, some = packed.unpack(json.loads(json.dumps(packed.pack(value))))
    assert (every, some) == value
    assert every.of is some.of


def test_values_that_are_only_called_equal_stay_apart() -> None:
    value = (1, True, 0, False, "1", None, (), {}, set[str](), date(2026, 1, 1), {"b": 1, "a": 2})
    back = packed.unpack(json.loads(json.dumps(packed.pack(value))))
    assert repr(back) == repr(value)  # 1 == True, and the order of keys is no part of ==


def test_other_classes_have_no_place() -> None:
    with pytest.raises(packed.PackingError, match="Path"):
        packed.pack((Path("x"),))


class Pair(NamedTuple):
    one: int


@pytest.mark.parametrize("home", ["cspr_core.model.patterns", "elsewhere"])
def test_classes_without_fields_have_no_place(home: str) -> None:
    odd = type("Odd", (), {"__module__": home})
    with pytest.raises(packed.PackingError, match="Odd"):
        packed.pack(odd())


def test_a_named_tuple_of_ours_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cspr_core.program.Pair", Pair, raising=False)
    monkeypatch.setattr(Pair, "__module__", "cspr_core.program")
    back = packed.unpack(packed.pack((Pair(3), (3,))))
    assert [type(part) for part in back] == [Pair, tuple]


@pytest.mark.parametrize(
    "spoilt",
    [
        [],
        [["os:system", [0]]],
        [["cspr_core.program:nothing", [0]]],
        [["cspr_core.model.nowhere:X", [0]]],
        [["cspr_core.model.patterns:re", [0]]],
        [["tuple", [7]]],
        [["scalar", 1], ["cspr_core.program:Count", [0, 0, 0, 0, 0]]],
        "text",
        3,
    ],
)
def test_what_was_never_packed_is_refused(spoilt: packed.Packed) -> None:
    with pytest.raises(packed.PackingError):
        packed.unpack(spoilt)


# --- the vocabulary, and making them all ----------------------------------------------------------


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The vocabulary and the provisions in a folder of their own; one area is installed there."""
    for module, name in ((vocabulary, "VOCABULARY"), (plugins, "PROVISIONS")):
        file: Path = getattr(module, name)
        copy = tmp_path / file.name
        copy.write_bytes(file.read_bytes())
        monkeypatch.setattr(module, name, copy)
        monkeypatch.setattr(compiling, name, copy)
    (tmp_path / "arrangements.yaml").write_text(YAML, encoding="utf-8")
    point = EntryPoint("midshire", "midshire", "cspr")
    monkeypatch.setattr(compiling, "installed", lambda: {"midshire": (point,)})
    monkeypatch.setattr(
        compiling, "load", lambda _: load_arrangements(tmp_path / "arrangements.yaml")
    )
    return tmp_path


def test_all_are_made_and_told(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert compiling.main() == 0
    names = ["vocabulary", "provisions", "arrangements"]
    made = [str(elsewhere / f"{name}.compiled.json") for name in names]
    assert capsys.readouterr().out.splitlines() == made
    assert sorted(str(path) for path in elsewhere.glob("*.json*")) == sorted(made)


def test_the_vocabulary_comes_back(elsewhere: Path) -> None:
    by_yaml = vocabulary.vocabulary.__wrapped__()
    path = compiling.compile_vocabulary()
    assert vocabulary.vocabulary.__wrapped__() == by_yaml
    head, _, body = path.read_bytes().partition(b"\n")
    assert head  # what follows is in use: without the stages there are none
    data = {**json.loads(body), "stages": {}}
    made_from = compiled.digest_of([elsewhere / "vocabulary.yaml"])
    path.write_bytes(compiled.content_of(data, made_from))
    assert vocabulary.vocabulary.__wrapped__().words("stages") == {}


def test_what_is_not_in_order_is_not_compiled(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (elsewhere / "arrangements.yaml").write_text(YAML.replace("step", "stop"), encoding="utf-8")
    assert compiling.main() == 1
    assert "arrangements.yaml:6:" in capsys.readouterr().err
    assert not (elsewhere / "arrangements.compiled.json").exists()


def test_what_would_not_come_back_is_not_compiled(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(packed, "unpack", lambda _: ())
    assert compiling.main() == 1
    assert "does not come back as it was" in capsys.readouterr().err
    assert not (elsewhere / "provisions.compiled.json").exists()


# --- the ruleset --------------------------------------------------------------------------------


def test_the_ruleset_comes_back_as_it_is_written_anew() -> None:
    rules = check.rules_for("staffordshire")
    path = Path(rules.plugin.file)
    if compiled.read(path, plugins.made_from(path)) is None:
        compiling.compile_arrangements(path)
    read = load_installed(path, "staffordshire", "1", "cspr-staffordshire")
    assert read.ruleset is not None
    both = (*plugins.national().lowered, *load_arrangements(path).lowered)
    anew = ReteEngine([lowered.program for lowered in both]).written()
    assert (read.ruleset.text, read.ruleset.triggers) == (anew.text, anew.triggers)


def test_the_ruleset_is_for_the_very_same_requirements_alone(source: Path) -> None:
    plugin, nation = midshire(source), plugins.national()
    assert plugin.ruleset is not None
    assert Rules(plugin, nation).ruleset is not None
    shorter = replace(plugin, lowered=plugin.lowered[1:])
    other = replace(nation, lowered=nation.lowered[:-1])
    assert Rules(replace(plugin, ruleset=None), nation).ruleset is None
    assert Rules(shorter, nation).ruleset is None
    assert Rules(plugin, other).ruleset is None


def test_a_ruleset_of_another_shape_is_none(source: Path) -> None:
    plugin = load_arrangements(source)
    held = packed.pack((plugin.arrangements, plugin.lowered))
    content = compiled.content_of({"values": held, "ruleset": "odd"}, plugins.made_from(source))
    compiled.path_for(source).write_bytes(content)
    assert midshire(source).ruleset is None


def test_other_values_than_arrangements_are_none(source: Path) -> None:
    content = {"values": packed.pack(("one", "two")), "ruleset": None}
    made = compiled.content_of(content, plugins.made_from(source))
    compiled.path_for(source).write_bytes(made)
    assert titles(midshire(source)) == ["First"]
