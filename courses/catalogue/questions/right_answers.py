"""The right answer of a question in signs that need no translation, as Markdown."""

import re
from dataclasses import replace

from courses.catalogue.folders.questions import LONGEST_FEEDBACK
from courses.catalogue.questions.texts import Kind, QuestionText, Words

MARKS = re.compile(r"([\\`*_\[\]<&])")


def with_feedback(question: QuestionText) -> QuestionText:
    """The same with feedback in every language: where there is none, it is a mark and the right answer."""
    words = {
        language: said if said.feedback.strip() else replace(said, feedback=marked(right_answer(question, said)))
        for language, said in question.words.items()
    }
    return replace(question, words=words)


def marked(answer: str) -> str:
    return f"✓ {answer}" if 0 < len(answer) < LONGEST_FEEDBACK - 2 else "✓"


def right_answer(question: QuestionText, words: Words) -> str:
    """Choices, pairs, the order, the number with its tolerance, accepted texts; empty for true or false."""
    match question.right:
        case bool():
            return ""
        case list() as places:
            return " · ".join(words.choices[place] for place in places)
        case {"value": value, "tolerance": tolerance}:
            around = f" ± {tolerance}" if tolerance.strip("-0.") else ""
            return f"{value}{around} {words.unit}".strip()
    if question.kind == Kind.MATCHING:
        return " · ".join(f"{left} – {right}" for left, right in zip(words.choices, words.matches, strict=False))
    if question.kind == Kind.ORDERING:
        return " → ".join(words.choices)
    return " · ".join(MARKS.sub(r"\\\1", text) for text in words.accepts)
