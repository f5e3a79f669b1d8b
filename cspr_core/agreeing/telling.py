"""What `cspr agree` tells: how much was compared, by area, and each difference in words."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib import metadata

import cspr_core
from cspr_core.agreeing.comparing import COUNTED, Difference
from cspr_core.engine.rete import available

_NUMBERED = 12  # characters: room for a hundred million, and a space


def engines() -> list[str]:
    """The engines that run here, with the versions of what they are made with."""
    found = [f"durable-rules {metadata.version('durable-rules')}"] if available() else []
    made_with = ", ".join(f"{name} {metadata.version(name)}" for name in ("duckdb", "numpy"))
    return [*found, f"reference (Python {platform.python_version()})", f"table ({made_with})"]


def table(counts: Mapping[str, Counter[str]]) -> str:
    """How much was compared, by area and in all."""
    width = max(map(len, [*counts, "in all"])) + 1
    whole = sum(counts.values(), Counter[str]())
    lines = ["".join([" " * width, *(name.rjust(_NUMBERED) for name in COUNTED)])]
    for name, mine in [*counts.items(), *([("in all", whole)] if len(counts) > 1 else [])]:
        numbers = (f"{mine[what]:,}".rjust(_NUMBERED) for what in COUNTED)
        lines.append("".join([name.ljust(width), *numbers]))
    return "\n".join(lines)


def ran() -> str:
    """What ran."""
    without = "" if available() else " durable-rules is not installed: it was not compared."
    return f"Engines: {', '.join(engines())}; cspr {cspr_core.__version__}.{without}"


def told(difference: Difference) -> Iterator[str]:
    """A difference in words, one line for each engine."""
    whose = difference.requirement or "no requirement in particular"
    about = f", {difference.subject}" if difference.subject else ""
    yield f"{difference.what}: {whose}{about}"
    for engine, said in difference.said:
        yield f"  {engine}: {said}"
