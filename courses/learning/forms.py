"""The forms of learners."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict

from courses.catalogue.models import Question
from courses.learning.judging import Answers
from people.models import Person
from programs.models import Code

PREFIX = "question-"
NOT_ON_THE_FORM = -1


@dataclass(frozen=True)
class Choice:
    position: int
    text: str
    is_chosen: bool


@dataclass(frozen=True)
class Asked:
    """A question as the form shows it, with what was chosen so far and what is wrong with that."""

    question: Question
    choices: list[Choice]
    fault: str


def asked(questions: list[Question], answers: Answers, faults: dict[int, str]) -> list[Asked]:
    return [
        Asked(question, choices_of(question, answers.get(question.number, [])), faults.get(question.number, ""))
        for question in questions
    ]


def choices_of(question: Question, chosen: Sequence[int]) -> list[Choice]:
    return [Choice(place, text, place in chosen) for place, text in enumerate(question.choices)]


def answers_in(post: QueryDict) -> dict[int, list[int]]:
    """The answers as they were sent. What is no number becomes one that is on no form, and is refused as such."""
    fields = [name for name in post if name.startswith(PREFIX)]
    return {whole(name.removeprefix(PREFIX)): [whole(value) for value in post.getlist(name)] for name in fields}


def whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 4 else NOT_ON_THE_FORM


def form_key_in(post: QueryDict) -> UUID:
    """The key of the form that was sent; a new one if it came without a readable one."""
    try:
        return UUID(post.get("form_key", ""))
    except ValueError:
        return uuid4()


class AboutMeForm(forms.Form):
    """How a learner describes themself; every field may stay empty, which means not stated."""

    name = forms.CharField(label="Name on your credentials", max_length=200, required=False)
    region = forms.ChoiceField(label="Where you live", required=False)
    sector = forms.ChoiceField(label="What your employer does", required=False)
    employer_size = forms.ChoiceField(label="How many people work there", required=False)
    age_band = forms.ChoiceField(label="Your age", required=False)

    LISTS = tuple(Code.Kind.values)

    def __init__(self, post: QueryDict | None, *, person: Person) -> None:
        super().__init__(post, initial={name: getattr(person, name) for name in ("name", *self.LISTS)}, label_suffix="")
        codes = list(Code.objects.filter(program=person.program_id).order_by("position"))
        for kind in self.LISTS:
            listed = [(code.code, code.name) for code in codes if code.kind == kind]
            self.fields[kind].choices = [("", "Not stated"), *listed]  # type: ignore[attr-defined]
        self.fields["name"].widget.attrs["autocomplete"] = "name"
