"""What a manifest says, whichever standard it is written in."""

from dataclasses import dataclass, field
from enum import StrEnum

from courses.catalogue.sections import Fault

# What no browser shows within a sandbox, and every course may offer for download.
DOWNLOADED = (".pdf", ".csv", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".zip")


class Standard(StrEnum):
    SCORM_12 = "scorm-1.2"
    SCORM_2004 = "scorm-2004"
    CMI5 = "cmi5"
    COMMON_CARTRIDGE = "common-cartridge"


class MoveOn(StrEnum):
    """What an item has to report until it is done: the vocabulary of cmi5 13.1.4.

    Of other standards only `NOT_APPLICABLE` is used, for items that report nothing.
    """

    PASSED = "Passed"
    COMPLETED = "Completed"
    COMPLETED_AND_PASSED = "CompletedAndPassed"
    COMPLETED_OR_PASSED = "CompletedOrPassed"
    NOT_APPLICABLE = "NotApplicable"


class PackageRefusedError(Exception):
    """The archive is no package that can be played; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """What is played: a SCO, an AU, a page. `launch` is its path in the archive, with `?query` and `#part` if any.

    Scores are texts as the standard writes them: 0 to 100 in SCORM 1.2, -1 to 1 in SCORM 2004, 0 to 1 in cmi5.
    """

    identifier: str
    title: str
    launch: str
    mastery: str = ""
    move_on: str = ""
    parameters: str = ""
    entitlement: str = ""
    threshold: str = ""  # SCORM 2004: the progress, 0 to 1, that is completion
    time_allowed: str = ""
    at_time_limit: str = ""
    needs_own_window: bool = False


@dataclass(frozen=True, kw_only=True)
class Link:
    """A web address that the package names, or a file of it that is downloaded (`address` is then its path)."""

    title: str
    address: str
    is_file: bool = False


@dataclass(frozen=True, kw_only=True)
class Bank:
    """A file of questions in QTI 1.2."""

    title: str
    path: str


@dataclass(kw_only=True)
class Manifest:
    """The package in the order in which it is taken; `left_out` names everything that is not taken over, and why."""

    standard: Standard
    title: str = ""
    description: str = ""
    items: list[Item | Link] = field(default_factory=list)
    banks: list[Bank] = field(default_factory=list)
    left_out: list[Fault] = field(default_factory=list)
    file: str = "imsmanifest.xml"

    def leave_out(self, what: str, why: str) -> None:
        self.left_out.append(Fault(self.file, f"{what}: {why}"))
