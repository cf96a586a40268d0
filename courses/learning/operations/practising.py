"""Practising: what learners do most often, so that it is one statement."""

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

import orjson

from accounts.compiled import prepared
from courses.catalogue.models import Question
from courses.catalogue.questions.answers import Answer, fault_of, is_right, storable
from courses.learning.models import Enrolment, PracticeAnswer
from courses.learning.operations.assessing import AnswersRefusedError
from courses.learning.operations.lessons import LessonRefusedError

KEPT = 1_000  # questions, each with its texts in all languages

SQL = """
INSERT INTO learning_practiceanswer (program_id, enrolment_id, question_id, form_key, answer, is_right, answered_at)
SELECT enrolment.program_id, enrolment.id, %(question)s, %(form_key)s, %(answer)s, %(is_right)s, %(at)s
FROM people_person person
JOIN learning_enrolment enrolment ON enrolment.person_id = person.id AND enrolment.course_id = %(course)s
WHERE person.program_id = %(program)s AND person.user_id = %(user)s AND enrolment.version_id = %(version)s
ON CONFLICT DO NOTHING
"""


class Judged(NamedTuple):
    answer: Answer
    is_right: bool


def practice_question(pk: int, program_id: int, course: str, lesson: str) -> Question:
    """The practice question of a lesson, with its course, version and lesson, whoever asks for it.

    Raises `Question.DoesNotExist` where the lesson has none of that number.
    """
    found = _kept(pk)
    at = found.lesson and (found.program_id, found.version.course.code, found.lesson.slug)
    if at != (program_id, course, lesson):
        raise Question.DoesNotExist
    return found


@lru_cache(KEPT)
def _kept(pk: int) -> Question:
    """Published questions never change, which the database sees to: each process reads one once."""
    needed = ("kind", "key", "right", "texts", "program", "lesson__slug", "version__language", "version__course__code")
    return Question.objects.select_related("lesson", "version__course").only(*needed).get(pk=pk)


def answer_practice(question: Question, user_id: int, *, form_key: UUID, answer: Answer, at: datetime) -> Judged:
    """Judges and records an answer to a practice question; a form that is sent again answers what was recorded first.

    Raises `LessonRefusedError` for a question of the assessment, and for a user who has not begun the version that it
    is of; and `AnswersRefusedError` for an answer that cannot be judged.
    """
    answer = storable(answer)
    fault = fault_of(question.kind, question.texts, answer)
    judged = Judged(answer, not fault and is_right(question.kind, question.right, question.texts, answer))
    if question.lesson_id and not fault and _is_recorded(question, user_id, form_key, judged, at):
        return judged
    mine = Enrolment.objects.filter(version=question.version_id, person__user=user_id)
    if not question.lesson_id or not mine.exists():
        raise LessonRefusedError("This is not part of the course that you began. Open the course and go on from there.")
    if fault:
        raise AnswersRefusedError({question.key: fault})
    first = PracticeAnswer.objects.get(enrolment__in=mine, question=question, form_key=form_key)
    return Judged(first.answer, first.is_right)


def _is_recorded(question: Question, user_id: int, form_key: UUID, judged: Judged, at: datetime) -> bool:
    """Whether the answer is new, and its learner is in the question's version. One statement and nothing around it."""
    given: dict[str, int | str | UUID | datetime] = {
        "program": question.program_id, "user": user_id, "course": question.version.course_id,
        "version": question.version_id, "question": question.pk, "form_key": form_key,
        "answer": orjson.dumps(judged.answer).decode(), "is_right": judged.is_right, "at": at,
    }  # fmt: skip
    with prepared() as cursor:
        cursor.execute(SQL, given)
        return bool(cursor.rowcount)
