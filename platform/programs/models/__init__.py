from .code import Code
from .employer import Employer
from .measure import Evidence, Measure, MeasureVersion
from .membership import Membership, Role
from .partner import Partner, PartnerQuerySet
from .program import Program
from .target import Target
from .token import PARTNER_SCOPES, ApiToken, ApiTokenQuerySet, Scope

__all__ = [
    "PARTNER_SCOPES",
    "ApiToken",
    "ApiTokenQuerySet",
    "Code",
    "Employer",
    "Evidence",
    "Measure",
    "MeasureVersion",
    "Membership",
    "Partner",
    "PartnerQuerySet",
    "Program",
    "Role",
    "Scope",
    "Target",
]
