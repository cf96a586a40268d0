"""Settings under which credentials could not be trusted."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

SHORTEST_KEY = 32


@register
def signing_keys_are_long_enough(app_configs: Sequence[Any] | None, **kwargs: object) -> list[CheckMessage]:
    if all(len(key.strip()) >= SHORTEST_KEY for key in settings.SIGNING_KEYS):
        return []
    hint = 'Make one with: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
    return [
        Error(f"UPLIFT_SIGNING_KEY holds a key of fewer than {SHORTEST_KEY} characters.", hint, id="credentials.E001")
    ]


@register
def site_has_an_address(app_configs: Sequence[Any] | None, **kwargs: object) -> list[CheckMessage]:
    site = urlsplit(settings.SITE_URL)
    if site.scheme in ("http", "https") and site.hostname and not site.query and not site.fragment:
        return []
    hint = "Give the address at which people reach this site, such as https://skills.example.org"
    return [Error("SITE_URL is not an address, and credentials name it as their issuer.", hint, id="credentials.E002")]
