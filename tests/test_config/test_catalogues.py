"""Catalogues: collected from the code, merged without losing anything, compiled when they changed."""

import io
import os
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import gettext, ngettext, override
from pytest_django import Settings

from config import catalogues
from config.catalogues import compile_outdated, compiled_file, read, take, update

PAGE = """{% load i18n %}
{# Translators: greets the reader #}
<h1>{% translate "Hello" %}</h1>
  {% blocktranslate trimmed count n=n %}
    {{ n }} row
  {% plural %}
    {{ n }} rows
  {% endblocktranslate %}
<p>{% translate "May" context "month" %} {{ name|default:_("nobody") }}</p>
"""
CODE = """
from django.utils.translation import gettext_lazy as _, ngettext

LABEL = _("A label")


def said(rows):
    return ngettext("%(n)s file", "%(n)s files", rows) % {"n": rows}
"""


@pytest.fixture
def code(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source tree of its own, without libraries."""
    settings.BASE_DIR, settings.LOCALE_PATHS = tmp_path, [tmp_path / "locale"]
    monkeypatch.setattr(catalogues, "LIBRARIES", ())
    (tmp_path / "locale").mkdir()
    for room in catalogues.ROOMS:
        (tmp_path / room).mkdir()
    (tmp_path / "templates/page.html").write_text(PAGE)
    (tmp_path / "courses/words.py").write_text(CODE)
    return tmp_path


def po(code: Path, locale: str = "cy") -> Path:
    return code / "locale" / locale / "LC_MESSAGES" / "django.po"


def fill(code: Path, locale: str, text: str, *forms: str) -> None:
    """Gives the text its translation, as a translator does in the file."""
    catalogue = read(locale)
    message = catalogue[text]
    message.string = forms if message.pluralizable else forms[0]
    po(code, locale).write_text(catalogues.written(catalogue, locale))


def test_texts_are_collected_from_templates_and_code(code: Path) -> None:
    assert update() == list(catalogues.locales())
    found = {(message.context, message.id) for message in read("cy") if message.id}
    assert found == {
        (None, "Hello"),
        (None, ("%(n)s row", "%(n)s rows")),
        ("month", "May"),
        (None, "nobody"),
        (None, "A label"),
        (None, ("%(n)s file", "%(n)s files")),
    }


def test_a_text_says_where_it_comes_from_and_what_its_translator_must_know(code: Path) -> None:
    update()
    text = po(code).read_text()
    assert '#. greets the reader\n#: templates/page.html\nmsgid "Hello"\nmsgstr ""\n' in text
    assert 'msgstr[5] ""' in text
    assert not any(line[-1:].isdigit() for line in text.splitlines() if line.startswith("#:"))


def test_doing_it_twice_changes_nothing(code: Path) -> None:
    update()
    assert update() == []


def test_a_translation_stays_when_code_moves_and_goes_with_its_text(code: Path) -> None:
    update()
    fill(code, "cy", "Hello", "Helo")
    (code / "templates/page.html").write_text(f"<p></p>\n\n{PAGE}")
    assert update() == []
    assert read("cy")["Hello"].string == "Helo"
    (code / "templates/page.html").write_text("<p></p>")
    assert update() == list(catalogues.locales())
    assert "Helo" not in po(code).read_text()


def test_a_changed_text_is_not_guessed(code: Path) -> None:
    update()
    fill(code, "cy", "Hello", "Helo")
    (code / "templates/page.html").write_text(PAGE.replace("Hello", "Hello!"))
    update()
    assert read("cy")["Hello!"].string == ""


def test_a_text_with_and_without_a_plural_is_refused(code: Path) -> None:
    (code / "courses/words.py").write_text(f"{CODE}\n_('%(n)s row')\n")
    with pytest.raises(catalogues.MessageFaultError, match="row"):
        update()


def test_the_check_fails_until_the_catalogues_are_up_to_date(code: Path) -> None:
    with pytest.raises(SystemExit, match="Run: manage"):
        call_command("messages", "--check")
    call_command("messages", stdout=io.StringIO())
    call_command("messages", "--check")


def test_a_file_of_a_translator_is_taken_over_and_adds_no_text(code: Path, tmp_path: Path) -> None:
    update()
    sent = tmp_path / "sent.po"
    sent.write_text('msgid ""\nmsgstr ""\n\nmsgid "Hello"\nmsgstr "Helo"\n\nmsgid "Gone"\nmsgstr "Wedi mynd"\n')
    assert take("cy", sent) == 1
    assert take("cy", sent) == 0
    assert read("cy")["Hello"].string == "Helo"
    assert "Gone" not in po(code).read_text()
    assert update() == []


def test_a_language_without_a_catalogue_is_named(code: Path) -> None:
    with pytest.raises(CommandError, match="There is no catalogue xx"):
        call_command("messages", "--take", "xx", "file.po")


def test_catalogues_are_compiled_once_and_again_when_they_change(code: Path) -> None:
    update()
    assert compile_outdated() == list(catalogues.locales())
    assert compile_outdated() == []
    fill(code, "cy", "Hello", "Helo")
    assert compile_outdated() == ["cy"]
    assert sorted(path.name for path in po(code).parent.iterdir()) == ["django.mo", "django.po"]


def test_an_older_catalogue_that_comes_back_is_compiled_too(code: Path) -> None:
    update()
    compile_outdated()
    hour_ago = time.time() - 3600
    os.utime(po(code), (hour_ago, hour_ago))
    assert compile_outdated() == ["cy"]


def test_django_reads_what_was_compiled(code: Path) -> None:
    update()
    fill(code, "cy", "Hello", "Helo")
    fill(code, "cy", "%(n)s row", "dim", "un", "dau", "tri", "chwech", "eraill")
    compile_outdated()
    with override("cy"):
        assert (gettext("Hello"), gettext("A label")) == ("Helo", "A label")
        said = [ngettext("%(n)s row", "%(n)s rows", n) for n in (0, 1, 2, 3, 4, 6)]
    assert said == ["dim", "un", "dau", "tri", "eraill", "chwech"]


def test_a_text_that_is_not_translated_is_left_out(code: Path) -> None:
    update()
    compile_outdated()
    assert b"Hello" not in compiled_file("cy").read_bytes()
