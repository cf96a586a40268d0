"""Attempts at an assessment: opened, saved, sent and judged."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from courses.catalogue.models import Question
from courses.catalogue.questions.answers import LONGEST_ANSWER, Answer, fault_of, is_given, is_right, storable
from courses.catalogue.questions.drawing import Drawn, drawn_keys, shown_order
from courses.catalogue.questions.texts import Kind
from courses.learning.models import Attempt, Enrolment
from courses.learning.operations.completing import complete
from programs.models import Evidence

Answers = Mapping[str, Answer]
# How much more time a learner may ask for: WCAG 2.2, success criterion 2.2.1, asks for ten times.
EXTRA_TIME = (1, 2, 10)


class AttemptRefusedError(Exception):
    """No attempt can be opened now; the message says why."""


class AnswersRefusedError(Exception):
    """The answers cannot be judged; `faults` says why by key of the question, "" being the form as a whole."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{key}: {fault}" for key, fault in faults.items()))
        self.faults = faults


class FormAlreadySentError(AnswersRefusedError):
    """The attempt was sent before, with other answers. The first stand."""

    def __init__(self) -> None:
        super().__init__({"": _("You sent these answers before, and they were judged. Try again to give others.")})


def locked_enrolment(enrolment: Enrolment) -> Enrolment:
    related = ("person", "program", "course", "version", "achievement")
    return Enrolment.objects.select_for_update(of=("self",)).select_related(*related).get(pk=enrolment.pk)


@transaction.atomic
def open_attempt(enrolment: Enrolment, *, at: datetime, times: int = 1, chance: Random | None = None) -> Attempt:
    """Draws the questions and starts the clock; while an attempt is open, opening answers that one.

    If its time is over it is judged and answered: nobody begins another one without having seen how it went.

    `times` is the time limit that the learner asks for, as a multiple (`EXTRA_TIME`). Lessons need not be done before:
    who knows the subject may test out. Raises `AttemptRefusedError` when the attempts are used up, and for a course
    without an assessment.
    """
    locked = locked_enrolment(enrolment)
    running = locked.attempts.open().first()
    if running:
        running.enrolment = locked
        return judge(locked, running, at=at) if running.is_over(at) else running
    refuse_attempt(locked, at)
    drawn = drawn_for(locked, chance or Random(secrets.randbits(64)))  # noqa: S311 - seeded by the system's randomness
    limit = locked.version.time_limit
    return Attempt.objects.create(
        program_id=locked.program_id, enrolment=locked, form_key=uuid4(), opened_at=at, drawn=drawn, asked=len(drawn),
        due_at=at + timedelta(minutes=limit * (times if times in EXTRA_TIME else 1)) if limit else None,
    )  # fmt: skip


def refuse_attempt(enrolment: Enrolment, at: datetime) -> None:
    version = enrolment.version
    if not version.has_assessment:
        raise AttemptRefusedError(_("This course has no assessment: it is complete when its lessons are done."))
    used = Attempt.objects.since(enrolment, at)
    if version.attempts is None or used.count() < version.attempts:
        return
    if version.wait_hours is None:
        raise AttemptRefusedError(_("You have used every attempt that this course allows."))
    raise AttemptRefusedError(_("You have used your attempts for now. Please try again later."))


def drawn_for(enrolment: Enrolment, chance: Random) -> list[Drawn]:
    pool = list(enrolment.version.questions.filter(lesson__isnull=True))
    keys = set(drawn_keys(enrolment.version.draw, {one.key: one.pool for one in pool}, chance))
    return [drawn_question(question, chance) for question in pool if question.key in keys]


def drawn_question(question: Question, chance: Random) -> Drawn:
    texts = next(iter(question.texts.values()))
    shown = texts.get("matches") if question.kind == Kind.MATCHING else texts.get("choices")
    return {"key": question.key, "order": shown_order(question.kind, len(shown or []), chance)}


@transaction.atomic
def save_answers(attempt: Attempt, answers: Answers, *, at: datetime) -> Attempt:
    """Keeps what is answered so far; answers to an attempt that is over or sent are not taken."""
    locked = Attempt.objects.select_for_update(of=("self",)).select_related("enrolment").get(pk=attempt.pk)
    if locked.submitted_at is None and not locked.is_over(at):
        locked.answers = {**locked.answers, **kept(locked, answers)}
        locked.save(update_fields=["answers"])
    return locked


def kept(attempt: Attempt, answers: Answers) -> dict[str, Answer]:
    """The answers to questions that were drawn; a text is cut where no form would let it grow."""
    drawn = {one["key"] for one in attempt.drawn}
    return {
        key: storable(answer)[: LONGEST_ANSWER if isinstance(answer, str) else 100]
        for key, answer in answers.items()
        if key in drawn
    }


@transaction.atomic
def submit_attempt(attempt: Attempt, answers: Answers, *, at: datetime, is_final: bool = False) -> Attempt:
    """Judges the attempt; the first pass of an enrolment completes the course in the same transaction.

    Sending it again answers the judged attempt. After the time limit, what was saved in time is judged and stands.
    Raises `AnswersRefusedError` if an answer is not on the form, or if one is missing and the learner did not say that
    this is final; `FormAlreadySentError` if it was sent before with other answers.
    """
    enrolment = locked_enrolment(attempt.enrolment)
    locked = enrolment.attempts.select_for_update().get(pk=attempt.pk)
    locked.enrolment = enrolment
    if locked.is_over(at):
        return judge(enrolment, locked, at=at)
    if locked.submitted_at is not None:
        return known_attempt(locked, answers)
    whole = {**locked.answers, **kept(locked, answers)}
    faults = faults_in(locked, whole, answers, is_final=is_final)
    if faults:
        raise AnswersRefusedError(faults)
    locked.answers = whole
    return judge(enrolment, locked, at=at)


def known_attempt(known: Attempt, answers: Answers) -> Attempt:
    said = {key: answer for key, answer in kept(known, answers).items() if answer or known.answers.get(key)}
    if {**known.answers, **said} != known.answers:
        raise FormAlreadySentError
    return known


def judge_overdue(*, at: datetime, most: int = 1000) -> int:
    """Judges what was saved in attempts whose time is over, the oldest first; answers how many. Twice is once."""
    due = list(Attempt.objects.ran_out(at).select_related("enrolment")[:most])
    for attempt in due:
        submit_attempt(attempt, {}, at=at)
    return len(due)


def faults_in(attempt: Attempt, whole: Answers, sent: Answers, *, is_final: bool) -> dict[str, str]:
    """What keeps the answers from being judged; a question left out does until the learner says that it is meant."""
    faults = {}
    for question, _drawn in attempt.questions():
        answer = whole.get(question.key)
        if is_final and not is_given(question.kind, answer):
            continue
        fault = fault_of(question.kind, question.texts, answer)
        if fault:
            faults[question.key] = fault
    if sent.keys() - {one["key"] for one in attempt.drawn}:
        faults[""] = _(
            "The form held an answer to a question that is not in this attempt. Please send this page again."
        )
    return faults


def judge(locked: Enrolment, attempt: Attempt, *, at: datetime) -> Attempt:
    """Counts the right answers, and completes the course if they suffice; what is judged stays as it is.

    What ran out was sent when its time was over, however much later somebody looks.
    """
    if attempt.submitted_at is not None:
        return attempt
    attempt.right = sum(
        is_right_answer(question, attempt.answers.get(question.key)) for question, _ in attempt.questions()
    )
    attempt.is_passed = 100 * attempt.right >= (locked.version.pass_mark or 0) * attempt.asked
    attempt.submitted_at = attempt.due_at if attempt.is_over(at) else at
    attempt.save(update_fields=["answers", "right", "is_passed", "submitted_at"])
    if attempt.is_passed:
        complete(locked, evidence=Evidence.ASSESSED, at=at, achieved_at=attempt.submitted_at, attempt_id=attempt.pk)
    return attempt


def is_right_answer(question: Question, answer: Answer | None) -> bool:
    """Whether the question was answered, in a way that can be judged, and rightly."""
    if answer is None or fault_of(question.kind, question.texts, answer):
        return False
    return is_right(question.kind, question.right, question.texts, answer)
