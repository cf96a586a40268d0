"""The origin of its own on which packages are played: docs/decisions/0020-packages.md

A package is somebody else's program. On another origin the browser keeps it from the pages and their cookies.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve

PORTS = {"http": 80, "https": 443}
LAUNCH_URLS = "courses.packages.launch_urls"
NOTHING_ELSE = "Only parts of courses are played at this address. The pages are at {site}"
SANDBOX = ("allow-scripts", "allow-same-origin", "allow-forms", "allow-modals", "allow-popups", "allow-downloads")
NOT_ALLOWED = (
    "accelerometer", "bluetooth", "browsing-topics", "camera", "clipboard-read", "display-capture", "geolocation",
    "gyroscope", "hid", "identity-credentials-get", "local-fonts", "magnetometer", "microphone", "midi",
    "otp-credentials", "payment", "publickey-credentials-create", "publickey-credentials-get", "screen-wake-lock",
    "serial", "storage-access", "usb", "web-share", "window-management", "xr-spatial-tracking",
)  # fmt: skip


@lru_cache(maxsize=100)
def origin_of(address: str) -> str:
    """Scheme, host and port, as browsers compare them; empty for what is no web address."""
    try:
        parts = urlsplit(address)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        return ""
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}{'' if port == PORTS[parts.scheme] else f':{port}'}" if host else ""


def packages_origin() -> str:
    """Where packages are played; empty where there is no origin that is safe for it."""
    packages, site = origin_of(settings.PACKAGES_URL), origin_of(settings.SITE_URL)
    has_own_host = host_name(packages) != host_name(site)
    return packages if packages and site and has_own_host else ""


def is_packages_host(request: HttpRequest) -> bool:
    """Whether the request was sent to the host of the packages, at whatever port: cookies do not tell ports apart."""
    origin, asked = packages_origin(), origin_of(f"http://{request.headers.get('host', '')}")
    return bool(origin and asked) and host_name(asked) == host_name(origin)


@lru_cache(maxsize=100)
def host_name(address: str) -> str:
    return (urlsplit(address).hostname or "").rstrip(".")


class PackagesHost:
    """Middleware: on the host of the packages nothing is served but launches, without session, cookie or anything else.

    On all other hosts launches are not served: their addresses are known to no other URL configuration.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        # What fails must have an answer here: outside, it would get one without `headers`.
        self.launched = cast(Callable[[HttpRequest], HttpResponseBase], convert_exception_to_response(launched))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_packages_host(request):
            return self.get_response(request)
        response = self.launched(request)
        for name, value in headers().items():
            response.headers.setdefault(name, value)
        return response


def launched(request: HttpRequest) -> HttpResponseBase:
    try:
        found = resolve(request.path_info, LAUNCH_URLS)
        response: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
    except (Resolver404, Http404):
        said = NOTHING_ELSE.format(site=settings.SITE_URL)
        return HttpResponse(said, status=404, content_type="text/plain; charset=utf-8")
    return response


def headers() -> dict[str, str]:
    """What every answer on the packages' host says. COOP would cut off the windows that packages open."""
    return {
        "Content-Security-Policy": content_policy(),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "unsafe-none",
        "Origin-Agent-Cluster": "?1",
        "Permissions-Policy": ", ".join(f"{name}=()" for name in NOT_ALLOWED),
        "Cache-Control": "private, no-store",
        "X-Robots-Tag": "noindex",
    }


def content_policy() -> str:
    """For what is in packages: its own files and scripts, and nothing that lies elsewhere."""
    return policy(
        default="'self' 'unsafe-inline' 'unsafe-eval' data: blob:",
        connect="'self' data: blob:",
        frame="'self' data: blob:",
    )


def player_policy() -> str:
    """For the page around it, which is ours: no script but its own, no frame but the package's."""
    return policy(default="'self'", connect="'self'", frame="'self'")


def policy(*, default: str, connect: str, frame: str) -> str:
    directives = {
        "default-src": default,
        "connect-src": connect,
        "frame-src": frame,
        "worker-src": "'none'",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": f"'self' {origin_of(settings.SITE_URL)}",
        "sandbox": " ".join(SANDBOX),
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())
