"""The data model of SCORM 1.2 (Run-Time Environment 3.4), all of it, the optional elements too."""

from courses.packages.elements.kinds import Element

_STATUS = ("one", "passed", "completed", "failed", "incomplete", "browsed")
_SCORE = ("blank-or-number", 0, 100)
_TEXT = ("text", 255)
_LONG = ("text", 4096)
_SPAN = ("span",)

ELEMENTS: dict[str, Element] = {
    "cmi.core.student_id": Element(("word", 255), "r", ""),
    "cmi.core.student_name": Element(_TEXT, "r", ""),
    "cmi.core.lesson_location": Element(_TEXT, "rw", ""),
    "cmi.core.credit": Element(("one", "credit", "no-credit"), "r", "credit"),
    "cmi.core.lesson_status": Element(_STATUS, "rw", "not attempted"),
    "cmi.core.entry": Element(("one", "ab-initio", "resume", ""), "r", "ab-initio"),
    "cmi.core.score.raw": Element(_SCORE, "rw", ""),
    "cmi.core.score.max": Element(_SCORE, "rw", ""),
    "cmi.core.score.min": Element(_SCORE, "rw", ""),
    "cmi.core.total_time": Element(_SPAN, "r", "0000:00:00.00"),
    "cmi.core.lesson_mode": Element(("one", "browse", "normal", "review"), "r", "normal"),
    "cmi.core.exit": Element(("one", "time-out", "suspend", "logout", ""), "w"),
    "cmi.core.session_time": Element(_SPAN, "w"),
    "cmi.suspend_data": Element(_LONG, "rw", ""),
    "cmi.launch_data": Element(_LONG, "r", ""),
    "cmi.comments": Element(_LONG, "rw", ""),
    "cmi.comments_from_lms": Element(_LONG, "r", ""),
    "cmi.objectives.n.id": Element(("word", 255), "rw", ""),
    "cmi.objectives.n.score.raw": Element(_SCORE, "rw", ""),
    "cmi.objectives.n.score.max": Element(_SCORE, "rw", ""),
    "cmi.objectives.n.score.min": Element(_SCORE, "rw", ""),
    "cmi.objectives.n.status": Element((*_STATUS, "not attempted"), "rw", "not attempted"),
    "cmi.student_data.mastery_score": Element(("blank-or-number", 0, 100), "r", ""),
    "cmi.student_data.max_time_allowed": Element(_SPAN, "r", ""),
    "cmi.student_data.time_limit_action": Element(
        ("one", "exit,message", "exit,no message", "continue,message", "continue,no message", ""), "r", ""
    ),
    "cmi.student_preference.audio": Element(("whole", -1, 100), "rw", "0"),
    "cmi.student_preference.language": Element(_TEXT, "rw", ""),
    "cmi.student_preference.speed": Element(("whole", -100, 100), "rw", "0"),
    "cmi.student_preference.text": Element(("whole", -1, 1), "rw", "0"),
    "cmi.interactions.n.id": Element(("word", 255), "w"),
    "cmi.interactions.n.objectives.n.id": Element(("word", 255), "w"),
    "cmi.interactions.n.time": Element(("time",), "w"),
    "cmi.interactions.n.type": Element(
        ("one", "true-false", "choice", "fill-in", "matching", "performance", "sequencing", "likert", "numeric"), "w"
    ),
    "cmi.interactions.n.correct_responses.n.pattern": Element(_TEXT, "w"),
    "cmi.interactions.n.weighting": Element(("number", None, None), "w"),
    "cmi.interactions.n.student_response": Element(_TEXT, "w"),
    "cmi.interactions.n.result": Element(("result", "correct", "wrong", "unanticipated", "neutral"), "w"),
    "cmi.interactions.n.latency": Element(_SPAN, "w"),
}
# Which answer to _children; others have none, whatever lies below them.
PARENTS = (
    "cmi.core", "cmi.core.score", "cmi.objectives", "cmi.objectives.n.score", "cmi.student_data",
    "cmi.student_preference", "cmi.interactions",
)  # fmt: skip
VERSION = "3.4"
