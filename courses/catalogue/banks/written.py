"""The assessment.yaml that a bank becomes."""

from dataclasses import replace

from courses.catalogue.banks.bank import Bank
from courses.catalogue.questions.right_answers import with_feedback
from courses.catalogue.questions.yaml_text import questions_yaml

PASS_MARK = 75  # per cent; a proposal, since no bank says
MOST_ASKED = 100  # of more, as many must be drawn
DRAWN = 20


def assessment_text(bank: Bank, language: str, *, pool: str | None = None) -> str:
    """The whole file, with proposals for what a bank does not say; `pool` takes the place of the bank's own pools.

    Where a question has no feedback, it is the right answer: a course asks for some, and the author may write more.
    """
    questions = [with_feedback(question) for question in bank.questions]
    if pool is not None:
        questions = [replace(question, pool=pool) for question in questions]
    head = f"# pass_mark is a proposal: choose it, and how many questions are drawn.\npass_mark: {PASS_MARK}\n"
    if len(questions) > MOST_ASKED:
        head += f"draw: {DRAWN}\n"
    if not questions:
        return f"{head}questions: []\n"
    return f"{head}questions:\n{questions_yaml(questions, language)}"
