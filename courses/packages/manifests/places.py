"""From the addresses of a manifest to the files of the archive."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

ROOT = "http://package.invalid/"


@dataclass(frozen=True)
class Place:
    """A file of the archive, and what follows it in the address."""

    path: str
    query: str = ""
    fragment: str = ""

    def __str__(self) -> str:
        query = f"?{self.query}" if self.query else ""
        return f"{self.path}{query}{f'#{self.fragment}' if self.fragment else ''}"

    def with_parameters(self, parameters: str) -> "Place":
        """With the `parameters` of an item added as SCORM 2004 CAM 3.4.1.6 says, which is what SCORM 1.2 means too."""
        added = parameters.strip().lstrip("?&")
        if not added:
            return self
        if added.startswith("#"):
            return self if self.fragment else Place(self.path, self.query, added[1:])
        query, _, fragment = added.partition("#")
        return Place(self.path, "&".join(filter(None, [self.query, query])), self.fragment or fragment)


class Places:
    """The files of an archive, found by the addresses of its manifest."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = set(names)
        self._by_lower_case = {name.lower(): name for name in self._names}

    def __contains__(self, path: object) -> bool:
        return path in self._names

    def find(self, address: str, bases: Iterable[str] = ()) -> Place | None:
        """The file that the address means, or `None`; `bases` are those around it (`xml:base`), the outermost first.

        Tools differ in whether they encode spaces, in slashes, in case and in how they write accents: all of these are
        found.
        """
        whole = ROOT
        for base in bases:
            whole = urljoin(whole, base.replace("\\", "/"))
        try:
            parts = urlsplit(urljoin(whole, address.strip().replace("\\", "/")))
        except ValueError:
            return None
        if f"{parts.scheme}://{parts.netloc}/" != ROOT:
            return None
        for path in (unicodedata.normalize("NFC", said) for said in (parts.path[1:], unquote(parts.path[1:]))):
            found = path if path in self._names else self._by_lower_case.get(path.lower())
            if found and not set(found) & set("?#"):
                return Place(found, parts.query, parts.fragment)
        return None


def is_elsewhere(address: str) -> bool:
    """Whether the address leads out of the package."""
    try:
        return bool(urlsplit(address.strip()).scheme or urlsplit(address.strip()).netloc)
    except ValueError:
        return False
