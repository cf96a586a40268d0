"""Judging the answers of an assessment; nothing here trusts the browser."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from courses.catalogue.models import Question

# The chosen positions, from 0, by the number of the question.
Answers = Mapping[int, Sequence[int]]


@dataclass(frozen=True)
class Judged:
    """A question as it was answered; `chosen` are the texts of the choices."""

    question: Question
    chosen: list[str]
    is_right: bool


def faults_in(questions: Sequence[Question], answers: Answers) -> dict[int, str]:
    """What keeps the answers from being judged, by question number; 0 stands for the form as a whole."""
    faults = {question.number: fault for question in questions if (fault := fault_in(question, answers))}
    if answers.keys() - {question.number for question in questions}:
        faults[0] = "The form held an answer to a question that is not in this assessment. Please send this page again."
    return faults


def fault_in(question: Question, answers: Answers) -> str:
    chosen = answers.get(question.number, [])
    if not chosen:
        return "Choose an answer." if question.kind == Question.Kind.ONE else "Choose at least one answer."
    if any(position not in range(len(question.choices)) for position in chosen) or len(set(chosen)) != len(chosen):
        return "Choose from the answers on this page."
    return "Choose one answer only." if question.kind == Question.Kind.ONE and len(chosen) > 1 else ""


def judged(questions: Iterable[Question], answers: Answers) -> list[Judged]:
    """Each question with its answer. Right is who chose every right choice and no other."""
    return [judged_question(question, answers[question.number]) for question in questions]


def judged_question(question: Question, chosen: Sequence[int]) -> Judged:
    texts = [question.choices[position] for position in sorted(chosen)]
    return Judged(question, texts, is_right=set(chosen) == set(question.right))
