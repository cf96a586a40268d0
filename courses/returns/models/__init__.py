from .decision import QuarantineDecision
from .held import EmptyRecord, Group, HeldRow, HeldRowQuerySet
from .profile import ReturnProfile
from .rule import AnomalyRule, RuleChange
from .sent import Piece, Return, ReturnQuerySet

__all__ = [
    "AnomalyRule",
    "EmptyRecord",
    "Group",
    "HeldRow",
    "HeldRowQuerySet",
    "Piece",
    "QuarantineDecision",
    "Return",
    "ReturnProfile",
    "ReturnQuerySet",
    "RuleChange",
]
