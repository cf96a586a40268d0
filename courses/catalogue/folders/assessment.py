"""assessment.yaml: the rules of the assessment and its questions."""

from collections import Counter
from typing import TYPE_CHECKING

from courses.catalogue.folders.links import check_texts
from courses.catalogue.folders.questions import read_question, read_translation
from courses.catalogue.folders.texts import AssessmentText
from courses.catalogue.questions.texts import QuestionText
from courses.catalogue.sections import Section

if TYPE_CHECKING:
    from collections.abc import Collection

MOST_QUESTIONS = 1000
MOST_DRAWN = 100


def read_assessment(section: Section, language: str, paths: "Collection[str]") -> AssessmentText:
    section.allow_only("pass_mark", "draw", "attempts", "wait_hours", "minutes", "questions")
    questions = read_pool(section, language, paths)
    return AssessmentText(
        pass_mark=section.number("pass_mark", 1, 100),
        draw=read_draw(section, questions),
        attempts=optional_number(section, "attempts", 1000),
        wait_hours=optional_number(section, "wait_hours", 24 * 365),
        minutes=optional_number(section, "minutes", 24 * 60),
        questions=questions,
    )


def optional_number(section: Section, key: str, most: int) -> int | None:
    return section.number(key, 1, most) if section.has(key) else None


def read_pool(section: Section, language: str, paths: "Collection[str]") -> list[QuestionText]:
    parts = section.sections("questions")
    if len(parts) > MOST_QUESTIONS:
        section.fault(f"holds {len(parts)} questions; {MOST_QUESTIONS:,} are allowed", "questions")
    found = []
    for part in parts[:MOST_QUESTIONS]:
        question = read_question(part, language=language, has_pool=True)
        if question:
            check_texts(part, question.words[language], language, paths)
            found.append(question)
    return found


def read_draw(section: Section, questions: list[QuestionText]) -> int | dict[str, int] | None:
    """How many are drawn; a fault if there are not as many, or if a question could never be drawn."""
    if not section.has("draw"):
        if len(questions) > MOST_DRAWN:
            section.fault(f"must be given where there are more than {MOST_DRAWN} questions", "draw")
        return None
    part = section.mapping("draw")
    if part is None:
        return section.number("draw", 1, max(1, min(len(questions), MOST_DRAWN)))
    pools = Counter(question.pool for question in questions)
    drawn = {name: part.number(name, 1, max(1, pools[name])) for name in part.nodes if name in pools}
    for name in part.nodes:
        if name not in pools:
            part.fault("is the pool of no question", name)
    for name in sorted(pools.keys() - drawn.keys()):
        section.fault(f"never draws from the pool {name or 'without a name'}", "draw")
    if sum(drawn.values()) > MOST_DRAWN:
        section.fault(f"must be {MOST_DRAWN} in all at most", "draw")
    return drawn


def translate_assessment(section: Section, assessment: AssessmentText, language: str, paths: "Collection[str]") -> None:
    """Adds the texts of another language to the questions; those that it leaves out fall back."""
    section.allow_only("questions")
    known = {question.key: question for question in assessment.questions}
    for part in section.sections("questions"):
        read = read_translation(part, known, language)
        if read:
            check_texts(part, read, language, paths)
