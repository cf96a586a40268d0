"""What is played in a lesson, and what the player has to know of it."""

from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from courses.catalogue.models import Lesson, LessonTranslation
from courses.packages.elements import MODELS, model_for_player
from courses.packages.elements.claims import table_name
from courses.packages.elements.kinds import interval_of_seconds, span_of_seconds
from courses.packages.learners import NOBODY, learner_id
from courses.packages.manifests import Standard
from courses.packages.models import Launch, PackageState
from courses.packages.outcomes import PlayedItem


def item_of(lesson: Lesson, language: str) -> tuple[str, PlayedItem] | None:
    """Title and item of the lesson, in the language or in the one that it is written in; `None` if it plays nothing."""
    translations = {one.language: one for one in LessonTranslation.objects.filter(lesson=lesson)}
    shown = translations.get(language) or translations.get(lesson.version.language)
    if shown is None:
        return None
    blocks = [block["package"] for block in shown.blocks if "package" in block]
    return (shown.title, PlayedItem.of_block(blocks[0])) if blocks else None


def content_address(launch: str) -> str:
    """Where the player finds what is launched: `launch` is a path in the course, with ?query and #part."""
    path, fragment_mark, fragment = launch.partition("#")
    path, query_mark, query = path.partition("?")
    safe_query = quote(query, safe="!$&'()*+,;=:@/?%-._~")
    safe_fragment = quote(fragment, safe="!$&'()*+,;=:@/?%-._~")
    return f"content/{quote(path.removeprefix('package/'))}{query_mark}{safe_query}{fragment_mark}{safe_fragment}"


def settings_of(launch: Launch, item: PlayedItem, *, content: str, page: str) -> dict[str, Any]:
    """What the player reads; `page` is the origin of the page around it."""
    tracked = item.standard in MODELS
    return {
        "standard": item.standard,
        "content": content,
        "commit": "commit",
        "sequence": launch.sequence,
        "page": page,
        "model": model_for_player(item.standard) if tracked else None,
        "values": values_for(launch.state, item) if tracked else {},
        "mastery": item.mastery if item.standard == Standard.SCORM_2004 else "",
        "threshold": item.threshold,
        "words": words(),
    }


def words() -> dict[str, str]:
    """What the player says of how things stand."""
    return {
        "saved": _("Saved."),
        "saving": _("Saving …"),
        "waiting": _("Not saved yet: there is no connection. It is tried again; please leave this page open."),
        "ended": _("Saved. This lesson has ended; you can go on."),
        "elsewhere": _("This lesson was opened again in another window. What you do here is no longer saved."),
        "over": _("This can no longer be saved. Please open the lesson again."),
    }


def values_for(state: PackageState, item: PlayedItem) -> dict[str, str]:
    """What is known when the item starts: what it set itself, and what it can only read."""
    who = learner_id(state.enrolment)
    said = (
        scorm_12_values(state, item, who) if item.standard == Standard.SCORM_12 else scorm_2004_values(state, item, who)
    )
    kept = {name: "" if is_write_only(item.standard, name) else value for name, value in state.values.items()}
    return {**kept, **{name: value for name, value in said.items() if value is not None}}


def is_write_only(standard: str, name: str) -> bool:
    """Whether the item never reads it again: that it was set is enough to know, and saves the way."""
    return MODELS[standard][table_name(name)].access == "w"


def scorm_12_values(state: PackageState, item: PlayedItem, who: str) -> dict[str, str | None]:
    return {
        "cmi.core.student_id": who,
        "cmi.core.student_name": NOBODY,
        "cmi.core.entry": state.entry,
        "cmi.core.total_time": span_of_seconds(float(state.seconds)),
        "cmi.launch_data": item.parameters,
        "cmi.student_data.mastery_score": item.mastery,
        "cmi.student_data.max_time_allowed": item.time_allowed,
        "cmi.student_data.time_limit_action": item.at_time_limit,
    }


def scorm_2004_values(state: PackageState, item: PlayedItem, who: str) -> dict[str, str | None]:
    return {
        "cmi.learner_id": who,
        "cmi.learner_name": NOBODY,
        "cmi.entry": state.entry,
        "cmi.total_time": interval_of_seconds(float(state.seconds)),
        "cmi.launch_data": item.parameters or None,
        "cmi.scaled_passing_score": item.mastery or None,
        "cmi.completion_threshold": item.threshold or None,
        "cmi.max_time_allowed": item.time_allowed or None,
        "cmi.time_limit_action": item.at_time_limit or None,
    }
