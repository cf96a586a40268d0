"""Everything that happens to returns."""

from .deciding import (
    MAY_DECIDE,
    QuarantineRefusedError,
    dismiss_rows,
    forget_cells,
    forget_decided_cells,
    forget_faulty_cells,
    release_rows,
    undo_quarantine_decision,
)
from .loading import MOST_ATTEMPTS, load_return_now, load_waiting_returns
from .profiles import Change, load_profile
from .receiving import forget_trials, keep_return, largest, load_trial, receive_return, too_large
from .releasing import release_rows_of, release_waiting_rows
from .rotating import rotate_kept_rows
from .rules import RuleRefusedError, change_rule, ensure_rules
from .schedules import (
    ScheduleRefusedError,
    end_schedule,
    say_nothing_to_report,
    set_schedule,
    withdraw_nothing_to_report,
)
from .taking_back import take_back_rows

__all__ = [
    "MAY_DECIDE",
    "MOST_ATTEMPTS",
    "Change",
    "QuarantineRefusedError",
    "RuleRefusedError",
    "ScheduleRefusedError",
    "change_rule",
    "dismiss_rows",
    "end_schedule",
    "ensure_rules",
    "forget_cells",
    "forget_decided_cells",
    "forget_faulty_cells",
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
    "rotate_kept_rows",
    "say_nothing_to_report",
    "set_schedule",
    "take_back_rows",
    "too_large",
    "undo_quarantine_decision",
    "withdraw_nothing_to_report",
]
