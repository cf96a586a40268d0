"""Settings and databases under which nobody would be known again."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from people.keys import IdentityKeyError, identity_keys
from people.models import IdentityKey
from programs.models import Program

SHORTEST_KEY = 32


@register
def identity_keys_are_keys(app_configs: Sequence[Any] | None, **kwargs: object) -> list[CheckMessage]:
    return list(_faults(settings.IDENTITY_KEYS))


def _faults(keys: Sequence[str]) -> Iterator[CheckMessage]:
    if len(set(keys)) < len(keys):
        yield Error("UPLIFT_IDENTITY_KEY names one key twice.", "A new key goes before the old one.", id="people.E001")
    if not all(keys) or len(keys[0]) < SHORTEST_KEY:
        hint = 'Make one with: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
        said = f"UPLIFT_IDENTITY_KEY begins with a key of fewer than {SHORTEST_KEY} characters, or has an empty one."
        yield Error(said, hint, id="people.E002")


@register(Tags.database)
def identity_keys_belong_to_the_database(
    app_configs: Sequence[Any] | None, databases: Sequence[str] | None = None, **kwargs: object
) -> list[CheckMessage]:
    """For `manage.py check --database default`, and before migrations; a database without the table has none to fit."""
    if not databases or IdentityKey._meta.db_table not in connections["default"].introspection.table_names():
        return []
    return [Error(fault, id="people.E003") for fault in unfit_keys()]


def unfit_keys() -> list[str]:
    """Of each program whose identities cannot be hashed with this process's keys, why not."""
    return [fault for program in Program.objects.filter(pk__in=IdentityKey.objects.values("program"))
            if (fault := _unfit(program))]  # fmt: skip


def _unfit(program: Program) -> str:
    try:
        identity_keys(program)
    except IdentityKeyError as fault:
        return str(fault)
    return ""
