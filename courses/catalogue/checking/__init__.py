"""What is worth a second look in a course that has no faults; nothing of it stands in the way of publishing."""

from collections.abc import Callable

from courses.catalogue.checking.assessments import assessment_remarks
from courses.catalogue.checking.lessons import lesson_remarks
from courses.catalogue.checking.plain import Remark
from courses.catalogue.checking.reading_age import reading_remarks
from courses.catalogue.checking.translations import translation_remarks
from courses.catalogue.checking.used import used_remarks
from courses.catalogue.folders import CourseText

CHECKS: tuple[Callable[[CourseText], list[Remark]], ...] = (
    translation_remarks, used_remarks, assessment_remarks, lesson_remarks, reading_remarks,
)  # fmt: skip

__all__ = ["Remark", "remarks"]


def remarks(course: CourseText, name: str) -> list[Remark]:
    """All remarks, by file and line; `name` is what the whole is called, as in faults. Reads no file."""
    found = [remark for check in CHECKS for remark in check(course)]
    named = [Remark(f"{name}/{one.file}" if one.file else name, one.message, one.line) for one in found]
    return sorted(named, key=lambda remark: (remark.file, remark.line or 0, remark.message))
