from .decision import QuarantineDecision
from .held import EmptyRecord, Group, HeldRow, HeldRowQuerySet
from .profile import ReturnProfile
from .rule import AnomalyRule, RuleChange
from .schedule import NothingToReport, ReportingSchedule
from .sent import Piece, Return, ReturnQuerySet

__all__ = [
    "AnomalyRule",
    "EmptyRecord",
    "Group",
    "HeldRow",
    "HeldRowQuerySet",
    "NothingToReport",
    "Piece",
    "QuarantineDecision",
    "ReportingSchedule",
    "Return",
    "ReturnProfile",
    "ReturnQuerySet",
    "RuleChange",
]
