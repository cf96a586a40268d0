"""Keyed hashes of identifiers (HMAC-SHA256, RFC 2104), with a key of each program's own."""

import hashlib
import hmac
import unicodedata

from django.conf import settings

from programs.models import Program

EMAIL = "email"  # the scheme that every program has


def identity_key(program: Program) -> bytes:
    """The program's key, derived from the instance's: equal identifiers of two programs hash differently."""
    return hmac.digest(settings.IDENTITY_KEY.encode(), f"identity:{program.code}".encode(), hashlib.sha256)


def normalised(identifier: str) -> str:
    """The identifier as it is compared: compatibility form, no white space or hyphens, lower case."""
    folded = unicodedata.normalize("NFKC", identifier).casefold()
    return "".join(character for character in folded if not character.isspace() and character != "-")


def digest(key: bytes, scheme: str, identifier: str) -> bytes:
    """32 bytes that stand for the identifier; the same for every spelling that `normalised` makes equal."""
    return hmac.digest(key, f"{scheme}\0{normalised(identifier)}".encode(), hashlib.sha256)
