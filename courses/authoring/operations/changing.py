"""Saving what a form has changed in a text, and what follows it in the texts of other languages."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from courses.authoring.changing import passage_in, translation_in, with_translation
from courses.authoring.following import moves, translated
from courses.authoring.models import Draft, DraftFiles, Revision
from courses.authoring.operations.editing import hold, save_text
from courses.authoring.passages import CannotChangeError, tidy
from courses.authoring.renames import whereabouts
from courses.catalogue.questions.texts import QuestionText

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

    Answers the revision, and the languages that have texts of the question. Raises as `save_where_it_is`.
    """
    hold(newest.draft)
    saved = save_where_it_is(newest, opened, text, seen=opened.number, by=by, at=at)
    current = DraftFiles(newest.draft).current
    others = [path for path in current if path.partition("/")[2] == saved.path and current[path].is_text]
    languages = [path for path in others if follow(newest.draft, current[path], old, new, by, at)]
    return saved, [path.partition("/")[0] for path in languages]


def follow(draft: Draft, file: Revision, old: QuestionText, new: QuestionText, by: User, at: datetime) -> bool:
    """Whether the file has texts of the question. They stay as they are where the file cannot be read."""
    passage = passage_in(file.path, tidy(file.text or ""), "question", old.key)
    words = translation_in(passage, old) if passage else None
    if passage is None or words is None:
        return passage is not None
    [before], [after] = old.words.values(), new.words.values()
    moved = moves(old.kind, before, after)
    if not moved.is_none(before):
        try:
            text = with_translation(file.path, passage, new, words, translated(words, moved, before, after))
        except CannotChangeError:
            return True
        save_text(draft, file.path, text, seen=file.number, by=by, at=at)
    return True
