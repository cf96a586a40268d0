from .achievement import Achievement, AchievementQuerySet, Reach
from .dirty_people import LANES, NEIGHBOURS, DirtyPeople
from .mass_revocation import MassRevocation, MassRevocationQuerySet

__all__ = [
    "LANES",
    "NEIGHBOURS",
    "Achievement",
    "AchievementQuerySet",
    "DirtyPeople",
    "MassRevocation",
    "MassRevocationQuerySet",
    "Reach",
]
