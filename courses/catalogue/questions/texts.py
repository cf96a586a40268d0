"""What a question is, as course folders and question banks say it, before anything is stored."""

from dataclasses import dataclass, field
from enum import StrEnum

Right = list[int] | bool | dict[str, str] | None


class Kind(StrEnum):
    """The kinds of questions; starter/README.md says what each needs."""

    ONE = "one"
    SEVERAL = "several"
    TRUE_FALSE = "true-false"
    NUMBER = "number"
    TEXT = "text"
    MATCHING = "matching"
    ORDERING = "ordering"


@dataclass(frozen=True, kw_only=True)
class Words:
    """The texts of a question in one language."""

    prompt: str  # Markdown, as is feedback
    feedback: str = ""
    choices: list[str] = field(default_factory=list)  # one, several, ordering (as is right); matching: the left sides
    choice_feedback: list[str] = field(default_factory=list)  # one, several, true-false; empty or as many as choices
    matches: list[str] = field(default_factory=list)  # matching: the right side of each pair, then the others
    accepts: list[str] = field(default_factory=list)  # text
    unit: str = ""  # number


@dataclass(frozen=True, kw_only=True)
class QuestionText:
    """A question with its texts by language; the language that the course is written in is always there.

    `right` is, for one and several, the positions of the right choices from 0; for true-false the right answer;
    for number {"value": "3.5", "tolerance": "0.1"} as decimal texts. Matching, ordering and text need none:
    each left side matches the right side of its position, choices are in the right order, `accepts` are right.
    """

    key: str  # `id` in the file
    kind: Kind
    pool: str = ""
    right: Right = None
    words: dict[str, Words]
