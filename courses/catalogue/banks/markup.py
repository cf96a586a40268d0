"""The HTML of question banks as Markdown: what a course can show is kept, what it cannot is named."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from courses.catalogue.banks.errors import LeftOutError
from courses.catalogue.banks.hypertext import parse_html
from courses.catalogue.banks.inline import longest_run_of, markdown_of
from courses.catalogue.banks.runs import LONGEST_TEXT, Run
from courses.catalogue.banks.tables import grid_of, strays_of, table_of
from courses.catalogue.plain_xml import Node

BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dir", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hr", "html", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot",
    "thead", "tr", "td", "th", "ul",
}  # fmt: skip
STRONG = {"b", "strong"}
EM = {"i", "em", "cite", "dfn", "var", "u", "ins"}  # underlining means something in questions, and Markdown has none
CODE = {"code", "kbd", "samp", "tt"}
NOTHING = {"head", "link", "meta", "param", "source", "style", "title", "track", "template", "wbr", "col", "colgroup"}
# What is named when it is dropped.
PLAYED = {
    "applet": "an applet", "audio": "a sound", "canvas": "a drawing area", "embed": "an embedded file",
    "iframe": "a frame", "input": "a field", "object": "an embedded file", "script": "a script",
    "select": "a field", "svg": "an embedded drawing", "textarea": "a field", "video": "a video",
    "button": "a button", "noembed": "an embedded file", "noframes": "a frame",
}  # fmt: skip
CROSSED = {"s", "strike", "del"}
RAISED = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
LOWERED = str.maketrans("0123456789+-−=()aeox", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₒₓ")
EMBEDDED = re.compile(r"data:image/[\w.+-]{1,40};base64,[A-Za-z0-9+/=\s%]{100,}", re.IGNORECASE)
LINK = re.compile(r"(https?://[^/\s]+|mailto:[^@\s]+@)\S*", re.IGNORECASE)
IN_LINK = str.maketrans({"<": "%3C", ">": "%3E", "\\": "%5C", " ": "%20"})


@dataclass
class Markup:
    """Turns what one question holds into Markdown.

    `note` is told what it loses and `remark` what the author should know, both as ends of a sentence about it.
    `picture` answers the path in the course of a picture's address, `None` if the bank does not hold it. `go_on` is
    called before each line.
    """

    note: Callable[[str], None]
    remark: Callable[[str], None]
    picture: Callable[[str], str | None]
    go_on: Callable[[], None] = lambda: None
    language: str = ""
    embedded: dict[str, str] = field(default_factory=dict)
    length: int = 0

    def block(self, source: str | Node) -> str:
        """Paragraphs, lists, tables: for prompts and feedback. A text is HTML. Raises `LeftOutError` for too much."""
        return "\n\n".join(self.blocks(self.tree(source).children)).strip()

    def line(self, source: str | Node) -> str:
        """One line: for choices. What stands below each other is set apart by line breaks."""
        return self.written(self.flat(self.tree(source).children, Run("text")), is_block=False)

    def tree(self, source: str | Node) -> Node:
        """The text without the pictures in it, which may be long, and are put aside."""
        self.length = 0
        return source if isinstance(source, Node) else parse_html(EMBEDDED.sub(self.put_aside, source))

    def put_aside(self, found: re.Match[str]) -> str:
        address = f"embedded:{len(self.embedded)}"
        self.embedded[address] = found[0]
        return address

    def written(self, runs: Iterator[Run] | list[Run], *, is_block: bool = True) -> str:
        self.go_on()
        text, is_whole = markdown_of(runs, is_block=is_block)
        self.length += len(text)
        if self.length > LONGEST_TEXT:
            raise LeftOutError(f"a text of it has more than {LONGEST_TEXT:,} characters")
        if not is_whole:
            self.note("bold or italic in the middle of a word")
        return text

    def blocks(self, children: Sequence[Node | str]) -> list[str]:
        done: list[str] = []
        waiting: list[Node | str] = []
        for child in children:
            if isinstance(child, str) or not holds_blocks(child):
                waiting.append(child)
                continue
            done += self.paragraph(waiting)
            waiting = []
            done += filter(None, self.of_block(child, done[-1:]))
        return done + self.paragraph(waiting)

    def paragraph(self, children: Sequence[Node | str]) -> list[str]:
        text = self.written(self.runs(children, Run("text"))) if children else ""
        return [text] if text else []

    def of_block(self, node: Node, before: list[str]) -> list[str]:
        match node.name:
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                return self.heading(node)
            case "ul" | "ol" | "menu" | "dir":
                return [self.list_of(node, before)]
            case "pre":
                return [fenced(self.preformatted(node))]
            case "blockquote":
                return [indented("\n\n".join(self.blocks(node.children)), "> ", "> ")]
            case "hr":
                return ["***"]
            case "table":
                return self.table(node)
            case _ if node.name in PLAYED or is_foreign(node, self.language):
                self.drop(node)
                return []
            case _:
                if node.name == "a" and node.get("href"):
                    self.note(f"a link around whole paragraphs, to {node.get('href')[:80]}")
                return self.blocks(node.children)

    def heading(self, node: Node) -> list[str]:
        level = {"h1": 2, "h2": 2, "h3": 3}.get(node.name, 4)
        text = self.written(self.flat(node.children, Run("text")), is_block=False).replace("\\\n", " ")
        text = re.sub(r"(#+)$", r"\\\1", text)
        return [f"{'#' * level} {text}"] if text else []

    def list_of(self, node: Node, before: list[str]) -> str:
        """The list; with the other mark if one stands just before it, since they would become one."""
        is_second = bool(before) and bool(re.match(r"(- |\d+\. )", before[0]))
        items = [child for child in node.children if (child.name != "br" if isinstance(child, Node) else child.strip())]
        start = int(node.get("start")) if re.fullmatch(r"\d{1,6}", node.get("start")) else 1
        done: list[str] = []
        for place, item in enumerate(items, start):
            mark = f"{place}{')' if is_second else '.'} " if node.name == "ol" else ("* " if is_second else "- ")
            inner = self.blocks(item.children if isinstance(item, Node) and item.name == "li" else [item])
            done.append(indented("\n\n".join(inner), mark, " " * len(mark)) if inner else "")
        is_tight = not any("\n\n" in item for item in done)
        return ("\n" if is_tight else "\n\n").join(filter(None, done))

    def table(self, node: Node) -> list[str]:
        captions = [block for caption in node.all("caption") for block in self.blocks(caption.children)]
        grid = grid_of(node)
        if any(None in row for row in grid):
            self.note("that cells of a table are joined")
        rows = [[self.cell(cell) if cell else "" for cell in row] for row in grid]
        return [*captions, *self.blocks(list(strays_of(node))), *table_of(rows)]

    def cell(self, node: Node) -> str:
        return self.written(self.flat(node.children, Run("text")), is_block=False)

    def flat(self, children: Sequence[Node | str], look: Run) -> Iterator[Run]:
        """Everything in one line, a break wherever a block begins or ends."""
        for child in children:
            if isinstance(child, str) or not holds_blocks(child):
                yield from self.runs([child], look)
                continue
            yield Run("break")
            yield from self.flat_block(child, look)
            yield Run("break")

    def flat_block(self, node: Node, look: Run) -> Iterator[Run]:
        if node.name in PLAYED or is_foreign(node, self.language):
            self.drop(node)
        elif node.name == "pre":
            lines = (line for line in self.preformatted(node).splitlines() if line.strip())
            yield from (run for line in lines for run in (Run("code", line), Run("break")))
        else:
            yield from [replace(look, text="• ")] * (node.name == "li")
            yield from self.flat(node.children, look)

    def preformatted(self, node: Node) -> str:
        """The text with its lines."""
        parts: list[str] = []
        for child in node.children:
            if isinstance(child, str):
                parts.append(child)
            elif child.name in PLAYED:
                self.drop(child)
            elif child.name not in NOTHING:
                parts.append("\n" if child.name == "br" else self.preformatted(child))
        return "".join(parts)

    def runs(self, children: Sequence[Node | str], look: Run) -> Iterator[Run]:
        """The stretches of a line, with the look of what they stand in."""
        for child in children:
            if isinstance(child, str):
                yield replace(look, text=child)
            else:
                yield from self.runs_of(child, look)

    def runs_of(self, node: Node, look: Run) -> Iterator[Run]:
        name = node.name
        if name in NOTHING:
            return
        if name in PLAYED or is_foreign(node, self.language):
            self.drop(node)
        elif name == "br":
            yield Run("break")
        elif name == "img":
            yield from self.picture_of(node, look)
        elif name in CODE:
            text = " ".join(node.text.split())
            yield from [replace(look, kind="code", text=text)] * bool(text)
        elif name in ("sub", "sup"):
            yield replace(look, text=self.shifted(node))
        elif name == "math":
            yield replace(look, text=self.formula(node))
        elif name == "q":
            yield from self.runs(["“", *node.children, "”"], look)
        else:
            yield from self.runs(node.children, self.looking(node, look))

    def looking(self, node: Node, look: Run) -> Run:
        """How what is in the element looks."""
        style = node.get("style").lower()
        if node.name in CROSSED or "line-through" in style:
            self.note("that text is crossed out")
        if node.name in STRONG or re.search(r"font-weight:\s*(bold|[6-9]00)", style):
            look = replace(look, is_strong=True)
        if node.name in EM or re.search(r"font-style:\s*italic|text-decoration:[^;]*underline", style):
            look = replace(look, is_em=True)
        address = node.get("href").strip()
        if node.name == "a" and address and not address.startswith("#"):
            if LINK.fullmatch(address):
                return replace(look, link=address.translate(IN_LINK))
            self.note(f"a link to {address[:80]}")
        return look

    def picture_of(self, node: Node, look: Run) -> Iterator[Run]:
        source, words = node.get("src").strip(), " ".join(node.get("alt").split())
        if not source:
            return
        source = self.embedded.get(source, source)
        path = self.picture(source)
        if path and not words:
            self.remark(f"shows the picture {path} without words; write what it shows")
        if path:
            yield Run("picture", words, path, link=look.link)
        elif LINK.fullmatch(source):
            self.remark(f"shows a picture from elsewhere, which is a link now: {source[:120]}")
            yield replace(look, text=words or source[:120], link=source.translate(IN_LINK))
        else:
            self.note(f"the picture {source[:80]}, which the bank does not hold or which is none")
            yield replace(look, text=words)

    def shifted(self, node: Node) -> str:
        """Raised and lowered text in the signs that there are for it: x², H₂O; else as ^(…) and _(…)."""
        text = " ".join(node.text.split())
        is_up = node.name == "sup"
        moved = text.translate(RAISED if is_up else LOWERED)
        if not text or all(new != old or old == " " for new, old in zip(moved, text, strict=True)):
            return moved
        sign, said = ("^", "raised") if is_up else ("_", "lowered")
        self.remark(f"says that {text[:40]!r} is {said}, written with {sign} now")
        return f"{sign}({text})"

    def formula(self, node: Node) -> str:
        """A formula in TeX if its MathML says it so, else its signs in a row."""
        tex = next((part for part in node.every("annotation") if "tex" in part.get("encoding").lower()), None)
        if tex or node.get("alttext"):
            return f"\\({(tex.text if tex else node.get('alttext')).strip()}\\)"
        self.remark("has a formula in MathML, of which there are the signs in a row now")
        return " ".join(part for child in node.elements if child.name != "annotation" for part in child.text.split())

    def drop(self, node: Node) -> None:
        if is_foreign(node, self.language):
            self.note(f"its text in the language {node.get('lang')[:20]}")
            return
        address = node.get("src") or node.get("data") or next((part.get("src") for part in node.every("source")), "")
        self.note(PLAYED[node.name] + (f" ({address[:80]})" if address else ""))


def holds_blocks(node: Node) -> bool:
    return node.name in BLOCKS or any(part.name in BLOCKS for part in node.every() if part is not node)


def is_foreign(node: Node, language: str) -> bool:
    """Whether the element is one of several translations side by side, and not the one that is read."""
    own = node.get("lang").lower().replace("_", "-")
    if "multilang" not in node.get("class").split() or not own or not language:
        return False
    shorter, longer = sorted((own, language.lower()), key=len)
    return longer != shorter and not longer.startswith(f"{shorter}-")


def fenced(text: str) -> str:
    inner = text.replace("\r\n", "\n").strip("\n").rstrip()
    fence = "`" * max(3, longest_run_of("`", inner) + 1)
    return f"{fence}\n{inner}\n{fence}" if inner.strip() else ""


def indented(text: str, first: str, rest: str) -> str:
    """The lines of a block behind `first`, then behind `rest`."""
    lines = [(first if number == 0 else rest) + line for number, line in enumerate(text.split("\n"))]
    return "\n".join(line.rstrip() for line in lines)
