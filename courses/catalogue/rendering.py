"""From an author's Markdown to the HTML that is stored and shown."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

TAGS = {
    "h2", "h3", "h4", "p", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "hr", "br", "a", "img",
    "table", "thead", "tbody", "tr", "th", "td", "div",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href"},
    "ol": {"start"},
    "img": {"src", "alt", "width", "height", "loading"},
    "div": {"class", "tabindex", "role", "aria-label"},
    "th": {"scope", "class"},
    "td": {"class"},
}
# Fences that are no code but something of their own, in the flow of the lesson.
SPECIAL = ("question", "video", "package")
PICTURE = re.compile(r"pictures/\S+")
DOWNLOAD = re.compile(r"files/\S+")
LESSON = re.compile(r"(\d\d-[a-z0-9-]+)\.md")
COURSE = re.compile(
    r"course:([a-z0-9]+(?:-[a-z0-9]+)*)(?:/([a-z0-9]+(?:-[a-z0-9]+)*))?"
)  # another one, or a lesson of it
ELSEWHERE = re.compile(r"(https?://[^/\s]+|mailto:[^@\s]+@)\S*")

# From the address that the author wrote to the one that the page uses, with width and height if it is a picture.
Resolve = Callable[[str], tuple[str, dict[str, Any]]]


class Renderer(RendererHTML):
    """Tables can be scrolled sideways by keyboard, pictures load when they come into sight."""

    def table_open(self, tokens: Sequence[Token], idx: int, options: Any, env: dict[str, Any]) -> str:  # noqa: ANN401
        label = next((words_of(one) for one in reversed(tokens[:idx]) if one.type == "inline"), "")
        named = nh3.clean_text(label[:80])
        return f'<div class="table-wrap" tabindex="0" role="region" aria-label="{named}"><table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: Any, env: dict[str, Any]) -> str:  # noqa: ANN401
        return "</table></div>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, options: Any, env: dict[str, Any]) -> str:  # noqa: ANN401
        return '<th scope="col">'

    def td_open(self, tokens: Sequence[Token], idx: int, options: Any, env: dict[str, Any]) -> str:  # noqa: ANN401
        return "<td>"


def words_of(inline: Token) -> str:
    """The text of a line without its marks."""
    return "".join(one.content for one in inline.children or [] if one.type in ("text", "code_inline"))


PARSER = MarkdownIt("commonmark", {"html": False}, renderer_cls=Renderer).enable("table")


@dataclass(frozen=True)
class Piece:
    """A stretch of a lesson: `kind` is "text", or one of `SPECIAL` with the content of its fence.

    `line` is the first line of the content, counted from 1.
    """

    kind: str
    tokens: list[Token]
    content: str
    line: int


def pieces(markdown: str) -> list[Piece]:
    """The lesson in its parts, in order."""
    found: list[Piece] = []
    for token in PARSER.parse(markdown):
        kind = special_kind(token)
        if kind != "text":
            found.append(Piece(kind, [], token.content, line_of(token) + 1))
        elif found and found[-1].kind == "text":
            found[-1].tokens.append(token)
        else:
            found.append(Piece("text", [token], "", line_of(token)))
    return found


def special_kind(token: Token) -> str:
    named = token.info.split()[:1] if token.type == "fence" and token.level == 0 else []
    return named[0] if named and named[0] in SPECIAL else "text"


def line_of(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1


def unresolved(address: str) -> tuple[str, dict[str, Any]]:
    """Takes every address as it stands: for texts whose pictures have no page yet."""
    return address, {}


def rendered(markdown: str, resolve: Resolve = unresolved) -> str:
    """Safe HTML: HTML in the text is shown as text, then only an allow list of elements and addresses passes."""
    return rendered_tokens(PARSER.parse(markdown), resolve)


def rendered_inline(markdown: str, resolve: Resolve = unresolved) -> str:
    """The same for what stands within a line, such as a choice."""
    return cleaned(rendered_with(PARSER.parseInline(markdown), resolve))


def rendered_tokens(tokens: list[Token], resolve: Resolve) -> str:
    return cleaned(rendered_with(tokens, resolve))


def rendered_with(tokens: list[Token], resolve: Resolve) -> str:
    for token in every(tokens):
        point(token, resolve)
    return str(PARSER.renderer.render(tokens, PARSER.options, {}))


def point(token: Token, resolve: Resolve) -> None:
    """Gives a picture or link its address on the page."""
    if token.type == "image":
        source, size = resolve(str(token.attrs.get("src", "")))
        token.attrs = {**token.attrs, "src": source, "loading": "lazy", **size}
    if token.type == "link_open":
        token.attrs = {**token.attrs, "href": resolve(str(token.attrs.get("href", "")))[0]}


def cleaned(html: str) -> str:
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"})


def every(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from every(token.children or [])


def addresses(markdown: str) -> Iterator[tuple[int, str, bool]]:
    """Every link and picture: its line, its address, and whether it is a picture."""
    for token in PARSER.parse(markdown):
        for inner in every([token]):
            if inner.type == "image":
                yield line_of(token), str(inner.attrs.get("src", "")), True
            if inner.type == "link_open":
                yield line_of(token), str(inner.attrs.get("href", "")), False


def unsupported(markdown: str) -> Iterator[tuple[int, str]]:
    """What the text asks for and the page would not show: its line, counted from 1, and what to do about it."""
    for token in PARSER.parse(markdown):
        line = line_of(token)
        if token.type == "heading_open" and token.tag not in TAGS:
            yield line, "headings go from ## to ####, because the lesson's title is the first heading"
        if token.type == "fence" and token.level and token.info.split()[:1] and token.info.split()[0] in SPECIAL:
            yield line, f"a {token.info.split()[0]} stands at the left margin, not inside a list or quotation"
        for inner in every(token.children or []):
            if inner.type == "image" and not inner.content.strip():
                yield line, "a picture needs words that say what it shows: ![Words](pictures/…)"
