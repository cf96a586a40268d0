"""Keeping return profiles."""

from enum import StrEnum
from typing import Any

from django.db import transaction

from courses.catalogue.models import Course
from courses.returns.models import ReturnProfile
from courses.returns.profiles.fitting import fitted
from programs.models import Partner, Program

SAID_OF_COURSES = ("title", "minutes", "shortest_minutes")


class Change(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@transaction.atomic
def load_profile(content: dict[str, Any], program: Program) -> Change:
    """Keeps a profile, as `profiles.parsed` answers it, for the program, with the courses that it brings.

    Facts that were recorded under an earlier form of the profile stay as they are. Raises `ProfileRefusedError` if it
    does not fit the program.
    """
    Program.objects.select_for_update(no_key=True).get(pk=program.pk)
    definition = fitted(content, program)
    new_courses = _bring_courses(content.get("courses", []), program)
    wanted = {"name": content["name"], "definition": definition}
    known = ReturnProfile.objects.filter(program=program, code=content["code"]).first()
    if known is None:
        ReturnProfile.objects.create(program=program, code=content["code"], **wanted)
        return Change.ADDED
    if not new_courses and (known.name, known.definition) == (content["name"], definition):
        return Change.UNCHANGED
    ReturnProfile.objects.filter(pk=known.pk).update(**wanted)
    return Change.CHANGED


def _bring_courses(brought: list[dict[str, Any]], program: Program) -> bool:
    """Adds the courses that are not there, and takes over what is said of the others; answers whether anything changed.

    Of a course that is there, what the profile does not say stays.
    """
    partners = {partner.code: partner for partner in Partner.objects.filter(program=program)}
    known = {course.code: course for course in Course.objects.of(program)}
    changed = False
    for course in brought:
        said = {name: course[name] for name in SAID_OF_COURSES if name in course}
        there = known.get(course["code"])
        if there is None:
            partner = partners[course["partner"]] if "partner" in course else None
            Course.objects.create(program=program, code=course["code"], tags=course["tags"], partner=partner, **said)
        elif any(getattr(there, name) != value for name, value in said.items()):
            Course.objects.filter(pk=there.pk).update(**said)
        else:
            continue
        changed = True
    return changed
