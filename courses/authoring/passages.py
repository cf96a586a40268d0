"""The questions and videos of a text of a course, and the text with one of them changed."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import yaml
from django.utils.translation import gettext as _

from courses.authoring.patching import patched, said
from courses.catalogue.folders.files import CODE
from courses.catalogue.folders.lessons import FRONT_MATTER
from courses.catalogue.folders.markdown import look
from courses.catalogue.rendering import Piece
from courses.catalogue.sections import MISREAD, composed

FENCE = re.compile(r"( {0,3})(`{3,}|~{3,})(.*)")


class CannotChangeError(Exception):
    """It cannot be changed by a form; the message says what to do."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or _("A form cannot change this without losing something. Change it in the text."))


@dataclass(frozen=True)
class Passage:
    """A question, known by its id, or a video, known by its place among the lesson's videos, from 1.

    `node` was composed of the characters of `text` from `start` to before `end`; in a lesson they are all between the
    lines of a fence, whose `indent` was taken from each of them.
    """

    kind: str
    key: str
    text: str
    start: int
    end: int
    node: yaml.MappingNode
    is_fence: bool = False
    indent: int = 0

    @property
    def title(self) -> str:
        """What it asks or shows, in plain text."""
        found = values_of(self.node).get("prompt" if self.kind == "question" else "title")
        return str(found or self.key)

    def with_values(self, wanted: Mapping[str, object], changed: list[str]) -> str:
        """The whole text, with other values under the keys `changed`: courses.authoring.patching."""
        if not changed:
            return self.text
        content = plain(self.text[self.start : self.end], self.indent)
        new = patched(content, self.node, wanted, changed)
        if self.is_fence:
            return fenced(self, new)
        return f"{self.text[: self.start]}{new}{self.text[self.end :]}"


def values_of(node: yaml.MappingNode) -> dict[str, object]:
    """The plain values by their keys; those that cannot be read are left out."""
    found = {}
    for name, value in node.value:
        try:
            found[str(name.value)] = said(value)
        except MISREAD:
            continue
    return found


def tidy(text: str) -> str:
    """As texts of courses are read: with plain line ends."""
    return re.sub("\r\n?", "\n", text)


def passages(path: str, text: str) -> list[Passage]:
    """Those of the text that can be read and told apart, in order. `text` is `tidy`."""
    found = in_assessment(text) if path.rsplit("/", 1)[-1] == "assessment.yaml" else in_lesson(text)
    named = Counter((one.kind, one.key) for one in found)
    return [one for one in found if named[one.kind, one.key] == 1]


def in_assessment(text: str) -> list[Passage]:
    root = read(text.removeprefix("\ufeff"))
    start = len(text) - len(text.removeprefix("\ufeff"))
    listed = next((value for name, value in root.value if name.value == "questions"), None) if root else None
    nodes = listed.value if isinstance(listed, yaml.SequenceNode) else []
    return [
        Passage("question", key, text, start, len(text), node) for node in nodes if (key := key_of(node)) is not None
    ]


def in_lesson(text: str) -> list[Passage]:
    front = FRONT_MATTER.fullmatch(f"{text.removeprefix(chr(0xFEFF))}\n")
    if front is None:
        return []
    body_at = front.start(2) + len(text) - len(text.removeprefix("\ufeff"))
    markdown = f"{front[2].rstrip()}\n"
    lines, videos, found = markdown.split("\n"), 0, []
    for piece in look(markdown).pieces:
        videos += piece.kind == "video"
        passage = in_fence(text, body_at, lines, piece, videos)
        if passage:
            found.append(passage)
    return found


def in_fence(text: str, body_at: int, lines: list[str], piece: Piece, videos: int) -> Passage | None:
    node = read(piece.content) if piece.kind in ("question", "video") else None
    key = str(videos) if piece.kind == "video" else key_of(node)
    opening = FENCE.fullmatch(lines[piece.line - 2]) if piece.line - 2 < len(lines) else None
    if node is None or key is None or opening is None:
        return None
    start = body_at + sum(len(line) + 1 for line in lines[: piece.line - 1])
    end = start + sum(len(line) + 1 for line in lines[piece.line - 1 :][: piece.content.count("\n")])
    indent = len(opening[1])
    if plain(text[start:end], indent) != piece.content:
        return None
    return Passage(piece.kind, key, text, start, end, node, is_fence=True, indent=indent)


def read(content: str) -> yaml.MappingNode | None:
    try:
        node = composed(content)
    except (yaml.YAMLError, RecursionError):
        return None
    return node if isinstance(node, yaml.MappingNode) else None


def key_of(node: yaml.Node | None) -> str | None:
    """The id of the question; none for what is no question with an id as ids must be."""
    found = values_of(node).get("id") if isinstance(node, yaml.MappingNode) else None
    return found if isinstance(found, str) and re.fullmatch(CODE, found) else None


def plain(content: str, indent: int) -> str:
    return re.sub(rf"^ {{0,{indent}}}", "", content, flags=re.MULTILINE) if indent else content


def fenced(passage: Passage, content: str) -> str:
    """The text with the content between the lines of the fence, which become longer if the content has such lines."""
    text, margin = passage.text, " " * passage.indent
    opening_at = text.rfind("\n", 0, passage.start - 1) + 1
    opening = FENCE.fullmatch(text[opening_at : passage.start - 1])
    closing_line = text[passage.end :].partition("\n")[0]
    if opening is None:
        raise CannotChangeError
    marks = opening[2]
    runs = re.findall(rf"^ {{0,3}}({marks[0]}{{{len(marks)},}})[ \t]*$", content, re.MULTILINE)
    new = max(map(len, runs), default=len(marks) - 1) + 1
    moved = "\n".join(f"{margin}{line}" if line.strip() else line for line in content.split("\n"))
    closing = closing_line.replace(closing_line.strip(), marks[0] * new) if runs else closing_line
    before = f"{text[:opening_at]}{opening[1]}{marks[0] * new if runs else marks}{opening[3]}\n"
    return f"{before}{moved}{closing}{text[passage.end + len(closing_line) :]}"
