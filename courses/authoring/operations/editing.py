"""Changing the files of a draft. Who saves says which revision they saw: nobody overwrites what they have not read."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from courses.authoring.models import Draft, Revision
from courses.authoring.operations.keeping import kept
from courses.authoring.signatures import is_what_it_says
from courses.authoring.texts import is_editable, text_of
from courses.catalogue.archives import fault_of_path
from courses.catalogue.folders.files import LONGEST_TEXT, place_of


class FileRefusedError(Exception):
    """The file cannot be saved; the message says why."""


class EditedMeanwhileError(FileRefusedError):
    """Somebody else saved the file since it was opened. `theirs` is what they saved; nothing was overwritten."""

    def __init__(self, theirs: Revision) -> None:
        super().__init__(_("Somebody else has saved this file since you opened it."))
        self.theirs = theirs


def save_text(draft: Draft, path: str, text: str, *, seen: int, by: User, at: datetime) -> Revision:
    """Saves a text file; `seen` is the number of the revision that was edited, 0 for a file that was not there.

    The same text again changes nothing. Raises `FileRefusedError` for a draft that is not being written, a path that
    belongs to no course and a text that is too long; `EditedMeanwhileError` if there is a newer revision than `seen`.
    """
    tidy = text.replace("\r\n", "\n")
    if "\0" in tidy or len(tidy.encode()) > LONGEST_TEXT:
        raise FileRefusedError(
            _("A text may have %(longest)d bytes, and no NUL character.") % {"longest": LONGEST_TEXT}
        )
    refuse_path(path)
    if not is_editable(path):
        raise FileRefusedError(_("%(path)s is no text. Upload it as a file.") % {"path": path})
    return save(draft, Revision(path=path, text=ended_as_before(draft, path, tidy)), seen=seen, by=by, at=at)


def ended_as_before(draft: Draft, path: str, text: str) -> str:
    """With the line ends that the file has: browsers send others, and in Git every line would be a changed one."""
    last = Revision.objects.filter(draft=draft, path=path, text__isnull=False).order_by("-number")
    known = last.values_list("text", flat=True).first() or ""
    is_crlf = "\r\n" in known and known.count("\n") == known.count("\r\n")
    return text.replace("\n", "\r\n") if is_crlf else text


def hold(draft: Draft) -> Draft:
    """Nobody else saves anything in the draft, or submits it, until the transaction ends."""
    return Draft.objects.select_for_update(of=("self",), no_key=True).get(pk=draft.pk)


@transaction.atomic
def add_text(draft: Draft, path: str, text: str, *, by: User, at: datetime) -> Revision:
    """Adds a text file. Raises `FileRefusedError` as `save_text`, and if there is a file with that path."""
    refuse_path(path)
    hold(draft)
    if Revision.objects.current(draft).filter(path=path).exists():
        raise FileRefusedError(_("There is %(path)s already. Open it to change it.") % {"path": path})
    return save_text(draft, path, text, seen=newest_number(draft, path), by=by, at=at)


def put_file(draft: Draft, path: str, data: bytes, *, by: User, at: datetime) -> Revision:
    """Adds a picture, video, captions or a download, or takes the place of the one with the same path.

    Raises `FileRefusedError` for a draft that is not being written, a path that belongs to no course, a file that is
    too long, and one whose content is not what its ending says.
    """
    refuse_path(path)
    refuse_size(path, len(data))
    text = text_of(path, data)
    if not is_what_it_says(path, data) or (is_editable(path) and text is None):
        raise FileRefusedError(_("%(path)s does not hold what its name says. Save it in that format.") % {"path": path})
    made = Revision(path=path, text=text)
    if text is None:
        made.blob_id = kept(draft.program_id, data)
    return save(draft, made, seen=newest_number(draft, path), by=by, at=at)


def refuse_size(path: str, size: int) -> None:
    """Raises `FileRefusedError` for a file that is longer than its place allows; to be asked before it is read."""
    longest = place_of(path)[1] or 0
    if size > longest:
        raise FileRefusedError(_("%(path)s is longer than %(longest)d bytes.") % {"path": path, "longest": longest})


def remove_file(draft: Draft, path: str, *, seen: int, by: User, at: datetime) -> Revision:
    """Takes the file out of the draft; its revisions are kept."""
    return save(draft, Revision(path=path, is_removed=True), seen=seen, by=by, at=at)


@transaction.atomic
def rename_file(draft: Draft, path: str, to: str, *, seen: int, by: User, at: datetime) -> Revision:
    """Gives the file another path. Raises `FileRefusedError` if there is a file with that path."""
    refuse_path(to)
    if path.rsplit(".", 1)[-1].lower() != to.rsplit(".", 1)[-1].lower():
        raise FileRefusedError(_("The new name must end like the old one."))
    hold(draft)
    current = Revision.objects.current(draft)
    file = current.filter(path=path).first()
    if file is None or current.filter(path=to).exists():
        raise FileRefusedError(_("There is a file with this name already, or the file is gone."))
    remove_file(draft, path, seen=seen, by=by, at=at)
    moved = Revision(path=to, text=file.text, blob=file.blob)
    return save(draft, moved, seen=newest_number(draft, to), by=by, at=at)


def refuse_path(path: str) -> None:
    is_hidden = any(part.startswith(".") for part in path.split("/"))
    if place_of(path)[1] is None or fault_of_path(path) or is_hidden or len(path) > 200 or not path.isprintable():
        raise FileRefusedError(
            _("%(path)s is no name of a file of a course. Lessons are named like 01-first-lesson.md.") % {"path": path}
        )


def newest_number(draft: Draft, path: str) -> int:
    found = Revision.objects.filter(draft=draft, path=path).order_by("-number").values_list("number", flat=True)
    return found.first() or 0


def save(draft: Draft, made: Revision, *, seen: int, by: User, at: datetime) -> Revision:
    try:
        with transaction.atomic():
            return save_locked(draft, made, seen=seen, by=by, at=at)
    except IntegrityError as error:
        raise EditedMeanwhileError(newest_of(draft, made.path)) from error


def save_locked(draft: Draft, made: Revision, *, seen: int, by: User, at: datetime) -> Revision:
    """Authors save one after the other, and nobody submits the draft meanwhile."""
    if not hold(draft).is_open:
        raise FileRefusedError(_("This draft is not being written any more. Ask for it to be sent back first."))
    known = Revision.objects.filter(draft=draft, path=made.path).order_by("-number").select_related("by").first()
    if known and (known.text, known.blob_id, known.is_removed) == (made.text, made.blob_id, made.is_removed):
        return known
    if known and known.number != seen:
        raise EditedMeanwhileError(known)
    made.program_id, made.draft, made.by, made.saved_at = draft.program_id, draft, by, at
    made.number = known.number + 1 if known else 1
    made.save(force_insert=True)
    return made


def newest_of(draft: Draft, path: str) -> Revision:
    return Revision.objects.filter(draft=draft, path=path).select_related("by").order_by("-number")[0]
