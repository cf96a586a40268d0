"""Everything that happens to returns."""

from .deciding import (
    MAY_DECIDE,
    QuarantineRefusedError,
    dismiss_rows,
    forget_decided_cells,
    release_rows,
    undo_quarantine_decision,
)
from .loading import MOST_ATTEMPTS, load_return_now, load_waiting_returns
from .profiles import Change, load_profile
from .receiving import forget_trials, keep_return, largest, load_trial, receive_return, too_large
from .releasing import release_rows_of, release_waiting_rows
from .rules import RuleRefusedError, change_rule, ensure_rules

__all__ = [
    "MAY_DECIDE",
    "MOST_ATTEMPTS",
    "Change",
    "QuarantineRefusedError",
    "RuleRefusedError",
    "change_rule",
    "dismiss_rows",
    "ensure_rules",
    "forget_decided_cells",
    "forget_trials",
    "keep_return",
    "largest",
    "load_profile",
    "load_return_now",
    "load_trial",
    "load_waiting_returns",
    "receive_return",
    "release_rows",
    "release_rows_of",
    "release_waiting_rows",
    "too_large",
    "undo_quarantine_decision",
]
