"""Every write of the catalogue."""

import hashlib
import mimetypes
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import psycopg
from django.db import connection, transaction

from courses.catalogue.folders import CourseFiles, CourseText
from courses.catalogue.folders.texts import Audience, SourceFile
from courses.catalogue.models import Blob, Course, CourseFile, CourseVersion, Lesson, LessonTranslation, Question
from courses.catalogue.publishing import Addresses, blocks_of, outline_of, picture_size, texts_of
from programs.models import Partner, Program

MEDIA_TYPES = {
    ".vtt": "text/vtt", ".md": "text/markdown", ".yaml": "application/yaml", ".webp": "image/webp",
    ".js": "text/javascript", ".mjs": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2",
    ".woff": "font/woff",
}  # fmt: skip


class CourseRefusedError(Exception):
    """The course cannot be published; the message says why."""


class Outcome(StrEnum):
    UNCHANGED = "nothing changed"
    PUBLISHED = "published"


@transaction.atomic
def publish_course(program: Program, text: CourseText, files: CourseFiles, *, at: datetime) -> Outcome:
    """Brings the program's course to what the text says; another version only if a file of the folder changed.

    `files` are those that the text was read from; all are kept with the version, byte for byte: who goes on with the
    newest version goes on with everything that was published. Learners stay on the version that they began. Raises
    `CourseRefusedError` if the code is taken by another partner's course, or if the tags differ from those the course
    was first published with.
    """
    own = Partner.objects.own_courses_of(program)
    tags = sorted(text.tags)
    course, _is_new = Course.objects.get_or_create(
        program=program, code=text.code, defaults={"partner": own, "tags": tags, **described(text)}
    )
    course = Course.objects.select_for_update(of=("self",)).select_related("partner").get(pk=course.pk)
    refuse_another_course(course, own, tags)
    describe_course(course, text)
    newest = course.versions.order_by("-number").first()
    if newest and sums_of(newest) == {file.path: file.sha256 for file in text.files}:
        return Outcome.UNCHANGED
    add_version(course, text, files, number=newest.number + 1 if newest else 1, at=at)
    return Outcome.PUBLISHED


def refuse_another_course(course: Course, own: Partner, tags: list[str]) -> None:
    if course.partner_id != own.pk:
        who = course.partner.name if course.partner else "no partner"
        raise CourseRefusedError(f"The code {course.code} belongs to a course of {who}. Give this course another code.")
    if sorted(course.tags) != tags:
        raise CourseRefusedError(
            f"The tags of {course.code} are {', '.join(sorted(course.tags)) or 'none'} and never change, because"
            " figures are defined by them. Keep the tags, or publish it as another course with another code."
        )


def described(text: CourseText) -> dict[str, object]:
    """What is taken over without another version."""
    others = {language: words for language, words in text.descriptions.items() if language != text.language}
    named = {name: getattr(text, name) for name in ("title", "summary", "level", "minutes", "position")}
    translations = {language: {"title": one.title, "summary": one.summary} for language, one in others.items()}
    return {**named, "translations": translations, **audience_fields(text.audience)}


def audience_fields(audience: Audience) -> dict[str, object]:
    return {
        "sectors": audience.sectors,
        "occupations": audience.occupations,
        "largest_employer": audience.largest_employer,
    }


def sums_of(version: CourseVersion) -> dict[str, str]:
    """The SHA-256 of the files from which the version was published, by path."""
    return dict(CourseFile.objects.filter(version=version).values_list("path", "blob__sha256"))


def describe_course(course: Course, text: CourseText) -> None:
    """Takes over the description."""
    changed = {name: value for name, value in described(text).items() if getattr(course, name) != value}
    for name, value in changed.items():
        setattr(course, name, value)
    if changed:
        course.save(update_fields=list(changed))


def add_version(course: Course, text: CourseText, files: CourseFiles, *, number: int, at: datetime) -> CourseVersion:
    addresses = addresses_of(course.program.code, text, files)
    ids = reserved_ids(len(text.lessons))
    assessment = text.assessment
    version = CourseVersion.objects.create(
        program_id=course.program_id, course=course, number=number, language=text.language, languages=text.languages,
        checksum=text.checksum, published_at=at, outline=outline_of(text, dict(enumerate(ids, start=1))),
        pass_mark=assessment.pass_mark if assessment else None, asks=assessment.asked() if assessment else None,
        draw=assessment.draw if assessment else None, attempts=assessment.attempts if assessment else None,
        wait_hours=assessment.wait_hours if assessment else None, time_limit=assessment.minutes if assessment else None,
    )  # fmt: skip
    add_lessons(version, text, ids, addresses)
    add_questions(version, text, ids, addresses)
    keep_files(version, text.files, files)
    return version


def reserved_ids(number: int) -> list[int]:
    """Ids for lessons that are not stored yet: the version names them in its outline and never changes afterwards."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('catalogue_lesson', 'id')) FROM generate_series(1, %s)", [number]
        )
        return [row[0] for row in cursor.fetchall()]


def addresses_of(program: str, text: CourseText, files: CourseFiles) -> dict[str, Addresses]:
    sums = {file.path: file.sha256 for file in text.files}
    pictures = [path for path in sums if path.endswith((".png", ".gif"))]
    sizes = {path: size for path in pictures if (size := picture_size(files.read(path)))}
    return {language: Addresses(program, language, sums, sizes) for language in text.languages}


def add_lessons(version: CourseVersion, text: CourseText, ids: list[int], at: dict[str, Addresses]) -> None:
    Lesson.objects.bulk_create(
        Lesson(
            pk=pk,
            program_id=version.program_id,
            version=version,
            number=place,
            slug=lesson.slug,
            minutes=lesson.minutes,
        )
        for place, (pk, lesson) in enumerate(zip(ids, text.lessons, strict=True), start=1)
    )
    LessonTranslation.objects.bulk_create(
        LessonTranslation(
            program_id=version.program_id, lesson_id=pk, language=language, title=words.title,
            blocks=blocks_of(lesson, language, at[language]),
        )
        for pk, lesson in zip(ids, text.lessons, strict=True)
        for language, words in lesson.words.items()
    )  # fmt: skip


def add_questions(version: CourseVersion, text: CourseText, ids: list[int], at: dict[str, Addresses]) -> None:
    lesson_of = {
        question.key: pk for pk, lesson in zip(ids, text.lessons, strict=True) for question in lesson.questions
    }
    Question.objects.bulk_create(
        Question(
            program_id=version.program_id, version=version, lesson_id=lesson_of.get(question.key), number=place,
            key=question.key, pool=question.pool, kind=question.kind, right=question.right,
            texts=texts_of(question, at),
        )
        for place, question in enumerate(text.questions, start=1)
    )  # fmt: skip


def keep_files(version: CourseVersion, sources: Iterable[SourceFile], files: CourseFiles) -> None:
    """Keeps every file; bytes that the program has already are not kept again."""
    for source in sources:
        blob = keep_blob(version.program_id, source, files)
        CourseFile.objects.create(
            program_id=version.program_id, version=version, path=source.path, blob=blob,
            media_type=media_type(source.path),
        )  # fmt: skip


def keep_blob(program_id: int, source: SourceFile, files: CourseFiles) -> Blob:
    known = Blob.objects.filter(program=program_id, sha256=source.sha256).defer("data").first()
    if known:
        return known
    data = files.read(source.path)
    if hashlib.sha256(data).hexdigest() != source.sha256:
        raise CourseRefusedError(f"{source.path} changed while the course was read. Publish it again.")
    add_blob(program_id, source, data)
    return Blob.objects.defer("data").get(program=program_id, sha256=source.sha256)


def add_blob(program_id: int, source: SourceFile, data: bytes) -> None:
    """Stores the bytes, unless somebody else just did. They travel as they are: in a statement's text they would take
    many times their size."""
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(
            "INSERT INTO catalogue_blob (program_id, sha256, size, data) VALUES (%s, %s, %s, %b)"
            " ON CONFLICT DO NOTHING",
            [program_id, source.sha256, source.size, data],
        )


def media_type(path: str) -> str:
    """The type as which a file is served, by its ending; bytes without a type where nobody knows it."""
    ending = f".{path.rsplit('.', 1)[-1].lower()}"
    return MEDIA_TYPES.get(ending) or mimetypes.guess_type(path)[0] or "application/octet-stream"


def retire_course(course: Course, *, at: datetime) -> None:
    """Nobody begins the course any more; who is inside it finishes. Twice is once."""
    Course.objects.filter(pk=course.pk, retired_at__isnull=True).update(retired_at=at)


def offer_course_again(course: Course) -> None:
    Course.objects.filter(pk=course.pk).update(retired_at=None)
