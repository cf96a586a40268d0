"""System checks for settings that are each fine and wrong together. They run before every start and in `make check`."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.http.request import validate_host

LOCAL_HOSTS = ["localhost", ".localhost", "127.0.0.1", "[::1]"]
POSTGRESQL = "config.connection"
BROKERS = ("pgmq", "redis", "rediss", "amqp", "amqps", "memory")


@register()
def check_settings(app_configs: Sequence[AppConfig] | None, **options: object) -> list[CheckMessage]:
    """All messages about the settings of this installation; an empty list when they fit together."""
    return [*_database(), *_broker(), *_address(), *_debugging(), *_mail()]


def _database() -> Iterator[CheckMessage]:
    engine = str(settings.DATABASES["default"]["ENGINE"])
    if engine != POSTGRESQL:
        yield Error(
            f"DATABASE_URL names a database of the kind {engine.rpartition('.')[2]}, and Uplift needs PostgreSQL.",
            hint="Give an address such as postgresql://user:password@host/database, or none for the embedded server.",
            id="config.E001",
        )


def _broker() -> Iterator[CheckMessage]:
    kind = urlsplit(settings.BROKER_URL).scheme
    if kind not in BROKERS:
        yield Error(
            f"BROKER_URL names a broker of the kind {kind or '(none)'}, which loses tasks or is not supported.",
            hint="Use redis://host, amqp://user:password@host, or leave BROKER_URL out for the queue in PostgreSQL.",
            id="config.E002",
        )
    if kind == "pgmq" and settings.DATABASES["default"]["ENGINE"] != POSTGRESQL:
        yield Error(
            "The queue of tasks lies in PostgreSQL (pgmq), and the database is no PostgreSQL.",
            hint="Give BROKER_URL=redis://host or amqp://…, or use PostgreSQL as the database.",
            id="config.E003",
        )


def _address() -> Iterator[CheckMessage]:
    address = urlsplit(settings.SITE_URL)
    if address.scheme not in ("http", "https") or not address.hostname:
        yield Error(
            f"SITE_URL is {settings.SITE_URL!r}, which is no address of a web site.",
            hint="Give it as people type it, for example https://uplift.example.org",
            id="config.E004",
        )
    elif not validate_host(_host(address.hostname), settings.ALLOWED_HOSTS):
        yield Error(
            f"SITE_URL leads to {address.hostname}, which ALLOWED_HOSTS does not allow: every page would answer 400.",
            hint=f"Set ALLOWED_HOSTS={','.join([address.hostname, *settings.ALLOWED_HOSTS])}",
            id="config.E005",
        )
    elif address.scheme == "http" and not _is_local(address.hostname):
        yield Warning(
            f"SITE_URL is {settings.SITE_URL}: passwords and names of people would travel unencrypted.",
            hint="Serve Uplift behind a proxy with TLS and set SITE_URL=https://… and BEHIND_PROXY=1.",
            id="config.W001",
        )


def _debugging() -> Iterator[CheckMessage]:
    if not settings.DEBUG:
        return
    if settings.SITE_URL.startswith("https://"):
        yield Error(
            "DEBUG is on and SITE_URL is an https address: error pages would show settings and data to visitors.",
            hint="Leave DEBUG out where people sign in; for work on the code leave SITE_URL out.",
            id="config.E006",
        )
    if strangers := [host for host in settings.ALLOWED_HOSTS if host == "*" or not _is_local(host)]:
        yield Error(
            f"DEBUG is on and ALLOWED_HOSTS lets visitors from elsewhere in ({', '.join(strangers)}).",
            hint="Leave DEBUG out, or allow only localhost.",
            id="config.E007",
        )


def _mail() -> Iterator[CheckMessage]:
    if settings.ACCOUNT_EMAIL_VERIFICATION == "mandatory" and not settings.EMAIL_URL:
        yield Error(
            "Everyone must confirm an e-mail address, and no mail leaves this machine: nobody could sign in.",
            hint="Set EMAIL_URL=smtp://user:password@host:587, or UPLIFT_EMAIL_VERIFICATION=optional.",
            id="config.E008",
        )


def _is_local(host: str) -> bool:
    return validate_host(_host(host), LOCAL_HOSTS)


def _host(name: str) -> str:
    return f"[{name}]" if ":" in name and not name.startswith("[") else name
