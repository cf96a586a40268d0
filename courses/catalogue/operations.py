"""Publishing courses that are taken here."""

from datetime import datetime
from enum import StrEnum

from django.db import transaction

from courses.catalogue.folders import CourseText
from courses.catalogue.models import Course, CourseVersion, Lesson, Question
from courses.catalogue.rendering import rendered
from programs.models import Partner, Program


class CourseRefusedError(Exception):
    """The course cannot be published; the message says why."""


class Outcome(StrEnum):
    UNCHANGED = "nothing changed"
    DESCRIBED = "description changed, lessons and questions unchanged"
    PUBLISHED = "published"


@transaction.atomic
def publish_course(program: Program, text: CourseText, *, at: datetime) -> Outcome:
    """Brings the program's course to what the text says; another version only if lessons or questions changed.

    Learners stay on the version that they began. Raises `CourseRefusedError` if the code is taken by another partner's
    course, or if the tags differ from those the course was first published with.
    """
    own = Partner.objects.own_courses_of(program)
    tags = sorted(text.tags)
    course, is_new = Course.objects.get_or_create(
        program=program, code=text.code, defaults={"partner": own, "tags": tags, **described(text)}
    )
    course = Course.objects.select_for_update(of=("self",)).select_related("partner").get(pk=course.pk)
    refuse_another_course(course, own, tags)
    is_described = describe_course(course, text) or is_new
    newest = course.versions.order_by("-number").first()
    if newest and newest.checksum == text.checksum:
        return Outcome.DESCRIBED if is_described else Outcome.UNCHANGED
    add_version(course, text, number=newest.number + 1 if newest else 1, at=at)
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
    return {name: getattr(text, name) for name in ("title", "summary", "level", "minutes", "position")}


def describe_course(course: Course, text: CourseText) -> bool:
    """Takes over the description; answers whether anything differed."""
    changed = {name: value for name, value in described(text).items() if getattr(course, name) != value}
    for name, value in changed.items():
        setattr(course, name, value)
    if changed:
        course.save(update_fields=list(changed))
    return bool(changed)


def add_version(course: Course, text: CourseText, *, number: int, at: datetime) -> CourseVersion:
    version = CourseVersion.objects.create(
        program_id=course.program_id, course=course, number=number, language=text.language,
        checksum=text.checksum, pass_mark=text.pass_mark, published_at=at,
    )  # fmt: skip
    Lesson.objects.bulk_create(
        Lesson(
            program_id=course.program_id, version=version, number=place, slug=lesson.slug, title=lesson.title,
            minutes=lesson.minutes, html=rendered(lesson.markdown),
        )
        for place, lesson in enumerate(text.lessons, start=1)
    )  # fmt: skip
    Question.objects.bulk_create(
        Question(
            program_id=course.program_id, version=version, number=place, kind=question.kind, prompt=question.prompt,
            choices=question.choices, right=question.right, feedback=question.feedback,
        )
        for place, question in enumerate(text.questions, start=1)
    )  # fmt: skip
    return version
