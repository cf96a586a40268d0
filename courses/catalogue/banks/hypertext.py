"""HTML, however broken, as a tree of nodes. Time and memory are in proportion to the text, whatever it holds.

Own code, because neither parser at hand keeps that promise: the standard library's takes minutes for 200 KB of unclosed
comments or tags (before Python 3.11.14), and the rules of HTML 5 themselves make 28 MB out of 37 KB of misnested
formatting. The tree is never shown: it becomes Markdown, which is rendered and cleaned like any author's.
"""

import html
import re

from courses.catalogue.banks.errors import LeftOutError
from courses.catalogue.plain_xml import DEEPEST, Node

LONGEST = 400_000  # characters, without embedded pictures
MOST_NODES = 50_000
VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
}  # fmt: skip
RAW = {"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"}  # no tags within
PARAGRAPH_ENDS = {
    "address", "article", "aside", "blockquote", "center", "details", "dd", "dir", "div", "dl", "dt", "fieldset",
    "figure", "figcaption", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main",
    "menu", "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
CELLS = {"td", "th", "caption"}
ROWS = {"thead", "tbody", "tfoot"}
# What an opening tag closes, and the element beyond which it closes nothing.
CLOSES: dict[str, tuple[set[str], set[str]]] = {
    "li": ({"li"}, {"ul", "ol", "menu"}),
    "dt": ({"dt", "dd"}, {"dl"}),
    "dd": ({"dt", "dd"}, {"dl"}),
    "td": (CELLS, {"table"}),
    "th": (CELLS, {"table"}),
    "tr": ({"tr", *CELLS}, {"table"}),
    **{name: ({"tr", *CELLS, *ROWS}, {"table"}) for name in ROWS},
    "option": ({"option"}, {"select"}),
}
# A closing tag of formatting ends nothing beyond these.
HOLDS = {"td", "th", "li", "table", "blockquote"}
MARK_OF_END = re.compile(r"[\"'>]")
ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>]+))?""")
NAME = re.compile(r"[a-zA-Z][^\s/>]*")


def parse_html(text: str, line: int | None = None) -> Node:
    """A node `html` with what the text holds. Raises `LeftOutError` for more than can be a question."""
    if len(text) > LONGEST:
        raise LeftOutError(f"it has {len(text):,} characters of HTML, {LONGEST:,} are allowed")
    return Reader(text, line).read()


def unescaped(text: str) -> str:
    """With character references resolved; one that is no character stays as it stands."""
    try:
        return html.unescape(text)
    except ValueError:  # a number with thousands of digits
        return text


class Reader:
    """Goes through the text once, from the left to the right."""

    def __init__(self, text: str, line: int | None) -> None:
        self.text = text
        self.root = Node("html", {}, [], line)
        self.open = [self.root]
        self.nodes = 0

    def read(self) -> Node:
        at = 0
        while (found := self.text.find("<", at)) >= 0:
            self.add_text(at, found)
            at = self.read_mark(found)
        self.add_text(at, len(self.text))
        return self.root

    def read_mark(self, at: int) -> int:
        """Reads what starts with <, and answers where it ends."""
        following = self.text[at + 1 : at + 3]
        if self.text.startswith("<!--", at):
            return self.after("-->", at + 4)
        if following[:1] in ("!", "?") or (following[:1] == "/" and following[1:2] == ">"):
            return self.after(">", at + 1)
        if NAME.match(self.text, at + 1 + following.startswith("/")):
            return self.read_tag(at)
        self.open[-1].children.append("<")
        return at + 1

    def after(self, end: str, at: int) -> int:
        found = self.text.find(end, at)
        return len(self.text) if found < 0 else found + len(end)

    def read_tag(self, at: int) -> int:
        end = self.end_of_tag(at)
        if end < 0:
            self.add_text(at, len(self.text))
            return len(self.text)
        is_end = self.text[at + 1] == "/"
        name = NAME.match(self.text, at + 1 + is_end)
        assert name  # read_mark has seen it
        if is_end:
            self.close(name[0].lower())
            return end + 1
        return self.start(name[0].lower(), name.end(), end)

    def end_of_tag(self, at: int) -> int:
        """Where the tag's > is, which is none within quotation marks; less than 0 if it has none."""
        while found := MARK_OF_END.search(self.text, at):
            if found[0] == ">":
                return found.start()
            closing = self.text.find(found[0], found.end())
            if closing < 0:
                return self.text.find(">", found.end())
            at = closing + 1
        return -1

    def start(self, name: str, after_name: int, end: int) -> int:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise LeftOutError("its HTML has too many elements")
        plain = name.removeprefix("m:")  # MathML; what else has a prefix is nothing that HTML knows
        pairs = ATTRIBUTE.findall(self.text, after_name, end)
        node = Node(
            plain, {key.lower(): unescaped(value.strip("\"'")) for key, value in reversed(pairs)}, [], self.root.line
        )
        self.make_room_for(plain)
        self.open[-1].children.append(node)
        if plain in VOID or self.is_closed(end, after_name):
            return end + 1
        if plain in RAW:
            return self.read_raw(node, name, end + 1)
        self.open.append(node)
        if len(self.open) > DEEPEST:
            raise LeftOutError(f"its HTML is nested deeper than {DEEPEST} elements")
        return end + 1

    def is_closed(self, end: int, after_name: int) -> bool:
        """Whether the tag ends in /> and the slash is not the end of an address without quotation marks."""
        return self.text[end - 1] == "/" and (end - 1 == after_name or self.text[end - 2] in " \t\r\n\"'")

    def read_raw(self, node: Node, name: str, at: int) -> int:
        found = re.compile(f"</{re.escape(name)}", re.IGNORECASE).search(self.text, at)
        end = found.start() if found else len(self.text)
        node.children.append(self.text[at:end])
        return self.after(">", end)

    def make_room_for(self, name: str) -> None:
        """Closes what the new element cannot stand in."""
        if name in PARAGRAPH_ENDS:
            self.close_up_to({"p"}, {"td", "th", "li", "blockquote", "table", "div", "dd"})
        if name in CLOSES:
            self.close_up_to(*CLOSES[name])
        if name in ("td", "th") and self.open[-1].name in ROWS | {"table"}:
            row = Node("tr", {}, [], self.root.line)
            self.open[-1].children.append(row)
            self.open.append(row)

    def close_up_to(self, names: set[str], beyond: set[str]) -> None:
        """Closes the outermost of `names` that is open within the innermost of `beyond`."""
        outermost = 0
        for place in range(len(self.open) - 1, 0, -1):
            if self.open[place].name in beyond:
                break
            if self.open[place].name in names:
                outermost = place
        if outermost:
            del self.open[outermost:]

    def close(self, name: str) -> None:
        plain = name.removeprefix("m:")
        if plain == "br":
            self.open[-1].children.append(Node("br"))
        for place in range(len(self.open) - 1, 0, -1):
            if self.open[place].name == plain:
                del self.open[place:]
                return
            if self.open[place].name in HOLDS and plain not in PARAGRAPH_ENDS:
                return

    def add_text(self, start: int, end: int) -> None:
        if end > start:
            self.open[-1].children.append(unescaped(self.text[start:end]))
