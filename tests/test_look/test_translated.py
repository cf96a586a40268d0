"""What pages say is marked for translation, and translations say it with the same placeholders and HTML."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from gettext import c2py
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Message
from django import forms
from django.apps import apps
from django.conf import settings
from django.db.models import Choices
from django.template.base import Lexer, TokenType
from django.urls import get_resolver
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, npgettext, override

from config.catalogues import forms_of, locales, marked, outdated, read, texts_of

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# Words on pages that are the same in every language, or that nobody but machines reads.
SAME_EVERYWHERE = re.compile(r"\bUplift\b|\bcurl -H .*|\bmanage\.py \w+")
# Elements whose text is for machines, and attributes whose text is for people.
FOR_MACHINES = {"script", "style", "code", "kbd", "svg"}
SAID = {"alt", "title", "aria-label", "placeholder", "aria-description"}
# A text in quotation marks that a filter or an include shows.
SHOWN_BY_FILTER = re.compile(r"\|(?:default|default_if_none|join|yesno|pluralize|add):(\"[^\"]*\"|'[^']*')")
SHOWN_BY_INCLUDE = re.compile(r"\s\w+=(\"[^\"]* [^\"]*\"|\"[A-Z][^\"]*\")")
LETTER = re.compile(r"[^\W\d_]")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd%]|\{\w*\}")
NUMBERS = [0, 1, 2, 3, 6, 100]
TAG = re.compile(r"</?[a-z][^>]*>")


class Texts(HTMLParser):
    """The texts of a page with letters in them, but for those of machines."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.machines = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.machines += tag in FOR_MACHINES
        self.found += [value for name, value in attrs if name in SAID and value and LETTER.search(value)]

    def handle_endtag(self, tag: str) -> None:
        self.machines -= tag in FOR_MACHINES

    def handle_data(self, data: str) -> None:
        if not self.machines and LETTER.search(SAME_EVERYWHERE.sub("", data)):
            self.found.append(" ".join(data.split()))


def unmarked(source: str) -> list[str]:
    """Texts of a template that people see and that nobody can translate."""
    page, inside = "", ""
    found: list[str] = []
    for token in Lexer(source).tokenize():
        name = token.contents.split()[0] if token.token_type == TokenType.BLOCK else ""
        if inside:
            inside = "" if name == f"end{inside}" else inside
        elif name in ("comment", "blocktranslate"):
            inside = name
        elif token.token_type == TokenType.TEXT:
            page += token.contents
        elif token.token_type in (TokenType.VAR, TokenType.BLOCK):
            found += shown_in_tag(token.contents, name)
    texts = Texts()
    texts.feed(page)
    return [*texts.found, *found]


def shown_in_tag(contents: str, name: str) -> Iterator[str]:
    patterns = [SHOWN_BY_FILTER, SHOWN_BY_INCLUDE] if name in ("include", "with") else [SHOWN_BY_FILTER]
    return (text for pattern in patterns for text in pattern.findall(contents) if LETTER.search(text))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_text_of_a_template_is_marked(path: Path) -> None:
    assert unmarked(path.read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello</p>",
        "<p>{{ name }} is here</p>",
        '<p aria-label="Hello">{% translate "Hello" %}</p>',
        '<p>{{ name|default:"nobody" }}</p>',
        '{% include "a.html" with title="A title" only %}',
        "{% if x %}yes{% endif %}",
        "<p>{% blocktranslate %}Hello{% endblocktranslate %} you</p>",
    ],
)
def test_an_unmarked_text_is_found(source: str) -> None:
    assert unmarked(source)


@pytest.mark.parametrize(
    "source",
    [
        '<p>{% translate "Hello" %}, {{ name }}</p>',
        "{% blocktranslate count n=n %}Hello{% plural %}Hellos{% endblocktranslate %}",
        "{% comment %}Hello{% endcomment %}<code>manage.py</code>",
        '{% include "a.html" with title=_("A title") id="a-title" only %}',
    ],
)
def test_a_marked_text_is_none(source: str) -> None:
    assert unmarked(source) == []


def ours(kind: type[Any]) -> Iterator[type[Any]]:
    """All classes of this kind that our own packages define."""
    names = {config.name for config in apps.get_app_configs() if not config.path.startswith(str(ROOT / ".venv"))}
    for one in kind.__subclasses__():
        yield from ours(one)
        if any(one.__module__.startswith(f"{name}.") for name in names):
            yield one


def test_every_choice_is_named_when_it_is_shown() -> None:
    found = [choices for choices in ours(Choices) if not choices.__module__.endswith("admin")]
    assert len(found) > 15
    labels = [(f"{kind.__qualname__}.{one.name}", one._label_) for kind in found for one in kind]
    assert [name for name, label in labels if not isinstance(label, Promise)] == []


def test_every_field_of_a_form_has_a_label_that_is_translated() -> None:
    get_resolver()._populate()  # imports the views, and with them the forms
    found = [form for form in ours(forms.Form) if not form.__module__.endswith(".admin")]
    assert len(found) > 5
    fields = [(form, name, field) for form in found for name, field in form.base_fields.items()]
    shown = [(form, name, field.label) for form, name, field in fields if not field.widget.is_hidden]
    assert [f"{form.__qualname__}.{name}" for form, name, label in shown if not isinstance(label, Promise)] == []


def test_the_catalogues_are_up_to_date_with_the_code() -> None:
    assert list(outdated()) == [], "run: manage.py messages"


def differences(message: Message, *, forms_needed: int) -> list[str]:
    """What a translation has more or less than its source."""
    ids, translated = texts_of(message), forms_of(message)
    if not any(translated):
        return []
    found = [] if len(ids) == 1 or (len(translated) == forms_needed and all(translated)) else ["forms are missing"]
    for text in filter(None, translated):
        found += [f"placeholders: {text}"] if not any(same(PLACEHOLDER, text, one) for one in ids) else []
        found += [f"HTML: {text}"] if not any(same(TAG, text, one) for one in ids) else []
        found += [f"edges: {text!r}"] if edges(text) != edges(ids[0]) else []
    return found


def same(pattern: re.Pattern[str], one: str, other: str) -> bool:
    return Counter(pattern.findall(one)) == Counter(pattern.findall(other))


def edges(text: str) -> tuple[bool, bool]:
    """Whether it begins and ends with a line's end; a translation that has another edge breaks mails."""
    return text.startswith("\n"), text.endswith("\n")


@pytest.mark.parametrize("locale", locales())
def test_a_translation_keeps_placeholders_html_and_all_forms(locale: str) -> None:
    catalogue = read(locale)
    found = {
        message.id: faults
        for message in catalogue
        if message.id and (faults := differences(message, forms_needed=catalogue.num_plurals))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("source", "translated"),
    [
        ("%(name)s is here", "hier ist %(nam)s"),
        ("%(name)s is here", "hier"),
        ("{name} is here", "hier ist {nom}"),
        ("<b>here</b>", "hier"),
        ("here", "<script>hier</script>"),
        (("%(n)s row", "%(n)s rows"), ("%(n)s Zeile", "")),
        (("%(n)s row", "%(n)s rows"), ("%(n)s Zeile",)),
        ("here\n", "hier"),
    ],
)
def test_a_translation_that_differs_is_found(source: str, translated: str) -> None:
    assert differences(Message(source, translated), forms_needed=2)


def test_a_translation_may_order_things_otherwise() -> None:
    assert differences(Message("%(a)s of <b>%(b)s</b>", "<b>%(b)s</b>: %(a)s"), forms_needed=2) == []


def test_a_placeholder_is_named() -> None:
    """Another language orders them otherwise; a library's own texts are as they are."""
    own = [message for message in marked() if message.id and any(is_ours(place) for place, _ in message.locations)]
    assert len(own) > 500
    assert [
        one for message in own for one in texts_of(message) if re.search(r"(?<!%)%[sd]|\{\}", one.replace("%%", ""))
    ] == []


def is_ours(place: str) -> bool:
    return place.startswith(("courses/", "platform/", "reporting/", "templates/"))


def test_each_language_has_the_plural_forms_of_cldr() -> None:
    assert {locale: [form_of(locale, number) for number in NUMBERS] for locale in locales()} == {
        "hi": [0, 0, 1, 1, 1, 1],
        "ta": [1, 0, 1, 1, 1, 1],
        "ms": [0] * 6,
        "zh_Hans": [0] * 6,
        "cy": [0, 1, 2, 3, 4, 5],
    }


@cache
def form_of(locale: str, number: int) -> int:
    rule: Callable[[int], int] = c2py(read(locale).plural_expr)
    return rule(number)


@pytest.mark.parametrize("locale", locales())
def test_django_uses_our_plural_forms_beside_its_own(locale: str) -> None:
    """Django's own catalogue of Welsh has four forms, ours six: each keeps its rule."""
    plurals = [message for message in read(locale) if message.pluralizable and all(forms_of(message))]
    with override(locale.lower().replace("_", "-")):
        for message in plurals:
            one, many = texts_of(message)
            said = [
                npgettext(message.context, one, many, n) if message.context else ngettext(one, many, n) for n in NUMBERS
            ]
            assert said == [forms_of(message)[form_of(locale, number)] for number in NUMBERS]


def test_a_text_without_a_translation_is_in_english() -> None:
    with override("cy"):
        assert gettext("Nobody ever marked this.") == "Nobody ever marked this."
