"""The world in which all tests run: a database cluster that is thrown away afterwards, and a Chromium if there is one.

Fixtures of one package belong in tests/test_<package>/conftest.py.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import hypothesis
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

# Nothing from outside reaches the tests: neither a real installation's settings nor its data folder.
OUTSIDE = ("DATABASE_URL", "BROKER_URL", "EMAIL_URL", "SITE_URL", "ALLOWED_HOSTS", "DEBUG", "SECRET_KEY", "PORT")
IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ
ENOUGH_MEMORY = 2 * 1024**3
BROWSERS = ("chromium", "google-chrome", "google-chrome-stable")
# Chromium heeds the last of such lists alone. It begins with Playwright's own; what it adds are the suggestions of the
# address bar, a process or two for each visitor.
WITHOUT = (
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "LensOverlay"),
    *("HttpsFirstBalancedModeAutoEnable", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning"),
    *("AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "PreconnectToSearch"),
    *("AimEnabled", "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"),
)
BROWSER_FLAGS = [
    f"--disable-features={','.join(WITHOUT)}",
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


def _throwaway_folder() -> Path:
    """A new data folder in memory (or in the temporary folder), locked while this run lives.

    Folders of runs that were killed are no longer locked, and are removed on the way.
    """
    memory = Path("/dev/shm")
    in_memory = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ENOUGH_MEMORY
    parent = (memory if in_memory else Path(tempfile.gettempdir())) / f"uplift-tests-{os.getuid()}"
    parent.mkdir(mode=0o700, exist_ok=True)
    with _locked(parent):
        for old in parent.iterdir():
            with contextlib.suppress(BlockingIOError), _locked(old, fcntl.LOCK_EX | fcntl.LOCK_NB):
                shutil.rmtree(old)
        folder = Path(tempfile.mkdtemp(dir=parent))
        fcntl.flock(os.open(folder, os.O_RDONLY), fcntl.LOCK_EX)
    return folder


@contextlib.contextmanager
def _locked(folder: Path, how: int = fcntl.LOCK_EX) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)


if not IS_WORKER:
    for name in [name for name in os.environ if name in OUTSIDE or name.startswith("UPLIFT_")]:
        del os.environ[name]
    os.environ["UPLIFT_DATA"] = str(_throwaway_folder())
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ["BROKER_URL"] = "memory://"  # tasks are called, not sent
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright runs an event loop in the thread of the test
DATA_DIR = Path(os.environ["UPLIFT_DATA"])
django.setup()  # a conftest further down may import models
SERVER, MIGRATING = pytest.StashKey[Any](), pytest.StashKey[Any]()


# The suite says the same of the same code. New examples are looked for with `pytest --hypothesis-profile=search`.
hypothesis.settings.register_profile("same", deadline=None, derandomize=True)
hypothesis.settings.register_profile("search", deadline=None)
hypothesis.settings.load_profile("same")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--screenshots", action="store_true", help="browser tests renew the pictures in docs/screenshots")


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    from tests.database import begin_migrating, permit_copying

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.DATABASES["default"]["CONN_MAX_AGE"] = 0  # threads of the live server leave no connection behind
    if IS_WORKER:
        settings.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = settings.DATABASES["default"]["NAME"]
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
    if not IS_WORKER and not config.option.collectonly:
        from config.catalogues import compile_outdated
        from config.postgres import PostgresServer

        compile_outdated()
        server = config.stash[SERVER] = PostgresServer(DATA_DIR, lambda line: None, throwaway=True)
        server.start()
        server.ensure_database(may_create_databases=True)
        permit_copying(DATA_DIR)
        if getattr(config.option, "numprocesses", None):
            config.stash[MIGRATING] = begin_migrating(settings.BASE_DIR, DATA_DIR)


def pytest_unconfigure(config: pytest.Config) -> None:
    if migrating := config.stash.get(MIGRATING, None):
        migrating.kill()
        migrating.wait()
    if server := config.stash.get(SERVER, None):
        server.stop()
    if not IS_WORKER:
        shutil.rmtree(DATA_DIR, ignore_errors=True)


def _browser() -> str | None:
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    if _browser() is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="no Chromium"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if "no Chromium" in str(report.longrepr)]
    if skipped:
        terminalreporter.section("browser tests", yellow=True)
        terminalreporter.line(f"{len(skipped)} browser tests were SKIPPED: there is no Chromium on this machine.")
        terminalreporter.line("Get one and run again: apt-get install chromium (or install Google Chrome)")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium, one for the whole run. A test of a page asks for ``page``.

    While Playwright runs, Django sees an event loop and uses connections of their own: none stays behind.
    """
    from django.db import connections

    connections.close_all()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_browser(), args=BROWSER_FLAGS)
        yield browser
        browser.close()
        connections.close_all()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page of a new visitor; mark the test with ``@pytest.mark.browser``."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Of several processes, each takes a copy of the one database that is migrated."""
    from tests.database import await_migrated

    if IS_WORKER:
        await_migrated(DATA_DIR)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Lets the tests that need real transactions empty the tables afterwards; the product refuses to truncate facts."""
    from django.db import connection
    from django.db.models.signals import post_migrate

    from tests.database import empty_fast

    def disable(**given: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE tgname LIKE '%_is_never_truncated'")
            for table, trigger in cursor.fetchall():
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")

    empty_fast()
    with django_db_blocker.unblock():
        disable()
    post_migrate.connect(disable, weak=False)  # tests of migrations make tables anew


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """A page that a test has asked for in another language leaves that language behind in its thread."""
    from django.utils import translation

    with translation.override("en"):
        yield
