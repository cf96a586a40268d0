"""Questions as the YAML of a course folder, for people to read; starter/README.md says what each key holds."""

import re
from collections.abc import Iterable
from typing import Any

import yaml

from courses.catalogue.questions.texts import Kind, QuestionText, Words

WIDTH = 110


class Plain(str):
    """A number as it is to be written, digit by digit."""

    __slots__ = ()


class Positions(list[int]):
    """Numbers in one line."""

    __slots__ = ()


class Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Lists stand further in than their key."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401 - as the base class
        """The same text twice is written twice: course folders know no references."""
        return True


def represent_text(dumper: Dumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def represent_number(dumper: Dumper, text: Plain) -> yaml.ScalarNode:
    kind = "int" if re.fullmatch(r"-?\d+", text) else "float"
    return yaml.ScalarNode(f"tag:yaml.org,2002:{kind}", str(text))


def represent_positions(dumper: Dumper, positions: Positions) -> yaml.SequenceNode:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", positions, flow_style=True)


Dumper.add_representer(str, represent_text)
Dumper.add_representer(Plain, represent_number)
Dumper.add_representer(Positions, represent_positions)


def questions_yaml(questions: Iterable[QuestionText], language: str, *, is_translation: bool = False) -> str:
    """The list below `questions:` in assessment.yaml, without that key, indented by two.

    Reading it gives the same questions back. A translation has the texts in the language alone. The same questions are
    always the same text.
    """
    entries = [entry(question, question.words[language], is_translation) for question in questions]
    return "\n".join(indented(dumped([one])) for one in entries)


def question_yaml(question: QuestionText, language: str, *, is_translation: bool = False) -> str:
    """One question as the fence of a practice question holds it."""
    return dumped(entry(question, question.words[language], is_translation))


def dumped(value: object) -> str:
    return yaml.dump(
        value, Dumper=Dumper, allow_unicode=True, sort_keys=False, default_flow_style=False, width=WIDTH, indent=2
    )


def indented(text: str) -> str:
    return "".join(f"  {line}" if line.strip() else line for line in text.splitlines(keepends=True))


def entry(question: QuestionText, words: Words, is_translation: bool) -> dict[str, object]:
    """The keys of the question, in the order in which people read them; those without a value are left out."""
    head: dict[str, object] = {"id": question.key}
    if not is_translation:
        head |= {"kind": str(question.kind)} | ({"pool": question.pool} if question.pool else {})
    body = {"prompt": words.prompt, **answers(question, words)}
    right = {} if is_translation else right_of(question)
    said = {"choice_feedback": list(words.choice_feedback), "feedback": words.feedback}
    return head | body | right | {key: value for key, value in said.items() if value}


def answers(question: QuestionText, words: Words) -> dict[str, object]:
    match question.kind:
        case Kind.ONE | Kind.SEVERAL | Kind.ORDERING:
            return {"choices": list(words.choices)}
        case Kind.MATCHING:
            pairs = [{"left": left, "right": right} for left, right in zip(words.choices, words.matches, strict=False)]
            others = words.matches[len(pairs) :]
            return {"pairs": pairs} | ({"others": others} if others else {})
        case Kind.TEXT:
            return {"accepts": list(words.accepts)}
        case Kind.NUMBER if words.unit:
            return {"unit": words.unit}
        case _:
            return {}


def right_of(question: QuestionText) -> dict[str, object]:
    """What is right; choices are counted from 1."""
    match question.right:
        case bool() as truth:
            return {"right": truth}
        case list() as positions if question.kind == Kind.ONE:
            return {"right": positions[0] + 1}
        case list() as positions:
            return {"right": Positions(place + 1 for place in positions)}
        case {"value": value, "tolerance": tolerance}:
            allowed: dict[str, object] = {"tolerance": Plain(tolerance)} if tolerance not in ("", "0") else {}
            return {"right": Plain(value)} | allowed
        case _:
            return {}
