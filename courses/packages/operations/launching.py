"""Opening an item of a package."""

import secrets
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from django.db import transaction

from courses.catalogue.models import Lesson
from courses.learning.models import Enrolment
from courses.packages.manifests import Standard
from courses.packages.models import Launch, PackageState
from courses.packages.models.state import digest
from courses.packages.operations.statements import keep_own_statement
from courses.packages.outcomes import OF_A_SESSION, PlayedItem
from courses.packages.units import abandoned, launched

LASTS = timedelta(hours=12)


@transaction.atomic
def open_launch(
    enrolment: Enrolment, lesson: Lesson, item: PlayedItem, *, language: str, at: datetime
) -> tuple[Launch, str]:
    """A new launch of the lesson's item with its token, which nobody can guess and which is kept nowhere.

    What earlier launches still send is not taken any more. An item of SCORM 2004 that has ended its last attempt
    begins with nothing set; others go on with what they have set.
    """
    state, _ = PackageState.objects.get_or_create(
        enrolment=enrolment, lesson=lesson, defaults={"program_id": enrolment.program_id, "changed_at": at}
    )
    locked = PackageState.objects.select_for_update(of=("self",)).get(pk=state.pk)
    forget_old_launches(locked, at=at)
    locked.launched += 1
    locked.values = {name: value for name, value in locked.values.items() if name not in OF_A_SESSION}
    if item.standard == Standard.SCORM_2004 and locked.entry == PackageState.Entry.FIRST:
        locked.values, locked.seconds = {}, Decimal(0)
    locked.save(update_fields=["launched", "values", "seconds"])
    token = secrets.token_urlsafe(32)
    launch = Launch.objects.create(
        program_id=enrolment.program_id, state=locked, number=locked.launched, token_hash=digest(token),
        session=uuid4(), language=language, made_at=at, expires_at=at + LASTS,
    )  # fmt: skip
    if item.standard == Standard.CMI5:
        announce(launch, item, at=at)
    return launch, token


def announce(launch: Launch, item: PlayedItem, *, at: datetime) -> None:
    """Records that the unit was launched, and that a session that never ended was abandoned (cmi5 9.3.1, 9.3.6)."""
    before = Launch.objects.filter(state=launch.state_id, number__lt=launch.number, ended_at__isnull=True)
    for left in before.select_related("state__enrolment__course", "state__enrolment__program", "state__lesson"):
        keep_own_statement(left, abandoned(left, item, at=at), at=at)
        left.ended_at = at
        left.save(update_fields=["ended_at"])
    keep_own_statement(launch, launched(launch, item), at=at)


def forget_old_launches(state: PackageState, *, at: datetime) -> None:
    """Launches are of no use when they have expired, but for those with statements: these are kept."""
    state.launches.filter(expires_at__lte=at, statements__isnull=True).delete()
