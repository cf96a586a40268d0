"""The keys of a program's identities: derived from the instance's, which lie outside the database, and proven right.

The database knows of each key only that there is one, and by which proof it is known again.
"""

import hashlib
import hmac
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction

from people.identities import DIGEST, Hasher
from people.models import Identity, IdentityKey
from programs.models import Program

LOCK = 4_711_005  # the kind of advisory lock that whoever hashes holds together with others, and a rotation alone
PROVEN = b"this key is the right one"


class IdentityKeyError(Exception):
    """This process does not have the keys of the program's identities; the message says which, and what to do."""


@dataclass(frozen=True)
class IdentityKeys:
    """A program's keys, the first one first. `salt` makes marks of shared values that die with the newest key."""

    layers: tuple[bytes, ...]
    salt: bytes

    @property
    def newest(self) -> bytes:
        return self.layers[-1]

    def hasher(self, scheme: str) -> Hasher:
        """Of what names a person. A rotation adds a layer to every such hash that is stored."""
        return Hasher(self.layers, scheme)

    @property
    def record_hasher(self) -> Hasher:
        """Of what makes a partner's record one, and names nobody: it stays the same, as facts are never edited."""
        return Hasher(self.layers[:1], "record")


def identity_keys(program: Program) -> IdentityKeys:
    """The keys by which the program's identities are hashed today. Hold `using_identity_keys` while you work with them.

    Raises `IdentityKeyError` if this process knows too few keys, or others than those that were used.
    """
    known = list(IdentityKey.objects.of(program)) or _begun(program)
    derived = instance_keys(program)
    if len(derived) < len(known):
        raise IdentityKeyError(
            f"The identities of program {program.code} have had {len(known)} keys, and this process knows"
            f" {len(derived)}. Set UPLIFT_IDENTITY_KEY to all of them, the newest first, and start again."
        )
    for place, (row, key) in enumerate(zip(known, derived, strict=False), start=1):
        if not hmac.compare_digest(bytes(row.proof), proof_of(key)):
            raise IdentityKeyError(
                f"Key {place} of {len(known)} (the first is the oldest) is not the one by which the identities of"
                f" program {program.code} were hashed: everybody would be a new person. Set UPLIFT_IDENTITY_KEY, or the"
                " file secrets/identity-key, to the keys that belong to this database, the newest first, and start"
                " again."
            )
    return IdentityKeys(tuple(derived[: len(known)]), bytes(known[-1].salt or b""))


def instance_keys(program: Program) -> list[bytes]:
    """What the instance's keys come to for the program, the oldest first: equal identifiers of two programs differ."""
    purpose = f"identity:{program.code}".encode()
    return [hmac.digest(secret.encode(), purpose, hashlib.sha256) for secret in reversed(settings.IDENTITY_KEYS)]


def proof_of(key: bytes) -> bytes:
    """What tells the right key from a wrong one, and nothing about it."""
    return hmac.digest(key, PROVEN, hashlib.sha256)[:DIGEST]


def add_keys(program: Program, keys: list[bytes]) -> None:
    """Writes down that the program's identities have these keys from now on, after those that it had."""
    made = IdentityKey.objects.of(program).count()
    IdentityKey.objects.of(program).update(salt=None)
    IdentityKey.objects.bulk_create(
        IdentityKey(program=program, generation=made + place, proof=proof_of(key), salt=None)
        for place, key in enumerate(keys)
    )
    IdentityKey.objects.of(program).filter(generation=made + len(keys) - 1).update(salt=os.urandom(DIGEST))


@transaction.atomic
def _begun(program: Program) -> list[IdentityKey]:
    """The first use of the program's keys. Identities from before keys were written down have the oldest one alone."""
    Program.objects.select_for_update(of=("self",), no_key=True).get(pk=program.pk)
    if not IdentityKey.objects.of(program).exists():
        keys = instance_keys(program)
        add_keys(program, keys[:1] if Identity.objects.filter(program=program).exists() else keys)
    return list(IdentityKey.objects.of(program))


@contextmanager
def using_identity_keys(program: Program, *, wait: bool) -> Iterator[bool]:
    """Keeps rotations away, over transactions; whoever dies gives that back with the connection.

    Answers False, with `wait=False`, while a rotation is under way. Raises `IdentityKeyError` as `identity_keys` does.
    """
    function = "pg_advisory_lock_shared" if wait else "pg_try_advisory_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [LOCK, program.pk])
        is_ours = wait or bool(cursor.fetchone()[0])
    try:
        if is_ours:
            identity_keys(program)
        yield is_ours
    finally:
        if is_ours and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock_shared(%s, %s)", [LOCK, program.pk])


def use_identity_keys(program: Program) -> IdentityKeys:
    """The keys, which stay the same until the end of the transaction; waits for a rotation to end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [LOCK, program.pk])
    return identity_keys(program)


def own_identity_keys(program: Program) -> bool:
    """Tries to keep everybody else from the keys until the end of the transaction, as a rotation must."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, program.pk])
        return bool(cursor.fetchone()[0])
