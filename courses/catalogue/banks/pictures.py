"""The pictures of a bank, under names that a course folder takes."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import unquote_to_bytes

from courses.catalogue.banks.names import Names, slug

LARGEST = 5_000_000  # bytes, as in course folders
MOST = 100_000_000  # bytes, of all pictures of a bank
STARTS = {b"\x89PNG\r\n\x1a\n": ".png", b"\xff\xd8\xff": ".jpg", b"GIF87a": ".gif", b"GIF89a": ".gif"}
LONGEST_NAME = 60
# A drawing that does something is no picture.
ACTIVE = re.compile(
    rb"<(script|foreignObject|iframe|handler|set|animate)|\son\w{1,30}\s*=|javascript:|<!ENTITY", re.IGNORECASE
)
SVG = re.compile(
    rb"\s*(<\?xml[^>]{0,200}\?>\s*)?(<!--(?:(?!-->).){0,2000}-->\s*)*(<!DOCTYPE svg[^>\[]{0,300}>\s*)?<svg[\s>]",
    re.DOTALL,
)
DATA_ADDRESS = re.compile(r"data:image/[\w.+-]{1,40}((?:;[\w=.+-]{1,40}){0,5}),(.*)", re.DOTALL | re.IGNORECASE)


@dataclass
class Pictures:
    """Pictures by their path. The same picture is kept once, whatever it is called."""

    files: dict[str, bytes] = field(default_factory=dict)
    paths: dict[bytes, str] = field(default_factory=dict)
    stems: Names = field(default_factory=lambda: Names(LONGEST_NAME))
    size: int = 0

    def add(self, name: str, data: bytes) -> str | None:
        """The path of the picture in the course; `None` if it is no picture that a course takes."""
        ending = ending_of(data)
        if ending is None or len(data) > LARGEST or self.size + len(data) > MOST:
            return None
        known = self.paths.get(digest := hashlib.sha256(data).digest())
        if known is None:
            known = self.paths[digest] = f"pictures/{self.stems.unused(stem_of(name))}{ending}"
            self.files[known] = data
            self.size += len(data)
        return known


def ending_of(data: bytes) -> str | None:
    """What kind of picture it is, by how it begins; its name may say anything."""
    for start, ending in STARTS.items():
        if data.startswith(start):
            return ending
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return ".webp"
    is_drawing = SVG.match(data[:8000].removeprefix(b"\xef\xbb\xbf")) and not ACTIVE.search(data)
    return ".svg" if is_drawing else None


def stem_of(name: str) -> str:
    return slug(PurePosixPath(name[-200:]).stem, LONGEST_NAME) or "picture"


def decoded(text: str) -> bytes | None:
    """What base64 stands for; `None` if it is none."""
    try:
        return base64.b64decode(re.sub(r"\s+", "", text), validate=True)
    except (binascii.Error, ValueError):
        return None


def embedded(address: str) -> bytes | None:
    """The picture in a data: address; `None` if it holds none."""
    found = DATA_ADDRESS.fullmatch(address)
    if not found:
        return None
    data = unquote_to_bytes(found[2])
    return decoded(data.decode("ascii", "replace")) if "base64" in found[1].lower() else data
