"""Everything that a learner does in a course taken here."""

from courses.learning.operations.assessing import (
    AnswersRefusedError,
    AttemptRefusedError,
    FormAlreadySentError,
    judge_overdue,
    open_attempt,
    save_answers,
    submit_attempt,
)
from courses.learning.operations.completing import complete, day_in
from courses.learning.operations.lessons import (
    CourseNotOpenError,
    LessonRefusedError,
    begin_course,
    finish_lesson,
)
from courses.learning.operations.practising import answer_practice, practice_question

__all__ = [
    "AnswersRefusedError", "AttemptRefusedError", "CourseNotOpenError", "FormAlreadySentError", "LessonRefusedError",
    "answer_practice", "begin_course", "complete", "day_in", "finish_lesson", "judge_overdue", "open_attempt",
    "practice_question", "save_answers", "submit_attempt",
]  # fmt: skip
