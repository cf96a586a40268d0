from .code import Code
from .measure import Evidence, Measure, MeasureVersion
from .membership import Membership, Role
from .partner import Partner
from .program import Program
from .target import Target

__all__ = ["Code", "Evidence", "Measure", "MeasureVersion", "Membership", "Partner", "Program", "Role", "Target"]
