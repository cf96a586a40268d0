"""Courses as a whole: offered or not, and given away as an archive."""

import tempfile
import zipfile

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from courses.authoring.models import DraftFiles
from courses.authoring.reading import kept_files
from courses.authoring.views.drafts import draft_in
from courses.authoring.waiting import AUTHORS
from courses.catalogue.folders import CourseFiles
from courses.catalogue.models import Course, CourseVersion
from courses.catalogue.models.file import stretch
from courses.catalogue.operations import offer_course_again, retire_course
from programs.access import ProgramRequest, for_roles

IN_MEMORY = 10_000_000  # bytes of an archive; what is longer lies on disk while it is sent
SAME_DAY = (1980, 1, 1, 0, 0, 0)  # the archive of the same files is the same archive


class VersionFiles:
    """The files from which a version was published: `courses.catalogue.folders.CourseFiles`."""

    def __init__(self, version: CourseVersion) -> None:
        self.name, self.kept = version.course.code, kept_files(version.pk)

    def paths(self) -> list[str]:
        return sorted(self.kept)

    def size(self, path: str) -> int:
        return int(self.kept[path].blob.size)

    def read(self, path: str) -> bytes:
        return stretch(self.kept[path].blob_id, 0, self.size(path))


@require_POST
@for_roles(*AUTHORS)
def retire(request: ProgramRequest, course: str) -> HttpResponse:
    """Takes a course out of the offer, or back into it. Who is inside it finishes it."""
    shown = get_object_or_404(Course.objects.of(request.program).taken_here(), code=course)
    if "again" in request.POST:
        offer_course_again(shown)
    else:
        retire_course(shown, at=timezone.now())
    return redirect("drafts", program=request.program.code)


@require_safe
@for_roles(*AUTHORS)
def export(request: ProgramRequest, course: str) -> HttpResponseBase:
    """The folder of the newest version as an archive, byte for byte."""
    shown = get_object_or_404(Course.objects.of(request.program).taken_here(), code=course)
    return archive_of(VersionFiles(shown.newest_version()))


@require_safe
@for_roles(*AUTHORS)
def export_draft(request: ProgramRequest, draft: int) -> HttpResponseBase:
    """The folder of a draft as it is now, as an archive."""
    return archive_of(DraftFiles(draft_in(request, draft)))


def archive_of(files: CourseFiles) -> FileResponse:
    whole = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed when it has been sent
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files.paths():
            entry = zipfile.ZipInfo(f"{files.name}/{path}", SAME_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files.read(path))
    whole.seek(0)
    return FileResponse(whole, as_attachment=True, filename=f"{files.name}.zip", content_type="application/zip")
