"""Settings under which packages cannot be played, or not safely."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from courses.packages.host import origin_of

HINT = (
    "Give a second host name that leads to this server, best under another domain:"
    " UPLIFT_PACKAGES_URL=https://packages.example.net"
)


@register()
def packages_have_an_origin(app_configs: Sequence[Any] | None, **kwargs: object) -> list[CheckMessage]:
    """Packages are played on a host of their own or not at all."""
    if not settings.PACKAGES_URL:
        return [
            Warning("UPLIFT_PACKAGES_URL is not set: lessons of packages cannot be opened.", HINT, id="packages.W001")
        ]
    site, packages = origin_of(settings.SITE_URL), origin_of(settings.PACKAGES_URL)
    if not packages or urlsplit(settings.PACKAGES_URL).path.strip("/"):
        return [Error(f"UPLIFT_PACKAGES_URL is {settings.PACKAGES_URL!r}, no web address.", HINT, id="packages.E001")]
    if urlsplit(packages).hostname == urlsplit(site).hostname:
        return [
            Error(
                "UPLIFT_PACKAGES_URL and SITE_URL have the same host, whose cookies packages could reach.", HINT,
                id="packages.E002",
            )
        ]  # fmt: skip
    if site.startswith("https://") and not packages.startswith("https://"):
        return [Error("SITE_URL is https and UPLIFT_PACKAGES_URL is not: browsers block it.", HINT, id="packages.E003")]
    return []
