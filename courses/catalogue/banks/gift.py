"""GIFT, the text format of Moodle: questions between empty lines, answers in braces.

What is written how: https://docs.moodle.org/en/GIFT_format. Where that leaves something open, what Moodle 4 reads
counts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from courses.catalogue.banks.bank import Collection
from courses.catalogue.banks.errors import LeftOutError
from courses.catalogue.banks.formats import NAMES
from courses.catalogue.banks.gift_answers import Answers, read_answers
from courses.catalogue.banks.sketches import Sketch

LONGEST_QUESTION = 200_000  # characters
LONGEST_COMMENT = 2000  # characters that are looked at
GAP = "_____"
# Signs after a backslash, kept as characters that no text may hold until the marks have been read.
ESCAPED = {sign: chr(0xFDD0 + place) for place, sign in enumerate("\\:#={}~n")}
RESTORED = {ord(mark): "\n" if sign == "n" else sign for sign, mark in ESCAPED.items()}
CATEGORY = re.compile(r"\s*\$CATEGORY:(.*)")
COMMENT = re.compile(r"\s*//")
TAGGED = re.compile(r"\[(id|tag):((?:[^\]\\]|\\.){1,200})\]")
FORMAT = re.compile(rf"\[({'|'.join(NAMES)})\]")


@dataclass
class Block:
    """The lines of one question, without its comments, and what those say: [id:…] and [tag:…]."""

    line: int
    lines: list[str] = field(default_factory=list)
    identifier: str = ""
    tags: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()

    @property
    def is_open(self) -> bool:
        return "{" in self.text and "}" not in self.text.partition("{")[2]


def is_gift(text: str) -> bool:
    """Whether there is anything that only GIFT has: answers in braces, a title or a category."""
    bare = without_escapes(text[:1_000_000])
    return bool(re.search(r"\{[^{}]*\}", bare) or re.search(r"^\s*(::|\$CATEGORY:)", bare, re.MULTILINE))


def without_escapes(text: str) -> str:
    """Marks after a backslash become characters that mean nothing."""
    text = re.sub("[\ufdd0-\ufdef]", "\N{REPLACEMENT CHARACTER}", text)
    return re.sub(r"\\([\\:#={}~n])", lambda found: ESCAPED[found[1]], text)


def restored(text: str) -> str:
    return text.translate(RESTORED).strip()


def read_gift(text: str, collection: Collection) -> None:
    """Takes every question of the text."""
    category: tuple[str, ...] = ()
    for block in blocks(without_escapes(text)):
        if found := CATEGORY.match(block.text):
            category = category_of(restored(found[1]))
        else:
            read_block(block, category, collection)


def category_of(path: str) -> tuple[str, ...]:
    """The parts of a category: `$course$/top/Safety/Fire` is Safety and Fire. Two slashes are one in a name."""
    parts = [part.replace("\0", "/").strip() for part in path.replace("//", "\0").split("/")]
    if parts and re.fullmatch(r"\$\w+\$", parts[0]):
        parts = parts[1:]
    return tuple(part for part in (parts[1:] if parts[:1] == ["top"] else parts) if part)


def blocks(text: str) -> Iterator[Block]:
    """Categories and questions in their order; a brace that stays open may hold empty lines."""
    waiting: Block | None = None
    for block in chunks(text):
        if waiting and not starts_anew(block):
            waiting.lines += ["", *block.lines]
        elif waiting:
            yield waiting
            waiting = block
        else:
            waiting = block
        if not waiting.is_open:
            yield waiting
            waiting = None
    if waiting:
        yield waiting


def starts_anew(block: Block) -> bool:
    """Whether the lines cannot go on in the braces of the question before."""
    return block.text.startswith(("::", "$")) or "{" in block.text.partition("}")[0]


def chunks(text: str) -> Iterator[Block]:
    """What stands between empty lines. A category is a chunk of its own."""
    current = Block(1)
    for number, line in enumerate(text.splitlines(), 1):
        if COMMENT.match(line):
            note_comment(current, line)
            continue
        is_category = CATEGORY.match(line)
        is_new = is_category or (line.startswith("::") and "}" in current.text)
        if current.lines and (is_new or not line.strip()):
            yield current
            current = Block(number)
        if is_category:
            yield Block(number, [line])
        elif line.strip():
            current.line = current.line if current.lines else number
            current.lines.append(line)
    if current.lines:
        yield current


def note_comment(block: Block, line: str) -> None:
    for kind, value in TAGGED.findall(line[:LONGEST_COMMENT]):
        if kind == "id":
            block.identifier = value
        else:
            block.tags.append(value)


def read_block(block: Block, category: tuple[str, ...], collection: Collection) -> None:
    name, text = split_name(block.text)
    sketch = Sketch(
        name=name, line=block.line, identifier=block.identifier, category=category, excerpt=restored(text[:80])
    )
    try:
        read_question(text, sketch, collection)
    except LeftOutError as error:
        collection.leave_out(sketch.shown_name, block.line, str(error))
        return
    if block.tags:
        sketch.drop(f"the tags ({', '.join(block.tags)})")
    collection.add(sketch)


def split_name(text: str) -> tuple[str, str]:
    """The title between two pairs of colons, and what comes after it."""
    if not text.startswith("::") or "::" not in text[2:]:
        return "", text
    name, _, rest = text[2:].partition("::")
    return restored(name), rest.strip()


def read_question(text: str, sketch: Sketch, collection: Collection) -> None:
    if len(text) > LONGEST_QUESTION:
        raise LeftOutError(f"it has more than {LONGEST_QUESTION:,} characters")
    before, answers, after = split_answers(text)
    prompt = f"{before}{GAP}{after}" if after.strip() else before
    format, prompt = split_format(prompt, "moodle")
    texts = collection.texts_of(sketch)
    sketch.prompt = texts.block(restored(prompt), format)
    read_answers(Answers(answers, format, texts, sketch, restored))


def split_answers(text: str) -> tuple[str, str, str]:
    """What stands before the braces, in them and after them. Raises `LeftOutError` unless there is one pair of them."""
    before, opening, rest = text.partition("{")
    if not opening and "}" not in text:
        raise LeftOutError("it has no answers: it is a description")
    answers, closing, after = rest.partition("}")
    if not opening or not closing or "}" in before:
        raise LeftOutError("its braces do not match")
    if "{" in answers:
        raise LeftOutError("a brace opens within its answers; write \\{ for the sign")
    if "{" in after or "}" in after:
        raise LeftOutError("it has more than one set of answers")
    return before.strip() if not after.strip() else before, answers.strip(), after


def split_format(text: str, otherwise: str) -> tuple[str, str]:
    """The format that is named in brackets at the start, and the text."""
    found = FORMAT.match(text.strip())
    return (found[1], text.strip()[found.end() :]) if found else (otherwise, text)
