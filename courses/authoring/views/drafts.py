"""Drafts: begun, judged, submitted, published, sent back."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.authoring.bringing import BroughtError, Said, brought
from courses.authoring.comparing import comparison
from courses.authoring.forms import (
    BankForm,
    ImportForm,
    LanguageForm,
    LessonForm,
    NewCourseForm,
    NewFileForm,
    UploadForm,
)
from courses.authoring.models import Draft, Revision
from courses.authoring.operations import (
    DecisionRefusedError,
    DraftRefusedError,
    approve,
    new_course,
    open_draft,
    send_back,
    submit,
    withdraw,
)
from courses.authoring.operations.deciding import is_author
from courses.authoring.reading import Reading, changes, missed, named_first
from courses.authoring.waiting import AUTHORS
from courses.catalogue.checking.plain import path_in
from courses.catalogue.folders.files import LESSON_FILE
from courses.catalogue.languages import own_name
from courses.catalogue.models import Course
from programs.access import ProgramRequest, for_roles
from programs.unsent import keeps_words

MOST_SHOWN = 50  # revisions of a text, or remarks
MOST_FINISHED = 20  # drafts
reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])


def draft_in(request: ProgramRequest, pk: int) -> Draft:
    related = Draft.objects.of(request.program).select_related(
        "course", "base", "opened_by", "submitted_by", "decided_by", "program"
    )
    return get_object_or_404(related, pk=pk)


@reads_and_posts
@keeps_words("new-code", "new-title", "new-tags")
@for_roles(*AUTHORS)
def drafts(request: ProgramRequest) -> HttpResponse:
    """The program's own courses and what is being written. Posting begins a draft."""
    new = NewCourseForm(request.POST if "new" in request.POST else None)
    is_brought = "import" in request.POST
    bring = ImportForm(request.POST if is_brought else None, request.FILES if is_brought else None)
    made = begun(request, new, bring) if request.method == "POST" else None
    if made:
        return redirect("draft", program=request.program.code, draft=made.pk)
    courses = Course.objects.of(request.program).taken_here().prefetch_related("versions").order_by("title", "pk")
    context = {
        "courses": [(course, max(course.versions.all(), key=lambda one: one.number)) for course in courses],
        "unfinished": Draft.objects.of(request.program).unfinished().select_related("opened_by"),
        "waiting": Draft.objects.of(request.program).waiting_for(request.user).count(),
        "finished": Draft.objects.of(request.program).finished().select_related("decided_by")[:MOST_FINISHED],
        "new": new,
        "bring": bring,
    }
    return render(request, "authoring/drafts.html", context, status=422 if request.method == "POST" else 200)


def begun(request: ProgramRequest, new: NewCourseForm, bring: ImportForm) -> Draft | None:
    """The draft that the form asks for; `None` if it was refused, and the page says why."""
    now = timezone.now()
    try:
        if "course" in request.POST:
            code = request.POST["course"].replace("\0", "")
            course = get_object_or_404(Course.objects.of(request.program).taken_here(), code=code)
            return open_draft(course, request.user, at=now)
        if new.is_bound and new.is_valid():
            return new_course(request.program, request.user, at=now, **new.cleaned_data)
        if bring.is_bound and bring.is_valid():
            archive = bring.cleaned_data.pop("archive")
            made = brought(request.program, request.user, archive, Said(**bring.cleaned_data), at=now)
            for fault in made.left_out[:MOST_SHOWN]:
                messages.warning(request, _("Not taken over: %(what)s") % {"what": fault})
            return made.draft
    except (DraftRefusedError, BroughtError) as refusal:
        messages.error(request, str(refusal))
    return None


@reads_and_posts
@keeps_words("note")
@for_roles(*AUTHORS)
def draft(request: ProgramRequest, draft: int) -> HttpResponse:
    """A draft: its files, what is wrong with it, what differs, and who may do what next."""
    shown = draft_in(request, draft)
    if request.method == "POST":
        return decide(request, shown)
    reading = Reading.of(shown)
    context = {
        "draft": shown,
        "submission": shown.submitted_at.isoformat() if shown.submitted_at else "",
        "reading": reading,
        "changes": changes(shown) if shown.base_id else [],
        "missed": missed(shown) if shown.is_open or shown.is_in_review else [],
        "is_author": shown.is_in_review and is_author(shown, request.user),
        **files_of(reading),
        **said_of(reading),
        **forms_of(),
    }
    return render(request, "authoring/draft.html", context)


def files_of(reading: Reading) -> dict[str, Any]:
    """The texts of each language, the one that the course is written in first, and the other files."""
    texts = {one.path: one for one in reading.texts()}
    titles = titles_of(reading)
    groups: dict[str, list[tuple[Revision, int, bool, str]]] = {}
    for path in named_first(texts):
        group = path.split("/")[0] if "/" in path else ""
        is_lesson = bool(LESSON_FILE.fullmatch(path))
        entry = (texts[path], len(reading.faults_of(path)), is_lesson, titles.get(path, ""))
        groups.setdefault(group, []).append(entry)
    named = [(code, heading_of(code), files) for code, files in sorted(groups.items())]
    others = [(one, reading.faults_of(one.path)) for one in reading.others()]
    return {"groups": named, "others": others}


def titles_of(reading: Reading) -> dict[str, str]:
    """The titles of lessons by their files; none while the draft has faults."""
    course = reading.course
    return {
        path_in(language, course, lesson.file): words.title
        for lesson in (course.lessons if course else [])
        for language, words in lesson.words.items()
        if course
    }


def heading_of(group: str) -> str:
    if not group:
        return _("The course")
    return _("Captions") if group == "videos" else own_name(group)


def said_of(reading: Reading) -> dict[str, Any]:
    """What is to be mended, and what is worth a second look."""
    found = reading.judged.remarks
    languages = [(code, own_name(code)) for code in reading.course.languages] if reading.course else []
    return {
        "faults": [(fault, reading.text_of(fault)) for fault in reading.faults[:MOST_SHOWN]],
        "remarks": [(remark, reading.text_of(remark)) for remark in found[:MOST_SHOWN]],
        "more_remarks": max(len(found) - MOST_SHOWN, 0),
        "first_lesson": reading.course.lessons[0].slug if reading.course else "",
        "languages": languages,
    }


def forms_of() -> dict[str, Any]:
    return {
        "upload": UploadForm(),
        "new_file": NewFileForm(),
        "new_lesson": LessonForm(),
        "new_language": LanguageForm(),
        "bank": BankForm(),
    }


def decide(request: ProgramRequest, shown: Draft) -> HttpResponse:
    """Carries out what a button says; a refusal is shown on the draft's page."""
    post, now = request.POST, timezone.now()
    try:
        match post.get("decision"):
            case "submit":
                submit(shown, by=request.user, at=now)
            case "withdraw":
                withdraw(shown, by=request.user, at=now)
            case "send-back":
                send_back(shown, note=post.get("note", ""), by=request.user, at=now)
            case "approve":
                approve(shown, submission=moment_in(post.get("submission", "")), by=request.user, at=now)
                messages.success(request, _("Published. Who has begun the course stays on the version they began."))
    except DecisionRefusedError as refusal:
        messages.error(request, str(refusal))
    return redirect("draft", program=request.program.code, draft=shown.pk)


def moment_in(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


@require_safe
@for_roles(*AUTHORS)
def history(request: ProgramRequest, draft: int, file: str) -> HttpResponse:
    """The revisions of a text, the newest first, and what each changed."""
    shown = draft_in(request, draft)
    newest_first = Revision.objects.filter(draft=shown, path=file).select_related("by").order_by("-number")
    revisions = list(newest_first[: MOST_SHOWN + 1])
    if not revisions:
        raise Http404
    before: list[Revision | None] = [*revisions[1:], None]
    steps = [
        (one, comparison((last.text or "") if last else "", one.text or ""))
        for one, last in zip(revisions[:MOST_SHOWN], before, strict=False)
    ]
    return render(request, "authoring/history.html", {"draft": shown, "path": file, "steps": steps})
