"""Keyed hashes of identifiers (HMAC-SHA256, RFC 2104), with a key of each program's own."""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable

from django.conf import settings

from programs.models import Partner, Program

EMAIL = "email"  # the scheme that every program has
BLOCK, DIGEST = 64, 16  # bytes of a block of SHA-256, and of what is kept of it; our keys are shorter than a block
PARTNERS_OWN = "partner:"  # followed by the partner's code: the numbers that it gives people itself


def identity_key(program: Program) -> bytes:
    """The program's key, derived from the instance's: equal identifiers of two programs hash differently."""
    return hmac.digest(settings.IDENTITY_KEY.encode(), f"identity:{program.code}".encode(), hashlib.sha256)


def partners_own(partner: Partner) -> str:
    """The scheme of the numbers that the partner gives people itself."""
    return f"{PARTNERS_OWN}{partner.code}"


def normalised(scheme: str, identifier: str) -> str:
    """The identifier as it is compared: compatibility form, lower case, no white space.

    Identifiers of the program's own schemes also lose hyphens, which only make them readable. In an e-mail address or a
    partner's own number a hyphen tells people apart: 1-23 is not 12-3.
    """
    folded = "".join(unicodedata.normalize("NFKC", identifier).casefold().split())
    return folded if scheme == EMAIL or scheme.startswith(PARTNERS_OWN) else folded.replace("-", "")


class Hasher:
    """Keyed hashes of many identifiers of one scheme: `digest`, with the part of HMAC done once that is the same."""

    def __init__(self, key: bytes, scheme: str) -> None:
        block = key.ljust(BLOCK, b"\0")  # RFC 2104: a key that is no longer than a block
        inner, outer = (bytes(byte ^ pad for byte in block) for pad in (0x36, 0x5C))
        self.inner, self.outer = hashlib.sha256(inner + f"{scheme}\0".encode()), hashlib.sha256(outer)

    def digests(self, identifiers: Iterable[str]) -> list[bytes]:
        """Of identifiers that are `normalised` already."""
        begun, ended, found = self.inner.copy, self.outer.copy, []
        for identifier in identifiers:
            inner, outer = begun(), ended()
            inner.update(identifier.encode("utf-8", "surrogatepass"))
            outer.update(inner.digest())
            found.append(outer.digest()[:DIGEST])
        return found


def digest(key: bytes, scheme: str, identifier: str) -> bytes:
    """16 bytes that stand for the identifier; the same for every spelling that `normalised` makes equal.

    HMAC-SHA-256 cut to 128 bits, as RFC 2104, section 5, allows.
    """
    return Hasher(key, scheme).digests([normalised(scheme, identifier)])[0]
