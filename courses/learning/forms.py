"""The forms of learners."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.catalogue.languages import direction
from courses.catalogue.models import Question
from courses.catalogue.questions.answers import NOT_GIVEN, PLACED, Answer, storable
from courses.catalogue.questions.drawing import Drawn, shown_order
from courses.catalogue.questions.texts import Kind
from people.models import Person
from people.situations import Experience, Occupation
from programs.models import Code, Program

PREFIX = "a-"
MOST_FIELDS = 20


@dataclass(frozen=True)
class Choice:
    position: int
    html: str
    is_chosen: bool


@dataclass(frozen=True)
class Line:
    """A line that is given a match or a place by a list."""

    position: int
    html: str
    given: int


@dataclass(frozen=True)
class Asked:
    """A question as a form shows it, with what was answered so far and what is wrong with that."""

    key: str
    kind: str
    texts: Mapping[str, Any]
    language: str
    order: list[int]
    number: int = 0
    answer: Answer | None = None
    fault: str = ""
    is_right: bool | None = None
    pk: int = 0  # of a practice question that is published

    @property
    def direction(self) -> str:
        return direction(self.language)

    @property
    def name(self) -> str:
        return f"{PREFIX}{self.key}"

    @property
    def legend(self) -> str:
        """The first paragraph of the prompt, as a <legend> may hold it; empty if it begins with something else."""
        first = str(self.texts["prompt"]).partition("</p>")[0]
        return first.removeprefix("<p>") if first.startswith("<p>") else ""

    @property
    def rest(self) -> str:
        """What of the prompt is not in the legend."""
        prompt = str(self.texts["prompt"])
        return prompt.partition("</p>")[2].strip() if self.legend else prompt

    @property
    def notes(self) -> str:
        """The ids of what describes the question as a whole: more of its prompt, a fault, a hint and the judgement."""
        there = {
            "rest": bool(self.rest),
            "fault": bool(self.fault),
            "hint": self.kind in (Kind.SEVERAL, Kind.ORDERING),
            "said": self.is_right is not None,
        }
        return " ".join(f"{name}-{self.key}" for name, is_there in there.items() if is_there)

    @property
    def text(self) -> str:
        return self.answer if isinstance(self.answer, str) else ""

    @property
    def chosen(self) -> list[int]:
        return self.answer if isinstance(self.answer, list) else []

    @property
    def choices(self) -> list[Choice]:
        texts = [_("True"), _("False")] if self.kind == Kind.TRUE_FALSE else self.texts["choices"]
        order = self.order if len(self.order) == len(texts) else range(len(texts))
        return [Choice(place, texts[place], place in self.chosen) for place in order]

    @property
    def lines(self) -> list[Line]:
        """The lines of a matching, as they were written, or of an ordering, mixed."""
        texts = self.texts["choices"]
        given = dict(enumerate(self.chosen))
        if self.kind == Kind.MATCHING:
            called = names_in_forms(self.key, len(self.texts["matches"]))
            return [
                Line(place, text, called.get(given.get(place, NOT_GIVEN), NOT_GIVEN))
                for place, text in enumerate(texts)
            ]
        called = names_in_forms(self.key, len(texts))
        return [Line(called[place], texts[place], given.get(place, NOT_GIVEN)) for place in self.mixed(len(texts))]

    @property
    def options(self) -> list[tuple[int, str]]:
        """What a line can be given: the matches, mixed, or the places."""
        if self.kind == Kind.ORDERING:
            return [(place, str(place + 1)) for place in range(len(self.texts["choices"]))]
        matches = self.texts["matches"]
        called = names_in_forms(self.key, len(matches))
        return [(called[place], matches[place]) for place in self.mixed(len(matches))]

    def mixed(self, size: int) -> list[int]:
        """The order in which they are shown: as it was drawn, and in practice one that is the same for everybody.

        What is written in the right order must not be shown in it.
        """
        return self.order if len(self.order) == size else shown_order(self.kind, size, Random(self.key))  # noqa: S311

    @property
    def remarks(self) -> list[str]:
        """What the author says about the choices that were chosen."""
        said = self.texts.get("choice_feedback", [])
        return [said[place] for place in self.chosen if 0 <= place < len(said) and said[place]]

    @property
    def answered(self) -> list[str]:
        """What was answered, line by line, as HTML; empty if nothing was."""
        if self.kind == Kind.TRUE_FALSE or self.kind in (Kind.ONE, Kind.SEVERAL):
            return [choice.html for choice in self.choices if choice.is_chosen]
        if self.kind not in PLACED:
            return []
        options = dict(self.options)
        return [f"{line.html} – {conditional_escape(options.get(line.given, '…'))}" for line in self.lines]


def names_in_forms(key: str, size: int) -> dict[int, int]:
    """What a form calls the places of a question: a shuffle that only this instance knows.

    In a matching and an ordering the place is what is right, so that the page must not say it.
    """
    return shuffled_by(settings.SECRET_KEY.encode(), key, size)


@lru_cache(4096)
def shuffled_by(secret: bytes, key: str, size: int) -> dict[int, int]:
    marks = [hmac.new(secret, f"place {place} of {key}".encode(), hashlib.sha256).digest() for place in range(size)]
    return {place: name for name, place in enumerate(sorted(range(size), key=marks.__getitem__))}


def asked(
    questions: Iterable[tuple[Question, Drawn]], wanted: str, answers: Mapping[str, Answer], faults: Mapping[str, str]
) -> list[Asked]:
    """The questions of an attempt, each in the wanted language or in the one that its course is written in."""
    return [
        Asked(
            key=question.key, kind=question.kind, order=drawn["order"], number=number,
            texts=question.texts[language], language=language, answer=answers.get(question.key),
            fault=faults.get(question.key, ""),
        )
        for number, (question, drawn) in enumerate(questions, start=1)
        for language in [wanted if wanted in question.texts else question.version.language]
    ]  # fmt: skip


def answers_in(post: QueryDict, kinds: Mapping[str, tuple[str, "Lines"]]) -> dict[str, Answer]:
    """The answers as they were sent, for questions of the given kinds and lines; nothing chosen of several is [].

    What is no number becomes one that is on no form, and is refused as such; so does a field of no question.
    """
    found = {
        key: answer for key, (kind, lines) in kinds.items() if (answer := answer_in(post, key, kind, lines)) is not None
    }
    known = {name for key, (_kind, lines) in kinds.items() for name in names_of(key, lines.number)}
    strange = [name for name in post if name.startswith(PREFIX) and name not in known]
    return {**found, **dict.fromkeys(strange, "")}


def names_of(key: str, size: int) -> list[str]:
    return [f"{PREFIX}{key}", *(f"{PREFIX}{key}.{place}" for place in range(size))]


def answer_in(post: QueryDict, key: str, kind: str, lines: "Lines") -> Answer | None:
    """The answer to one question; `None` if no field of it was sent."""
    if kind in (Kind.NUMBER, Kind.TEXT):
        text = post.get(f"{PREFIX}{key}")
        return None if text is None else storable(text)
    if kind in PLACED:
        fields = [post.get(name) for name in names_of(key, lines.number)[1:]]
        return None if set(fields) <= {None} else placed([whole(value or "") for value in fields], key, kind, lines)
    sent = [whole(value) for value in post.getlist(f"{PREFIX}{key}")[:MOST_FIELDS]]
    return sent if sent or kind == Kind.SEVERAL else None


def placed(sent: list[int], key: str, kind: str, lines: "Lines") -> list[int]:
    """What a matching or an ordering was sent as, with the places that the course knows."""
    if kind == Kind.MATCHING:
        place_of = {name: place for place, name in names_in_forms(key, lines.matches).items()}
        return [place_of.get(name, name) for name in sent]
    called = names_in_forms(key, lines.number)
    return [sent[called[place]] for place in range(lines.number)]


def whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 4 else NOT_GIVEN


class Lines(NamedTuple):
    """How many lines the form of a question has, and how many matches there are for them; 0 for most kinds."""

    number: int = 0
    matches: int = 0


def lines_of(question: Question) -> Lines:
    """The lines of a matching or an ordering."""
    texts = next(iter(question.texts.values()))
    return Lines(len(texts.get("choices", [])), len(texts.get("matches", []))) if question.kind in PLACED else Lines()


def form_key_in(post: QueryDict) -> UUID:
    """The key of the form that was sent; a new one if it came without a readable one."""
    try:
        return UUID(post.get("form_key", ""))
    except ValueError:
        return uuid4()


class AboutMeForm(forms.Form):
    """How a learner describes themself; every field may stay empty, which means not stated."""

    name = forms.CharField(
        label=gettext_lazy("Name on your credentials"),
        help_text=gettext_lazy("The public page of a credential shows it only if you agree there."),
        max_length=200,
        required=False,
    )
    region = forms.ChoiceField(label=gettext_lazy("Where you live"), required=False)
    sector = forms.ChoiceField(label=gettext_lazy("What your employer does"), required=False)
    employer_size = forms.ChoiceField(label=gettext_lazy("How many people work there"), required=False)
    age_band = forms.ChoiceField(label=gettext_lazy("Your age"), required=False)
    occupation = forms.ChoiceField(label=gettext_lazy("What kind of work you do"), required=False)
    experience = forms.ChoiceField(label=gettext_lazy("How much you have worked with AI"), required=False)

    LISTS = tuple(Code.Kind.values)

    def __init__(self, post: QueryDict | None, *, person: Person) -> None:
        said = {name: getattr(person, name) for name in ("name", "occupation", "experience", *self.LISTS)}
        super().__init__(post, initial=said, label_suffix="")
        codes = list(Code.objects.filter(program=person.program_id).order_by("position"))
        for kind in self.LISTS:
            listed = [(code.code, code.name) for code in codes if code.kind == kind]
            self.fields[kind].choices = [("", _("Not stated")), *listed]  # type: ignore[attr-defined]
        fill_work(self)
        self.fields["name"].widget.attrs["autocomplete"] = "name"


def fill_work(form: forms.Form) -> None:
    """Gives the two questions about work their answers."""
    for name, choices in (("occupation", Occupation.choices), ("experience", Experience.choices)):
        form.fields[name].choices = [("", _("Not stated")), *choices]  # type: ignore[attr-defined]


class AboutMyWorkForm(forms.Form):
    """What is asked of somebody who joins, so that the course that fits comes first; every field may stay empty."""

    sector = forms.ChoiceField(label=gettext_lazy("What your employer does"), required=False)
    occupation = forms.ChoiceField(label=gettext_lazy("What kind of work you do"), required=False)
    experience = forms.ChoiceField(label=gettext_lazy("How much you have worked with AI"), required=False)

    def __init__(self, post: QueryDict | None, *, program: Program) -> None:
        super().__init__(post, label_suffix="")
        sectors = Code.objects.of(program, Code.Kind.SECTOR)
        listed = [("", _("Not stated")), *((code.code, code.name) for code in sectors)]
        self.fields["sector"].choices = listed  # type: ignore[attr-defined]
        fill_work(self)
