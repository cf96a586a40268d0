"""A form for each kind of question, so that nobody has to know YAML by heart."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from courses.catalogue.folders.files import CODE
from courses.catalogue.folders.questions import (
    LONGEST_CHOICE,
    LONGEST_FEEDBACK,
    LONGEST_PROMPT,
    MOST_CHOICES,
)
from courses.catalogue.languages import direction
from courses.catalogue.questions.texts import Kind, QuestionText, Right, Words
from courses.catalogue.sections import UNSPEAKABLE
from courses.packages.slugs import slug_of

MARK = "*"
ESCAPED_MARK, BARE_EQUALS = re.compile(r"\\+\*"), re.compile(r"(?<!\\)=")


def area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class Said(forms.CharField):
    """A text as people wrote it: with plain line ends, and without the signs that word processors leave in it."""

    def to_python(self, value: Any) -> str:  # noqa: ANN401 - as Django says
        text = super().to_python(value) or ""
        return UNSPEAKABLE.sub("", text.replace("\r\n", "\n").replace("\v", "\n"))


class Lines(Said):
    """Texts, one a line: different ones, `least` to ten."""

    widget = forms.Textarea(attrs={"rows": 5})

    def __init__(self, *, least: int = 2, **given: Any) -> None:  # noqa: ANN401 - as Django says
        super().__init__(**given)
        self.least = least

    def clean(self, value: Any) -> Any:  # noqa: ANN401 - as Django says
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(set(lines)) != len(lines):
            raise ValidationError(_("Two lines are the same."))
        if not self.least <= len(lines) <= MOST_CHOICES and (lines or self.required):
            raise ValidationError(
                _("%(least)d to %(most)d lines are needed.") % {"least": self.least, "most": MOST_CHOICES}
            )
        if any(len(line) > LONGEST_CHOICE for line in lines):
            raise ValidationError(_("A line may have %(most)d characters.") % {"most": LONGEST_CHOICE})
        return lines


def say_language(form: forms.Form, language: str) -> None:
    """Tells browsers and screen readers the language of what is written into the form."""
    for field in form.fields.values():
        if isinstance(field, Said):
            field.widget.attrs |= {"lang": language, "dir": direction(language), "spellcheck": "true"}


def escaped(text: str) -> str:
    """A choice that is not right, as a line: a mark at its beginning is its own."""
    return f"\\{text}" if text.startswith(MARK) or ESCAPED_MARK.match(text) else text


def unescaped(line: str) -> str:
    return line[1:] if ESCAPED_MARK.match(line) else line


class QuestionForm(forms.Form):
    """What questions of every kind have. `question` is what was written, once the form is valid."""

    kind = Kind.ONE
    last = ("feedback", "pool")
    prompt = Said(label=_("What is asked"), max_length=LONGEST_PROMPT, widget=area(3))
    feedback = Said(label=_("What is said after the answer: why it is so"), max_length=LONGEST_FEEDBACK, widget=area(3))
    pool = forms.RegexField(rf"^{CODE}\Z", label=_("Pool it is drawn from"), max_length=40, required=False)

    def __init__(
        self, post: Mapping[str, Any] | None = None, *, has_pool: bool = True, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(post, initial=initial, label_suffix="")
        if not has_pool:
            del self.fields["pool"]
        self.order_fields([name for name in self.fields if name not in self.last])

    @classmethod
    def shown(cls, question: QuestionText, words: Words) -> dict[str, str]:
        """What stands in the fields for a question that there is, its texts in one language."""
        fields = {"prompt": words.prompt, "feedback": words.feedback, "pool": question.pool}
        return fields | cls.answers(question.right, words)

    @classmethod
    def answers(cls, right: Right, words: Words) -> dict[str, str]:
        return {}

    def right(self) -> Right:
        return None

    def words(self) -> dict[str, Any]:
        return {}

    def question(self, language: str) -> QuestionText:
        said = self.cleaned_data
        words = Words(prompt=said["prompt"], feedback=said["feedback"], **self.words())
        key = slug_of(said["prompt"][:60], ()).strip("-")
        return QuestionText(
            key=key, kind=self.kind, pool=said.get("pool", ""), right=self.right(), words={language: words}
        )


class OneForm(QuestionForm):
    choices = Lines(label=_("Choices, one a line. Put * before the one that is right"))

    @classmethod
    def answers(cls, right: Right, words: Words) -> dict[str, str]:
        marked = right if isinstance(right, list) else []
        lines = [MARK + text if place in marked else escaped(text) for place, text in enumerate(words.choices)]
        return {"choices": "\n".join(lines)}

    def clean_choices(self) -> list[str]:
        lines: list[str] = self.cleaned_data["choices"]
        marked = [line for line in lines if line.startswith(MARK)]
        if not marked or (self.kind == Kind.ONE and len(marked) > 1):
            raise ValidationError(_("Put * before what is right."))
        plain = [line[1:].strip() if line.startswith(MARK) else unescaped(line) for line in lines]
        if len(set(plain)) != len(plain) or not all(plain):
            raise ValidationError(_("Two lines are the same."))
        self.marked = [place for place, line in enumerate(lines) if line.startswith(MARK)]
        return plain

    def right(self) -> Right:
        return list(self.marked)

    def words(self) -> dict[str, Any]:
        return {"choices": self.cleaned_data["choices"]}


class SeveralForm(OneForm):
    kind = Kind.SEVERAL
    choices = Lines(label=_("Choices, one a line. Put * before each that is right"))


class TrueFalseForm(QuestionForm):
    kind = Kind.TRUE_FALSE
    truth = forms.ChoiceField(
        label=_("What is right"), choices=[("true", _("True")), ("false", _("False"))], widget=forms.RadioSelect
    )

    @classmethod
    def answers(cls, right: Right, words: Words) -> dict[str, str]:
        return {"truth": "true" if right else "false"}

    def right(self) -> Right:
        return bool(self.cleaned_data["truth"] == "true")


class NumberForm(QuestionForm):
    kind = Kind.NUMBER
    value = forms.DecimalField(label=_("The right number"), max_digits=20, decimal_places=10)
    tolerance = forms.DecimalField(
        label=_("How far off is still right"), min_value=0, max_digits=20, decimal_places=10, required=False
    )
    unit = Said(label=_("Unit, shown after the field"), max_length=40, required=False)

    @classmethod
    def answers(cls, right: Right, words: Words) -> dict[str, str]:
        said = right if isinstance(right, dict) else {"value": "", "tolerance": "0"}
        tolerance = "" if said["tolerance"] == "0" else said["tolerance"]
        return {"value": said["value"], "tolerance": tolerance, "unit": words.unit}

    def right(self) -> Right:
        tolerance = self.cleaned_data["tolerance"] or Decimal(0)
        return {"value": f"{self.cleaned_data['value']:f}", "tolerance": f"{tolerance:f}"}

    def words(self) -> dict[str, Any]:
        return {"unit": self.cleaned_data["unit"]}


class TextAnswerForm(QuestionForm):
    kind = Kind.TEXT
    accepts = Lines(least=1, label=_("Answers that are right, one a line"))

    @classmethod
    def answers(cls, right: Right, words: Words) -> dict[str, str]:
        return {"accepts": "\n".join(words.accepts)}

    def words(self) -> dict[str, Any]:
        return {"accepts": self.cleaned_data["accepts"]}


class MatchingForm(QuestionForm):
    kind = Kind.MATCHING
    pairs = Lines(label=_("Pairs, one a line, with = between the two sides"))
    others = Lines(least=0, label=_("Further texts for the right side, one a line"), required=False)

    @classmethod
    def answers(cls, right: Right, words: Words) -> dict[str, str]:
        pairs = zip(words.choices, words.matches, strict=False)
        lines = [" = ".join((left.replace("=", r"\="), match)) for left, match in pairs]
        return {"pairs": "\n".join(lines), "others": "\n".join(words.matches[len(words.choices) :])}

    def clean_pairs(self) -> list[tuple[str, str]]:
        sides = [(*BARE_EQUALS.split(line, maxsplit=1), "")[:2] for line in self.cleaned_data["pairs"]]
        pairs = [(left.replace(r"\=", "=").strip(), right.strip()) for left, right in sides]
        if not all(left and right for left, right in pairs):
            raise ValidationError(_("Each line needs a text, = and another text."))
        if any(len({pair[side] for pair in pairs}) != len(pairs) for side in (0, 1)):
            raise ValidationError(_("Two lines are the same."))
        return pairs

    def clean_others(self) -> list[str]:
        others: list[str] = self.cleaned_data["others"]
        if set(others) & {right for _left, right in self.cleaned_data.get("pairs", [])}:
            raise ValidationError(_("Two lines are the same."))
        return others

    def words(self) -> dict[str, Any]:
        pairs = self.cleaned_data["pairs"]
        rights = [right for _left, right in pairs]
        return {"choices": [left for left, _right in pairs], "matches": rights + self.cleaned_data["others"]}


class OrderingForm(QuestionForm):
    kind = Kind.ORDERING
    choices = Lines(label=_("Steps, one a line, in the right order"))

    @classmethod
    def answers(cls, right: Right, words: Words) -> dict[str, str]:
        return {"choices": "\n".join(words.choices)}

    def words(self) -> dict[str, Any]:
        return {"choices": self.cleaned_data["choices"]}


FORMS: Mapping[str, type[QuestionForm]] = {
    Kind.ONE: OneForm,
    Kind.SEVERAL: SeveralForm,
    Kind.TRUE_FALSE: TrueFalseForm,
    Kind.NUMBER: NumberForm,
    Kind.TEXT: TextAnswerForm,
    Kind.MATCHING: MatchingForm,
    Kind.ORDERING: OrderingForm,
}
NAMES = {
    Kind.ONE: _("One choice is right"),
    Kind.SEVERAL: _("Several choices are right"),
    Kind.TRUE_FALSE: _("True or false"),
    Kind.NUMBER: _("A number"),
    Kind.TEXT: _("A short text"),
    Kind.MATCHING: _("Matching"),
    Kind.ORDERING: _("Putting in order"),
}
# The fields that somebody writes into, of all kinds together.
WRITTEN = tuple(dict.fromkeys(name for form in FORMS.values() for name in form.base_fields if name != "truth"))
