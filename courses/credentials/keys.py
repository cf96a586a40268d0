"""Each program signs with its own Ed25519 key (RFC 8032), derived from a key that lies outside the database.

Why it is derived, and what happens when the key changes: docs/decisions/0006-keys-outside-the-database.md
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from jwt.utils import base64url_encode

from programs.models import Program


@dataclass(frozen=True)
class SigningKey:
    private: Ed25519PrivateKey

    @property
    def public(self) -> Ed25519PublicKey:
        return self.private.public_key()

    @property
    def jwk(self) -> dict[str, str]:
        """The public half as a JSON Web Key (RFC 8037); it never holds the private part, `d`."""
        return {"kty": "OKP", "crv": "Ed25519", "x": base64url_encode(self.public.public_bytes_raw()).decode()}

    @property
    def thumbprint(self) -> str:
        """Names the key by its own content (RFC 7638)."""
        canonical = json.dumps(self.jwk, sort_keys=True, separators=(",", ":"))
        return base64url_encode(hashlib.sha256(canonical.encode()).digest()).decode()


def signing_keys(program: Program) -> list[SigningKey]:
    """The program's keys: the first signs, all of them verify."""
    return [_derived(secret, program.code) for secret in settings.SIGNING_KEYS]


@cache
def _derived(secret: str, program_code: str) -> SigningKey:
    seed = hmac.digest(secret.encode(), f"credentials:{program_code}".encode(), hashlib.sha256)
    return SigningKey(Ed25519PrivateKey.from_private_bytes(seed))


def issuer_id(program: Program) -> str:
    """The program as issuer, by the did:web method: its document is served at /issuers/<program>/did.json."""
    site = urlsplit(settings.SITE_URL)
    folders = [quote(folder, safe="") for folder in site.path.split("/") if folder]
    return ":".join(["did:web", quote(site.netloc, safe=""), *folders, "issuers", program.code])


def key_id(program: Program, key: SigningKey) -> str:
    return f"{issuer_id(program)}#{key.thumbprint}"


def key_set(program: Program) -> dict[str, Any]:
    """The program's public keys as a JSON Web Key Set (RFC 7517)."""
    return {
        "keys": [key.jwk | {"kid": key_id(program, key), "alg": "EdDSA", "use": "sig"} for key in signing_keys(program)]
    }


def did_document(program: Program) -> dict[str, Any]:
    """The program's DID document (W3C DID Core 1.0): its keys, and that they sign statements."""
    issuer = issuer_id(program)
    keys = signing_keys(program)
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
        "id": issuer,
        "verificationMethod": [
            {"id": key_id(program, key), "type": "JsonWebKey", "controller": issuer, "publicKeyJwk": key.jwk}
            for key in keys
        ],
        "assertionMethod": [key_id(program, key) for key in keys],
    }
