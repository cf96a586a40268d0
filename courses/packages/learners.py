"""How packages call a learner: by a name that says nothing to anybody else."""

import hmac
from uuid import UUID

from django.conf import settings

from courses.learning.models import Enrolment

NOBODY = "Learner"


def _keyed(purpose: str, *parts: object) -> bytes:
    said = "\n".join(["courses.packages", purpose, *map(str, parts)])
    return hmac.digest(settings.SECRET_KEY.encode(), said.encode(), "sha256")


def learner_id(enrolment: Enrolment) -> str:
    """The same in all sessions of a learner in one course, another in every other course: 32 hexadecimal digits."""
    return _keyed("learner", enrolment.program_id, enrolment.pk).hex()[:32]


def registration(enrolment: Enrolment) -> UUID:
    """The registration of cmi5: one for an enrolment."""
    return UUID(bytes=_keyed("registration", enrolment.program_id, enrolment.pk)[:16], version=4)
