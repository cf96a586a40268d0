"""Keyed hashes of identifiers (HMAC-SHA256, RFC 2104), with a key of each program's own."""

import hashlib
import hmac
import unicodedata

from django.conf import settings

from programs.models import Program

EMAIL = "email"  # the scheme that every program has
PARTNERS_OWN = "partner:"  # followed by the partner's code: the numbers that it gives people itself


def identity_key(program: Program) -> bytes:
    """The program's key, derived from the instance's: equal identifiers of two programs hash differently."""
    return hmac.digest(settings.IDENTITY_KEY.encode(), f"identity:{program.code}".encode(), hashlib.sha256)


def normalised(scheme: str, identifier: str) -> str:
    """The identifier as it is compared: compatibility form, lower case, no white space.

    Identifiers of the program's own schemes also lose hyphens, which only make them readable. In an e-mail address or a
    partner's own number a hyphen tells people apart: 1-23 is not 12-3.
    """
    folded = "".join(unicodedata.normalize("NFKC", identifier).casefold().split())
    return folded if scheme == EMAIL or scheme.startswith(PARTNERS_OWN) else folded.replace("-", "")


def digest(key: bytes, scheme: str, identifier: str) -> bytes:
    """32 bytes that stand for the identifier; the same for every spelling that `normalised` makes equal."""
    return hmac.digest(key, f"{scheme}\0{normalised(scheme, identifier)}".encode(), hashlib.sha256)
