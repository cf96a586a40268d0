"""The page around a package; the package itself lies in a frame on another host."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from courses.catalogue.models import Lesson
from courses.learning.languages import content_language
from courses.learning.models import Enrolment
from courses.packages.host import SANDBOX, packages_origin
from courses.packages.models import PackageState
from courses.packages.operations import open_launch
from courses.packages.playing import item_of
from programs.access import ProgramRequest, for_roles
from programs.models import Role


@require_safe
@vary_on_headers("HX-Request")
@for_roles(Role.LEARNER)
def play(request: ProgramRequest, course: str, lesson: str) -> HttpResponse:
    """Opens the lesson's item in a frame; asked by HTMX, says how it stands and opens nothing."""
    mine = Enrolment.objects.of_user(request.program, request.user).with_progress()
    enrolment = mine.filter(course__code=course).first()
    if enrolment is None:
        return redirect("course", program=request.program.code, course=course)
    shown = get_object_or_404(Lesson.objects.select_related("version"), version=enrolment.version_id, slug=lesson)
    language = content_language(request)
    found = item_of(shown, language)
    if found is None:
        raise Http404
    title, item = found
    state = PackageState.objects.filter(enrolment=enrolment, lesson=shown).first()
    context = {
        "course": enrolment.course,
        "described": enrolment.course.described(language, enrolment.version.language),
        "lesson": shown,
        "title": title,
        "item": item,
        "state": state,
        "is_done": shown.pk in enrolment.finished,
        "following": following(enrolment, shown),
    }
    if request.htmx:
        return render(request, "packages/_state.html", context)
    origin = packages_origin()
    if not origin:
        return render(request, "packages/play.html", context, status=503)
    _, token = open_launch(enrolment, shown, item, language=language, at=timezone.now())
    context |= {"address": f"{origin}/launch/{token}/", "sandbox": " ".join(SANDBOX)}
    response = render(request, "packages/play.html", context)
    response._csp_replace = {"frame-src": [origin]}  # type: ignore[attr-defined]  # read by django-csp
    # Else a window that the package opens could not find its way back to the package.
    response["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"
    return response


def following(enrolment: Enrolment, lesson: Lesson) -> str:
    """The address part of what comes after the lesson; empty after the last."""
    slugs = [entry["slug"] for entry in enrolment.version.outline]
    place = slugs.index(lesson.slug)
    if place + 1 < len(slugs):
        return str(slugs[place + 1])
    return "assessment" if enrolment.version.has_assessment else ""
