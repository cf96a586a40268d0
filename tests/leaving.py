"""Browsers are left in the order in which people leave: what a page still sends is answered before the test is over."""

import threading
import time
from collections.abc import Iterable

from playwright.sync_api import BrowserContext

QUIET, PATIENCE = 0.2, 15.0  # seconds


def leave(contexts: Iterable[BrowserContext]) -> None:
    """Closes all pages, and returns when the live server has had nothing to do for a while.

    A page that is closed may say a last thing. It would reach the server after the test, which may not read the
    database then, or in the middle of the next one.
    """
    for context in contexts:
        context.close()
    deadline = time.monotonic() + PATIENCE
    quiet_since = time.monotonic()
    while time.monotonic() < min(deadline, quiet_since + QUIET):
        if any("process_request_thread" in thread.name for thread in threading.enumerate()):
            quiet_since = time.monotonic()
        time.sleep(0.02)
