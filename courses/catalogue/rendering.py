"""From an author's Markdown to the HTML that is stored and shown."""

from collections.abc import Iterator

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {
    "h2", "h3", "h4", "p", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "hr", "br", "a",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
PARSER = MarkdownIt("commonmark", {"html": False})


def rendered(markdown: str) -> str:
    """Safe HTML: HTML in the text is shown as text, then only an allow list of elements and addresses passes."""
    return nh3.clean(PARSER.render(markdown), tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"})


def unsupported(markdown: str) -> Iterator[tuple[int, str]]:
    """What the text asks for and the page would not show: its line, counted from 1, and what to do about it."""
    for token in PARSER.parse(markdown):
        line = token.map[0] + 1 if token.map else 1
        if token.type == "heading_open" and token.tag not in TAGS:
            yield line, "headings go from ## to ####, because the lesson's title is the first heading"
        if any(has_picture(child) for child in token.children or []):
            yield line, "pictures are not supported; describe it in words"


def has_picture(token: Token) -> bool:
    return token.type == "image" or any(has_picture(child) for child in token.children or [])
