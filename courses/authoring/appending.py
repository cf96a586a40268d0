"""Questions put into the texts of a course without touching what is there: comments and order stay as they are."""

from collections.abc import Sequence

import yaml

from courses.catalogue.folders.assessment import MOST_QUESTIONS
from courses.catalogue.folders.markdown import look
from courses.catalogue.questions.texts import QuestionText
from courses.catalogue.questions.yaml_text import question_yaml, questions_yaml
from courses.catalogue.sections import PlainLoader


class CannotAppendError(Exception):
    """The text is not in a shape to which questions can be added; the message says what to do."""


def with_practice(text: str, question: QuestionText, language: str) -> str:
    """The lesson with the question at its end."""
    return with_fence(text, "question", question_yaml(question, language))


def with_fence(text: str, kind: str, content: str) -> str:
    """The lesson with something of its own at its end. Raises `CannotAppendError` where it would be a part of
    something else, such as of code that is not closed."""
    fence = "```"
    while fence in content:
        fence += "`"
    longer = f"{text.rstrip()}\n\n{fence}{kind}\n{content}{fence}\n"
    before, after = ([piece.kind for piece in look(one).pieces].count(kind) for one in (text, longer))
    if after != before + 1:
        raise CannotAppendError("The lesson ends in something that is not closed, such as code. Close it in the text.")
    return longer


def with_questions(text: str, questions: Sequence[QuestionText], language: str) -> str:
    """The assessment with the questions after those that it has.

    Raises `CannotAppendError` for what is no YAML, and for more questions than a course may have.
    """
    node = list_of_questions(text)
    if len(node.value) + len(questions) > MOST_QUESTIONS:
        raise CannotAppendError(f"An assessment may have {MOST_QUESTIONS:,} questions.")
    if not questions:
        return text
    added = questions_yaml(questions, language)
    if node.flow_style and node.value:
        raise CannotAppendError("The questions stand in [ ]. Write each on lines of its own, after a hyphen, first.")
    if not node.value:
        start, end = node.start_mark.index, node.end_mark.index
        return f"{text[:start].rstrip()}\n{added}{text[end:].lstrip(' ')}"
    return inserted(text, node, added)


def inserted(text: str, node: yaml.SequenceNode, added: str) -> str:
    """After the last entry, as far in as the entries stand."""
    lines = text.splitlines(keepends=True)
    after = last_line(node.value[-1]) + 1
    before = "".join(lines[:after])
    before += "" if before.endswith("\n") else "\n"
    margin = " " * node.start_mark.column
    moved = "".join(f"{margin}{line[2:]}" if line.strip() else line for line in added.splitlines(keepends=True))
    return f"{before}\n{moved}{''.join(lines[after:])}"


def last_line(node: yaml.Node) -> int:
    """The line, from 0, on which the node's own text ends: before the blank lines and comments that follow it."""
    if isinstance(node, yaml.MappingNode) and node.value and not node.flow_style:
        return last_line(node.value[-1][1])
    if isinstance(node, yaml.SequenceNode) and node.value and not node.flow_style:
        return last_line(node.value[-1])
    mark = node.end_mark
    return int(mark.line) - (1 if mark.column == 0 and mark.line > node.start_mark.line else 0)


def list_of_questions(text: str) -> yaml.SequenceNode:
    try:
        root = PlainLoader(text).get_single_node()
    except (yaml.YAMLError, RecursionError) as error:
        raise CannotAppendError("assessment.yaml cannot be read. Mend its faults first.") from error
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    found = next((value for key, value in pairs if key.value == "questions"), None)
    if not isinstance(found, yaml.SequenceNode):
        raise CannotAppendError(
            "assessment.yaml has no list with the key questions. Write `questions: []` into it first."
        )
    return found
