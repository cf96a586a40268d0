"""Whether a file is what its ending says, by its first bytes: a page with scripts does not pass as a picture."""

import re

BEFORE_SVG = re.compile(rb"\s+|<\?[^>]*>|<!DOCTYPE[^>\[]*>")
ZIPPED = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".zip")
# The bytes with which each kind of file begins, from the specifications of the formats.
STARTS = {
    ".png": rb"\x89PNG\r\n\x1a\n",
    ".jpg": rb"\xff\xd8\xff",
    ".jpeg": rb"\xff\xd8\xff",
    ".gif": rb"GIF8[79]a",
    ".webp": rb"RIFF....WEBP",
    ".mp4": rb"....ftyp",
    ".webm": rb"\x1a\x45\xdf\xa3",
    ".pdf": rb"%PDF-",
    ".vtt": rb"(\xef\xbb\xbf)?WEBVTT",
    **dict.fromkeys(ZIPPED, rb"PK\x03\x04"),
}


def is_what_it_says(path: str, data: bytes) -> bool:
    """True for endings that say nothing about the first bytes, such as .txt; those of a package are not looked at."""
    if path.startswith("package/"):
        return True
    ending = f".{path.rsplit('.', 1)[-1].lower()}"
    if ending == ".svg":
        return is_svg(data.removeprefix(b"\xef\xbb\xbf"))
    return bool(re.match(STARTS.get(ending, b""), data, re.DOTALL))


def is_svg(data: bytes) -> bool:
    """Whether the first element is svg, after what may stand before it in XML."""
    place = 0
    while place < len(data):
        if data.startswith(b"<!--", place):
            place = data.find(b"-->", place) + 3
            if place < 3:
                return False
        elif found := BEFORE_SVG.match(data, place):
            place = found.end()
        else:
            return bool(re.match(rb"<svg[\s>]", data[place : place + 5]))
    return False
