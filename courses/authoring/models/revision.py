"""Every revision of every file of a draft: nothing that somebody wrote is ever lost."""

import hashlib
from functools import cached_property
from typing import ClassVar, Self

from django.conf import settings
from django.db import models

from courses.authoring.models.draft import Draft
from courses.catalogue.models import Blob
from courses.catalogue.models.file import stretch
from programs.tenancy import ParentKey, ProgramRow


class RevisionQuerySet(models.QuerySet["Revision"]):
    def newest(self, draft: Draft) -> Self:
        """The newest revision of each file of the draft, the removed ones too, by path."""
        last = self.filter(draft=draft).order_by("path", "-number").distinct("path")
        return last.select_related("blob", "by").defer("blob__data")

    def current(self, draft: Draft) -> Self:
        """The files as they are now, by path."""
        newest = self.filter(draft=draft).order_by("path", "-number").distinct("path").values("pk")
        return (
            self.filter(pk__in=newest, is_removed=False)
            .select_related("blob", "by")
            .defer("blob__data")
            .order_by("path")
        )


class Revision(ProgramRow):
    """A file as somebody saved it: a text, or a blob. `by` is empty for what came with the version begun from.

    The number follows that of the revision that its author saw, so of two who saved at once one is refused.
    """

    draft = ParentKey(Draft, on_delete=models.PROTECT, related_name="revisions")
    path = models.CharField(max_length=1000)
    number = models.PositiveIntegerField()
    text = models.TextField(null=True)  # noqa: DJ001 - empty is a text, none is not
    blob = ParentKey(Blob, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_removed = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField()

    objects: ClassVar[RevisionQuerySet] = RevisionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint("draft", "path", "number", name="revision_follows_the_one_that_was_seen"),
            models.CheckConstraint(
                condition=models.Q(is_removed=True, text__isnull=True, blob__isnull=True)
                | models.Q(is_removed=False, text__isnull=False, blob__isnull=True)
                | models.Q(is_removed=False, text__isnull=True, blob__isnull=False),
                name="revision_is_a_text_or_a_blob_or_removes_the_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.path}, revision {self.number}"

    @property
    def is_text(self) -> bool:
        return self.text is not None

    @property
    def size(self) -> int:
        """Bytes."""
        return self.blob.size if self.blob else len((self.text or "").encode())

    @property
    def sha256(self) -> str:
        """Hexadecimal, of the bytes of the file."""
        return self.blob.sha256 if self.blob else hashlib.sha256((self.text or "").encode()).hexdigest()

    def data(self) -> bytes:
        if self.blob is None:
            return (self.text or "").encode()
        return stretch(self.blob.pk, 0, self.blob.size)


class DraftFiles:
    """The files of a draft as courses are read from: `courses.catalogue.folders.CourseFiles`, with sums that are known:
    nothing that is large is read to judge a draft."""

    def __init__(self, draft: Draft) -> None:
        self.draft, self.name = draft, draft.code

    @cached_property
    def current(self) -> dict[str, Revision]:
        return {one.path: one for one in Revision.objects.current(self.draft)}

    def paths(self) -> list[str]:
        return sorted(self.current)

    def size(self, path: str) -> int:
        return self.current[path].size

    def read(self, path: str) -> bytes:
        return self.current[path].data()

    def sha256(self, path: str) -> str | None:
        blob = self.current[path].blob
        return blob.sha256 if blob else None
