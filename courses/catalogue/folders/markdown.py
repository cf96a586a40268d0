"""What a page cannot show of a Markdown text, and what it leads to: found once for each text."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt

from courses.catalogue.rendering import PARSER, Piece, addresses, every, line_of, pieces, unsupported

LONGEST_PARAGRAPH = 8_000  # characters; brackets without end take a time that grows with the square of it
BLOCKS = MarkdownIt("commonmark", {"html": False}).enable("table").disable("inline")
# Without any of these a text holds no link, picture, fence or heading.
MARKED = re.compile(r"[\[<`~]|^ {0,3}(#|=+ *$|-+ *$)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Look:
    """`addresses`: line, address, and whether it is a picture. `pictures`: line, and the words that stand for it.
    `faults`: line and what to do about it. `pieces`: the questions, videos and packages. Lines count from 1."""

    addresses: tuple[tuple[int, str, bool], ...] = ()
    pictures: tuple[tuple[int, str], ...] = ()
    faults: tuple[tuple[int, str], ...] = ()
    pieces: tuple[Piece, ...] = ()


@lru_cache(maxsize=10_000)
def look(markdown: str) -> Look:
    """Kept, because of a course that is read again hardly any text has changed. In a text with too long a paragraph
    nothing but that is found."""
    if faults := tuple(long_paragraphs(markdown)):
        return Look(faults=faults)
    if not MARKED.search(markdown):
        return Look()
    return Look(
        addresses=tuple(addresses(markdown)),
        pictures=tuple(pictures(markdown)),
        faults=(*unsupported(markdown), *wordless_links(markdown)),
        pieces=tuple(piece for piece in pieces(markdown) if piece.kind != "text"),
    )


def look_in_line(markdown: str) -> Look:
    """The same for what stands within a line, such as a choice: there are no headings and fences."""
    return look(f"Choice: {' '.join(markdown.split())}")


def long_paragraphs(markdown: str) -> Iterator[tuple[int, str]]:
    if len(markdown) <= LONGEST_PARAGRAPH:
        return
    for token in BLOCKS.parse(markdown):
        if token.type == "inline" and len(token.content) > LONGEST_PARAGRAPH:
            yield (
                line_of(token),
                f"a paragraph has {len(token.content):,} characters, {LONGEST_PARAGRAPH:,} are allowed",
            )


def pictures(markdown: str) -> Iterator[tuple[int, str]]:
    for token in PARSER.parse(markdown) if "![" in markdown else ():
        yield from ((line_of(token), inner.content) for inner in every([token]) if inner.type == "image")


def wordless_links(markdown: str) -> Iterator[tuple[int, str]]:
    """Links that nobody hears or sees."""
    for token in PARSER.parse(markdown) if "[" in markdown else ():
        inner = list(every(token.children or []))
        for link, after in itertools.pairwise(inner):
            if link.type == "link_open" and after.type == "link_close":
                yield line_of(token), "a link needs words that say where it leads: [Words](02-next.md)"
