"""Courses while they are written: drafts, every revision of their files, and who decided on them."""

from courses.authoring.models.draft import Draft
from courses.authoring.models.revision import DraftFiles, Revision

__all__ = ["Draft", "DraftFiles", "Revision"]
