"""The catalogues of translations: collected from the code, merged into locale/, compiled. docs/translating.md

What a page says stands in the code in English, marked for translation. One catalogue a language holds all of it.
"""

import contextlib
import fcntl
import io
import os
import re
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

ROOMS = ("courses", "platform", "reporting", "templates")
KINDS = (".py", ".html", ".txt")
# What libraries say on our pages and in our mails, and have not in every language of ours.
LIBRARIES = (
    "allauth/account/adapter.py",
    "allauth/account/fields.py",
    "allauth/account/forms.py",
    "allauth/mfa/adapter.py",
    "allauth/mfa/totp/forms.py",
    "allauth/templates/account/*.html",
    "allauth/templates/account/email/*.txt",
    "allauth/templates/account/messages/*.txt",
    "allauth/templates/mfa/*.html",
    "allauth/templates/mfa/messages/*.txt",
    "allauth/templates/mfa/recovery_codes/*.html",
    "allauth/templates/mfa/totp/*.html",
    "django/contrib/auth/password_validation.py",
    "django/core/validators.py",
    "django/forms/fields.py",
    "django/forms/models.py",
)
# Ways to sign in that are not switched on here.
UNUSED = re.compile("phone|passkey|signup_closed|_code[._]")
COMMENTS = ("Translators:",)
_PLAIN, _PLURAL, _CONTEXT, _CONTEXT_PLURAL = None, (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), _PLAIN),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), _PLURAL),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), _CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), _CONTEXT_PLURAL),
}
# Which form a number takes: Unicode CLDR, "Language Plural Rules" (cardinal). Django keeps each catalogue's own rule.
PLURAL_RULES = {
    "hi": "nplurals=2; plural=(n > 1);",
    "ta": "nplurals=2; plural=(n != 1);",
    "ms": "nplurals=1; plural=0;",
    "zh_Hans": "nplurals=1; plural=0;",
    "cy": "nplurals=6; plural=(n == 0 ? 0 : n == 1 ? 1 : n == 2 ? 2 : n == 3 ? 3 : n == 6 ? 4 : 5);",
}
HEADER = """\
# The pages of Uplift in {name}: docs/translating.md
msgid ""
msgstr ""
"Language: {locale}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


class MessageFaultError(Exception):
    """What is marked in the code cannot be translated as it is."""


def locales() -> dict[str, str]:
    """The name of every language that has a catalogue, by its locale."""
    return {to_locale(code): name for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE}


def catalogue_file(locale: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / locale / "LC_MESSAGES" / "django.po"


def compiled_file(locale: str) -> Path:
    return catalogue_file(locale).with_suffix(".mo")


def marked() -> Catalog:
    """All that is marked for translation in Python and in templates, by file.

    Raises MessageFaultError when one text is marked both with and without a plural: gettext cannot tell them apart.
    """
    found = Catalog()
    for name, path in _sources():
        for line, message, comments, context in _messages(path):
            if (known := found.get(message, context)) and known.pluralizable != isinstance(message, tuple):
                raise MessageFaultError(f"{name}:{line}: {message!r} is also marked in another way: {known.id!r}")
            found.add(message, locations=[(name, line)], auto_comments=comments, context=context)
    return found


def _sources() -> Iterator[tuple[str, Path]]:
    """Every file that may have marked texts, with its name in the catalogues."""
    ours = [path for room in ROOMS for path in (settings.BASE_DIR / room).rglob("*") if path.suffix in KINDS]
    ours = [path for path in ours if path.parent.name != "migrations"]
    yield from sorted((str(path.relative_to(settings.BASE_DIR)), path) for path in ours)
    libraries = Path(sysconfig.get_path("purelib"))
    theirs = [path for pattern in LIBRARIES for path in libraries.glob(pattern)]
    names = [(str(path.relative_to(libraries)), path) for path in theirs]
    yield from sorted((name, path) for name, path in names if not UNUSED.search(name) and not _is_replaced(name))


def _is_replaced(name: str) -> bool:
    """Whether a template of ours stands in the place of the library's."""
    _, _, template = name.partition("/templates/")
    return bool(template) and (settings.BASE_DIR / "templates" / template).exists()


def _messages(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    text = path.read_text()
    if path.suffix != ".py":  # every line on its own: what is left of a page is not indented like Python
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())
    yield from extract(
        "python", io.BytesIO(text.encode()), keywords=KEYWORDS, comment_tags=COMMENTS, strip_comment_tags=True
    )


def read(locale: str) -> Catalog:
    """The language's catalogue as it is, empty if there is none yet."""
    path = catalogue_file(locale)
    if not path.exists():
        path = Path(os.devnull)
    with path.open("rb") as file:
        return _with_rule(read_po(file, ignore_obsolete=True, abort_invalid=True), locale)


def _with_rule(catalogue: Catalog, locale: str) -> Catalog:
    headers = {"Content-Type": "text/plain; charset=utf-8", "Plural-Forms": PLURAL_RULES[locale]}
    catalogue.mime_headers = list(headers.items())
    return catalogue


def merged(found: Catalog, known: Catalog) -> Catalog:
    """What is marked, with the translations known. Those of texts that are gone are dropped; none is guessed."""
    known.update(found, no_fuzzy_matching=True)
    return known


def written(catalogue: Catalog, locale: str) -> str:
    """The catalogue as a file: by source file, without line numbers, so that a change of code changes few lines."""
    body = io.BytesIO()
    write_po(body, catalogue, width=0, omit_header=True, sort_by_file=True, ignore_obsolete=True, include_lineno=False)
    header = HEADER.format(name=locales()[locale], locale=locale, plurals=PLURAL_RULES[locale])
    return header + body.getvalue().decode().strip() + "\n"


def outdated() -> dict[str, str]:
    """The text that each catalogue should have, of those that have another one."""
    found = marked()
    wanted = {locale: written(merged(found, read(locale)), locale) for locale in locales()}
    return {locale: text for locale, text in wanted.items() if _text(locale) != text}


def _text(locale: str) -> str:
    path = catalogue_file(locale)
    return path.read_text() if path.exists() else ""


def update() -> list[str]:
    """Brings all catalogues up to date with the code. Returns the languages whose catalogue changed."""
    with _alone():
        changes = outdated()
        for locale, text in changes.items():
            _replace(catalogue_file(locale), text.encode())
    return list(changes)


def untranslated(catalogue: Catalog) -> list[Message]:
    """The messages that are not translated in every form."""
    return [message for message in catalogue if message.id and (message.fuzzy or not all(forms_of(message)))]


def texts_of(message: Message) -> tuple[str, ...]:
    """The text in English, or its singular and plural."""
    return tuple(message.id) if isinstance(message.id, (tuple, list)) else (message.id,)


def forms_of(message: Message) -> tuple[str, ...]:
    """The translation, or all its forms; empty where there is none."""
    given = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return tuple(form or "" for form in given)


def take(locale: str, source: Path) -> int:
    """Takes over the translations in another file of texts that the catalogue has. Returns how many were new."""
    with source.open("rb") as file:
        given = _with_rule(read_po(file, ignore_obsolete=True, abort_invalid=True), locale)
    with _alone():
        catalogue, taken = read(locale), 0
        for message in given:
            known = catalogue.get(message.id, message.context) if message.id else None
            if known and message.string != known.string and any(forms_of(message)):
                known.string = message.string
                taken += 1
        _replace(catalogue_file(locale), written(catalogue, locale).encode())
    return taken


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Nobody else changes catalogues meanwhile, so that nothing that was translated is lost."""
    handle = os.open(settings.LOCALE_PATHS[0], os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def compile_outdated() -> list[str]:
    """Compiles every catalogue whose compiled file is missing or of another state. Returns their locales."""
    stale = [locale for locale in locales() if not _is_compiled(locale)]
    for locale in stale:
        compiled = io.BytesIO()
        time = catalogue_file(locale).stat().st_mtime_ns
        write_mo(compiled, read(locale))
        _replace(compiled_file(locale), compiled.getvalue(), time=time)
    return stale


def _is_compiled(locale: str) -> bool:
    """A compiled file has the time of its catalogue, so that an older catalogue that comes back is noticed too."""
    source, target = catalogue_file(locale), compiled_file(locale)
    return target.exists() and target.stat().st_mtime_ns == source.stat().st_mtime_ns


def _replace(path: Path, content: bytes, *, time: int | None = None) -> None:
    """Writes the whole file or nothing, whoever else writes or reads it at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).chmod(0o644)
    if time is not None:
        os.utime(name, ns=(time, time))
    Path(name).replace(path)
