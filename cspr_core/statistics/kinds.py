"""Of which kind the agencies of a caseload are, whatever a case calls them.

A case may name an agency by its kind (`police`) or by a key of its own with a kind. Findings name
the key; its kind stands in the facts, or in the case file, and is looked up only for such keys.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from cspr_core.caseload.sources import Partition
from cspr_core.caseload.store import open_facts
from cspr_core.reading.document import read_document
from cspr_core.reading.problems import BadInput
from cspr_core.statistics.outcomes import NO_KIND
from cspr_core.statistics.tally import Kinds
from cspr_core.vocabulary import vocabulary

Pairs = Sequence[tuple[str, str]]


def named_by_kind(pairs: Pairs) -> list[str]:
    """The kinds where only findings are at hand: an agency named by its kind, or not known."""
    return _looked_up(pairs, {})


def kinds_of(partition: Partition) -> Kinds:
    """A function that gives the kinds of agencies of a partition's cases."""

    def kinds(pairs: Pairs) -> list[str]:
        words = vocabulary().words("agencies")
        if all(agency in words for _, agency in pairs):
            return [agency for _, agency in pairs]
        return _looked_up(pairs, dict(_told(partition)))

    return kinds


def _looked_up(pairs: Pairs, found: Mapping[tuple[str, str], str]) -> list[str]:
    kinds = vocabulary().words("agencies")
    return [
        agency if agency in kinds else found.get((case, agency), NO_KIND) for case, agency in pairs
    ]


def _told(partition: Partition) -> Iterator[tuple[tuple[str, str], str]]:
    """Case and key of each agency with a name of its own, and its kind."""
    if partition.kind == "facts":
        yield from _of_facts(partition)
        return
    for data in _cases(partition):
        agencies = data.get("agencies") if isinstance(data, dict) else None
        if isinstance(agencies, dict):  # else there are none, or the check has told of it
            for key, entry in agencies.items():
                if isinstance(entry, dict) and entry.get("kind"):
                    yield (str(data.get("case")), str(key)), str(entry["kind"])


def _of_facts(partition: Partition) -> Iterator[tuple[tuple[str, str], str]]:
    import pyarrow as pa  # noqa: PLC0415  (heavy, and only caseloads need it)
    import pyarrow.compute as pc  # noqa: PLC0415

    file = open_facts(partition.paths[0])
    for group in range(partition.start, partition.stop):
        facts, _ = file.read_sound(group, ["involvement"])
        lists = facts.column("involvement").combine_chunks()
        inside = pc.list_flatten(lists)
        cases = facts.column("case").take(pc.list_parent_indices(lists))
        agency, kind = inside.field("agency"), inside.field("kind")
        own = pa.table([cases, agency, kind], ["case", "agency", "kind"])
        for row in own.filter(pc.not_equal(agency, kind)).to_pylist():
            yield (row["case"], row["agency"]), row["kind"]


def _cases(partition: Partition) -> Iterator[Any]:
    """The cases of files or lines as plain data, those that can be read."""
    if partition.kind == "files":
        for path in partition.paths:
            with suppress(BadInput):
                yield read_document(path).data
        return
    with partition.paths[0].open("rb") as stream:
        stream.seek(partition.start)
        for line in stream.read(partition.stop - partition.start).splitlines():
            with suppress(ValueError, RecursionError):  # the check has told of it
                yield json.loads(line)
