from .achievement import Achievement, AchievementQuerySet, Reach
from .dirty_people import LANES, MOST_IN_A_ROW, NEIGHBOURS, DirtyPeople, DirtyPeopleQuerySet
from .mass_revocation import MassRevocation, MassRevocationQuerySet

__all__ = [
    "LANES",
    "MOST_IN_A_ROW",
    "NEIGHBOURS",
    "Achievement",
    "AchievementQuerySet",
    "DirtyPeople",
    "DirtyPeopleQuerySet",
    "MassRevocation",
    "MassRevocationQuerySet",
    "Reach",
]
