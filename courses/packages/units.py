"""What a unit of cmi5 is told when it is launched (cmi5 sections 8 to 11)."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings

from courses.learning.models import Enrolment
from courses.packages.learners import learner_id, registration
from courses.packages.manifests import MoveOn
from courses.packages.models import Launch, PackageState
from courses.packages.outcomes import PlayedItem

IRI = "https://w3id.org/xapi/cmi5/context"
CATEGORY = f"{IRI}/categories/cmi5"
MOVE_ON_CATEGORY = f"{IRI}/categories/moveon"
SESSION, MASTERY, LAUNCH_MODE, LAUNCH_URL, MOVE_ON, PARAMETERS = (
    f"{IRI}/extensions/{name}"
    for name in ("sessionid", "masteryscore", "launchmode", "launchurl", "moveon", "launchparameters")
)
NORMAL, REVIEW = "Normal", "Review"
LAUNCH_DATA, PREFERENCES = "LMS.LaunchData", "cmi5LearnerPreferences"


def actor_of(enrolment: Enrolment) -> dict[str, Any]:
    """The learner as an agent; the account says nothing of who they are."""
    return {"objectType": "Agent", "account": {"homePage": settings.SITE_URL, "name": learner_id(enrolment)}}


def course_id(enrolment: Enrolment) -> str:
    return f"{settings.SITE_URL}/p/{enrolment.program.code}/courses/{enrolment.course.code}/"


def activity_id(state: PackageState) -> str:
    """The unit's own, the same for every learner and every launch."""
    return f"{course_id(state.enrolment)}{state.lesson.slug}/"


def launch_mode(state: PackageState) -> str:
    """Who has done the unit may look at it again; it reports nothing then, as it may report each result only once."""
    return NORMAL if state.done_at is None else REVIEW


def launch_address(content: str, launch: Launch, item: PlayedItem, *, base: str) -> str:
    """The address of the unit with the parameters of the launch; `base` is the address of the launch."""
    enrolment = launch.state.enrolment
    given = {
        "endpoint": f"{base}xapi/",
        "fetch": f"{base}fetch/",
        "actor": json.dumps(actor_of(enrolment), separators=(",", ":")),
        "registration": str(registration(enrolment)),
        "activityId": activity_id(launch.state),
    }
    address, mark, fragment = content.partition("#")
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in given.items())
    return f"{address}{'&' if '?' in address else '?'}{query}{mark}{fragment}"


def context_template(launch: Launch, item: PlayedItem) -> dict[str, Any]:
    """What every statement of the session has in its context."""
    publisher = {"objectType": "Activity", "id": item.item}
    return {"contextActivities": {"grouping": [publisher]}, "extensions": {SESSION: str(launch.session)}}


def launch_data(launch: Launch, item: PlayedItem, *, base: str) -> dict[str, Any]:
    """The document LMS.LaunchData (section 10)."""
    said: dict[str, Any] = {
        "contextTemplate": context_template(launch, item),
        "launchMode": launch_mode(launch.state),
        "launchMethod": "OwnWindow" if item.window else "AnyWindow",
        "moveOn": item.move_on or MoveOn.NOT_APPLICABLE,
        "returnURL": f"{base}ended/",
    }
    if item.mastery:
        said["masteryScore"] = float(item.mastery)
    if item.parameters:
        said["launchParameters"] = item.parameters
    if item.entitlement:
        said["entitlementKey"] = {"courseStructure": item.entitlement}
    return said


def preferences(launch: Launch) -> dict[str, str]:
    """What an agent profile says of a learner who has set nothing (section 11)."""
    return {"languagePreference": launch.language, "audioPreference": "on"}


def statement_of(launch: Launch, item: PlayedItem, verb: str, name: str) -> dict[str, Any]:
    """A statement of ours about the unit, in the category of cmi5 (section 9)."""
    context = context_template(launch, item)
    context["registration"] = str(registration(launch.state.enrolment))
    context["contextActivities"]["category"] = [{"objectType": "Activity", "id": CATEGORY}]
    return {
        "actor": actor_of(launch.state.enrolment),
        "verb": {"id": verb, "display": {"en": name}},
        "object": {"objectType": "Activity", "id": activity_id(launch.state)},
        "context": context,
    }


def launched(launch: Launch, item: PlayedItem) -> dict[str, Any]:
    said = statement_of(launch, item, "http://adlnet.gov/expapi/verbs/launched", "launched")
    extensions = said["context"]["extensions"]
    extensions |= {
        LAUNCH_MODE: launch_mode(launch.state),
        MOVE_ON: item.move_on or MoveOn.NOT_APPLICABLE,
        LAUNCH_URL: f"{settings.PACKAGES_URL}/{item.launch.partition('?')[0]}",
    }
    if item.mastery:
        extensions[MASTERY] = float(item.mastery)
    if item.parameters:
        extensions[PARAMETERS] = item.parameters
    return said


def abandoned(launch: Launch, item: PlayedItem, *, at: datetime) -> dict[str, Any]:
    said = statement_of(launch, item, "https://w3id.org/xapi/adl/verbs/abandoned", "abandoned")
    return said | {"result": {"duration": f"PT{max(0, round((at - launch.made_at).total_seconds(), 2))}S"}}


def satisfied(launch: Launch, item: PlayedItem) -> dict[str, Any]:
    """That the learner has met what the whole course asks for."""
    said = statement_of(launch, item, "https://w3id.org/xapi/adl/verbs/satisfied", "satisfied")
    definition = {"type": "https://w3id.org/xapi/cmi5/activitytype/course"}
    about = {"objectType": "Activity", "id": course_id(launch.state.enrolment), "definition": definition}
    return said | {"object": about}
