"""Another key for a program's identities: every stored hash gets a layer, in one transaction.

Why layers, and what is gained by them: docs/decisions/0018-identity-keys-rotate.md
"""

import time
from dataclasses import dataclass, field

from django.db import transaction

from courses.matching.freshness import note_comparables, renew_comparables
from courses.matching.operations import search_alone
from courses.returns.operations import rotate_kept_rows
from people.keys import add_keys, identity_keys, instance_keys, own_identity_keys
from people.rotation import wrap_people, wrapping
from programs.models import Program

PAUSE = 0.2  # seconds between two looks whether everybody is done


class RotationRefusedError(Exception):
    """Nothing was changed; the message says why and what to do."""


@dataclass(frozen=True)
class Rotation:
    """How many keys the program has had now, how many of them are new, and how many rows were rewritten, by kind."""

    keys: int
    added: int
    rewritten: dict[str, int] = field(default_factory=dict)


@transaction.atomic
def rotate_identity_key(program: Program, *, patience: float) -> Rotation:
    """Brings the program's identities under all keys that the instance has; under the newest already, it does nothing.

    Waits up to `patience` seconds until nobody takes in a return or searches for candidates. It is one transaction:
    killed, it leaves nothing. Raises `IdentityKeyError` without the right keys, and `RotationRefusedError` if it is
    not let in.
    """
    deadline = time.monotonic() + patience
    while not (search_alone(program) and own_identity_keys(program)):
        if time.monotonic() >= deadline:
            raise RotationRefusedError(
                f"Returns of {program.code} are being taken in, or candidates searched for. Nothing was changed: try"
                " again later, or wait longer with --wait."
            )
        time.sleep(PAUSE)
    known, every = identity_keys(program).layers, instance_keys(program)
    new = every[len(known) :]
    if not new:
        return Rotation(len(known), 0)
    add_keys(program, new)
    return Rotation(len(every), len(new), _rewrite(program, new))


def _rewrite(program: Program, new: list[bytes]) -> dict[str, int]:
    wrap = wrapping(new)
    note_comparables(program)
    rewritten = wrap_people(program, wrap)
    rewritten["fingerprints"] = renew_comparables(program)
    return rewritten | rotate_kept_rows(program, wrap)
