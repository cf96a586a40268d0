"""Bookkeeping for people: the ledger's entries, the batches they were posted in, and their running totals."""

from .count import Count, OpenedMeasure, counted_versions
from .ledger import Cause, Lane, Ledger, LedgerEntry, Posting
from .recount import Recount

__all__ = ["Cause", "Count", "Lane", "Ledger", "LedgerEntry", "OpenedMeasure", "Posting", "Recount", "counted_versions"]
