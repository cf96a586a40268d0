"""Every write of candidates: searching for them, and what people decide of them."""

from .asking import ask_for_search, find_candidates_asked
from .deciding import (
    MAY_DECIDE,
    MOST_AT_ONCE,
    DecisionRefusedError,
    decide_alike,
    decide_different,
    decide_later,
    decide_same,
    undo_decision,
)
from .finding import find_candidates, find_candidates_due, search_alone

__all__ = [
    "MAY_DECIDE",
    "MOST_AT_ONCE",
    "DecisionRefusedError",
    "ask_for_search",
    "decide_alike",
    "decide_different",
    "decide_later",
    "decide_same",
    "find_candidates",
    "find_candidates_asked",
    "find_candidates_due",
    "search_alone",
    "undo_decision",
]
