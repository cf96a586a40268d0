from django.urls import path, register_converter
from django.urls.converters import PathConverter

from courses.authoring import views


class FileConverter(PathConverter):
    """A path without the character that no file has in its name, and no query may hold."""

    regex = r"[^\0]+"


register_converter(FileConverter, "file")

urlpatterns = [
    path("p/<slug:program>/authoring/", views.drafts, name="drafts"),
    path("p/<slug:program>/authoring/<slug:course>/offer/", views.retire, name="retire"),
    path("p/<slug:program>/authoring/<slug:course>.zip", views.export, name="course-export"),
    path("p/<slug:program>/authoring/<int:draft>/", views.draft, name="draft"),
    path("p/<slug:program>/authoring/<int:draft>/export/", views.export_draft, name="draft-export"),
    path("p/<slug:program>/authoring/<int:draft>/text/", views.add_file, name="draft-text"),
    path("p/<slug:program>/authoring/<int:draft>/lesson/", views.lesson, name="draft-lesson"),
    path("p/<slug:program>/authoring/<int:draft>/language/", views.language, name="draft-language"),
    path("p/<slug:program>/authoring/<int:draft>/bank/", views.bank, name="draft-bank"),
    path("p/<slug:program>/authoring/<int:draft>/upload/", views.upload, name="draft-upload"),
    path("p/<slug:program>/authoring/<int:draft>/edit/<file:file>", views.edit, name="draft-edit"),
    path("p/<slug:program>/authoring/<int:draft>/question/<slug:kind>/<file:file>", views.question,
         name="draft-question"),
    path("p/<slug:program>/authoring/<int:draft>/change/<slug:key>/<file:file>", views.change_question,
         name="draft-change"),
    path("p/<slug:program>/authoring/<int:draft>/video/<int:place>/<file:file>", views.change_video,
         name="draft-change-video"),
    path("p/<slug:program>/authoring/<int:draft>/new-video/<file:file>", views.add_video, name="draft-video"),
    path("p/<slug:program>/authoring/<int:draft>/history/<file:file>", views.history, name="draft-history"),
    path("p/<slug:program>/authoring/<int:draft>/remove/<file:file>", views.remove, name="draft-remove"),
    path("p/<slug:program>/authoring/<int:draft>/file/<file:file>", views.draft_file, name="draft-file"),
    path("p/<slug:program>/authoring/<int:draft>/preview/assessment/", views.preview_assessment,
         name="draft-preview-assessment"),
    path("p/<slug:program>/authoring/<int:draft>/preview/<slug:lesson>/", views.preview, name="draft-preview"),
]  # fmt: skip
