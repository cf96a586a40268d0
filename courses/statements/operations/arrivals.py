"""How a worker finds the statements that nobody has looked at yet."""

from collections.abc import Iterable
from datetime import datetime

from courses.statements.models import Arrival


def claim_arrivals(*, most: int) -> list[Arrival]:
    """The oldest arrivals that wait and that no other worker holds, at most so many.

    They are held until the transaction ends; call it within one, and `note_taken` before its end.
    """
    return list(Arrival.objects.waiting().select_for_update(skip_locked=True, of=("self",))[:most])


def note_taken(arrivals: Iterable[Arrival], *, at: datetime) -> int:
    """From now on the arrivals wait no longer. Says how many of them waited: taking twice is taking once."""
    numbers = [arrival.pk for arrival in arrivals]
    return Arrival.objects.filter(pk__in=numbers, taken_at__isnull=True).update(taken_at=at)
