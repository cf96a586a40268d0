"""What completing a course is recorded as: one achievement and one credential, however it was completed."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from courses.achievements.models import Achievement
from courses.achievements.operations import Codes, record_achievement
from courses.credentials.operations import issue_credential
from courses.learning.models import Enrolment
from programs.models import Evidence, Program


def complete(
    locked: Enrolment, *, evidence: Evidence, at: datetime, achieved_at: datetime | None = None,
    attempt_id: int | None = None,
) -> Achievement:  # fmt: skip
    """Records that the course is completed, and issues the credential; a course that is complete stays as it is.

    The enrolment must be locked in the transaction that decided on it: then many who decide at once record one
    achievement. `achieved_at` is when it was achieved, where that was before `at`, at which it is recorded.
    `attempt_id` is the attempt that proves it, none where the lessons do.
    """
    known: Achievement | None = locked.achievement
    if known is not None:
        return known
    person = locked.person
    codes = Codes(
        region=person.region, sector=person.sector, employer_size=person.employer_size, age_band=person.age_band
    )
    made = record_achievement(
        person, locked.course, evidence=evidence, achieved_on=day_in(locked.program, achieved_at or at), recorded_at=at,
        source_id=locked.pk if attempt_id is None else attempt_id, codes=codes,
    )  # fmt: skip
    locked.achievement = made
    locked.save(update_fields=["achievement"])
    issue_credential(made, issued_at=at)
    return made


def day_in(program: Program, at: datetime) -> date:
    """The day that it was in the program's own time zone."""
    return timezone.localdate(at, ZoneInfo(program.time_zone))
