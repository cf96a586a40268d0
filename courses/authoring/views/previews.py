"""A draft as learners will see it; nothing of it is recorded."""

from random import Random

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from courses.authoring.models import Revision
from courses.authoring.reading import Reading
from courses.authoring.rendering import assessment_shown, outline, shown
from courses.authoring.views.drafts import draft_in
from courses.authoring.waiting import AUTHORS
from courses.catalogue.languages import own_name
from courses.catalogue.models.file import StoredFile
from courses.catalogue.operations import media_type
from courses.catalogue.views import POLICY, whole_or_range
from programs.access import ProgramRequest, for_roles


@require_safe
@for_roles(*AUTHORS)
def preview(request: ProgramRequest, draft: int, lesson: str) -> HttpResponse:
    """One lesson of the draft. With faults in it there is nothing to show yet: the draft's page names them."""
    found = draft_in(request, draft)
    reading = Reading.of(found)
    if reading.course is None:
        return redirect("draft", program=request.program.code, draft=found.pk)
    text = next((one for one in reading.course.lessons if one.slug == lesson), None)
    if text is None:
        raise Http404
    page = shown(reading, reading.course, text, request.GET.get("language", ""))
    context = {"draft": found, "lesson": page, "outline": outline(reading.course, page.language), "slug": page.slug}
    return render(request, "authoring/preview.html", context | {"has_assessment": bool(reading.course.assessment)})


@require_safe
@for_roles(*AUTHORS)
def preview_assessment(request: ProgramRequest, draft: int) -> HttpResponse:
    """The assessment as one attempt would draw it; each look draws anew."""
    found = draft_in(request, draft)
    reading = Reading.of(found)
    if reading.course is None or reading.course.assessment is None:
        return redirect("draft", program=request.program.code, draft=found.pk)
    wanted = request.GET.get("language", "")
    language = wanted if wanted in reading.course.languages else reading.course.language
    context = {
        "draft": found,
        "assessment": reading.course.assessment,
        "questions": assessment_shown(reading, reading.course, language, Random()),  # noqa: S311 - a preview
        "language": language,
        "languages": [(one, own_name(one)) for one in reading.course.languages],
        "outline": outline(reading.course, language),
    }
    return render(request, "authoring/preview_assessment.html", context | {"has_assessment": True})


@require_safe
@for_roles(*AUTHORS)
def draft_file(request: ProgramRequest, draft: int, file: str) -> HttpResponseBase:
    """A picture, video or download of the draft."""
    found = Revision.objects.current(draft_in(request, draft)).filter(path=file).first()
    if found is None or file.endswith((".md", ".yaml")) or file.startswith("package/"):
        raise Http404
    response = stored(request, found)
    response["Content-Security-Policy"] = POLICY
    response["Cache-Control"] = "private, no-cache"
    if file.startswith("files/") or "/files/" in file:
        response["Content-Disposition"] = "attachment"
    return response


def stored(request: ProgramRequest, file: Revision) -> HttpResponseBase:
    """The bytes, or the stretch of them that is asked for: a video is not read whole to see its end."""
    kind = media_type(file.path)
    if file.blob is None:
        return HttpResponse(file.data(), content_type=kind)
    return whole_or_range(request, StoredFile(file.blob.pk, file.blob.sha256, file.blob.size, file.path, kind))
