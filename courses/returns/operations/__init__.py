"""Everything that happens to returns."""

from .loading import MOST_ATTEMPTS, load_return_now, load_waiting_returns
from .profiles import Change, load_profile
from .receiving import forget_trials, keep_return, largest, load_trial, receive_return, too_large

__all__ = [
    "MOST_ATTEMPTS",
    "Change",
    "forget_trials",
    "keep_return",
    "largest",
    "load_profile",
    "load_return_now",
    "load_trial",
    "load_waiting_returns",
    "receive_return",
    "too_large",
]
