"""What is missing in a language, or has been copied and not translated yet."""

from collections import defaultdict

from courses.catalogue.checking.plain import Remark, blocks, path_in, places, words
from courses.catalogue.folders import CourseText
from courses.catalogue.folders.texts import LessonText
from courses.catalogue.questions.texts import QuestionText

NAMED = 3  # questions that a remark names
SENTENCE = 4  # words from which a paragraph is not the same in two languages by chance
MUCH = 0.3  # share of the paragraphs that may be the same: examples, names


def translation_remarks(course: CourseText) -> list[Remark]:
    others = [language for language in course.languages if language != course.language]
    return [remark for language in others for remark in in_language(course, language)]


def in_language(course: CourseText, language: str) -> list[Remark]:
    found = [remark for lesson in course.lessons for remark in of_lesson(course, lesson, language)]
    if course.descriptions[language].title == course.title:
        found.append(Remark(path_in(language, course, "course.yaml"), f"the title is still in {course.language}"))
    return found + of_questions(course, language)


def of_lesson(course: CourseText, lesson: LessonText, language: str) -> list[Remark]:
    path = path_in(language, course, lesson.file)
    if language not in lesson.words:
        return [Remark(path, f"is missing; learners who read {language} see the lesson in {course.language}")]
    said, original = (lesson.words[one].markdown for one in (language, course.language))
    ours, theirs = paragraphs(said), paragraphs(original)
    same = sum(one in theirs for one in ours)
    if said == original or (ours and same == len(ours)):
        return [Remark(path, f"is still in {course.language}")]
    if same > MUCH * len(ours):
        return [Remark(path, f"{same} of {len(ours)} paragraphs are still in {course.language}")]
    return []


def paragraphs(markdown: str) -> list[str]:
    """Those in which something is said."""
    return [block for block in blocks(markdown) if len(words(block)) >= SENTENCE]


def of_questions(course: CourseText, language: str) -> list[Remark]:
    """Questions without texts in the language, and with texts that are copies, file by file; those of lessons that are
    missing are not named again."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for file, lesson, question in places(course):
        is_read = lesson is None or language in lesson.words
        if is_read and language not in question.words:
            found[file, "questions that are not translated"].append(question.key)
        elif is_read and is_copy(question, course.language, language):
            found[file, f"questions that are still in {course.language}"].append(question.key)
    return [Remark(path_in(language, course, file), f"{what}: {listed(keys)}") for (file, what), keys in found.items()]


def is_copy(question: QuestionText, first: str, language: str) -> bool:
    """Whether what is asked and what is said of it are the same words in both languages."""
    ours, theirs = question.words[language], question.words[first]
    is_said = len(words(f"{ours.prompt} {ours.feedback}")) >= SENTENCE
    return is_said and (ours.prompt, ours.feedback) == (theirs.prompt, theirs.feedback)


def listed(keys: list[str]) -> str:
    more = len(keys) - NAMED
    return ", ".join(keys[:NAMED]) + (f" and {more} more" if more > 0 else "")
