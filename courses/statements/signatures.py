"""Signed statements (xAPI 1.0.3 Data 2.6): a JWS over the statement itself, as an attachment."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm

from .checks import SIGNATURE
from .comparing import say_the_same, without
from .reading_json import read_json
from .refusals import RefusedError

ALGORITHMS: Mapping[str, type[HashAlgorithm]] = {"RS256": SHA256, "RS384": SHA384, "RS512": SHA512}


def check_signatures(statement: dict[str, Any], attachments: Mapping[str, bytes]) -> None:
    """Raises `RefusedError` for a signature that is malformed, of another statement, or not by its certificate.

    A signature without a certificate is kept as it is: whoever knows the signer's key can verify it.
    """
    for row in statement.get("attachments", ()):
        if row["usageType"] == SIGNATURE:
            check_signature(statement, attachments[row["sha2"].lower()])


def check_signature(statement: dict[str, Any], signature: bytes) -> None:
    pieces = signature.strip().split(b".")
    if len(pieces) != 3:
        raise RefusedError("A signature must be a JWS of three parts (RFC 7515).")
    header, payload, signed = (decoded(piece) for piece in pieces)
    said, claimed = read_json(header), read_json(payload)
    if type(said) is not dict or str(said.get("alg")) not in ALGORITHMS:
        raise RefusedError(f"A signature must use one of: {', '.join(ALGORITHMS)}.")
    if type(claimed) is not dict or not is_of(statement, claimed):
        raise RefusedError("The signature is of another statement.")
    if "x5c" in said:
        verify(said["x5c"], b".".join(pieces[:2]), signed, ALGORITHMS[said["alg"]]())


def decoded(piece: bytes) -> bytes:
    try:
        return base64.b64decode(piece + b"=" * (-len(piece) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise RefusedError("A part of the signature is no base64url.") from error


def is_of(statement: dict[str, Any], claimed: dict[str, Any]) -> bool:
    """Whether what was signed is the statement before it was signed: the signature itself is no part of it."""
    others = [row for row in statement["attachments"] if row["usageType"] != SIGNATURE]
    unsigned = without(statement, "attachments") | ({"attachments": others} if others else {})
    if "id" not in claimed:
        unsigned = without(unsigned, "id")
    return say_the_same(unsigned, claimed)


def verify(chain: object, signed: bytes, signature: bytes, algorithm: HashAlgorithm) -> None:
    """By the first certificate of the chain. Who it belongs to, and who vouches for it, is not looked at."""
    try:
        assert isinstance(chain, list)
        key = x509.load_der_x509_certificate(base64.b64decode(chain[0], validate=True)).public_key()
        assert isinstance(key, RSAPublicKey)
        key.verify(signature, signed, PKCS1v15(), algorithm)
    except (AssertionError, IndexError, TypeError, ValueError, InvalidSignature) as error:
        raise RefusedError("The signature does not fit its certificate.") from error
