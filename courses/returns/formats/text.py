"""From the bytes of a file to its text, a piece at a time: encodings, byte order marks and line ends."""

import codecs
import io
from collections.abc import Iterator
from itertools import pairwise

from .block import FileRefusedError

PIECE = 2 * 1024 * 1024  # bytes that are decoded at a time
MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
# What is not UTF-8 and says nothing of itself comes from an older Windows or Excel, nearly always.
ELSE = "windows-1252"


class Text:
    """The text of a file, as UTF-8 with `\\n` at the end of each line that ended so, `\\r\\n` or `\\r`.

    A file whose profile says UTF-8 and that is none is read as Windows-1252, which `encoding` then says, unless it has
    both: then it is damaged, and `FileRefusedError` says where. Any other profile's encoding is taken as it is.
    """

    def __init__(self, source: io.BufferedIOBase, encoding: str) -> None:
        self.source, self.told = source, codecs.lookup(encoding).name
        start = source.read(PIECE)
        mark = next((mark for mark in MARKS if start.startswith(mark)), b"")
        self.encoding = MARKS.get(mark, self.told)
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
        if self.is_certain or not data[: error.start].isascii() or _has_utf8(data[error.start :]):
            line = self.line + data[: error.start].count(b"\n")
            raise FileRefusedError(
                f"The file is not {self.encoding.upper()} text: byte {offset + error.start + 1:,}, in line {line:,},"
                " does not fit. Save it as CSV (in Excel: File, Save As, “CSV UTF-8”) and send that file."
            ) from None
        self.encoding = ELSE
        self.decoder = codecs.getincrementaldecoder(ELSE)(errors="replace")
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


def _has_utf8(data: bytes) -> bool:
    """Whether some character beyond ASCII is written in UTF-8: in Windows-1252 that is hardly ever by chance."""
    return any(
        0xC2 <= lead <= 0xF4 and 0x80 <= follow <= 0xBF for lead, follow in pairwise(data[:65_536]) if lead >= 0xC2
    )


def whole_lines(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    """The pieces put together to chunks of about `size` bytes; each ends where a line does, but for the last."""
    kept: list[bytes] = []
    length = 0
    for piece in pieces:
        kept.append(piece)
        length += len(piece)
        if length >= size:
            joined = b"".join(kept)
            end = joined.rfind(b"\n") + 1
            if end:
                yield joined[:end]
            kept, length = [joined[end:]], len(joined) - end
    if rest := b"".join(kept):
        yield rest
