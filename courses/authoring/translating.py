"""The texts of a course as somebody begins to translate them: what is right is left out, it is said once."""

from courses.authoring.models import DraftFiles
from courses.authoring.texts import written
from courses.catalogue.folders import CourseText, LessonText
from courses.catalogue.folders.lessons import questions_in
from courses.catalogue.folders.questions import read_question
from courses.catalogue.questions.texts import QuestionText
from courses.catalogue.questions.yaml_text import question_yaml, questions_yaml
from courses.catalogue.sections import Fault, Section, read_section


def to_be_translated(course: CourseText, files: DraftFiles) -> dict[str, str]:
    """The texts of the course by their path inside a language's folder, still in the language that it is written in.

    Lessons that cannot be read are copied as they are, questions that cannot be read are left out.
    """
    description = course.descriptions[course.language]
    texts = {"course.yaml": written({"title": description.title, "summary": description.summary})}
    for lesson in course.lessons:
        texts[lesson.file] = lesson_to_be_translated(lesson, course.language) or files.current[lesson.file].text or ""
    if course.assessment:
        texts["assessment.yaml"] = questions_to_be_translated(files.current["assessment.yaml"].text or "")
    return texts


def lesson_to_be_translated(lesson: LessonText, language: str) -> str:
    """The lesson without what is right in its questions; empty if it has no words that could be read."""
    words = lesson.words[language]
    lines = words.markdown.splitlines(keepends=True)
    for piece in reversed(questions_in(words)):
        question = question_of(read_section(piece.content, "", []), has_pool=False)
        if question:
            start = piece.line - 1
            lines[start : start + piece.content.count("\n")] = [question_yaml(question, "", is_translation=True)]
    return f"---\n{written({'title': words.title})}---\n{''.join(lines)}" if lines else ""


def questions_to_be_translated(text: str) -> str:
    parts = read_section(text, "", []).sections("questions")
    found = [question for part in parts if (question := question_of(part, has_pool=True))]
    return f"questions:\n{questions_yaml(found, '', is_translation=True)}" if found else "questions: []\n"


def question_of(section: Section, *, has_pool: bool) -> QuestionText | None:
    """The question, its words under no language; `None` for one with a fault of its own."""
    faults: list[Fault] = section.faults
    before = len(faults)
    found = read_question(section, language="", has_pool=has_pool)
    return found if len(faults) == before and not section.is_unreadable else None
