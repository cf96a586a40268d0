"""Every write of this package: storing statements, making returns of them, keeping documents."""

from .arrivals import claim_arrivals, note_taken, report_again
from .documents import Precondition, delete_documents, merge_document, put_document
from .reporting import report_statements, report_waiting_statements
from .storing import store_statements
from .voidings import carry_out_voidings, note_voidings

__all__ = [
    "Precondition",
    "carry_out_voidings",
    "claim_arrivals",
    "delete_documents",
    "merge_document",
    "note_taken",
    "note_voidings",
    "put_document",
    "report_again",
    "report_statements",
    "report_waiting_statements",
    "store_statements",
]
