"""Every write of this package: storing statements, taking them up, keeping documents."""

from .arrivals import claim_arrivals, note_taken
from .documents import Precondition, delete_documents, merge_document, put_document
from .storing import store_statements

__all__ = [
    "Precondition",
    "claim_arrivals",
    "delete_documents",
    "merge_document",
    "note_taken",
    "put_document",
    "store_statements",
]
