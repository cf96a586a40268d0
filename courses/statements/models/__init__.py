"""What partners' systems say by xAPI, and what they keep beside it: docs/decisions/0014-xapi.md."""

from .attachment import Attachment
from .document import Document, Kind, hash_of, place_of
from .statement import Arrival, Statement, StatementQuerySet

__all__ = ["Arrival", "Attachment", "Document", "Kind", "Statement", "StatementQuerySet", "hash_of", "place_of"]
