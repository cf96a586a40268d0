"""Lessons and languages of a draft: whole files, named as a course folder names them."""

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from courses.authoring.models import Draft, DraftFiles, Revision
from courses.authoring.operations.editing import FileRefusedError, add_text, hold, rename_file, save_text
from courses.authoring.operations.opening import begun_lesson
from courses.authoring.reading import Reading
from courses.authoring.translating import to_be_translated
from courses.catalogue.folders.files import LANGUAGE, LESSON_FILE
from courses.packages.importing import RESERVED
from courses.packages.slugs import slug_of

LAST = 99  # lessons are numbered by two digits


def lessons_of(draft: Draft) -> list[str]:
    """The files of the draft's lessons, in the language that it is written in, in order."""
    return [path for path in DraftFiles(draft).paths() if LESSON_FILE.fullmatch(path)]


@transaction.atomic
def add_lesson(draft: Draft, title: str, *, by: User, at: datetime) -> Revision:
    """Adds a lesson after the last one. Raises `FileRefusedError` as `add_text`, and for a hundredth lesson."""
    hold(draft)
    known = lessons_of(draft)
    number = int(known[-1][:2]) + 1 if known else 1
    if number > LAST:
        raise FileRefusedError(_("The last lesson has the number 99 already. Give some lessons lower numbers first."))
    slug = slug_of(title, {*RESERVED, *(path[3:-3] for path in known)})
    return add_text(draft, f"{number:02}-{slug}.md", begun_lesson(title), by=by, at=at)


@transaction.atomic
def move_lesson(draft: Draft, path: str, *, up: bool, by: User, at: datetime) -> None:
    """Lets the lesson and the one before (or after) it change places, in every language; links to them follow.

    Raises `FileRefusedError` for a file that is no lesson. The first stays first, the last stays last.
    """
    hold(draft)
    known = lessons_of(draft)
    if path not in known:
        raise FileRefusedError(_("%(path)s is no lesson.") % {"path": path})
    place = known.index(path) + (-1 if up else 1)
    if not 0 <= place < len(known):
        return
    other = known[place]
    names = {path: f"{other[:2]}{path[2:]}", other: f"{path[:2]}{other[2:]}"}
    files = DraftFiles(draft).current
    for file in [one for one in files if one.rsplit("/", 1)[-1] in names and one.count("/") <= 1]:
        folder, _slash, name = file.rpartition("/")
        to = f"{folder}/{names[name]}" if folder else names[name]
        rename_file(draft, file, to, seen=files[file].number, by=by, at=at)
    follow(draft, names, by, at)


def follow(draft: Draft, names: dict[str, str], by: User, at: datetime) -> None:
    """Points links to lessons with new names to where they are now."""
    pattern = re.compile(rf"\b({'|'.join(re.escape(name) for name in names)})\b")
    for path, file in DraftFiles(draft).current.items():
        text = file.text or ""
        pointed = pattern.sub(lambda found: names[found[1]], text)
        if pointed != text:
            save_text(draft, path, pointed, seen=file.number, by=by, at=at)


@transaction.atomic
def add_language(draft: Draft, language: str, *, by: User, at: datetime) -> None:
    """Adds every text once more, in the folder of the language, to be translated there.

    What has faults is copied as it stands: it is to be mended in both. Raises `FileRefusedError` for what is no code of
    a language, and for one that is there.
    """
    reading = Reading.of(draft)
    course = reading.judged.readable
    if not re.fullmatch(LANGUAGE, language) or language in course.languages:
        raise FileRefusedError(
            _("%(language)s is no code of a language, or is there already.") % {"language": language}
        )
    for path, text in to_be_translated(course, reading.files).items():
        add_text(draft, f"{language}/{path}", text, by=by, at=at)
