"""Questions and videos changed by a form, and videos added by one."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.authoring.changing import form_of, passage_in, question_in, video_in, with_question, with_video
from courses.authoring.following import changed
from courses.authoring.models import Draft, DraftFiles, Revision
from courses.authoring.operations import EditedMeanwhileError, FileRefusedError
from courses.authoring.operations.asking import ASSESSMENT, append_video
from courses.authoring.operations.changing import UNSEEN, languages_of, save_question, save_where_it_is
from courses.authoring.passages import CannotChangeError, Passage, tidy
from courses.authoring.question_forms import FORMS, NAMES, WRITTEN, say_language
from courses.authoring.reading import Reading, language_of
from courses.authoring.video_forms import VideoForm
from courses.authoring.views.drafts import draft_in
from courses.authoring.views.files import conflict_page, holds_questions, is_lesson
from courses.authoring.waiting import AUTHORS
from courses.catalogue.questions.texts import QuestionText
from programs.access import ProgramRequest, for_roles
from programs.unsent import keeps_words

reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])
VIDEO_WRITTEN = ("title", "embed", "transcript")


@dataclass(frozen=True)
class Opened:
    """The question or video that a form changes, in the revision that the form was filled from; `newest` is the newest
    one under that name."""

    draft: Draft
    newest: Revision
    revision: Revision
    passage: Passage

    @property
    def path(self) -> str:
        return self.revision.path


def opened_by(request: ProgramRequest, draft: int, kind: str, key: str, file: str) -> Opened:
    """Raises Http404 where there is no such question or video, or none any more."""
    shown = draft_in(request, draft)
    newest = Revision.objects.newest(shown).filter(path=file).first()
    if newest is None or newest.blob_id:
        raise Http404
    revision = newest if request.method != "POST" else seen_in(request, newest)
    passage = passage_in(file, tidy(revision.text or ""), kind, key)
    if passage is None:
        raise Http404
    return Opened(shown, newest, revision, passage)


def seen_in(request: ProgramRequest, newest: Revision) -> Revision:
    seen = request.POST.get("seen", "")
    number = int(seen) if re.fullmatch("[0-9]{1,9}", seen) else UNSEEN
    return get_object_or_404(Revision, draft=newest.draft_id, path=newest.path, number=number, text__isnull=False)


@reads_and_posts
@keeps_words(*WRITTEN)
@for_roles(*AUTHORS)
def change_question(request: ProgramRequest, draft: int, key: str, file: str) -> HttpResponse:
    """The form filled with the question. Posting changes it where it stands."""
    if not holds_questions(file):
        raise Http404
    opened, has_pool = opened_by(request, draft, "question", key, file), file == ASSESSMENT
    language = Reading.of(opened.draft).language
    try:
        old = question_in(opened.passage, language, has_pool=has_pool)
        form = form_of(old, language, has_pool=has_pool)
    except CannotChangeError as refusal:
        messages.error(request, str(refusal))
        return redirect("draft-edit", program=request.program.code, draft=draft, file=file)
    if request.method == "POST":
        form = FORMS[old.kind](request.POST, has_pool=has_pool)
    say_language(form, language)
    done = None
    if form.is_valid():
        new = changed(old, form.question(language), language)
        mine = text_with(form, partial(with_question, file, opened.passage, old, new))
        done = answer(request, opened, form, mine, partial(keep_question, request, opened, old, new))
    return done or page(request, opened, form, _("Change a question"), str(NAMES[old.kind]))


def keep_question(request: ProgramRequest, opened: Opened, old: QuestionText, new: QuestionText, mine: str) -> Revision:
    by, at = request.user, timezone.now()
    try:
        saved, languages = save_question(opened.newest, opened.revision, mine, old, new, by=by, at=at)
    except EditedMeanwhileError:
        say_languages(request, languages_of(opened.draft, opened.path, old.key))
        raise
    say_languages(request, languages)
    return saved


def say_languages(request: ProgramRequest, languages: list[str]) -> None:
    if languages:
        said = _("Its texts in other languages (%(languages)s) are still the former ones: look whether they fit.")
        messages.info(request, said % {"languages": ", ".join(languages)})


def text_with(form: forms.Form, made: Callable[[], str]) -> str | None:
    """The text that was opened, with what the form says; `None` where the form has to say why it cannot be made."""
    try:
        return made()
    except CannotChangeError as refusal:
        form.add_error(None, str(refusal))
        return None


def answer(
    request: ProgramRequest, opened: Opened, form: forms.Form, mine: str | None, save: Callable[[str], Revision]
) -> HttpResponse | None:
    """Saves the text, if it is another one; `None` where the form is to say what is wrong."""
    path = opened.path
    if mine is None:
        return None
    try:
        if mine != tidy(opened.revision.text or ""):
            path = save(mine).path
            messages.success(request, _("Saved."))
    except EditedMeanwhileError as conflict:
        return conflict_page(request, opened.draft, mine, opened.revision, conflict.theirs)
    except (FileRefusedError, CannotChangeError) as refusal:
        form.add_error(None, str(refusal))
        return None
    return redirect("draft-edit", program=request.program.code, draft=opened.draft.pk, file=path)


def page(request: ProgramRequest, opened: Opened, form: forms.Form, heading: str, name: str = "") -> HttpResponse:
    context = {"draft": opened.draft, "path": opened.path, "heading": heading, "name": name, "form": form}
    more = {"button": _("Save"), "seen": opened.revision.number}
    return render(request, "authoring/passage.html", context | more, status=422 if form.errors else 200)


@reads_and_posts
@keeps_words(*VIDEO_WRITTEN)
@for_roles(*AUTHORS)
def change_video(request: ProgramRequest, draft: int, place: int, file: str) -> HttpResponse:
    """The form filled with the lesson's video at the place, from 1. Posting changes it where it stands."""
    if not is_lesson(file):
        raise Http404
    opened = opened_by(request, draft, "video", str(place), file)
    form, done = video_form(request, opened.draft, file, video_in(opened.passage)), None
    if form.is_valid():
        mine = text_with(form, partial(with_video, file, opened.passage, form.values()))
        done = answer(request, opened, form, mine, partial(keep_video, request, opened))
    return done or page(request, opened, form, _("Change a video"))


def keep_video(request: ProgramRequest, opened: Opened, mine: str) -> Revision:
    by, at, seen = request.user, timezone.now(), opened.revision.number
    return save_where_it_is(opened.newest, opened.revision, mine, seen=seen, by=by, at=at)


def video_form(request: ProgramRequest, shown: Draft, file: str, initial: dict[str, str] | None = None) -> VideoForm:
    reading, post = Reading.of(shown), request.POST if request.method == "POST" else None
    language = language_of(file, reading.language)
    form = VideoForm(post, paths=reading.files.current, language=language, initial=initial)
    say_language(form, language)
    return form


@reads_and_posts
@keeps_words(*VIDEO_WRITTEN)
@for_roles(*AUTHORS)
def add_video(request: ProgramRequest, draft: int, file: str) -> HttpResponse:
    """The form for a video. Posting writes it at the end of the lesson."""
    shown = draft_in(request, draft)
    if not is_lesson(file) or file not in DraftFiles(shown).current:
        raise Http404
    form = video_form(request, shown, file)
    if form.is_valid():
        try:
            append_video(shown, file, form.values(), by=request.user, at=timezone.now())
            messages.success(request, _("The video stands at the end."))
            return redirect("draft-edit", program=request.program.code, draft=shown.pk, file=file)
        except FileRefusedError as refusal:
            form.add_error(None, str(refusal))
    context = {"draft": shown, "path": file, "heading": _("A new video"), "form": form, "button": _("Add the video")}
    return render(request, "authoring/passage.html", context, status=422 if form.errors else 200)
