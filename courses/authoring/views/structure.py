"""Lessons, languages and questions, added by forms."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from courses.authoring.banks import read_apart
from courses.authoring.forms import BankForm, LanguageForm, LessonForm
from courses.authoring.models import Draft, DraftFiles
from courses.authoring.operations import FileRefusedError
from courses.authoring.operations.asking import ASSESSMENT, append_bank, append_question
from courses.authoring.operations.structure import add_language, add_lesson, move_lesson
from courses.authoring.question_forms import FORMS, NAMES, WRITTEN, say_language
from courses.authoring.reading import Reading
from courses.authoring.views.drafts import draft_in
from courses.authoring.waiting import AUTHORS
from courses.catalogue.banks.bank import Bank
from courses.catalogue.banks.errors import BankRefusedError
from courses.catalogue.banks.reading import LARGEST
from courses.catalogue.folders.files import LESSON_FILE
from courses.catalogue.questions.texts import Kind
from programs.access import ProgramRequest, for_roles
from programs.unsent import keeps_words

reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])


def back(request: ProgramRequest, shown: Draft) -> HttpResponse:
    return redirect("draft", program=request.program.code, draft=shown.pk)


@require_POST
@for_roles(*AUTHORS)
def lesson(request: ProgramRequest, draft: int) -> HttpResponse:
    """Adds a lesson, or moves one up or down."""
    shown, now = draft_in(request, draft), timezone.now()
    try:
        if "up" in request.POST or "down" in request.POST:
            path = request.POST.get("up") or request.POST.get("down") or ""
            move_lesson(shown, path, up="up" in request.POST, by=request.user, at=now)
            return back(request, shown)
        form = LessonForm(request.POST)
        if form.is_valid():
            made = add_lesson(shown, form.cleaned_data["title"], by=request.user, at=now)
            return redirect("draft-edit", program=request.program.code, draft=shown.pk, file=made.path)
        messages.error(request, _("Give the lesson a title."))
    except FileRefusedError as refusal:
        messages.error(request, str(refusal))
    return back(request, shown)


@require_POST
@for_roles(*AUTHORS)
def language(request: ProgramRequest, draft: int) -> HttpResponse:
    """Adds a language, its texts still to be translated."""
    shown, form = draft_in(request, draft), LanguageForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A language has a code such as hi, cy or zh-hans."))
        return back(request, shown)
    try:
        add_language(shown, form.cleaned_data["language"], by=request.user, at=timezone.now())
        messages.success(request, _("The language is there. Its texts are copies and wait to be translated."))
    except FileRefusedError as refusal:
        messages.error(request, str(refusal))
    return back(request, shown)


@reads_and_posts
@keeps_words(*WRITTEN)
@for_roles(*AUTHORS)
def question(request: ProgramRequest, draft: int, kind: str, file: str) -> HttpResponse:
    """The form for a question of the kind. Posting writes it at the end of the lesson or assessment."""
    shown = draft_in(request, draft)
    is_assessment = file == ASSESSMENT
    if kind not in FORMS or not (is_assessment or LESSON_FILE.fullmatch(file)) or file not in DraftFiles(shown).current:
        raise Http404
    form = FORMS[kind](request.POST if request.method == "POST" else None, has_pool=is_assessment)
    written_in = Reading.of(shown).language
    say_language(form, written_in)
    if form.is_valid():
        try:
            append_question(shown, file, form.question(written_in), by=request.user, at=timezone.now())
            messages.success(request, _("The question stands at the end."))
            return redirect("draft-edit", program=request.program.code, draft=shown.pk, file=file)
        except FileRefusedError as refusal:
            form.add_error(None, str(refusal))
    context = {"draft": shown, "path": file, "heading": _("A new question"), "name": NAMES[Kind(kind)], "form": form}
    context["button"] = _("Add the question")
    return render(request, "authoring/passage.html", context, status=422 if form.errors else 200)


@require_POST
@for_roles(*AUTHORS)
def bank(request: ProgramRequest, draft: int) -> HttpResponse:
    """Writes a question bank into the assessment and shows all that was left out; the same bank again adds nothing."""
    shown, form = draft_in(request, draft), BankForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose a question bank; a pool is named by small letters, digits and hyphens."))
        return back(request, shown)
    upload, language = form.cleaned_data["bank"], Reading.of(shown).language
    try:
        if upload.size > LARGEST:
            raise BankRefusedError(_("%(name)s is too large. Split it.") % {"name": upload.name})
        read = read_apart(upload.read(), name=upload.name, language=language)
        done = append_bank(shown, read, language, pool=form.cleaned_data["pool"], by=request.user, at=timezone.now())
    except (BankRefusedError, FileRefusedError) as refusal:
        messages.error(request, str(refusal))
        return back(request, shown)
    said = ngettext("%(number)d question was added.", "%(number)d questions were added.", done.added)
    messages.success(request, said % {"number": done.added})
    return bank_page(request, shown, read, done.known) if read.left_out or done.known else back(request, shown)


def bank_page(request: ProgramRequest, shown: Draft, read: Bank, known: int) -> HttpResponse:
    context = {"draft": shown, "left_out": read.left_out[:500], "more": len(read.left_out) - 500, "known": known}
    return render(request, "authoring/bank.html", context)
