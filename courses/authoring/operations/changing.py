"""Saving what a form has changed in a text, and what follows it in the texts of other languages."""

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from courses.authoring.changing import passage_in, translation_in, with_translation
from courses.authoring.following import Moves, moves, translated
from courses.authoring.models import Draft, DraftFiles, Revision
from courses.authoring.operations.editing import hold, save_text
from courses.authoring.passages import CannotChangeError, tidy
from courses.authoring.renames import whereabouts
from courses.catalogue.questions.texts import QuestionText, Words

UNSEEN = -1  # the number of no revision


def save_where_it_is(
    newest: Revision, opened: Revision | None, text: str, *, seen: int, by: User, at: datetime
) -> Revision:
    """Saves the text, under its new name if the file was renamed; `opened` is the revision with the number `seen`, and
    `newest` the newest one under the old name.

    Raises as `save_text`; a file that was renamed and then changed was edited meanwhile.
    """
    now = (whereabouts(newest) if newest.is_removed else None) or newest
    if now.path != newest.path:
        seen = now.number if opened and opened.text == now.text else UNSEEN
    return save_text(newest.draft, now.path, text, seen=seen, by=by, at=at)


@transaction.atomic
def save_question(
    newest: Revision, opened: Revision, text: str, old: QuestionText, new: QuestionText, *, by: User, at: datetime
) -> tuple[Revision, list[str]]:
    """Saves the text in which `old` has become `new`; in other languages choices and pairs move as they did.

    Answers the revision, and the languages that have texts of the question. Raises as `save_where_it_is`, and
    `CannotChangeError` where the texts of another language cannot follow: another answer would become right there.
    """
    hold(newest.draft)
    saved = save_where_it_is(newest, opened, text, seen=opened.number, by=by, at=at)
    current = DraftFiles(newest.draft).current
    languages = languages_of(newest.draft, saved.path, old.key)
    [before], [after] = old.words.values(), new.words.values()
    moved = moves(old.kind, before, after)
    for language in languages if not moved.is_none(before) else ():
        follow(newest.draft, current[f"{language}/{saved.path}"], new, (before, after), moved, by, at)
    return saved, languages


def languages_of(draft: Draft, path: str, key: str) -> list[str]:
    """The other languages in which the file speaks of the question, whether or not that can be read."""
    current = DraftFiles(draft).current
    others = [one for one in current if one.partition("/")[2] == path and current[one].is_text]
    spoken = re.compile(rf"(?<![a-z0-9-]){re.escape(key)}(?![a-z0-9-])")
    return [one.partition("/")[0] for one in others if spoken.search(current[one].text or "")]


def follow(
    draft: Draft, file: Revision, new: QuestionText, words: tuple[Words, Words], moved: Moves, by: User, at: datetime
) -> None:
    """Moves the texts in the file as those of the form have moved; `words` are these, before and after."""
    passage = passage_in(file.path, tidy(file.text or ""), "question", new.key)
    theirs = translation_in(passage, new) if passage else None
    if passage is None or theirs is None:
        said = _("The choices have moved, and %(path)s cannot follow. Mend its faults first, or change the texts.")
        raise CannotChangeError(said % {"path": file.path})
    text = with_translation(file.path, passage, new, theirs, translated(theirs, moved, *words))
    save_text(draft, file.path, text, seen=file.number, by=by, at=at)
