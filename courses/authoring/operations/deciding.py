"""From a draft to a published course: whoever wrote it submits it, somebody else publishes it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from courses.authoring.models import Draft, Revision
from courses.authoring.reading import Reading
from courses.catalogue.models import Course
from courses.catalogue.operations import CourseRefusedError, publish_course
from people.models import Person
from programs.models import Program


class DecisionRefusedError(Exception):
    """The draft cannot be submitted, published, sent back or withdrawn; the message says why."""


def locked(draft: Draft) -> Draft:
    return Draft.objects.select_for_update(of=("self",)).select_related("program", "course").get(pk=draft.pk)


@transaction.atomic
def submit(draft: Draft, *, by: User, at: datetime) -> Draft:
    """Asks for a second person. Raises `DecisionRefusedError` for a draft with faults, or that is not being written."""
    found = locked(draft)
    if found.is_in_review:
        return found
    if not found.is_open:
        raise DecisionRefusedError(_("This draft is not being written any more."))
    faults = Reading.of(found).faults
    if faults:
        raise DecisionRefusedError(
            _("%(number)d faults are to be mended first. The first: %(fault)s")
            % {"number": len(faults), "fault": faults[0]}
        )
    found.state, found.submitted_by, found.submitted_at = Draft.State.IN_REVIEW, by, at
    found.save(update_fields=["state", "submitted_by", "submitted_at"])
    return found


def is_author(draft: Draft, user: User) -> bool:
    """Whether the user has changed something in the draft or submitted it, by whichever of their accounts."""
    changed = Revision.objects.filter(draft=draft, by__isnull=False).values_list("by", flat=True)
    return not {*changed, draft.submitted_by_id}.isdisjoint(accounts_of(user, draft.program))


def accounts_of(user: User, program: Program) -> set[int]:
    """The user, and the other users who are known to be the same human being: their persons were merged."""
    own = Person.objects.of(program).filter(user=user).first()
    same = Person.objects.counted_as(own).filter(user__isnull=False).values_list("user", flat=True) if own else []
    return {user.pk, *same}


@transaction.atomic
def approve(draft: Draft, *, submission: datetime | None, by: User, at: datetime) -> Draft:
    """Publishes the draft; approving twice is approving once. `submission` is when what was read was submitted.

    Raises `DecisionRefusedError` for somebody who wrote in it or submitted it, for a draft that is not in review or was
    submitted anew since it was read, and where the course cannot be published.
    """
    found = locked(draft)
    if found.state == Draft.State.PUBLISHED:
        return found
    if not found.is_in_review:
        raise DecisionRefusedError(_("This draft is not in review."))
    if found.submitted_at != submission:
        raise DecisionRefusedError(_("The draft was changed since you opened this page. Look at it again."))
    if is_author(found, by):
        raise DecisionRefusedError(_("You have written in this draft yourself. A second person must publish it."))
    reading = Reading.of(found)
    if reading.course is None or reading.faults:
        raise DecisionRefusedError("\n".join(str(fault) for fault in reading.faults))
    try:
        publish_course(found.program, reading.course, reading.files, at=at)
    except CourseRefusedError as error:
        raise DecisionRefusedError(str(error)) from error
    course = Course.objects.get(program=found.program_id, code=found.code)
    found.course, found.published, found.title = course, course.newest_version(), course.title
    return decided(found, Draft.State.PUBLISHED, by=by, at=at)


@transaction.atomic
def send_back(draft: Draft, *, note: str, by: User, at: datetime) -> Draft:
    """Gives the draft back to its authors with what is to be changed. Raises `DecisionRefusedError` without a note."""
    found = locked(draft)
    if not found.is_in_review:
        raise DecisionRefusedError(_("This draft is not in review."))
    said = note.replace("\0", "").strip()
    if not said:
        raise DecisionRefusedError(_("Say what is to be changed."))
    found.note = said[:5000]
    return decided(found, Draft.State.OPEN, by=by, at=at)


@transaction.atomic
def withdraw(draft: Draft, *, by: User, at: datetime) -> Draft:
    """Ends the draft without publishing it. What was written is kept. Twice is once."""
    found = locked(draft)
    if found.state == Draft.State.WITHDRAWN:
        return found
    if found.state == Draft.State.PUBLISHED:
        raise DecisionRefusedError(_("This draft has been published."))
    return decided(found, Draft.State.WITHDRAWN, by=by, at=at)


def decided(draft: Draft, state: Draft.State, *, by: User, at: datetime) -> Draft:
    draft.state, draft.decided_by, draft.decided_at = state, by, at
    draft.save(update_fields=["state", "decided_by", "decided_at", "note", "course", "published", "title"])
    return draft
