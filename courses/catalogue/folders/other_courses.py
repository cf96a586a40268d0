"""Links from one course to another: [Words](course:ai-foundations) or [Words](course:ai-foundations/asking)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from courses.catalogue.folders.markdown import look, look_in_line
from courses.catalogue.folders.texts import CourseText, LessonWords
from courses.catalogue.questions.texts import QuestionText
from courses.catalogue.rendering import COURSE
from courses.catalogue.sections import Fault, read_section

# The lessons of courses by their codes; `None` where only the course is known.
Known = Mapping[str, Collection[str] | None]


class CourseLink(NamedTuple):
    """`file` is the path in the folder of the course that it stands in; `lesson` is empty for a course as a whole."""

    file: str
    line: int | None
    key: str
    course: str
    lesson: str

    def fault(self, name: str, message: str) -> Fault:
        return Fault(f"{name}/{self.file}", message, self.line, self.key)


def lessons_of(courses: Iterable[CourseText]) -> dict[str, Collection[str] | None]:
    return {course.code: {lesson.slug for lesson in course.lessons} for course in courses}


def dead_course_links(links: Iterable[CourseLink], name: str, known: Known) -> list[Fault]:
    """Links to lessons that courses which are known do not have; `name` is what the whole is called, as in faults."""
    return [
        link.fault(name, f"the link leads to the lesson {link.lesson} of {link.course}, and there is no such lesson")
        for link in links
        if link.lesson and link.lesson not in (known.get(link.course) or [link.lesson])
    ]


def links_to_unknown(links: Iterable[CourseLink], name: str, known: Known, says: str) -> list[Fault]:
    """Links to courses that are not known; `says` is the end of the sentence."""
    found = [link for link in links if link.course not in known]
    return [link.fault(name, f"the link leads to the course {link.course}, {says}") for link in found]


def course_links(course: CourseText) -> Iterator[CourseLink]:
    for lesson in course.lessons:
        for language, words in lesson.words.items():
            file = path_in(course, language, lesson.file)
            yield from in_lesson(file, words)
        yield from in_questions(course, lesson.file, lesson.questions)
    yield from in_questions(course, "assessment.yaml", course.assessment.questions if course.assessment else [])


def path_in(course: CourseText, language: str, file: str) -> str:
    return file if language == course.language else f"{language}/{file}"


def in_lesson(file: str, words: LessonWords) -> Iterator[CourseLink]:
    seen = look(words.markdown)
    for line, address, _is_picture in seen.addresses:
        yield from links_at(file, words.first_line + line - 1, "", [address])
    for piece in seen.pieces:
        if piece.kind == "video":
            transcript = read_section(piece.content, "", []).text("transcript", longest=10**9)
            addresses = [address for _line, address, _is_picture in look(transcript).addresses]
            yield from links_at(file, words.first_line + piece.line - 1, "transcript", addresses)


def in_questions(course: CourseText, file: str, questions: Iterable[QuestionText]) -> Iterator[CourseLink]:
    for question in questions:
        for language, words in question.words.items():
            looks = [*map(look, (words.prompt, words.feedback))]
            looks += map(look_in_line, [*words.choices, *words.choice_feedback])
            addresses = [address for seen in looks for _line, address, _is_picture in seen.addresses]
            yield from links_at(path_in(course, language, file), None, question.key, addresses)


def links_at(file: str, line: int | None, key: str, addresses: Iterable[str]) -> Iterator[CourseLink]:
    for found in filter(None, map(COURSE.fullmatch, addresses)):
        yield CourseLink(file, line, key, found[1], found[2] or "")
