"""Every write of ledger and counts: settling, recounting and repairing."""

from .recounting import RepairRefusedError, recount, recount_due, repair
from .settling import LaneFailedError, Settled, close_ledger, open_ledgers, open_measures, settle, settle_batch

__all__ = [
    "LaneFailedError",
    "RepairRefusedError",
    "Settled",
    "close_ledger",
    "open_ledgers",
    "open_measures",
    "recount",
    "recount_due",
    "repair",
    "settle",
    "settle_batch",
]
