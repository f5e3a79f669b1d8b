"""Making the compiled files: `python -m cspr_core.compiling`, once everything is installed.

For the vocabulary, the nation and each area that is installed, beside their YAML. `make setup` does
it; a package takes its file along where it is there when the package is built. Nothing depends on
it: without these files, and after any change, a check reads the YAML and is only slower.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from cspr_core import compiled, packed
from cspr_core.engine.rete import ReteEngine
from cspr_core.plugins import (
    NATIONAL,
    PROVISIONS,
    Plugin,
    PluginError,
    installed,
    load,
    load_arrangements,
    made_from,
    national,
)
from cspr_core.reading.problems import BadInput
from cspr_core.vocabulary import VOCABULARY, written


def compile_vocabulary() -> Path:
    """Make the compiled file of the vocabulary; the path that was written. Raises `OSError`."""
    return _write(VOCABULARY, compiled.content_of(written(), compiled.digest_of([VOCABULARY])))


def compile_arrangements(source: Path) -> Path:
    """Make the compiled file of these arrangements; the path that was written.

    Raises `BadInput` where they are not in order, `PackingError` where they do not come back as
    they were, `OSError` where the file can't be written.
    """
    plugin = load_arrangements(source)
    values = plugin.arrangements, plugin.lowered
    held = packed.pack(values)
    again = packed.unpack(held)
    if again != values or repr(again) != repr(values):
        raise packed.PackingError(f"{source} does not come back as it was")
    content = {"values": held, "ruleset": _ruleset(plugin)}
    return _write(source, compiled.content_of(content, made_from(source)))


def _ruleset(plugin: Plugin) -> object:
    """What durable-rules is given for an area beside the nation; the nation alone is no case."""
    if plugin.area == NATIONAL:
        return None
    both = (*national().lowered, *plugin.lowered)
    return ReteEngine([lowered.program for lowered in both]).written()._asdict()


def _write(source: Path, content: bytes) -> Path:
    target = compiled.path_for(source)
    beside = target.with_name(f".{target.name}.new")  # never half a file, whoever reads meanwhile
    beside.write_bytes(content)
    beside.replace(target)
    return target


def _made() -> Iterator[Path]:
    yield compile_vocabulary()
    yield compile_arrangements(PROVISIONS)
    for area in installed():
        yield compile_arrangements(Path(load(area).file))


def main() -> int:
    """Make them all, with a line for each; 1 where one could not be, and why."""
    try:
        for target in _made():
            sys.stdout.write(f"{target}\n")
    except (BadInput, PluginError, packed.PackingError, OSError) as error:
        sys.stderr.write(f"Not compiled: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
