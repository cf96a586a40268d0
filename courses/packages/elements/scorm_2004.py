"""The data model of SCORM 2004, 4th edition (Run-Time Environment 4.2), with navigation (Sequencing 5.6).

Lengths are what every system must take at least ("smallest permitted maximum"); four times as much is taken here.
"""

from courses.packages.elements.kinds import Element

_MORE = 4
_SHORT, _LONG, _NAME = 250 * _MORE, 4_000 * _MORE, 4_000
_COMPLETION = ("one", "completed", "incomplete", "not attempted", "unknown")
_SUCCESS = ("one", "passed", "failed", "unknown")
_REAL = ("number", None, None)
_TRUTH = ("one", "true", "false", "unknown")

ELEMENTS: dict[str, Element] = {
    "cmi.comments_from_learner.n.comment": Element(("localized", _LONG)),
    "cmi.comments_from_learner.n.location": Element(("text", _SHORT)),
    "cmi.comments_from_learner.n.timestamp": Element(("moment",)),
    "cmi.comments_from_lms.n.comment": Element(("localized", _LONG), "r"),
    "cmi.comments_from_lms.n.location": Element(("text", _SHORT), "r"),
    "cmi.comments_from_lms.n.timestamp": Element(("moment",), "r"),
    "cmi.completion_status": Element(_COMPLETION, "rw", "unknown"),
    "cmi.completion_threshold": Element(("number", 0, 1), "r"),
    "cmi.credit": Element(("one", "credit", "no-credit"), "r", "credit"),
    "cmi.entry": Element(("one", "ab-initio", "resume", ""), "r", "ab-initio"),
    "cmi.exit": Element(("one", "time-out", "suspend", "logout", "normal", ""), "w", ""),
    "cmi.interactions.n.id": Element(("identifier", _NAME)),
    "cmi.interactions.n.type": Element(
        (
            "one", "true-false", "choice", "fill-in", "long-fill-in", "matching", "performance", "sequencing", "likert",
            "numeric", "other",
        ), after="id",
    ),
    "cmi.interactions.n.objectives.n.id": Element(("identifier", _NAME), after="id"),
    "cmi.interactions.n.timestamp": Element(("moment",), after="id"),
    "cmi.interactions.n.correct_responses.n.pattern": Element(("pattern", _LONG), after="type"),
    "cmi.interactions.n.weighting": Element(_REAL, after="id"),
    "cmi.interactions.n.learner_response": Element(("response", _LONG), after="type"),
    "cmi.interactions.n.result": Element(
        ("result", "correct", "incorrect", "unanticipated", "neutral"), after="id"
    ),
    "cmi.interactions.n.latency": Element(("interval",), after="id"),
    "cmi.interactions.n.description": Element(("localized", _SHORT), after="id"),
    "cmi.launch_data": Element(("text", _LONG), "r"),
    "cmi.learner_id": Element(("identifier", _NAME), "r"),
    "cmi.learner_name": Element(("localized", _SHORT), "r"),
    "cmi.learner_preference.audio_level": Element(("number", 0, None), "rw", "1"),
    "cmi.learner_preference.language": Element(("language",), "rw", ""),
    "cmi.learner_preference.delivery_speed": Element(("number", 0, None), "rw", "1"),
    "cmi.learner_preference.audio_captioning": Element(("one", "-1", "0", "1"), "rw", "0"),
    "cmi.location": Element(("text", 1_000 * _MORE)),
    "cmi.max_time_allowed": Element(("interval",), "r"),
    "cmi.mode": Element(("one", "browse", "normal", "review"), "r", "normal"),
    "cmi.objectives.n.id": Element(("identifier", _NAME)),
    "cmi.objectives.n.score.scaled": Element(("number", -1, 1), after="id"),
    "cmi.objectives.n.score.raw": Element(_REAL, after="id"),
    "cmi.objectives.n.score.min": Element(_REAL, after="id"),
    "cmi.objectives.n.score.max": Element(_REAL, after="id"),
    "cmi.objectives.n.success_status": Element(_SUCCESS, "rw", "unknown", after="id"),
    "cmi.objectives.n.completion_status": Element(_COMPLETION, "rw", "unknown", after="id"),
    "cmi.objectives.n.progress_measure": Element(("number", 0, 1), after="id"),
    "cmi.objectives.n.description": Element(("localized", _SHORT), after="id"),
    "cmi.progress_measure": Element(("number", 0, 1)),
    "cmi.scaled_passing_score": Element(("number", -1, 1), "r"),
    "cmi.score.scaled": Element(("number", -1, 1)),
    "cmi.score.raw": Element(_REAL),
    "cmi.score.min": Element(_REAL),
    "cmi.score.max": Element(_REAL),
    "cmi.session_time": Element(("interval",), "w"),
    "cmi.success_status": Element(_SUCCESS, "rw", "unknown"),
    "cmi.suspend_data": Element(("text", 64_000 * _MORE)),
    "cmi.time_limit_action": Element(
        ("one", "exit,message", "exit,no message", "continue,message", "continue,no message"), "r",
        "continue,no message",
    ),
    "cmi.total_time": Element(("interval",), "r", "PT0H0M0S"),
    "adl.nav.request": Element(("request",), "rw", "_none_"),
    "adl.nav.request_valid.continue": Element(_TRUTH, "r", "unknown"),
    "adl.nav.request_valid.previous": Element(_TRUTH, "r", "unknown"),
    "adl.data.n.id": Element(("identifier", _NAME), "r"),
    "adl.data.n.store": Element(("text", 64_000), "r"),
}  # fmt: skip
PARENTS = (
    "cmi.comments_from_learner", "cmi.comments_from_lms", "cmi.interactions", "cmi.learner_preference",
    "cmi.objectives", "cmi.objectives.n.score", "cmi.score", "adl.data",
)  # fmt: skip
VERSION = "1.0"
# Once set, they stay; no two of an array are alike.
UNIQUE = ("cmi.objectives.n.id", "cmi.interactions.n.objectives.n.id")
WRITTEN_ONCE = ("cmi.objectives.n.id",)
