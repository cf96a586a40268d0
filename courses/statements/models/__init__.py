"""What partners' systems say by xAPI, and what they keep beside it: docs/decisions/0014-xapi.md."""

from .arrival import ENOUGH, PAUSE, Arrival, ArrivalQuerySet, partners_due
from .attachment import Attachment
from .document import Document, Kind, hash_of, place_of
from .statement import Statement, StatementQuerySet
from .voiding import Voiding

__all__ = [
    "ENOUGH",
    "PAUSE",
    "Arrival",
    "ArrivalQuerySet",
    "Attachment",
    "Document",
    "Kind",
    "Statement",
    "StatementQuerySet",
    "Voiding",
    "hash_of",
    "partners_due",
    "place_of",
]
