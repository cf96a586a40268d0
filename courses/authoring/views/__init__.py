"""The pages of authors."""

from courses.authoring.views.changing import add_video, change_question, change_video
from courses.authoring.views.courses import export, export_draft, retire
from courses.authoring.views.drafts import draft, drafts, history
from courses.authoring.views.files import add_file, edit, remove, upload
from courses.authoring.views.previews import draft_file, preview, preview_assessment
from courses.authoring.views.structure import bank, language, lesson, question

__all__ = [
    "add_file", "add_video", "bank", "change_question", "change_video", "draft", "draft_file", "drafts", "edit",
    "export", "export_draft", "history", "language", "lesson", "preview", "preview_assessment", "question", "remove",
    "retire", "upload",
]  # fmt: skip
