"""Rows in quarantine name people: their cells are kept encrypted (AES-256-GCM), under a key of each program's own."""

import hashlib
import hmac
import os
from collections.abc import Sequence

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from people.identities import identity_key
from programs.models import Program

NONCE = 12  # bytes


class Seal:
    def __init__(self, program: Program) -> None:
        self.cipher = AESGCM(hmac.digest(identity_key(program), b"rows in quarantine", hashlib.sha256))

    def closed(self, cells: Sequence[str]) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + self.cipher.encrypt(nonce, orjson.dumps(list(cells)), None)

    def opened(self, sealed: bytes) -> list[str]:
        """Raises `cryptography.exceptions.InvalidTag` for what was sealed under another key, or changed."""
        cells: list[str] = orjson.loads(self.cipher.decrypt(sealed[:NONCE], sealed[NONCE:], None))
        return cells
