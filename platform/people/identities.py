"""Keyed hashes of identifiers (HMAC-SHA256, RFC 2104), in as many layers as the program has had keys.

Why in layers, and what changing the key is good for: docs/decisions/0018-identity-keys-rotate.md
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence

from programs.models import Partner

EMAIL = "email"  # the scheme that every program has
BLOCK, DIGEST = 64, 16  # bytes of a block of SHA-256, and of what is kept of it; our keys are shorter than a block
PARTNERS_OWN = "partner:"  # followed by the partner's code: the numbers that it gives people itself


def partners_own(partner: Partner) -> str:
    """The scheme of the numbers that the partner gives people itself."""
    return f"{PARTNERS_OWN}{partner.code}"


def without_marks(text: str) -> str:
    """The text without characters that nobody sees (category Cf of Unicode): marks of zero width or of direction."""
    return text if text.isascii() else "".join(each for each in text if unicodedata.category(each) != "Cf")


def compact(identifier: str) -> str:
    """The identifier in compatibility form, without white space and what nobody sees."""
    return "".join(without_marks(unicodedata.normalize("NFKC", identifier)).split())


def normalised(scheme: str, identifier: str) -> str:
    """The identifier as it is compared: compatibility form, lower case, no white space and nothing that nobody sees.

    Identifiers of the program's own schemes also lose hyphens, which only make them readable. In an e-mail address or a
    partner's own number a hyphen tells people apart: 1-23 is not 12-3.
    """
    folded = compact(identifier).casefold()
    return folded if scheme == EMAIL or scheme.startswith(PARTNERS_OWN) else folded.replace("-", "")


class Layer:
    """HMAC-SHA-256 under one key, cut to 128 bits as RFC 2104, section 5, allows; what never changes is done once."""

    def __init__(self, key: bytes, prefix: bytes = b"") -> None:
        block = key.ljust(BLOCK, b"\0")  # RFC 2104: a key that is no longer than a block
        inner, outer = (bytes(byte ^ pad for byte in block) for pad in (0x36, 0x5C))
        self.inner, self.outer = hashlib.sha256(inner + prefix), hashlib.sha256(outer)

    def hashes(self, texts: Iterable[bytes]) -> list[bytes]:
        begun, ended, found = self.inner.copy, self.outer.copy, []
        for text in texts:
            inner, outer = begun(), ended()
            inner.update(text)
            outer.update(inner.digest())
            found.append(outer.digest()[:DIGEST])
        return found


class Hasher:
    """Keyed hashes of many identifiers of one scheme, under keys from the first to the newest.

    The first layer hashes scheme and identifier, each further one the hash of the layer before: so a stored hash gets
    another layer without its identifier.
    """

    def __init__(self, keys: Sequence[bytes], scheme: str) -> None:
        self.first = Layer(keys[0], f"{scheme}\0".encode())
        self.further = [Layer(key) for key in keys[1:]]

    def digests(self, identifiers: Iterable[str]) -> list[bytes]:
        """16 bytes for each, in order, of identifiers that are `normalised` already."""
        found = self.first.hashes([identifier.encode("utf-8", "surrogatepass") for identifier in identifiers])
        for layer in self.further:
            found = layer.hashes(found)
        return found


def digest(keys: Sequence[bytes], scheme: str, identifier: str) -> bytes:
    """16 bytes that stand for the identifier; the same for every spelling that `normalised` makes equal."""
    return Hasher(keys, scheme).digests([normalised(scheme, identifier)])[0]
