"""Rows in quarantine name people: their cells are kept encrypted (AES-256-GCM), under the newest key of the program."""

import contextlib
import hashlib
import hmac
import os
from collections.abc import Sequence

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from people.keys import identity_keys, instance_keys
from programs.models import Program

NONCE = 12  # bytes


class Seal:
    """Closes with the program's newest key and opens with any: somebody may read while a rotation ends."""

    def __init__(self, program: Program) -> None:
        self.cipher = _cipher(identity_keys(program).newest)
        self.ciphers = [self.cipher, *map(_cipher, instance_keys(program))]

    def closed(self, cells: Sequence[str]) -> bytes:
        return self._closed(orjson.dumps(list(cells)))

    def opened(self, sealed: bytes) -> list[str]:
        """Raises `cryptography.exceptions.InvalidTag` for what was sealed under an unknown key, or changed."""
        cells: list[str] = orjson.loads(self._opened(sealed))
        return cells

    def closed_again(self, sealed: Sequence[bytes]) -> list[bytes]:
        """The same under the newest key; what no known key opens stays as it is."""
        return [self._closed_again(each) for each in sealed]

    def _closed(self, content: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + self.cipher.encrypt(nonce, content, None)

    def _opened(self, sealed: bytes) -> bytes:
        for cipher in self.ciphers:
            with contextlib.suppress(InvalidTag):
                return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], None)
        raise InvalidTag

    def _closed_again(self, sealed: bytes) -> bytes:
        try:
            return self._closed(self._opened(sealed))
        except InvalidTag:
            return sealed


def _cipher(key: bytes) -> AESGCM:
    return AESGCM(hmac.digest(key, b"rows in quarantine", hashlib.sha256))
