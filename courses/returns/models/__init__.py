from .held import EmptyRecord, HeldRow
from .profile import ReturnProfile
from .sent import Piece, Return, ReturnQuerySet

__all__ = ["EmptyRecord", "HeldRow", "Piece", "Return", "ReturnProfile", "ReturnQuerySet"]
