"""Beginning a course, doing its lessons and practising."""

from datetime import datetime
from uuid import UUID

import orjson
from django.db import transaction

from accounts.compiled import prepared
from courses.catalogue.models import Course, Lesson, Question
from courses.catalogue.questions.answers import Answer, fault_of, is_right, storable
from courses.learning.models import Enrolment, LessonDone, PracticeAnswer
from courses.learning.operations.assessing import AnswersRefusedError
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


def answer_practice(
    enrolment: Enrolment, question: Question, *, form_key: UUID, answer: Answer, at: datetime
) -> PracticeAnswer:
    """Judges and records an answer to a practice question; a form that is sent again answers what was recorded first.

    Raises `LessonRefusedError` for a question of another version or of the assessment, and `AnswersRefusedError` for an
    answer that cannot be judged.
    """
    refuse_other_versions(enrolment, question.version_id if question.lesson_id else 0)
    answer = storable(answer)
    fault = fault_of(question.kind, question.texts, answer)
    if fault:
        raise AnswersRefusedError({question.key: fault})
    made = PracticeAnswer(
        program_id=enrolment.program_id, enrolment=enrolment, question=question, form_key=form_key, answer=answer,
        is_right=is_right(question.kind, question.right, question.texts, answer), answered_at=at,
    )  # fmt: skip
    return (
        made
        if recorded(made)
        else PracticeAnswer.objects.get(enrolment=enrolment, question=question, form_key=form_key)
    )


def recorded(made: PracticeAnswer) -> bool:
    """Whether the answer is new. One statement and nothing around it: this is what learners do most often."""
    with prepared() as cursor:
        cursor.execute(
            """
            INSERT INTO learning_practiceanswer
                (program_id, enrolment_id, question_id, form_key, answer, is_right, answered_at)
            VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
            """,
            [
                made.program_id, made.enrolment_id, made.question_id, made.form_key, orjson.dumps(made.answer).decode(),
                made.is_right, made.answered_at,
            ],
        )  # fmt: skip
        return bool(cursor.rowcount)
