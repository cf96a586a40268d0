"""The lesson page, which is opened more often than all others together: one statement reads all of it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from accounts.compiled import prepared
from courses.catalogue.folders.videos import reports
from courses.catalogue.languages import direction
from courses.catalogue.models.course import titled
from courses.learning.progress import per_cent

SQL = """
SELECT enrolment.id, enrolment.person_id, enrolment.achievement_id IS NOT NULL, course.id, course.code,
       coalesce(course.translations -> %(language)s ->> 'title', course.title),
       course.translations -> %(language)s ->> 'title' IS NOT NULL, version.id, version.language, version.languages,
       version.pass_mark IS NOT NULL, version.outline,
       ARRAY (SELECT lesson_id FROM learning_lessondone done WHERE done.enrolment_id = enrolment.id),
       lesson.id, words.language, words.title, words.blocks, practice.questions
FROM catalogue_course course
JOIN people_person person ON person.program_id = course.program_id AND person.user_id = %(user)s
JOIN learning_enrolment enrolment ON enrolment.course_id = course.id AND enrolment.person_id = person.id
JOIN catalogue_courseversion version ON version.id = enrolment.version_id
JOIN catalogue_lesson lesson ON lesson.version_id = version.id AND lesson.slug = %(lesson)s
CROSS JOIN LATERAL (
    SELECT said.language, said.title, said.blocks FROM catalogue_lessontranslation said
    WHERE said.lesson_id = lesson.id AND said.language IN (%(language)s, version.language)
    ORDER BY said.language = %(language)s DESC LIMIT 1
) words
CROSS JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object(
        'pk', question.id, 'key', question.key, 'kind', question.kind,
        'texts', coalesce(question.texts -> words.language, question.texts -> version.language),
        'answer', given.answer, 'is_right', given.is_right)) AS questions
    FROM catalogue_question question
    LEFT JOIN LATERAL (
        SELECT answer, is_right FROM learning_practiceanswer answered
        WHERE answered.enrolment_id = enrolment.id AND answered.question_id = question.id
        ORDER BY answered.id DESC LIMIT 1
    ) given ON true
    WHERE question.lesson_id = lesson.id
) practice
WHERE course.program_id = %(program)s AND course.code = %(course)s
"""


COLUMNS = (
    "enrolment_id", "person_id", "is_complete", "course_id", "course_code", "course_title",
    "has_own_title", "version_id", "written_in", "course_languages",
    "has_assessment", "outline", "finished", "lesson_id", "language", "title", "blocks", "practice",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class LessonPage:
    """A lesson as one learner reads it; `language` is the one that it is shown in."""

    enrolment_id: int
    person_id: int
    is_complete: bool
    course_id: int
    course_code: str
    course_title: str
    has_own_title: bool
    version_id: int
    written_in: str
    course_languages: list[str]
    has_assessment: bool
    outline: list[dict[str, Any]]
    finished: list[int]
    lesson_id: int
    language: str
    title: str
    blocks: list[dict[str, Any]]
    practice: dict[str, dict[str, Any]]
    wanted: str

    @property
    def is_fallback(self) -> bool:
        """Whether the lesson is not there in the language that was asked for."""
        return self.language != self.wanted

    @property
    def direction(self) -> str:
        return direction(self.language)

    @property
    def title_language(self) -> str:
        """What the title of the course is written in."""
        return self.wanted if self.has_own_title else self.written_in

    @property
    def title_direction(self) -> str:
        return direction(self.title_language)

    @property
    def waits_for_package(self) -> bool:
        """Whether only the package that is played in the lesson can say that it is done, and has not yet."""
        played = [block["package"] for block in self.blocks if "package" in block]
        return self.lesson_id not in self.finished and any(reports(one) for one in played)

    @property
    def languages(self) -> list[str]:
        """Every language that this lesson can be read in, in the order of the course."""
        return [language for language in self.course_languages if language in self.outline[self.place]["titles"]]

    @property
    def progress(self) -> int:
        return per_cent(
            len(self.finished), len(self.outline), has_assessment=self.has_assessment, is_complete=self.is_complete
        )

    @cached_property
    def place(self) -> int:
        """Where the lesson stands among the lessons, from 0."""
        return next(place for place, entry in enumerate(self.outline) if entry["id"] == self.lesson_id)

    @property
    def number(self) -> int:
        return self.place + 1

    @property
    def minutes(self) -> int:
        return int(self.outline[self.place]["minutes"])

    @property
    def slug(self) -> str:
        return str(self.outline[self.place]["slug"])

    @property
    def previous(self) -> str:
        """The slug of the lesson before; empty on the first."""
        return str(self.outline[self.place - 1]["slug"]) if self.place else ""

    @property
    def following(self) -> str:
        """The slug of the next lesson, or "assessment"; empty where the course ends with this lesson."""
        if self.number < len(self.outline):
            return str(self.outline[self.number]["slug"])
        return "assessment" if self.has_assessment else ""

    def lessons(self) -> list[dict[str, Any]]:
        """The lessons in order, each with its title, `is_done` and `is_shown`."""
        shown = enumerate(titled(entry, self.wanted, self.written_in) for entry in self.outline)
        return [
            {
                **{name: entry[name] for name in ("slug", "title", "language", "direction")},
                "number": place + 1,
                "is_done": entry["id"] in self.finished,
                "is_shown": place == self.place,
            }
            for place, entry in shown
        ]


def lesson_page(program_id: int, user_id: int, course: str, lesson: str, language: str) -> LessonPage | None:
    """The lesson of the version that the user has begun; `None` without one, or if there is no such lesson."""
    given: dict[str, int | str] = {
        "program": program_id,
        "user": user_id,
        "course": course,
        "lesson": lesson,
        "language": language,
    }
    with prepared() as cursor:
        cursor.execute(SQL, given)
        row = cursor.fetchone()
    if row is None:
        return None
    read = dict(zip(COLUMNS, row, strict=True))
    for name in ("outline", "blocks", "practice"):
        read[name] = orjson.loads(read[name] or "[]")
    read["practice"] = {one["key"]: one for one in read["practice"]}
    return LessonPage(**read, wanted=language)
