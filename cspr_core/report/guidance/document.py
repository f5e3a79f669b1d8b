"""What a guidance document is made of: chapters, sections, blocks, and runs of text.

Values only. Each format lays the same document out in its own way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from cspr_core.report.guidance.flow import Flow


@dataclass(frozen=True)
class Run:
    """A piece of text; `strong` stands out, `link` is what it leads to, `anchor` its own name."""

    text: str
    strong: bool = False
    link: str = ""
    anchor: str = ""


Text = tuple[Run, ...]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `note` sets it apart as small print, `lead` keeps it with what follows."""

    text: Text
    note: bool = False
    lead: bool = False


@dataclass(frozen=True)
class Step:
    """A numbered step: `5.3` within its chapter, or `N4` for a national duty.

    `requirement` is the id of what it says; `anchor` is what links to it name. `lead` is the
    sentence above it that completes it, where several steps share one.
    """

    number: str
    requirement: str
    text: Text
    anchor: str
    lead: Text = ()

    @property
    def national(self) -> bool:
        """Whether it is a national duty, which is numbered through the whole document."""
        return self.number.startswith("N")


@dataclass(frozen=True)
class Bullets:
    """A plain list."""

    items: tuple[Text, ...]


@dataclass(frozen=True)
class Table:
    """A table with its heads; `widths` are the columns' shares of 100."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    widths: tuple[int, ...]


@dataclass(frozen=True)
class Picture:
    """A flowchart, with its caption."""

    caption: str
    flow: Flow


Block = Paragraph | Step | Bullets | Table | Picture


@dataclass(frozen=True)
class Section:
    """A part of a chapter; the first of a chapter may have no title."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Chapter:
    """A numbered chapter; `stage` is the stage that it is about, if it is about one."""

    number: int
    title: str
    sections: tuple[Section, ...]
    stage: str = ""

    @property
    def anchor(self) -> str:
        """What links to the chapter name."""
        return f"chapter-{self.number}"

    @property
    def blocks(self) -> Iterator[Block]:
        """Every block of the chapter."""
        for section in self.sections:
            yield from section.blocks

    @property
    def steps(self) -> Iterator[Step]:
        """Every numbered step of the chapter."""
        return (block for block in self.blocks if isinstance(block, Step))


@dataclass(frozen=True)
class Guidance:
    """The whole document: its front page, and its chapters.

    `facts` are the front page's lines: a label and a text. `date` is the day (ISO) on which the
    arrangements were last checked, which stands for the document's own.
    """

    partnership: str
    title: str
    facts: tuple[tuple[str, str], ...]
    notice: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    date: str


def plain(text: Text) -> str:
    """A text without what marks it out."""
    return "".join(run.text for run in text)


def text_of(*parts: str | Run | Iterable[Run]) -> Text:
    """A text from strings, runs and texts; what stands between `**` is strong."""
    found: list[Run] = []
    for part in parts:
        if isinstance(part, Run):
            found.append(part)
        elif isinstance(part, str):
            for index, piece in enumerate(part.split("**")):
                if piece:
                    found.append(Run(piece, strong=bool(index % 2)))
        else:
            found += part
    return tuple(found)


def led(blocks: Iterable[Block]) -> Iterator[tuple[Text, list[Block]]]:
    """Blocks put together under the sentence that leads them; most have none."""
    key = lambda block: block.lead if isinstance(block, Step) else ()  # noqa: E731
    for lead, group in groupby(blocks, key=key):
        yield lead, list(group)
