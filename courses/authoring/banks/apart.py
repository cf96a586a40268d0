"""Starts the process, waits for it for a while, and takes what it found."""

import os
import pickle
import subprocess
import sys

from django.utils.translation import gettext as _

from courses.catalogue.banks.bank import Bank
from courses.catalogue.banks.errors import BankRefusedError

SECONDS = 60.0  # by the clock; of a processor a bank may take half as many


def read_apart(data: bytes, *, name: str, language: str, seconds: float = SECONDS) -> Bank:
    """As `courses.catalogue.banks.reading.read_bank`, in a process that ends after `seconds`.

    Raises `BankRefusedError` also for a bank that takes longer, or more memory than the process has.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "courses.authoring.banks.process", name, language],
            input=data, capture_output=True, timeout=seconds, check=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )  # fmt: skip
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise BankRefusedError(
            _("%(name)s takes too long or too much memory to read. Split it.") % {"name": name}
        ) from error
    found: Bank | str = pickle.loads(done.stdout)  # noqa: S301 - written by our own process
    if isinstance(found, str):
        raise BankRefusedError(found)
    return found
