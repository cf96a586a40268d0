"""What the header says beside "Authoring": how many drafts wait for its reader to look at them."""

from django.utils.translation import ngettext

from courses.authoring.models import Draft
from programs.models import Membership, Role
from programs.waiting import Waiting

AUTHORS = (Role.AUTHOR, Role.PROGRAM_MANAGER)


def drafts_that_wait() -> Waiting:
    return Waiting(AUTHORS, number, in_words)


def number(membership: Membership) -> int:
    return Draft.objects.filter(program=membership.program_id).waiting_for(membership.user_id).count()


def in_words(number: int) -> str:
    said = ngettext("%(number)d draft waits for a second person", "%(number)d drafts wait for a second person", number)
    return said % {"number": number}
