"""From the bytes of a file to its text, a piece at a time: encodings, byte order marks and line ends."""

import codecs
import io
from collections.abc import Iterator
from itertools import pairwise

from .block import FileRefusedError
from .lines import LONGEST_ROW, UNREADABLE

LOOKED_AT = 512  # bytes at the start of a file without a byte order mark
MOST_ZERO = 0.9
PIECE = 2 * 1024 * 1024  # bytes that are decoded at a time
MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")  # behind a damaged place nothing in them is certain
# What is not UTF-8 and says nothing of itself comes from an older Windows or Excel, nearly always.
ELSE = "windows-1252"
MARKED = "uplift-marked"  # our way to read on behind what fits no encoding


def _marked(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return UNREADABLE.decode(), error.end


codecs.register_error(MARKED, _marked)


class Text:
    """The text of a file, as UTF-8 with `\\n` at the end of each line that ended so, `\\r\\n` or `\\r`.

    A file whose profile says UTF-8 and that is none is read as Windows-1252, which `encoding` then says, unless it has
    both. Then, and in any other encoding, `UNREADABLE` stands for what does not fit, so that only its row is lost. A
    damaged file in UTF-16 or UTF-32 raises `FileRefusedError`, which says where.
    """

    def __init__(self, source: io.BufferedIOBase, encoding: str) -> None:
        self.source, self.told = source, codecs.lookup(encoding).name
        start = source.read(PIECE)
        mark = next((mark for mark in MARKS if start.startswith(mark)), b"")
        self.encoding = MARKS.get(mark) or _wide(start[:LOOKED_AT]) or self.told
        self.decoder = codecs.getincrementaldecoder(self.encoding)()
        self.is_certain = bool(mark) or self.told != "utf-8"
        self.offset, self.line = len(mark), 1
        self.pending = start[len(mark) :]
        self.ends_with_return = False

    def pieces(self) -> Iterator[bytes]:
        """The text in pieces that end anywhere."""
        while piece := self.pending or self.source.read(PIECE):
            self.pending = b""
            yield self._normal(self._decoded(piece, final=False))
        yield self._normal(self._decoded(b"", final=True), final=True)

    def _decoded(self, piece: bytes, *, final: bool) -> str:
        before = len(self.decoder.getstate()[0])
        try:
            text = self.decoder.decode(piece, final)
        except UnicodeDecodeError as error:
            text = self._decoded_otherwise(error, self.offset - before, final=final)
        if self.encoding == "utf-8" and not text.isascii():
            self.is_certain = True
        self.offset += len(piece)
        self.line += text.count("\n")
        return text

    def _decoded_otherwise(self, error: UnicodeDecodeError, offset: int, *, final: bool) -> str:
        data: bytes = error.object
        if self.encoding in WIDE:
            line = self.line + data[: error.start].count(b"\n")
            raise FileRefusedError(
                f"The file is not {self.encoding.upper()} text: byte {offset + error.start + 1:,}, in line {line:,},"
                " does not fit. Save it as CSV (in Excel: File, Save As, “CSV UTF-8”) and send that file."
            ) from None
        if not self.is_certain and data[: error.start].isascii() and not _has_utf8(data[error.start :]):
            self.encoding = ELSE
        self.decoder = codecs.getincrementaldecoder(self.encoding)(errors=MARKED)
        self.is_certain = True
        return self.decoder.decode(data, final)

    def _normal(self, text: str, *, final: bool = False) -> bytes:
        if self.ends_with_return:
            text = "\r" + text
        self.ends_with_return = text.endswith("\r") and not final
        if self.ends_with_return:
            text = text[:-1]
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        return text.encode("utf-8", "surrogatepass")


def _wide(start: bytes) -> str:
    """UTF-16 without a mark, if every other byte is zero, as in most of the letters that headers are made of."""
    for encoding, zeros, letters in (("utf-16-le", start[1::2], start[::2]), ("utf-16-be", start[::2], start[1::2])):
        if letters and 0 not in letters and zeros.count(0) > MOST_ZERO * len(zeros):
            return encoding
    return ""


def _has_utf8(data: bytes) -> bool:
    """Whether some character beyond ASCII is written in UTF-8: in Windows-1252 that is hardly ever by chance."""
    return any(
        0xC2 <= lead <= 0xF4 and 0x80 <= follow <= 0xBF for lead, follow in pairwise(data[:65_536]) if lead >= 0xC2
    )


def whole_lines(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    """The pieces put together to chunks of about `size` bytes; each ends where a line does, but for the last.

    Of a line that is longer than a piece the rest behind `LONGEST_ROW` is left out: it is too long for a row anyway.
    """
    lines, rest, length = list[bytes](), b"", 0
    for piece in pieces:
        end = piece.rfind(b"\n") + 1
        if not end:
            rest = (rest + piece)[: LONGEST_ROW + 1]
            continue
        lines += [rest, piece[:end]]
        length += len(rest) + end
        rest = piece[end:]
        if length >= size:
            yield b"".join(lines)
            lines, length = [], 0
    if last := b"".join([*lines, rest]):
        yield last
