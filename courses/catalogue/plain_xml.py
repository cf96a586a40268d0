"""XML from outside, read into a tree of plain nodes that know their lines, so that no document can do harm.

The parser is Expat itself: it alone tells the line of every element, and stops at the first declaration of an entity,
before anything grows. Nothing is ever fetched: external entities and document types are skipped.
"""

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.entities import html5
from xml.parsers import expat

MOST_ELEMENTS = 500_000
DEEPEST = 100
LONGEST_TAG = 8_000_000  # bytes; pictures may stand in addresses
BLANK = b" \t\r\n"
NAMESPACE = "xmlns"
# Codecs that are encodings of text and nothing else; Python knows others, such as bz2 and punycode.
ENCODINGS = re.compile(
    r"utf[-_]?(8|16|32)([-_]?[bl]e)?|(us[-_]?)?ascii|iso[-_]?8859[-_]\d{1,2}|latin[-_]?\d{1,2}|(windows|cp)[-_]?\d{3,4}"
    r"|koi8[-_][rut]|mac[-_]?\w{4,9}|big5([-_]?hkscs)?|gb(2312|k|18030)|hz(-gb-2312)?|euc[-_](jp|kr|tw)|johab|tis[-_]?620"
    r"|shift[-_]jis|sjis|iso[-_]2022[-_](jp|kr)([-_]\d{1,4})?|ks_c_5601([-_]1987)?",
    re.IGNORECASE,
)
DECLARED = re.compile(rb"""<\?xml[^>]{1,200}?encoding\s{0,9}=\s{0,9}["']([\w.:-]{1,40})["']""")
MARKS = [
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
]  # fmt: skip
# How a document in UTF-16 or UTF-32 begins without a mark; XML 1.0, appendix F.
STARTS = [
    (b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"),
]  # fmt: skip


class XmlRefusedError(Exception):
    """It is no XML, or none that is taken. The message says why, as the end of a sentence about the file; `line` where.

    `of` is the whole sentence.
    """

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line

    def of(self, file: str) -> str:
        return f"{file}, line {self.line}, {self}." if self.line else f"{file} {self}."


@dataclass(slots=True, eq=False)
class Node:
    """An element: its name without prefix, its attributes, and what is in it, texts and elements in order.

    Attributes are without prefixes too, but for those that declare namespaces: `xmlns`, `xmlns:prefix`.
    """

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node | str"] = field(default_factory=list)
    line: int | None = None

    def get(self, attribute: str, default: str = "") -> str:
        return self.attributes.get(attribute, default)

    def said(self, attribute: str) -> str:
        """The attribute in whatever case, as tools differ, without white space around it; empty if there is none."""
        wanted = attribute.lower()
        found = (value for key, value in self.attributes.items() if key.lower() == wanted)
        return next(found, "").strip()

    @property
    def elements(self) -> "list[Node]":
        return [child for child in self.children if isinstance(child, Node)]

    def child(self, *names: str) -> "Node | None":
        """The first child element with one of the names."""
        return next((child for child in self.elements if child.name in names), None)

    def all(self, *names: str) -> "list[Node]":
        return [child for child in self.elements if child.name in names]

    def every(self, *names: str) -> "Iterator[Node]":
        """The element itself and all below it with one of the names, or all, in the order of the document."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            if not names or node.name in names:
                yield node
            waiting.extend(reversed(node.elements))

    def find(self, *names: str) -> "Node | None":
        """The first element below, or the element itself, with one of the names."""
        return next(self.every(*names), None)

    @property
    def text(self) -> str:
        """All text in the element, as it stands."""
        parts: list[str] = []
        waiting: list[Node | str] = [self]
        while waiting:
            node = waiting.pop()
            if isinstance(node, str):
                parts.append(node)
            else:
                waiting.extend(reversed(node.children))
        return "".join(parts)

    def at(self, *path: str) -> "Node | None":
        """The element that the names lead to, from child to child."""
        found: Node | None = self
        for name in path:
            found = found.child(name) if found else None
        return found

    def words(self, *path: str) -> str:
        """All text in the element that the names lead to, with single spaces; empty if there is none."""
        found = self.at(*path)
        return " ".join(found.text.split()) if found else ""


def parse_xml(data: bytes, *, name_of: Callable[[str], str] = str) -> Node:
    """The root of the document; `name_of` says what an element or attribute is called here.

    Raises `XmlRefusedError` for what is not well-formed, declares entities, is nested deeper than `DEEPEST`, has more
    elements than `MOST_ELEMENTS` or a longer tag than `LONGEST_TAG`, or is in an encoding that nobody knows.
    """
    above = data[: len(data) - len(data.lstrip(BLANK))].count(b"\n")  # many tools leave empty lines at the top
    builder = Builder(name_of, above)
    try:
        builder.read(as_utf_8(data.lstrip(BLANK)))
    except expat.ExpatError as error:
        says = expat.errors.messages.get(error.code, str(error))
        raise XmlRefusedError(f"is not well-formed XML: {says}", error.lineno + above) from error
    if builder.root is None:
        raise XmlRefusedError("is empty")
    return builder.root


class Builder:
    """Makes the tree while Expat reads."""

    def __init__(self, name_of: Callable[[str], str], above: int) -> None:
        self.name_of, self.above = name_of, above
        self.root: Node | None = None
        self.open: list[Node] = []
        self.elements = self.events = 0
        self.names: dict[str, str] = {}
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.specified_attributes = True  # not those that a document type adds to every element
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.data
        self.parser.EntityDeclHandler = self.entity
        self.parser.SkippedEntityHandler = self.skipped

    def read(self, data: bytes) -> None:
        """In stretches, since a tag is known only when it has ended: one of millions of attributes fills the memory."""
        for place in range(0, len(data), LONGEST_TAG):
            before = self.events
            self.parser.Parse(data[place : place + LONGEST_TAG], False)
            if self.events == before and place + LONGEST_TAG < len(data):
                raise XmlRefusedError(f"has a tag or a comment of more than {LONGEST_TAG:,} bytes", self.line)
        self.parser.Parse(b"", True)

    @property
    def line(self) -> int:
        return self.parser.CurrentLineNumber + self.above

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        self.events += 1
        if self.elements > MOST_ELEMENTS:
            raise XmlRefusedError(f"has more than {MOST_ELEMENTS:,} elements; split it")
        if len(self.open) >= DEEPEST:
            raise XmlRefusedError(f"is nested deeper than {DEEPEST} elements", self.line)
        node = Node(self.named(name), self.own(attributes), [], self.line)
        if self.open:
            self.open[-1].children.append(node)
        else:
            self.root = node
        self.open.append(node)

    def own(self, attributes: dict[str, str]) -> dict[str, str]:
        """The attributes by their names here; of two that differ in their prefixes, the one without."""
        prefixed = {self.attribute(key): value for key, value in attributes.items() if ":" in key}
        return prefixed | {self.attribute(key): value for key, value in attributes.items() if ":" not in key}

    def attribute(self, key: str) -> str:
        return key if key.startswith(NAMESPACE) else self.named(key)

    def end(self, name: str) -> None:
        self.open.pop()

    def data(self, text: str) -> None:
        self.events += 1
        self.open[-1].children.append(text)

    def entity(self, *declaration: object) -> None:
        raise XmlRefusedError("declares entities, which are not taken; write plain text", self.line)

    def skipped(self, name: str, is_parameter: bool) -> None:
        """An entity that the document type might declare, which is never read: those of HTML are known."""
        if is_parameter:
            return
        if f"{name};" not in html5 or not self.open:
            raise XmlRefusedError(f"holds &{name[:40]};, and nobody knows what that is; write the character", self.line)
        self.data(html5[f"{name};"])

    def named(self, name: str) -> str:
        """Without prefix; each name once, however often it is used."""
        if name not in self.names:
            if len(self.names) >= MOST_ELEMENTS:
                self.names.clear()
            self.names[name] = self.name_of(name.rpartition(":")[2])
        return self.names[name]


def as_utf_8(data: bytes) -> bytes:
    """The document in UTF-8, from the encoding that its mark, its first bytes or its declaration say."""
    encoding, start = encoding_of(data)
    unknown = f"is in the encoding {encoding}, which is not known here; save it as UTF-8"
    if not ENCODINGS.fullmatch(encoding):
        raise XmlRefusedError(unknown)
    if re.fullmatch(r"utf[-_]?8|(us[-_]?)?ascii", encoding, re.IGNORECASE):
        return data[start:]
    try:
        return data[start:].decode(encoding).encode()
    except LookupError as error:
        raise XmlRefusedError(unknown) from error
    except UnicodeError as error:
        raise XmlRefusedError(f"is not in {encoding}, as it says; save it as UTF-8") from error


def encoding_of(data: bytes) -> tuple[str, int]:
    """The encoding, and where the document starts."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return encoding, len(mark)
    for start, encoding in STARTS:
        if data.startswith(start):
            return encoding, 0
    found = DECLARED.match(data)
    declared = found[1].decode("ascii", "replace") if found else "utf-8"
    # Written so, and then saved as something else: the declaration could not be read if it were true.
    return ("utf-8" if re.match(r"utf[-_]?(16|32)", declared, re.IGNORECASE) else declared), 0
