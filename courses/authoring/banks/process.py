"""The process itself: a bank on the standard input, what became of it on the standard output."""

import pickle
import resource
import sys

from courses.catalogue.banks.bank import Bank
from courses.catalogue.banks.errors import BankRefusedError
from courses.catalogue.banks.reading import read_bank

MEMORY = 2_000_000_000  # bytes


def main(name: str, language: str) -> None:
    """Writes the `Bank`, or the reason why it was refused, as a pickle."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    found: Bank | str
    try:
        found = read_bank(sys.stdin.buffer.read(), name=name, language=language)
    except BankRefusedError as refusal:
        found = str(refusal)
    sys.stdout.buffer.write(pickle.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
