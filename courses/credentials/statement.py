"""What a credential states: an Open Badges 3.0 credential in the W3C Verifiable Credentials data model 2.0, as JWT.

The form is that of Open Badges 3.0, section 8.2 (https://www.imsglobal.org/spec/ob/v3p0/#jwt-proof). It names nobody:
the subject is a random-looking URN of this one credential.
"""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import jwt
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop, ngettext

from courses.catalogue.models import Course
from courses.credentials.keys import issuer_id, key_id, signing_keys
from courses.credentials.models import Credential
from programs.models import Evidence, Program
from programs.models.program import names_in

CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
EVIDENCE, MINUTES = "Evidence", "Learning time in minutes"
CRITERIA = {
    Evidence.OPENED: gettext_noop("Open the course."),
    Evidence.COMPLETED: gettext_noop("Complete every lesson of the course."),
    Evidence.ASSESSED: gettext_noop("Complete the course and pass its assessment."),
    Evidence.SUPERVISED: gettext_noop("Complete the course and pass its assessment under supervision."),
}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What never changes in a credential, and must be the same in its signed text and in our records."""

    code: str
    program: str
    course: str
    evidence: str
    achieved_on: str
    issued_at: str


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What a signed text says, as a reader needs it."""

    facts: Facts
    title: str
    issuer: str
    criteria: str
    minutes: int | None

    @property
    def learning_time(self) -> str:
        """In words, such as "4 hours 30 minutes"; empty if the course states none."""
        hours, minutes = divmod(self.minutes or 0, 60)
        in_hours = ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": hours}
        in_minutes = ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": minutes}
        return " ".join(text for text, number in ((in_hours, hours), (in_minutes, minutes)) if number)

    @property
    def criteria_in_words(self) -> str:
        """In the reader's language where it is what we sign today, else as it was signed."""
        return gettext(self.criteria) if self.criteria in CRITERIA.values() else self.criteria

    @property
    def evidence_in_words(self) -> str:
        """In the reader's language where there is such a level, else as it was signed."""
        labels = {level(one): str(one.label) for one in Evidence}
        return labels.get(self.facts.evidence, self.facts.evidence)


def signed_statement(credential: Credential) -> str:
    """The credential's statement, signed with the program's first key."""
    key = signing_keys(credential.program)[0]
    # Open Badges 3.0 allows no other typ than JWT, although VC-JOSE-COSE would like vc+jwt.
    headers = {"typ": "JWT", "kid": key_id(credential.program, key)}
    return jwt.encode(payload(credential), key.private, algorithm="EdDSA", headers=headers)


def payload(credential: Credential) -> dict[str, Any]:
    """The claims: the credential itself, and those of its properties that a JWT repeats under its own names."""
    address = settings.SITE_URL + reverse("verify", args=[credential.code])
    issuer, subject = issuer_id(credential.program), urn("credential", credential.code)
    return {
        "@context": CONTEXTS,
        "id": address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": credential.achievement.course.title,
        "issuer": {"id": issuer, "type": ["Profile"], "name": own_name(credential.program), "url": settings.SITE_URL},
        "validFrom": moment_text(credential.issued_at),
        "credentialSubject": _subject(credential) | {"id": subject},
        "iss": issuer,
        "jti": address,
        "sub": subject,
        "nbf": int(credential.issued_at.timestamp()),
    }


def _subject(credential: Credential) -> dict[str, Any]:
    achievement = credential.achievement
    zone = ZoneInfo(credential.program.time_zone)
    results = [(_evidence_id(achievement.course), level(achievement.evidence))]
    if achievement.course.minutes is not None:
        results.append((_minutes_id(achievement.course), str(achievement.course.minutes)))
    return {
        "type": ["AchievementSubject"],
        "activityEndDate": datetime.combine(achievement.achieved_on, time.min, zone).isoformat(),
        "achievement": _achievement(achievement.course, Evidence(achievement.evidence)),
        "result": [{"type": ["Result"], "resultDescription": known, "value": value} for known, value in results],
    }


def _achievement(course: Course, evidence: Evidence) -> dict[str, Any]:
    levels = [level(one) for one in Evidence]
    described: list[dict[str, Any]] = [
        {"id": _evidence_id(course), "name": EVIDENCE, "resultType": "PerformanceLevel", "allowedValue": levels}
    ]
    if course.minutes is not None:
        described.append({"id": _minutes_id(course), "name": MINUTES, "resultType": "Result"})
    return {
        "id": urn("course", course.program.code, course.code),
        "type": ["Achievement"],
        "achievementType": "Course",
        "humanCode": course.code,
        "name": course.title,
        "description": course.summary or course.title,
        "criteria": {"narrative": CRITERIA[evidence]},
        "resultDescription": [{"type": ["ResultDescription"], **description} for description in described],
    }


def _evidence_id(course: Course) -> str:
    return urn("course", course.program.code, course.code, "evidence")


def _minutes_id(course: Course) -> str:
    return urn("course", course.program.code, course.code, "minutes")


def recorded_facts(credential: Credential) -> Facts:
    """The facts as our records have them."""
    achievement = credential.achievement
    return Facts(
        code=credential.code,
        program=credential.program.code,
        course=achievement.course.code,
        evidence=level(achievement.evidence),
        achieved_on=achievement.achieved_on.isoformat(),
        issued_at=moment_text(credential.issued_at),
    )


def read_statement(claims: dict[str, Any]) -> Statement:
    """What verified claims say; KeyError, TypeError, ValueError or AttributeError if they are not of our form."""
    subject = claims["credentialSubject"]
    achievement = subject["achievement"]
    names = {description["id"]: description["name"] for description in achievement["resultDescription"]}
    results = {names[result["resultDescription"]]: result["value"] for result in subject["result"]}
    minutes = results.get(MINUTES)
    facts = Facts(
        code=claims["jti"].rstrip("/").rpartition("/")[2],
        program=claims["iss"].rpartition(":")[2],
        course=achievement["humanCode"],
        evidence=results[EVIDENCE],
        achieved_on=subject["activityEndDate"][:10],
        issued_at=claims["validFrom"],
    )
    return Statement(
        facts=facts,
        title=achievement["name"],
        issuer=claims["issuer"]["name"],
        criteria=achievement["criteria"]["narrative"],
        minutes=None if minutes is None else int(minutes),
    )


def level(evidence: int) -> str:
    """The name of an evidence level in signed text; it never changes, as a label might."""
    return Evidence(evidence).name.lower()


def urn(*parts: str) -> str:
    """A URN that is the same for the same parts, wherever the site lies."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, 'uplift:' + ':'.join(parts))}"


def moment_text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def own_name(program: Program) -> str:
    """The program's name in its first language, whatever the reader's."""
    with names_in(program.languages[0]):
        return program.name
