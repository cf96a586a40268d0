"""Editing one text of a draft, and bringing files into it."""

import re

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from courses.authoring.comparing import comparison
from courses.authoring.forms import NewFileForm, TextForm, UploadForm
from courses.authoring.models import Draft, Revision
from courses.authoring.operations import (
    EditedMeanwhileError,
    FileRefusedError,
    add_text,
    put_file,
    remove_file,
    rename_file,
)
from courses.authoring.operations.asking import ASSESSMENT
from courses.authoring.operations.changing import UNSEEN, save_where_it_is
from courses.authoring.operations.editing import refuse_path, refuse_size
from courses.authoring.passages import Passage, passages, tidy
from courses.authoring.question_forms import NAMES
from courses.authoring.reading import Reading, language_of
from courses.authoring.renames import whereabouts
from courses.authoring.rendering import lesson_shown
from courses.authoring.views.drafts import draft_in
from courses.authoring.waiting import AUTHORS
from courses.catalogue.folders.files import LESSON_FILE
from courses.catalogue.languages import direction
from programs.access import ProgramRequest, for_roles
from programs.unsent import keeps_words

reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])


@reads_and_posts
@keeps_words("text")
@for_roles(*AUTHORS)
def edit(request: ProgramRequest, draft: int, file: str) -> HttpResponse:
    """One text with its faults and how it will look. Posting saves it; over somebody else's newer text nothing is."""
    shown = draft_in(request, draft)
    newest = Revision.objects.newest(shown).filter(path=file).first()
    is_saved = request.method == "POST" and not {"remove", "rename"} & request.POST.keys()
    if newest is None or newest.blob:
        raise Http404
    if is_saved:
        return saved(request, shown, newest)
    earlier = earlier_one(request, shown, file) if request.method != "POST" and "revision" in request.GET else None
    if newest.is_removed and earlier is None:
        return elsewhere(request, shown, newest)
    if request.method == "POST":
        return moved(request, shown, newest)
    form = TextForm((earlier or newest).text or "", newest.number)
    return edit_page(request, shown, newest, form, earlier=earlier)


def earlier_one(request: ProgramRequest, shown: Draft, file: str) -> Revision:
    """The revision that is asked for, to be brought back by saving it."""
    number = request.GET["revision"]
    known = Revision.objects.filter(draft=shown, path=file, text__isnull=False)
    return get_object_or_404(known, number=int(number) if re.fullmatch("[0-9]{1,9}", number) else UNSEEN)


def elsewhere(request: ProgramRequest, shown: Draft, removal: Revision) -> HttpResponse:
    """Leads to the page of the text under the name that it has now."""
    now = whereabouts(removal)
    if now is None:
        raise Http404
    return redirect("draft-edit", program=request.program.code, draft=shown.pk, file=now.path)


def saved(request: ProgramRequest, shown: Draft, newest: Revision) -> HttpResponse:
    """Saves the text, under its new name if it was renamed; what was typed is on the answer's page wherever it is
    refused."""
    form = TextForm(post=request.POST)
    if not form.is_valid():
        return edit_page(request, shown, newest, form, status=422)
    text, seen = form.cleaned_data["text"], form.cleaned_data["seen"]
    opened = Revision.objects.filter(draft=shown, path=newest.path, number=seen).first()
    try:
        now = save_where_it_is(newest, opened, text, seen=seen, by=request.user, at=timezone.now())
    except EditedMeanwhileError as conflict:
        return conflict_page(request, shown, text, opened, conflict.theirs)
    except FileRefusedError as refusal:
        messages.error(request, str(refusal))
        return edit_page(request, shown, newest, form, status=422)
    messages.success(request, _("Saved."))
    return redirect("draft-edit", program=request.program.code, draft=shown.pk, file=now.path)


def moved(request: ProgramRequest, shown: Draft, current: Revision) -> HttpResponse:
    """Removes or renames the file, as its page showed it."""
    now, to = timezone.now(), request.POST.get("to", "").strip()
    seen = request.POST.get("seen", "")
    try:
        if seen != str(current.number):
            raise EditedMeanwhileError(current)
        if "remove" in request.POST:
            remove_file(shown, current.path, seen=current.number, by=request.user, at=now)
            messages.success(request, _("%(path)s is not in the draft any more.") % {"path": current.path})
            return redirect("draft", program=request.program.code, draft=shown.pk)
        rename_file(shown, current.path, to, seen=current.number, by=request.user, at=now)
    except FileRefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect(request.path)
    return redirect("draft-edit", program=request.program.code, draft=shown.pk, file=to)


def edit_page(
    request: ProgramRequest,
    shown: Draft,
    current: Revision,
    form: TextForm,
    *,
    earlier: Revision | None = None,
    status: int = 200,
) -> HttpResponse:
    reading = Reading.of(shown)
    form.fields["text"].widget.attrs |= written_in(current.path, reading)
    language = language_of(current.path, reading.language)
    context = {
        "draft": shown,
        "file": current,
        "form": form,
        "language": language,
        "earlier": earlier,
        "faults": reading.faults_of(current.path),
        "lesson": lesson_shown(reading, current.path, language),
        "kinds": list(NAMES.items()) if holds_questions(current.path) else [],
        "is_lesson": is_lesson(current.path),
        "passages": [] if earlier else passages_shown(current),
    }
    return render(request, "authoring/edit.html", context, status=status)


def written_in(path: str, reading: Reading) -> dict[str, str]:
    """What a field for the text says of its language."""
    language = language_of(path, reading.language)
    return {"lang": language, "dir": direction(language), "spellcheck": "true"}


def holds_questions(path: str) -> bool:
    """Whether a form adds questions to the file: those of other languages have the questions of the first."""
    return path == ASSESSMENT or bool(LESSON_FILE.fullmatch(path))


def is_lesson(path: str) -> bool:
    """Whether the file is a lesson, in whichever language."""
    return bool(LESSON_FILE.fullmatch(path.rsplit("/", 1)[-1])) and path.count("/") <= 1


def passages_shown(file: Revision) -> list[Passage]:
    """What a form can change: videos, and questions where what is right is said."""
    found = passages(file.path, tidy(file.text or "")) if is_lesson(file.path) or file.path == ASSESSMENT else []
    return [one for one in found if one.kind == "video" or holds_questions(file.path)]


def conflict_page(
    request: ProgramRequest, shown: Draft, mine: str, opened: Revision | None, theirs: Revision
) -> HttpResponse:
    """Both texts, and what each has changed in the one that both `opened`; what is saved from here was put together by
    somebody who has seen both."""
    before = (opened.text or "") if opened else ""
    form = TextForm(mine, theirs.number)
    form.fields["text"].widget.attrs |= written_in(theirs.path, Reading.of(shown))
    context = {
        "draft": shown,
        "file": theirs,
        "form": form,
        "they_changed": comparison(before, theirs.text or ""),
        "you_changed": comparison(before, mine.replace("\r\n", "\n")),
    }
    return render(request, "authoring/conflict.html", context, status=409)


@require_POST
@for_roles(*AUTHORS)
def add_file(request: ProgramRequest, draft: int) -> HttpResponse:
    """Adds a text whose name is known."""
    shown, form = draft_in(request, draft), NewFileForm(request.POST)
    path = form.cleaned_data["path"].strip() if form.is_valid() else ""
    try:
        add_text(shown, path, beginning(path), by=request.user, at=timezone.now())
    except FileRefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect("draft", program=request.program.code, draft=shown.pk)
    return redirect("draft-edit", program=request.program.code, draft=shown.pk, file=path)


def beginning(path: str) -> str:
    """What a new text begins with."""
    if path.endswith(".md"):
        return "---\ntitle: …\n---\n\n" if "/" in path else "---\ntitle: …\nminutes: 5\n---\n\n"
    if path.endswith(".vtt"):
        return "WEBVTT\n\n00:00.000 --> 00:04.000\n…\n"
    return "pass_mark: 80\nquestions: []\n" if path == "assessment.yaml" else "title: …\nsummary: …\n"


@require_POST
@for_roles(*AUTHORS)
def upload(request: ProgramRequest, draft: int) -> HttpResponse:
    """Brings a picture, a video, captions or a download into the draft, or takes the place of the one there."""
    shown, form = draft_in(request, draft), UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose a file, and say in small letters which language it is for, if it is."))
    else:
        bring(request, shown, form)
    return redirect("draft", program=request.program.code, draft=shown.pk)


def bring(request: ProgramRequest, shown: Draft, form: UploadForm) -> None:
    file, path = form.cleaned_data["file"], form.path()
    try:
        refuse_path(path)
        refuse_size(path, file.size)
        put_file(shown, path, file.read(), by=request.user, at=timezone.now())
    except FileRefusedError as refusal:
        messages.error(request, str(refusal))
        return
    messages.success(request, _("%(path)s is in the draft now.") % {"path": path})


@require_POST
@for_roles(*AUTHORS)
def remove(request: ProgramRequest, draft: int, file: str) -> HttpResponse:
    """Takes a file that is no text out of the draft."""
    shown = draft_in(request, draft)
    current = Revision.objects.current(shown).filter(path=file).first()
    if current is None:
        raise Http404
    try:
        remove_file(shown, file, seen=current.number, by=request.user, at=timezone.now())
        messages.success(request, _("%(path)s is not in the draft any more.") % {"path": file})
    except FileRefusedError as refusal:
        messages.error(request, str(refusal))
    return redirect("draft", program=request.program.code, draft=shown.pk)
