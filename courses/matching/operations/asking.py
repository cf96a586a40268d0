"""Asking for a search between two nights: a row that a worker finds."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from courses.matching.models import AskedSearch
from programs.models import Program

from .deciding import refuse_unless_may
from .finding import find_candidates


@transaction.atomic
def ask_for_search(program: Program, *, at: datetime, by: User) -> AskedSearch:
    """Asks for a search as soon as a worker is free, and rings for one. Asking while one waits is asking once.

    Raises `DecisionRefusedError` for somebody without the role.
    """
    refuse_unless_may(by, program)
    Program.objects.select_for_update(no_key=True).get(pk=program.pk)
    if waiting := AskedSearch.objects.of(program).waiting().first():
        return waiting
    asked = AskedSearch.objects.create(program=program, asked_at=at, asked_by=by)
    _ring()
    return asked


def find_candidates_asked(*, at: datetime) -> None:
    """Searches each program for which a search was asked, unless somebody is at it; then it is found the next time."""
    for program in Program.objects.filter(pk__in=AskedSearch.objects.waiting().values("program")):
        find_candidates(program, at=at)


def _ring() -> None:
    from courses.matching.tasks import find_candidates_asked as task

    # The ring may be lost without harm: beat finds the row.
    transaction.on_commit(task.delay, robust=True)
