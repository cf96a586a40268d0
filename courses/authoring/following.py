"""What a form does not show of a question follows what it does: texts for a choice, and those of other languages."""

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import NamedTuple

from courses.catalogue.questions.texts import Kind, QuestionText, Words

ALIKE = 0.6  # of two texts that differ, to be taken for the same one in other words; 1 is equal

Origins = list[int | None]


class Moves(NamedTuple):
    """Where each choice, and each text of a right side, stood before; `None` for a new one."""

    choices: Origins
    matches: Origins

    def is_none(self, before: Words) -> bool:
        """Whether all is where it was."""
        return self.choices == [*range(len(before.choices))] and self.matches == [*range(len(before.matches))]


def moves(kind: Kind, before: Words, after: Words) -> Moves:
    if kind != Kind.MATCHING:
        return Moves(origins(before.choices, after.choices), [])
    pairs = origins(*([f"{left} = {right}" for left, right in zip(one.choices, one.matches, strict=False)]
                      for one in (before, after)))  # fmt: skip
    old, new = len(before.choices), len(after.choices)
    others = origins(before.matches[old:], after.matches[new:])
    return Moves(pairs, [*pairs, *(None if place is None else old + place for place in others)])


def origins(before: Sequence[str], after: Sequence[str]) -> Origins:
    """For each text where it stood before: the same text, else the one most like it, else those that are left in order
    if there are as many."""
    found: Origins = [before.index(text) if text in before else None for text in after]
    for place in [place for place, origin in enumerate(found) if origin is None]:
        found[place] = most_alike(before, after[place], [at for at in range(len(before)) if at not in found])
    left = [at for at in range(len(before)) if at not in found]
    if found.count(None) == len(left):
        rest = iter(left)
        found = [next(rest) if origin is None else origin for origin in found]
    return found


def most_alike(before: Sequence[str], text: str, places: Sequence[int]) -> int | None:
    ratios = [(SequenceMatcher(None, before[at], text, autojunk=False).ratio(), -at) for at in places]
    ratio, at = max(ratios, default=(0.0, 0))
    return -at if ratio >= ALIKE else None


def changed(old: QuestionText, new: QuestionText, language: str) -> QuestionText:
    """The question as the form has it, with its own id and the texts that the form does not show."""
    before, after = old.words[language], new.words[language]
    feedback = before.choice_feedback
    if after.choices:
        feedback = picked(feedback, moves(old.kind, before, after).choices, [""] * len(after.choices))
    return replace(new, key=old.key, words={language: replace(after, choice_feedback=feedback)})


def translated(words: Words, moved: Moves, before: Words, after: Words) -> Words:
    """The texts of another language where the form has moved them to; what is new there stands untranslated."""
    if (len(words.choices), len(words.matches)) != (len(before.choices), len(before.matches)):
        return words
    return replace(
        words,
        choices=picked(words.choices, moved.choices, after.choices),
        matches=picked(words.matches, moved.matches, after.matches),
        choice_feedback=picked(words.choice_feedback, moved.choices, [""] * len(after.choices)),
    )


def picked(texts: Sequence[str], places: Origins, new: Sequence[str]) -> list[str]:
    """The texts in their new places; none where there were none."""
    if not texts:
        return []
    return [new[at] if place is None else texts[place] for at, place in enumerate(places)]
