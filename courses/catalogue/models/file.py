"""The files of courses: kept in the database, so that a backup of it is a backup of everything."""

from dataclasses import dataclass

from django.db import connection, models
from django.urls import reverse

from courses.catalogue.models.course import CourseVersion
from programs.tenancy import ParentKey, ProgramRow


class Blob(ProgramRow):
    """Bytes that are known by their SHA-256. Stored uncompressed: a stretch is read without the rest."""

    sha256 = models.CharField(max_length=64, help_text="hexadecimal")
    size = models.PositiveBigIntegerField(help_text="bytes")
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint("program", "sha256", name="blob_is_kept_once_in_a_program")]

    def __str__(self) -> str:
        return self.sha256


class CourseFile(ProgramRow):
    """A file of the folder from which a version was published, byte for byte."""

    version = ParentKey(CourseVersion, on_delete=models.PROTECT, related_name="files")
    path = models.CharField(max_length=1000)
    blob = ParentKey(Blob, on_delete=models.PROTECT, related_name="+")
    media_type = models.CharField(max_length=120)

    class Meta:
        ordering = ["path"]
        constraints = [models.UniqueConstraint("version", "path", name="course_file_path_is_once_in_a_version")]

    def __str__(self) -> str:
        return self.path


def file_address(program: str, sha256: str, path: str) -> str:
    """Where a picture, video or download is served; whoever knows the SHA-256 of a file may have it."""
    return reverse("course-file", args=[program, sha256, path.rsplit("/", 1)[-1]])


@dataclass(frozen=True)
class StoredFile:
    """What is served under one SHA-256."""

    blob_id: int
    sha256: str
    size: int
    path: str
    media_type: str


def stored_file(program: str, sha256: str) -> StoredFile | None:
    """A file that pages of the program show; `None` if no course has it, or only inside a package or as its text."""
    shown = CourseFile.objects.filter(blob__program__code=program, blob__sha256=sha256)
    shown = shown.exclude(path__startswith="package/").exclude(path__endswith=".md").exclude(path__endswith=".yaml")
    row = shown.values_list("blob_id", "blob__sha256", "blob__size", "path", "media_type").order_by("-pk").first()
    return StoredFile(*row) if row else None


def stretch(blob_id: int, first: int, size: int) -> bytes:
    """Some bytes of a blob, counted from 0, without reading the others."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT substring(data FROM %s FOR %s) FROM catalogue_blob WHERE id = %s", [first + 1, size, blob_id]
        )
        return bytes(cursor.fetchone()[0])
