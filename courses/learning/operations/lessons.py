"""Beginning a course and doing its lessons."""

from datetime import datetime

from django.db import transaction

from courses.catalogue.models import Course, Lesson
from courses.learning.models import Enrolment, LessonDone
from courses.learning.operations.completing import complete
from people.models import Person
from programs.models import Evidence


class CourseNotOpenError(Exception):
    """The course has no lessons on this platform or is retired, so nobody can begin it."""


class LessonRefusedError(Exception):
    """The lesson or question is not part of the version that the learner began."""


def begin_course(person: Person, course: Course, *, at: datetime) -> Enrolment:
    """The person takes the course, on its newest version; beginning twice answers the first enrolment.

    Raises `CourseNotOpenError` for a course without lessons here, and for one that is retired.
    """
    known = Enrolment.objects.filter(person=person, course=course).first()
    if known:
        return known
    version = course.versions.order_by("-number").first()
    if version is None or course.retired_at:
        raise CourseNotOpenError(f"{course} cannot be taken here. Choose a course from your learning page.")
    begun, _ = Enrolment.objects.get_or_create(
        person=person, course=course, defaults={"program_id": person.program_id, "version": version, "started_at": at}
    )
    return begun


def finish_lesson(enrolment: Enrolment, lesson: Lesson, *, at: datetime, language: str = "") -> LessonDone:
    """The learner says that the lesson is done; the second time, in whatever language, answers the first.

    The last lesson of a course without an assessment completes it, with the evidence "completed". Raises
    `LessonRefusedError` for a lesson of another version or course.
    """
    refuse_other_versions(enrolment, lesson.version_id)
    done, _ = LessonDone.objects.get_or_create(
        enrolment=enrolment,
        lesson=lesson,
        defaults={"program_id": enrolment.program_id, "done_at": at, "language": language},
    )
    if not enrolment.is_complete and not enrolment.version.has_assessment:
        complete_by_lessons(enrolment, at=at)  # also where a lesson was recorded before and what follows was cut off
    return done


def refuse_other_versions(enrolment: Enrolment, version_id: int) -> None:
    if version_id != enrolment.version_id:
        raise LessonRefusedError("This is not part of the course that you began. Open the course and go on from there.")


@transaction.atomic
def complete_by_lessons(enrolment: Enrolment, *, at: datetime) -> None:
    """Completes the course if all its lessons are done. The lock makes the later of two last lessons see the other."""
    related = ("person", "program", "course", "version", "achievement")
    locked = Enrolment.objects.select_for_update(of=("self",)).select_related(*related).get(pk=enrolment.pk)
    if locked.lessons_done.count() == len(locked.version.outline):
        complete(locked, evidence=Evidence.COMPLETED, at=at)
