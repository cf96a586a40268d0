"""Which statements of a unit are taken: the rules of cmi5, sections 9.1 to 9.7.

What conflicts with them is refused with 403, as section 6.3 asks; then nothing has to be voided.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from courses.packages.learners import registration
from courses.packages.models import Launch
from courses.packages.outcomes import PlayedItem
from courses.packages.units import (
    CATEGORY,
    MASTERY,
    MOVE_ON_CATEGORY,
    NORMAL,
    SESSION,
    activity_id,
    actor_of,
    launch_mode,
)
from courses.statements.refusals import RefusedError

ADL = "http://adlnet.gov/expapi/verbs/"
INITIALIZED, COMPLETED, PASSED, FAILED, TERMINATED = (
    f"{ADL}{name}" for name in ("initialized", "completed", "passed", "failed", "terminated")
)
VOIDED = f"{ADL}voided"
OF_UNITS = (INITIALIZED, COMPLETED, PASSED, FAILED, TERMINATED)
SCORED = (PASSED, FAILED)
TIMED = (COMPLETED, PASSED, FAILED, TERMINATED)
# What the result says of success and completion, by verb; other verbs say nothing of either.
SAID = {PASSED: ("success", True), FAILED: ("success", False), COMPLETED: ("completion", True)}


@dataclass
class Session:
    """What the rules know of: the verbs that were sent in this session, and of this unit in the registration."""

    launch: Launch
    item: PlayedItem
    verbs: list[str] = field(default_factory=list)
    ever: set[str] = field(default_factory=set)

    def refuse(self, why: str) -> None:
        raise RefusedError(f"{why} (cmi5)", status=403)

    def take(self, statement: dict[str, Any]) -> bool:
        """Whether the statement is one that cmi5 defines. Raises `RefusedError` for one that it does not allow."""
        self.check_place(statement)
        is_defined = CATEGORY in ids_in(statement, "category")
        verb = statement["verb"]["id"]
        if TERMINATED in self.verbs:
            self.refuse("Nothing follows “terminated” in a session.")
        if INITIALIZED not in self.verbs and not (is_defined and verb == INITIALIZED):
            self.refuse("The first statement of a session is “initialized”.")
        if is_defined:
            self.check_defined(statement, verb)
            self.verbs.append(verb)
            self.ever.add(verb)
        return is_defined

    def check_place(self, statement: dict[str, Any]) -> None:
        """Who, in which registration and session, when."""
        context = statement.get("context", {})
        if statement["actor"].get("account") != actor_of(self.launch.state.enrolment)["account"]:
            self.refuse("The actor must be the one of the launch.")
        if str(context.get("registration", "")).lower() != str(registration(self.launch.state.enrolment)):
            self.refuse("The registration must be the one of the launch.")
        if context.get("extensions", {}).get(SESSION) != str(self.launch.session):
            self.refuse("The session must be the one of the context template.")
        if "id" not in statement or "timestamp" not in statement:
            self.refuse("A statement needs an id and a timestamp.")
        if statement["verb"]["id"] == VOIDED:
            self.refuse("A unit voids nothing.")

    def check_defined(self, statement: dict[str, Any], verb: str) -> None:
        if verb not in OF_UNITS:
            self.refuse("A unit does not send this verb in the category of cmi5.")
        if launch_mode(self.launch.state) != NORMAL and verb not in (INITIALIZED, TERMINATED):
            self.refuse("A unit that is looked at again reports no result.")
        if verb in self.verbs or (verb in SCORED and set(SCORED) & set(self.verbs)):
            self.refuse("Each verb comes once in a session, and either “passed” or “failed”.")
        if (verb in (COMPLETED, PASSED) and verb in self.ever) or (verb == FAILED and PASSED in self.ever):
            self.refuse("“completed” and “passed” come once in a registration, and “failed” not after “passed”.")
        if statement["object"].get("id") != activity_id(self.launch.state):
            self.refuse("The object must be the activity of the launch.")
        if self.item.item not in ids_in(statement, "grouping"):
            self.refuse("The context must hold all of the context template.")
        self.check_result(statement, verb)

    def check_result(self, statement: dict[str, Any], verb: str) -> None:
        result = statement.get("result", {})
        said = {name: result[name] for name in ("success", "completion") if name in result}
        if said != dict([SAID[verb]] if verb in SAID else []):
            self.refuse("The result must say what the verb says of success and completion, and no more.")
        if (MOVE_ON_CATEGORY in ids_in(statement, "category")) != bool(said):
            self.refuse("The category “moveon” belongs to results of success or completion.")
        if verb in TIMED and "duration" not in result:
            self.refuse("The result needs a duration.")
        if "score" in result:
            self.check_score(statement, verb, result["score"])

    def check_score(self, statement: dict[str, Any], verb: str, score: dict[str, Any]) -> None:
        if verb not in SCORED:
            self.refuse("Only “passed” and “failed” have a score.")
        if "raw" in score and not {"min", "max"} <= score.keys():
            self.refuse("A raw score needs min and max.")
        if not 0 <= score.get("scaled", 0) <= 1:
            self.refuse("A scaled score is from 0 to 1.")
        if self.item.mastery and "scaled" in score:
            mastery = float(self.item.mastery)
            if (score["scaled"] >= mastery) != (verb == PASSED):
                self.refuse("The score does not agree with the mastery score.")
            if statement["context"]["extensions"].get(MASTERY, mastery) != mastery:
                self.refuse("The mastery score must be the one of the launch data.")


def ids_in(statement: dict[str, Any], group: str) -> list[str]:
    """The ids of the activities in a group of the context; before xAPI 2.0 one may stand alone."""
    found: Iterable[dict[str, Any]] | dict[str, Any] = (
        statement.get("context", {}).get("contextActivities", {}).get(group, [])
    )
    return [str(one["id"]) for one in ([found] if isinstance(found, dict) else found)]
