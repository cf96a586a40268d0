"""Keeping return profiles."""

from enum import StrEnum
from typing import Any

from django.db import transaction

from courses.catalogue.models import Course
from courses.returns.models import ReturnProfile
from courses.returns.profiles.fitting import fitted
from programs.models import Partner, Program


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
    """Adds the courses that are not there, and takes over new titles; answers whether anything changed."""
    partners = {partner.code: partner for partner in Partner.objects.filter(program=program)}
    titles = dict(Course.objects.of(program).values_list("code", "title"))
    for course in brought:
        if course["code"] not in titles:
            partner = partners[course["partner"]] if "partner" in course else None
            Course.objects.create(
                program=program, code=course["code"], title=course["title"], tags=course["tags"], partner=partner
            )
        elif titles[course["code"]] != course["title"]:
            Course.objects.of(program).filter(code=course["code"]).update(title=course["title"])
    return any(titles.get(course["code"]) != course["title"] for course in brought)
