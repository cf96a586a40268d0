"""Everything that a learner does in a course taken here."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from courses.achievements.models import Achievement
from courses.achievements.operations import Codes, record_achievement
from courses.catalogue.models import Course, Lesson
from courses.credentials.operations import issue_credential
from courses.learning.judging import Answers, faults_in, judged
from courses.learning.models import Attempt, Enrolment, LessonDone
from people.models import Person
from programs.models import Evidence, Program


class CourseNotOpenError(Exception):
    """The course has no lessons on this platform, so nobody can begin it."""


class LessonRefusedError(Exception):
    """The lesson is not part of the version that the learner began."""


class AnswersRefusedError(Exception):
    """The answers cannot be judged; `faults` says why by question number, 0 being the form as a whole."""

    def __init__(self, faults: dict[int, str]) -> None:
        super().__init__("; ".join(f"question {number}: {fault}" for number, fault in faults.items()))
        self.faults = faults


class FormAlreadySentError(AnswersRefusedError):
    """The form was sent before with other answers. The first stand; other answers need a new form."""

    def __init__(self) -> None:
        super().__init__({0: "You sent this form before, with other answers. Send it again to have these judged too."})


def begin_course(person: Person, course: Course, *, at: datetime) -> Enrolment:
    """The person takes the course, on its newest version; beginning twice answers the first enrolment.

    Raises `CourseNotOpenError` for a course without lessons here.
    """
    known = Enrolment.objects.filter(person=person, course=course).first()
    if known:
        return known
    version = course.versions.order_by("-number").first()
    if version is None:
        raise CourseNotOpenError(f"{course} cannot be taken here. Choose a course from your learning page.")
    begun, _ = Enrolment.objects.get_or_create(
        person=person, course=course, defaults={"program_id": person.program_id, "version": version, "started_at": at}
    )
    return begun


def finish_lesson(enrolment: Enrolment, lesson: Lesson, *, at: datetime) -> LessonDone:
    """The learner says that the lesson is done; the second time answers the first.

    Raises `LessonRefusedError` for a lesson of another version or course.
    """
    if lesson.version_id != enrolment.version_id:
        raise LessonRefusedError(f"{lesson} is not part of {enrolment.version}. Open the course and go on from there.")
    done, _ = LessonDone.objects.get_or_create(
        enrolment=enrolment, lesson=lesson, defaults={"program_id": enrolment.program_id, "done_at": at}
    )
    return done


@transaction.atomic
def submit_assessment(enrolment: Enrolment, *, form_key: UUID, answers: Answers, at: datetime) -> Attempt:
    """Judges the answers and records the attempt; the first pass is achieved and credentialled in the same transaction.

    Lessons need not be done before: who knows the subject may test out. A form that is sent again answers the first
    attempt. Raises `AnswersRefusedError` if an answer is missing or not on the form, `FormAlreadySentError` if the form
    was sent before with other answers.
    """
    locked = Enrolment.objects.select_for_update(of=("self",)).select_related("person", "version").get(pk=enrolment.pk)
    known = locked.attempts.filter(form_key=form_key).first()
    if known:
        return known_attempt(known, answers)
    attempt = record_attempt(locked, form_key=form_key, answers=answers, at=at)
    if attempt.is_passed and not locked.attempts.filter(achievement__isnull=False).exists():
        attempt.achievement = achieve(locked, attempt, at=at)
        attempt.save(update_fields=["achievement"])
        issue_credential(attempt.achievement, issued_at=at)
    return attempt


def known_attempt(known: Attempt, answers: Answers) -> Attempt:
    if known.answers != as_stored(answers):
        raise FormAlreadySentError
    return known


def record_attempt(enrolment: Enrolment, *, form_key: UUID, answers: Answers, at: datetime) -> Attempt:
    questions = list(enrolment.version.questions.all())
    faults = faults_in(questions, answers)
    if faults:
        raise AnswersRefusedError(faults)
    right = sum(one.is_right for one in judged(questions, answers))
    return Attempt.objects.create(
        program_id=enrolment.program_id,
        enrolment=enrolment,
        form_key=form_key,
        submitted_at=at,
        answers=as_stored(answers),
        right=right,
        asked=len(questions),
        is_passed=100 * right >= enrolment.version.pass_mark * len(questions),
    )


def as_stored(answers: Answers) -> dict[str, list[int]]:
    return {str(number): sorted(chosen) for number, chosen in sorted(answers.items())}


def achieve(enrolment: Enrolment, attempt: Attempt, *, at: datetime) -> Achievement:
    """Records what the attempt proves, with the codes by which the person describes themself today."""
    person = enrolment.person
    return record_achievement(
        person,
        enrolment.course,
        evidence=Evidence.ASSESSED,
        achieved_on=day_in(enrolment.program, at),
        recorded_at=at,
        attempt_id=attempt.pk,
        codes=Codes(
            region=person.region, sector=person.sector, employer_size=person.employer_size, age_band=person.age_band
        ),
    )


def day_in(program: Program, at: datetime) -> date:
    """The day that it was in the program's own time zone."""
    return timezone.localdate(at, ZoneInfo(program.time_zone))
