from .achievement import Achievement, AchievementQuerySet, Reach
from .dirty_people import LANES, NEIGHBOURS, DirtyPeople, DirtyPeopleQuerySet
from .mass_revocation import MassRevocation, MassRevocationQuerySet

__all__ = [
    "LANES",
    "NEIGHBOURS",
    "Achievement",
    "AchievementQuerySet",
    "DirtyPeople",
    "DirtyPeopleQuerySet",
    "MassRevocation",
    "MassRevocationQuerySet",
    "Reach",
]
