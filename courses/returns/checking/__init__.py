"""What the rows of a return mean under its profile, or which cell keeps a row in quarantine."""

from .columns import Checked, Checker
from .faults import CellFaultError, Held
from .hiding import HIDDEN
from .placeholders import Placeholders

__all__ = ["HIDDEN", "CellFaultError", "Checked", "Checker", "Held", "Placeholders"]
