"""Beginning a draft: of a course that is there, of a new one, or of files that somebody brings."""

from collections.abc import Iterator
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from courses.authoring.models import Draft, Revision
from courses.authoring.operations.keeping import kept_together
from courses.authoring.texts import is_editable, text_of, written
from courses.catalogue.folders import CourseFiles
from courses.catalogue.folders.files import MOST_FILES, place_of
from courses.catalogue.models import Course, CourseFile
from courses.catalogue.models.file import stretch
from programs.models import Partner, Program

MOST_TOGETHER, BYTES_TOGETHER = 500, 20_000_000  # files that are kept by one statement


class DraftRefusedError(Exception):
    """No draft can be begun; the message says why and what to do."""


@transaction.atomic
def open_draft(course: Course, user: User, *, at: datetime) -> Draft:
    """A draft of the course with the files of its newest version; the unfinished one if there is one.

    Raises `DraftRefusedError` for a course that a partner runs, or whose files are not kept here.
    """
    Course.objects.select_for_update(of=("self",)).get(pk=course.pk)
    known = Draft.objects.unfinished().filter(program=course.program_id, code=course.code).first()
    if known:
        return known
    base = course.versions.order_by("-number").first()
    files = list(CourseFile.objects.filter(version=base).select_related("blob").defer("blob__data")) if base else []
    if not files:
        raise DraftRefusedError(_("The files of this course are not kept here. Import its folder to go on with it."))
    draft = Draft.objects.create(
        program_id=course.program_id, course=course, base=base, code=course.code, title=course.title,
        opened_by=user, opened_at=at,
    )  # fmt: skip
    Revision.objects.bulk_create(begun_from(draft, file, at) for file in files)
    return draft


def begun_from(draft: Draft, file: CourseFile, at: datetime) -> Revision:
    made = Revision(program_id=draft.program_id, draft=draft, path=file.path, number=0, saved_at=at)
    if is_editable(file.path):
        made.text = text_of(file.path, stretch(file.blob_id, 0, file.blob.size))
    if made.text is None:
        made.blob_id = file.blob_id
    return made


@transaction.atomic
def new_course(
    program: Program, user: User, *, code: str, title: str, language: str, level: str, minutes: int, tags: list[str],
    at: datetime,
) -> Draft:  # fmt: skip
    """A draft of a course that is not there yet, with one lesson and an assessment to begin with.

    Raises `DraftRefusedError` if the code is taken.
    """
    about = {
        "code": code, "title": title, "summary": title, "language": language, "level": level, "minutes": minutes,
        "tags": tags, "position": 100,
    }  # fmt: skip
    question = {
        "id": "first-question", "kind": "true-false", "prompt": title, "right": True, "feedback": title,
    }  # fmt: skip
    if Course.objects.filter(program=program, code=code).exists():
        raise DraftRefusedError(_("There is a course with the code %(code)s already.") % {"code": code})
    draft = empty_draft(program, user, code=code, title=title, at=at)
    texts = {
        "course.yaml": written(about),
        "01-first-lesson.md": begun_lesson(title),
        "assessment.yaml": written({"pass_mark": 80, "questions": [question]}),
    }
    Revision.objects.bulk_create(
        Revision(program=program, draft=draft, path=path, number=1, text=text, by=user, saved_at=at)
        for path, text in texts.items()
    )
    return draft


def begun_lesson(title: str) -> str:
    return f"---\n{written({'title': title, 'minutes': 5})}---\n\n{_('Write the lesson here.')}\n"


def empty_draft(program: Program, user: User, *, code: str, title: str, at: datetime) -> Draft:
    course = Course.objects.filter(program=program, code=code).select_related("partner").first()
    if course and course.partner and course.partner.kind != Partner.Kind.OWN:
        raise DraftRefusedError(
            _("The code %(code)s belongs to a course of a partner. Choose another.") % {"code": code}
        )
    base = course.versions.order_by("-number").first() if course else None
    try:
        with transaction.atomic():
            return Draft.objects.create(
                program=program, course=course, base=base, code=code, title=title, opened_by=user, opened_at=at
            )
    except IntegrityError as error:
        raise DraftRefusedError(
            _("Somebody is writing a draft of %(code)s already. Go on with that one.") % {"code": code}
        ) from error


@transaction.atomic
def import_files(program: Program, user: User, files: CourseFiles, *, code: str, title: str, at: datetime) -> Draft:
    """A draft with exactly these files; what belongs to no course is named as a fault when the draft is looked at.

    Raises `DraftRefusedError` if the code is taken, or if a file is too long to be kept.
    """
    paths = list(files.paths())
    if len(paths) > MOST_FILES:
        raise DraftRefusedError(_("A course may have %(most)d files.") % {"most": MOST_FILES})
    draft = empty_draft(program, user, code=code, title=title, at=at)
    for path in paths:
        longest = place_of(path)[1]
        if longest is not None and files.size(path) > longest:
            raise DraftRefusedError(
                _("%(path)s is longer than %(longest)d bytes.") % {"path": path, "longest": longest}
            )
    for content in batches(files, paths):
        add_files(draft, content, user, at)
    return draft


def batches(files: CourseFiles, paths: list[str]) -> Iterator[dict[str, bytes]]:
    """The files, read as many at a time as fit into memory."""
    batch: dict[str, bytes] = {}
    size = 0
    for path in paths:
        if batch and (len(batch) >= MOST_TOGETHER or size + files.size(path) > BYTES_TOGETHER):
            yield batch
            batch, size = {}, 0
        batch[path] = files.read(path)
        size += len(batch[path])
    if batch:
        yield batch


def add_files(draft: Draft, content: dict[str, bytes], user: User, at: datetime) -> None:
    texts = {path: text_of(path, data) for path, data in content.items()}
    ids = kept_together(draft.program_id, {path: data for path, data in content.items() if texts[path] is None})
    Revision.objects.bulk_create(
        Revision(
            program_id=draft.program_id, draft=draft, path=path, number=1, by=user, saved_at=at, text=text,
            blob_id=ids.get(path),
        )
        for path, text in texts.items()
    )  # fmt: skip
