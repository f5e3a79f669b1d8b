"""From pydantic's errors to mistakes in words, one each, with the loc in the file.

Works for any model: unions give one mistake and not one for each branch, an unknown key gets
the nearest known one, a wrong shape is told as what is there and what is due.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from cspr_core.model.characters import odd_character
from cspr_core.reading.tree import quote
from cspr_core.reading.words import alternatives, nearest, refuse_word

Loc = tuple[str | int, ...]

_KEYS_DUE = {"model_type", "model_attributes_type", "dict_type", "mapping_type", "dataclass_type"}
_LIST_DUE = {"tuple_type", "list_type", "set_type", "frozen_set_type", "iterable_type"}
_SHAPE = _KEYS_DUE | _LIST_DUE | {"string_type", "literal_error", "int_type", "bool_type"}
_MAX_KEYS = 12
_TIGHT = re.compile(r"[a-z_]+:\S")


@dataclass(frozen=True)
class Mistake:
    """One mistake: where (`missing`: the last step of `loc` is what is not there) and what.

    `meant` is the word that probably was, where all the rest of an entry hangs on it.
    """

    loc: Loc
    what: str
    remedy: str
    at_key: bool = False
    missing: bool = False
    meant: str | None = None


class _Found(NamedTuple):
    """One of pydantic's errors, with where it leads in the data."""

    error: Any
    raw: Loc
    path: Loc
    branches: tuple[tuple[int, str | int], ...]  # (index in raw, name of the union's branch)
    holder: Any  # the data at `path`; for what is missing, at the holder


def find_mistakes(error: ValidationError, data: Any, model: type[BaseModel]) -> list[Mistake]:
    """Every mistake that a failed validation of `data` against `model` tells of."""
    found = [_locate(e, data) for e in error.errors(include_url=False)]
    chosen, also = _choose_branches(found)
    mistakes = [_mistake(f, data, model, also) for f in chosen]
    # a required key that is misspelt is one mistake, not an unknown key and a missing one
    misspelt = {
        (f.path[:-1], near)
        for f in chosen
        if f.error["type"] == "extra_forbidden"
        and (near := _meant(str(f.path[-1]), _keys_at(f.path[:-1], data, model)))
    }
    return [
        m
        for f, m in zip(chosen, mistakes, strict=True)
        if not (m.missing and (m.loc[:-1], m.loc[-1]) in misspelt)
        # entries that failed count as not there: their own mistakes say enough
        and not (f.error["type"] == "too_short" and f.holder)
    ]


def _locate(error: Any, data: Any) -> _Found:
    """Follow an error's loc through the data; what leads nowhere names a union's branch."""
    raw: Loc = tuple(error["loc"])
    steps = raw[:-1] if error["type"] == "missing" or raw[-1:] == ("[key]",) else raw
    best: tuple[tuple[Any, ...], Loc, tuple[tuple[int, str | int], ...], Any] | None = None
    for path, branches, at in _walks(data, steps, 0):
        # the error's own input is the surest sign; then as little as possible left over
        score = (at is error["input"], len(path), [-i for i, _ in branches])
        if best is None or score > best[0]:
            best = (score, path, branches, at)
    assert best is not None  # noqa: S101  (skipping every step is a walk)
    _, path, branches, at = best
    return _Found(error, raw, path, branches, at)


def _walks(
    data: Any, steps: Loc, index: int
) -> Iterator[tuple[Loc, tuple[tuple[int, str | int], ...], Any]]:
    if index == len(steps):
        yield (), (), data
        return
    step = steps[index]
    inside = isinstance(data, dict) and step in data
    listed = isinstance(data, list) and isinstance(step, int) and step < len(data)
    if inside or listed:
        for path, branches, at in _walks(data[step], steps, index + 1):
            yield (step, *path), branches, at
    if isinstance(step, str) or not listed:
        for path, branches, at in _walks(data, steps, index + 1):
            yield path, ((index, step), *branches), at


def _choose_branches(found: list[_Found]) -> tuple[list[_Found], dict[Loc, list[str]]]:
    """Of each union the branch that fits best, and the fixed words that would do as well."""
    also: dict[Loc, list[str]] = {}
    unions: dict[Loc, list[_Found]] = {}
    for f in found:
        for i, name in f.branches:
            if isinstance(name, str):
                unions.setdefault(f.raw[:i], []).append(f)
    dropped: set[int] = set()  # by identity: an error's values need not be hashable
    for prefix in sorted(unions, key=len):  # a union inside another comes after it
        n = len(prefix)
        branches: dict[str | int, list[_Found]] = {}
        for f in unions[prefix]:
            if id(f) not in dropped:
                branches.setdefault(f.raw[n], []).append(f)
        badness = {name: _badness(errors, n) for name, errors in branches.items()}
        best = min(badness, key=badness.__getitem__, default=None)
        for f in (f for name, errors in branches.items() if name != best for f in errors):
            dropped.add(id(f))
            if f.error["type"] == "literal_error" and len(f.raw) == n + 1:
                also.setdefault(f.path, []).extend(_expected(f.error))
    return [f for f in found if id(f) not in dropped], also


def _badness(errors: list[_Found], n: int) -> tuple[int, int, int]:
    """How badly one branch of a union fits: wrong kind of thing, wrong keys, number of errors."""
    shape = sum(len(f.raw) == n + 1 and f.error["type"] in _SHAPE for f in errors)
    keys = sum(f.error["type"] in {"missing", "extra_forbidden"} for f in errors)
    return shape, keys, len(errors)


def _expected(error: Any) -> list[str]:
    return re.findall(r"'([^']*)'", str(error["ctx"]["expected"]))


def _mistake(f: _Found, data: Any, model: type[BaseModel], also: dict[Loc, list[str]]) -> Mistake:
    kind = f.error["type"]
    value = f.error["input"]
    if kind == "missing":
        name = str(f.raw[-1])
        return Mistake((*f.path, name), f"`{name}` is missing", f"Add `{name}:`", missing=True)
    if kind == "extra_forbidden":
        return _unknown_key(f, data, model)
    if kind == "union_tag_invalid":
        return _bad_tag(f, value)
    if kind == "union_tag_not_found":
        return _no_tag(f, value, data, model)
    what, remedy = _words(f, kind, value, data, model)
    if f.path in also:
        remedy = f"{remedy}, or {alternatives(also[f.path])}"
    return Mistake(f.path, what, remedy, at_key=f.raw[-1:] == ("[key]",))


def _words(f: _Found, kind: str, value: Any, data: Any, model: type[BaseModel]) -> tuple[str, str]:
    """What is wrong and the remedy, by the kind of error."""
    context = f.error.get("ctx", {})
    if "what" in context and "remedy" in context:
        return context["what"], context["remedy"]
    if isinstance(value, str) and (odd := odd_character(value)) and kind != "value_error":
        return odd
    if kind == "literal_error":
        return _not_a_word(value, _expected(f.error))
    if kind in _KEYS_DUE:
        return _not_keys(value, _keys_at(f.path, data, model))
    if kind in _LIST_DUE:
        return _not_a_list(value)
    if kind == "too_short":
        return "There is no entry in this list", "Write at least one"
    if kind == "string_type":
        return _there_is(value, "one value is due"), "Write one value"
    if kind in {"value_error", "assertion_error"}:
        # a model's own sentence, perhaps with the remedy as its second
        said = str(f.error["msg"]).split(", ", 1)[-1].strip().rstrip(".")
        what, _, remedy = said.partition(". ")
        return what, remedy or "Correct the entry"
    said = str(f.error["msg"]).rstrip(".")
    return "This value does not fit here", said[:1].upper() + said[1:]


def _not_a_word(value: Any, words: list[str]) -> tuple[str, str]:
    if value is None or value == "":
        return "There is no value here", f"Write {alternatives(words)}"
    if not isinstance(value, str):
        return _there_is(value, "one word is due"), f"Write {alternatives(words)}"
    return refuse_word(value, words)


def _there_is(value: Any, due: str) -> str:
    if value is None or value == "":
        return f"There is nothing here where {due}"
    if isinstance(value, dict):
        return f"There are keys here where {due}"
    if isinstance(value, list):
        return f"There is a list here where {due}"
    return f"There is a single value here where {due}"


def _not_keys(value: Any, keys: list[str]) -> tuple[str, str]:
    which = f": {', '.join(keys)}" if 0 < len(keys) <= _MAX_KEYS else ""
    if isinstance(value, str) and _TIGHT.match(value):
        return "There is no space after the colon here", "Write one"
    if isinstance(value, list):
        remedy = f"Write keys with colons, without hyphens or brackets{which}"
    else:
        remedy = f"Write its keys, each with a colon{which}"
    return _there_is(value, "keys are due"), remedy


def _not_a_list(value: Any) -> tuple[str, str]:
    if isinstance(value, str) and re.match(r"-\w", value):
        return "There is no space after the hyphen here", "Write one"
    if isinstance(value, dict):
        remedy = "Put a hyphen and a space before the first key of each entry"
    elif isinstance(value, str) and value:
        remedy = "Begin each entry with a hyphen and a space, in a line of its own"
    else:
        remedy = "Write its entries, [] for none, or leave the key out"
    return _there_is(value, "a list is due"), remedy


def _bad_tag(f: _Found, value: Any) -> Mistake:
    """The word that should tell a union's branches apart is none of theirs."""
    context = f.error["ctx"]
    tag = str(context["tag"])
    words = re.findall(r"'([^']*)'", str(context["expected_tags"]))
    at = next((k for k, v in value.items() if v == tag), None) if isinstance(value, dict) else None
    what, remedy = refuse_word(tag, words)
    if at is None:
        return Mistake(f.path, what, remedy)
    return Mistake((*f.path, at), what, remedy, meant=nearest(tag, words))


def _no_tag(f: _Found, value: Any, data: Any, model: type[BaseModel]) -> Mistake:
    """What should tell a union's branches apart is missing; it may be a function of ours."""
    name = str(f.error["ctx"]["discriminator"]).strip("'")
    if not isinstance(value, dict):
        return Mistake(
            f.path,
            "What stands here is none of the forms that may",
            "Look the forms up in the docs",
        )
    options = [o for o in _at(f.path, data, model) if isinstance(o, type)]
    models = [o for o in options if issubclass(o, BaseModel)]
    tag = name if name.isidentifier() else _fixed(models)
    if tag is not None:
        words = [get_args(m.model_fields[tag].annotation)[0] for m in models if tag != name]
        return Mistake(
            f.path,
            f"`{tag}` is missing",
            f"Add `{tag}:`" + (f" with {alternatives(words)}" if words else ""),
        )
    leading = list(dict.fromkeys(key for m in models if (key := _first(m)) is not None))
    for key in value:
        near = nearest(key, leading) if key not in _keys_at(f.path, data, model) else None
        if near:
            return Mistake(
                (*f.path, key),
                f"{quote(key, 'This key')[:1].upper()}{quote(key, 'This key')[1:]} is not a key"
                " that may stand here",
                f"Write `{near}` if that was meant",
                at_key=True,
            )
    return Mistake(
        f.path,
        "These keys make up none of the forms that may stand here",
        f"Begin with {alternatives(leading)}" if leading else "Look the forms up in the docs",
    )


def _fixed(models: list[type[BaseModel]]) -> str | None:
    """The key of which each of the models has one fixed word, if there is one."""
    for name in models[0].model_fields if models else ():
        fields = [m.model_fields.get(name) for m in models]
        if all(
            field is not None
            and get_origin(field.annotation) is Literal
            and len(get_args(field.annotation)) == 1
            for field in fields
        ):
            return name
    return None


def _first(model: type[BaseModel]) -> str | None:
    """The first key that a model has to have: the one that says which it is."""
    fields = model.model_fields.items()
    return next((info.alias or name for name, info in fields if info.is_required()), None)


def _meant(name: str, keys: list[str]) -> str | None:
    """The key that an unknown one probably stands for."""
    return nearest(name.partition(":")[0] if _TIGHT.match(name) else name, keys)


def _unknown_key(f: _Found, data: Any, model: type[BaseModel]) -> Mistake:
    name = str(f.path[-1])
    if _TIGHT.match(name):
        return Mistake(f.path, "There is no space after the colon here", "Write one", at_key=True)
    keys = _keys_at(f.path[:-1], data, model)
    near = nearest(name, keys)
    shown = quote(name, "This")
    what = f"{shown[0].upper() + shown[1:]} is not a key that may stand here"
    if (told := _of_another(f.path, data, model)) is not None:
        tag, written, others = told
        what = f"`{name}` does not go with `{tag}: {written}`"
        remedy = f"Correct `{tag}` if {alternatives(others)} was meant; else leave this key out"
        return Mistake(f.path, what, remedy, at_key=True)
    if near:
        remedy = f"Write `{near}` if that was meant, or leave it out"
    elif 0 < len(keys) <= _MAX_KEYS:
        remedy = f"Leave it out; the keys here are {', '.join(keys)}"
    else:
        remedy = "Leave it out"
    return Mistake(f.path, what, remedy, at_key=True)


def _of_another(path: Loc, data: Any, model: type[BaseModel]) -> tuple[str, str, list[str]] | None:
    """The word that says what an entry is, and those of which the key at `path` would be one."""
    *holder, name = path
    if not holder:
        return None
    options = [o for c in _at(tuple(holder[:-1]), data, model) for o in _step(c, holder[-1])]
    models = [o for o in options if isinstance(o, type) and issubclass(o, BaseModel)]
    tag = _fixed(models) if len(models) > 1 else None
    for step in holder:
        data = data[step]
    if tag is None or not isinstance(data.get(tag), str):
        return None
    others = [
        word
        for m in models
        if name in {info.alias or key for key, info in m.model_fields.items()}
        and (word := get_args(m.model_fields[tag].annotation)[0]) != data[tag]
    ]
    return (tag, data[tag], others) if others else None


def _keys_at(path: Loc, data: Any, model: type[BaseModel]) -> list[str]:
    """The keys that the model knows for the group of keys at `path`."""
    keys: list[str] = []
    for candidate in _at(path, data, model):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            keys += [info.alias or name for name, info in candidate.model_fields.items()]
    return list(dict.fromkeys(keys))


def _at(path: Loc, data: Any, model: type[BaseModel]) -> list[Any]:
    """The types that what stands at `path` may be of."""
    candidates = _options(model)
    for step in path:
        data = data[step]  # a path leads through the data: `_locate` has followed it
        candidates = [o for c in candidates for o in _step(c, step)]
        if not isinstance(data, list):  # a single value may stand for a list of one
            candidates = [o for c in candidates for o in _single(c)]
        candidates = [c for c in candidates if _may_be(c, data)] or candidates
    return candidates


def _single(annotation: Any) -> list[Any]:
    """The types that a list's entries may have, of a list; else the type itself."""
    entries = get_args(annotation) if get_origin(annotation) in {list, tuple} else ()
    return _options(entries[0]) if entries else [annotation]


def _options(annotation: Any) -> list[Any]:
    """The types that a value may have: unions and aliases opened up."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _options(get_args(annotation)[0])
    if origin is Union or origin is types.UnionType:
        return [o for a in get_args(annotation) for o in _options(a)]
    return [annotation]


def _step(annotation: Any, step: str | int) -> list[Any]:
    """The types one step further down."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, info in annotation.model_fields.items():
            if step == (info.alias or name):
                return _options(info.annotation)
        return []
    arguments = get_args(annotation)
    if get_origin(annotation) is dict:
        return _options(arguments[1])
    if get_origin(annotation) in {list, tuple, set, frozenset} and arguments:
        return _options(arguments[0])
    return []


def _may_be(annotation: Any, data: Any) -> bool:
    """False for a model whose fixed words (`kind: deadline`) say that the data is another's."""
    if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        return not isinstance(data, dict) or get_origin(annotation) is dict
    if not isinstance(data, dict):
        return True
    for name, info in annotation.model_fields.items():
        written = data.get(info.alias or name)
        if (
            get_origin(info.annotation) is Literal
            and len(get_args(info.annotation)) == 1
            and isinstance(written, str)
            and written not in get_args(info.annotation)
        ):
            return False
    return True
