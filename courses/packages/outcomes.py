"""What the values of a SCORM item come to: by the rules of the standard, not by what the package says alone."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from courses.catalogue.folders.videos import reports
from courses.packages.elements.kinds import seconds_of_interval, seconds_of_span
from courses.packages.manifests import Standard

# What the next session does not find set.
OF_A_SESSION = ("cmi.core.session_time", "cmi.session_time", "cmi.core.exit", "cmi.exit", "adl.nav.request")


@dataclass(frozen=True, kw_only=True)
class PlayedItem:
    """What the lesson says of the item that is played in it: the content of its `package` block."""

    standard: str
    item: str
    launch: str
    mastery: str = ""
    move_on: str = ""
    parameters: str = ""
    entitlement: str = ""
    threshold: str = ""
    time_allowed: str = ""
    at_time_limit: str = ""
    window: str = ""

    @classmethod
    def of_block(cls, block: Mapping[str, str]) -> "PlayedItem":
        """From the content of a `package` block, whose keys were checked when the course was published."""
        return cls(**{field.name: str(block[field.name]) for field in fields(cls) if field.name in block})

    @property
    def reports(self) -> bool:
        """Whether the item has to report before its lesson is done; else the learner says so."""
        return reports(vars(self))


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`None` is not known. `score` is per cent; `seconds` are those of this session; `values` as they are kept."""

    is_completed: bool | None
    is_passed: bool | None
    score: float | None
    seconds: float
    is_suspended: bool
    values: Mapping[str, str]

    @property
    def is_done(self) -> bool:
        """Whether the lesson is done: completed and not failed, or passed."""
        return bool(self.is_passed) or (bool(self.is_completed) and self.is_passed is not False)


def outcome_of(item: PlayedItem, values: Mapping[str, str], *, is_finished: bool) -> Outcome:
    """What the values mean; `is_finished` where the item has ended its session (LMSFinish, Terminate)."""
    if item.standard == Standard.SCORM_12:
        return outcome_of_12(item, values, is_finished=is_finished)
    return outcome_of_2004(item, values, is_finished=is_finished)


def outcome_of_12(item: PlayedItem, values: Mapping[str, str], *, is_finished: bool) -> Outcome:
    """SCORM 1.2 RTE 3.4.4, lesson_status: a score decides where the manifest names a mastery score, and an item that
    ends without a status is completed."""
    status = values.get("cmi.core.lesson_status", "not attempted")
    if is_finished and status == "not attempted":
        status = "completed"
    raw = values.get("cmi.core.score.raw", "")
    if item.mastery and raw and status in ("passed", "completed", "failed"):
        status = "passed" if float(raw) >= float(item.mastery) else "failed"
    session = values.get("cmi.core.session_time", "")
    return Outcome(
        is_completed=True if status in ("completed", "passed", "failed") else None,
        is_passed={"passed": True, "failed": False}.get(status),
        score=per_cent(raw, values.get("cmi.core.score.min", ""), values.get("cmi.core.score.max", "")),
        seconds=seconds_of_span(session) if session else 0,
        is_suspended=values.get("cmi.core.exit") == "suspend",
        values={**values, "cmi.core.lesson_status": status} if status != "not attempted" else dict(values),
    )


def outcome_of_2004(item: PlayedItem, values: Mapping[str, str], *, is_finished: bool) -> Outcome:
    """SCORM 2004 RTE 4.2.4.1 and 4.2.22.1; an item that ends without a status is completed (SN 4.5.4, End Attempt)."""
    is_suspended = values.get("cmi.exit") in ("suspend", "logout")
    completion = completion_of(item, values)
    if is_finished and not is_suspended and completion == "unknown":
        completion = "completed"
    success = success_of(item, values)
    session = values.get("cmi.session_time", "")
    return Outcome(
        is_completed={"completed": True, "incomplete": False, "not attempted": False}.get(completion),
        is_passed={"passed": True, "failed": False}.get(success),
        score=score_of(values),
        seconds=seconds_of_interval(session) if session else 0,
        is_suspended=is_suspended,
        values={**values, "cmi.completion_status": completion, "cmi.success_status": success},
    )


def completion_of(item: PlayedItem, values: Mapping[str, str]) -> str:
    measure = values.get("cmi.progress_measure", "")
    if item.threshold and measure:
        return "completed" if float(measure) >= float(item.threshold) else "incomplete"
    return values.get("cmi.completion_status", "unknown")


def success_of(item: PlayedItem, values: Mapping[str, str]) -> str:
    scaled = values.get("cmi.score.scaled", "")
    if not item.mastery:
        return values.get("cmi.success_status", "unknown")
    if not scaled:
        return "unknown"
    return "passed" if float(scaled) >= float(item.mastery) else "failed"


def score_of(values: Mapping[str, str]) -> float | None:
    scaled = values.get("cmi.score.scaled", "")
    if scaled:
        return max(0.0, 100 * float(scaled))
    return per_cent(*(values.get(f"cmi.score.{name}", "") for name in ("raw", "min", "max")))


def per_cent(raw: str, least: str, most: str) -> float | None:
    """The raw score between the least and the most; without bounds it is per cent already. From 0 to 100."""
    if not raw:
        return None
    low, high = float(least or 0), float(most or 100)
    if high <= low:
        low, high = 0.0, 100.0
    return min(100.0, max(0.0, 100 * (float(raw) - low) / (high - low)))
