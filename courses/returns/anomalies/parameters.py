"""What each rule can be told: its thresholds, with their defaults, and what may stand in them."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.returns.models import AnomalyRule
from programs.models import Program
from programs.templatetags.figures import number

Kind = AnomalyRule.Kind
Rules = dict[str, dict[str, Any]]  # the parameters of each rule that is on


class Whole(NamedTuple):
    """A whole number: its default, the least and the most that it may be, and what it means."""

    default: int
    least: int
    most: int
    meaning: str | Promise


PLACEHOLDER_WORDS = (
    "n/a", "na", "none", "null", "nil", "nan", "test", "tester", "testing", "test test", "test user", "unknown", "xxx",
    "tbc", "tbd", "dummy", "sample", "example", "anonymous", "no name", "noname", "not known", "not applicable",
    "asdf", "qwerty", "abc", "abcd", "foo", "bar", "first last", "firstname lastname", "name", "john doe", "jane doe",
)  # fmt: skip
PLACEHOLDER_DOMAINS = ("example.com", "example.org", "example.net", "test.com", "mailinator.com")
MOST_WORDS, LONGEST_WORD = 200, 60
# An account pays one person. A phone or an e-mail address may be a family's, and two of a household often take the same
# course; three are rare enough to look at.
WHOLES: dict[str, dict[str, Whole]] = {
    Kind.DORMANT: {
        "days": Whole(730, 30, 36_500, _("days without a known achievement after which an employer is dormant")),
        "learners": Whole(10, 1, 1_000_000, _("learners who must come at once")),
    },
    Kind.CROWDED: {
        "percent": Whole(150, 100, 10_000, _("learners of twelve months, in per cent of the employees")),
        "learners": Whole(20, 1, 1_000_000, _("with fewer learners an employer is never flagged")),
    },
    Kind.SHARED: {
        "account": Whole(1, 1, 1_000_000, _("people who may have one account")),
        "email": Whole(2, 1, 1_000_000, _("people who may have one e-mail address")),
        "phone": Whole(2, 1, 1_000_000, _("people who may have one phone")),
    },
    Kind.PLACEHOLDER: {
        "repeated": Whole(5, 3, 50, _("times that one character, or digits in order, must be repeated"))
    },
    Kind.FAST: {
        "percent": Whole(10, 1, 100, _("shortest plausible time of a course that states none, of its minutes"))
    },
    Kind.FULL_DAY: {
        "hours": Whole(24, 1, 1_000, _("hours of courses completed by one person on one day")),
        "percent": Whole(10, 1, 100, _("of a course longer than eight hours: the part taken on the day it ended")),
    },
    Kind.NIGHT: {
        "from_hour": Whole(0, 0, 23, _("the hour at which the night begins")),
        "to_hour": Whole(5, 0, 24, _("the hour at which it ends")),
        "percent": Whole(60, 1, 100, _("of the rows with a time must lie in the night")),
        "rows": Whole(30, 1, 1_000_000, _("so many rows must lie in the night")),
    },
}
TEXTS: dict[str, dict[str, tuple[str, ...]]] = {
    Kind.PLACEHOLDER: {"words": PLACEHOLDER_WORDS, "domains": PLACEHOLDER_DOMAINS}
}
DEFAULTS: Rules = {
    kind: {name: whole.default for name, whole in WHOLES[kind].items()}
    | {name: list(texts) for name, texts in TEXTS.get(kind, {}).items()}
    for kind in Kind.values
}
MEANINGS = {kind: {name: whole.meaning for name, whole in WHOLES[kind].items()} for kind in Kind.values}


class ParametersRefusedError(Exception):
    """These parameters cannot be a rule's; `faults` has a line for each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def checked(kind: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """All parameters of a rule of this kind: those given, and the defaults of those that are not.

    Raises `ParametersRefusedError` with everything that is wrong with them.
    """
    if faults := list(_faults(kind, parameters)):
        raise ParametersRefusedError(faults)
    return DEFAULTS[kind] | dict(parameters)


def rules_of(program: Program) -> Rules:
    """The rules of the program that are on; one without a row is as its defaults say."""
    kept = {rule.kind: rule for rule in AnomalyRule.objects.of(program)}
    on = [kind for kind in Kind.values if kind not in kept or kept[kind].is_on]
    return {kind: DEFAULTS[kind] | (kept[kind].parameters if kind in kept else {}) for kind in on}


def _faults(kind: str, parameters: Mapping[str, Any]) -> Iterator[str]:
    if kind not in DEFAULTS:
        yield f"there is no rule {kind!r}; there are {', '.join(DEFAULTS)}"
        return
    yield from (f"{name}: no parameter of this rule" for name in parameters if name not in DEFAULTS[kind])
    for name, whole in WHOLES[kind].items():
        value = parameters.get(name, whole.default)
        if type(value) is not int or not whole.least <= value <= whole.most:
            said = gettext("%(name)s: a whole number from %(least)s to %(most)s is wanted")
            yield said % {"name": name, "least": number(whole.least), "most": number(whole.most)}
    for name in TEXTS.get(kind, {}):
        yield from _text_faults(name, parameters.get(name, []))


def _text_faults(name: str, texts: object) -> Iterator[str]:
    if not isinstance(texts, list) or len(texts) > MOST_WORDS:
        yield gettext("%(name)s: a list of at most %(most)s texts is wanted") % {"name": name, "most": MOST_WORDS}
        return
    for text in texts:
        if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_WORD:
            said = gettext("%(name)s: %(text)s is no text of 1 to %(most)s characters")
            yield said % {"name": name, "text": repr(text), "most": LONGEST_WORD}
