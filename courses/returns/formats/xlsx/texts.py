"""The shared texts of a workbook (ECMA-376 part 1, 18.4), which its cells name by number."""

import re
from typing import IO

from courses.returns.formats.block import FileRefusedError
from courses.returns.formats.lines import LONGEST_ROW

from .package import DEEPEST, Attributes, Parser, damaged

MOST = 16_000_000
ESCAPED = re.compile("_x((?![Dd][89A-Fa-f])[0-9A-Fa-f]{4})_")  # how XML carries a character that it cannot (22.9.2.19)


def unescaped(text: str) -> str:
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class Texts:
    """Collects the text of one cell or shared item at a time. Of what is longer than any row may be, only the start."""

    def __init__(self) -> None:
        self.is_open = False
        self.pieces: list[str] = []
        self.length = 0

    def add(self, text: str) -> None:
        if self.is_open and self.length <= LONGEST_ROW:
            self.pieces.append(text[: LONGEST_ROW + 1])
            self.length += len(text)

    def taken(self) -> str:
        text = "".join(self.pieces) if len(self.pieces) != 1 else self.pieces[0]
        self.pieces, self.length = [], 0
        return text


def shared_texts(part: IO[bytes]) -> list[str]:
    """The texts without their formats, and without the phonetic help that some have."""
    found, text = list[str](), Texts()
    depth, phonetic = 0, 0

    def start(tag: str, _: Attributes) -> None:
        nonlocal depth, phonetic
        depth += 1
        name = tag.rpartition(":")[2]
        if depth > DEEPEST or len(found) > MOST:
            raise damaged() if depth > DEEPEST else _too_many()
        phonetic = phonetic or (depth if name == "rPh" else 0)
        text.is_open = name == "t" and not phonetic

    def end(tag: str) -> None:
        nonlocal depth, phonetic
        phonetic = 0 if phonetic == depth else phonetic
        depth -= 1
        text.is_open = False
        if depth == 1:
            found.append(unescaped(text.taken()))

    Parser(start, end, text.add).read(part)
    return found


def _too_many() -> FileRefusedError:
    return FileRefusedError(f"The workbook has more than {MOST:,} different texts. Send it as CSV, or in parts.")
