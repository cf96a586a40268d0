from .achievement import Achievement, AchievementQuerySet, Reach
from .dirty_person import LANES, DirtyPerson
from .mass_revocation import MassRevocation, MassRevocationQuerySet

__all__ = [
    "LANES",
    "Achievement",
    "AchievementQuerySet",
    "DirtyPerson",
    "MassRevocation",
    "MassRevocationQuerySet",
    "Reach",
]
