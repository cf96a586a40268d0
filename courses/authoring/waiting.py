"""What the header says beside "Authoring": how many drafts wait for its reader to look at them."""

from django.db.models import Count, OuterRef, Subquery
from django.utils.translation import ngettext

from courses.authoring.models import Draft
from programs.models import Role
from programs.waiting import Waiting

AUTHORS = (Role.AUTHOR, Role.PROGRAM_MANAGER)


def drafts_that_wait() -> Waiting:
    return Waiting(AUTHORS, number, in_words)


def number() -> Subquery:
    """Of a membership."""
    waiting = Draft.objects.filter(program=OuterRef("program")).waiting_for(OuterRef("user"))
    return Subquery(waiting.order_by().values("program").annotate(number=Count("pk")).values("number"))


def in_words(number: int) -> str:
    said = ngettext("%(number)d draft waits for a second person", "%(number)d drafts wait for a second person", number)
    return said % {"number": number}
