"""The formats in which Moodle and GIFT keep texts: HTML, Markdown, plain text, and plain text that may hold HTML."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from courses.catalogue.banks.errors import LeftOutError
from courses.catalogue.banks.markup import LINK, Markup
from courses.catalogue.banks.runs import LONGEST_TEXT
from courses.catalogue.plain_xml import Node
from courses.catalogue.rendering import PARSER

# What each system calls them.
NAMES = {
    "html": "html", "markdown": "markdown", "plain": "plain", "plain_text": "plain", "moodle": "auto",
    "moodle_auto_format": "auto", "wiki_like": "html",
}  # fmt: skip
TAG = re.compile(
    r"</?(a|abbr|b|big|blockquote|br|center|cite|code|dd|del|div|dl|dt|em|figure|font|h[1-6]|hr|i|img|ins|kbd|li|math|ol"
    r"|p|pre|q|s|samp|script|small|span|strike|strong|style|sub|sup|svg|t[dhrt]|table|tbody|thead|u|ul|var|video|audio"
    r"|iframe)\b[^<]*>|&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});|<!--",
    re.IGNORECASE,
)
MLANG = re.compile(r"\{\s?mlang(?:\s{1,3}([\w, -]{1,60}))?\s?\}", re.IGNORECASE)
WITH_HTML = MarkdownIt("commonmark", {"html": True}).enable("table")


@dataclass
class Texts:
    """Turns the texts of one question into Markdown, whatever format they are in; `format` is one of `NAMES`."""

    markup: Markup

    def block(self, text: str, format: str) -> str:
        """Paragraphs, lists, tables: for prompts and feedback."""
        kind, text = NAMES.get(format, "html"), self.in_language(text)
        if kind == "markdown":
            return self.markdown(text, is_block=True)
        return self.markup.block(tree_of(text, kind))

    def feedback(self, source: str | Node, format: str = "html") -> str:
        """As a block; what is too long or too tangled is dropped, since a question can do without it."""
        try:
            return self.markup.block(source) if isinstance(source, Node) else self.block(source, format)
        except LeftOutError as error:
            self.markup.note(f"feedback that cannot be taken ({error})")
            return ""

    def line(self, text: str, format: str) -> str:
        """One line: for choices."""
        kind, text = NAMES.get(format, "html"), self.in_language(text)
        if kind == "markdown":
            return self.markdown(text, is_block=False)
        return self.markup.line(tree_of(text, kind))

    def in_language(self, text: str) -> str:
        """Of texts that stand side by side as {mlang en}…{mlang}, the one in the language that is read."""
        first, *rest = MLANG.split(text)
        if not rest:
            return text
        said = [marks.lower().replace(" ", "").split(",") if marks else [] for marks in rest[::2]]
        known = {language for languages in said for language in languages}
        own = self.markup.language.lower()
        wanted = own if own in known else "other"
        if others := sorted(known - {wanted}):
            self.markup.note(f"its text in the languages {', '.join(others)[:80]}")
        kept = [part for languages, part in zip(said, rest[1::2], strict=True) if not languages or wanted in languages]
        return "".join([first, *kept])

    def markdown(self, text: str, *, is_block: bool) -> str:
        """The text as it stands where a course shows it so; else by way of its HTML."""
        if len(text) > LONGEST_TEXT:
            raise LeftOutError(f"a text of it has more than {LONGEST_TEXT:,} characters")
        self.markup.go_on()
        text = text.replace("\r\n", "\n").strip()
        moved = self.with_paths(text)
        if moved is not None and (is_block or is_one_line(moved)):
            return moved
        html = WITH_HTML.render(text)
        return self.markup.block(html) if is_block else self.markup.line(html)

    def with_paths(self, text: str) -> str | None:
        """The text with its pictures at their paths in the course; `None` if a course would not show it as it is."""
        tokens = every(WITH_HTML.parse(text))
        if not all(is_at_home(token) for token in tokens):
            return None
        for source in {str(token.attrs["src"]) for token in tokens if token.type == "image"}:
            path = self.markup.picture(source)
            if path is None or f"]({source}" not in text:
                return None
            text = text.replace(f"]({source}", f"]({path}")
        return text


def every(tokens: Sequence[Token]) -> list[Token]:
    """The tokens and those within them."""
    return [inner for token in tokens for inner in [token, *every(token.children or [])]]


def is_at_home(token: Token) -> bool:
    """Whether a course shows what the token stands for: no HTML, no large or tiny headings, pictures with words."""
    match token.type:
        case "html_block" | "html_inline":
            return False
        case "heading_open":
            return token.tag in ("h2", "h3", "h4")
        case "image":
            return bool(token.content.strip())
        case "link_open":
            return bool(LINK.fullmatch(str(token.attrs["href"])))
        case _:
            return True


def tree_of(text: str, kind: str) -> str | Node:
    """What `Markup` reads: HTML, or a tree with the lines of a plain text."""
    if kind == "html":
        return text
    if kind == "auto" and TAG.search(text):
        return re.sub(r"\r?\n", "<br>", text.strip())
    lines = text.strip().splitlines()
    parts: list[Node | str] = [part for line in lines for part in (line, Node("br"))]
    return Node("p", children=parts)


def is_one_line(text: str) -> bool:
    shape = [token.type for token in PARSER.parse(text)]
    return shape == ["paragraph_open", "inline", "paragraph_close"]
