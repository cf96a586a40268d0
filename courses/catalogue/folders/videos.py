"""What stands in a lesson by a fence and is not a question: videos, and items of packages."""

import re
from typing import TYPE_CHECKING

from django.conf import settings

from courses.catalogue.folders.links import faults_of_text, in_language
from courses.catalogue.sections import Section

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

CUE = re.compile(r"^(\d{2,}:)?\d{2}:\d{2}\.\d{3} --> (\d{2,}:)?\d{2}:\d{2}\.\d{3}", re.MULTILINE)
STANDARDS = ("scorm-1.2", "scorm-2004", "cmi5", "common-cartridge")
MOVE_ON = ("Passed", "Completed", "CompletedAndPassed", "CompletedOrPassed", "NotApplicable")
PACKAGE_TEXTS = {"parameters": 65_536, "entitlement": 65_536, "time_allowed": 40, "at_time_limit": 40}
PACKAGE_KEYS = ("standard", "item", "launch", "mastery", "move_on", "threshold", "window", *PACKAGE_TEXTS)


def check_video(section: Section, language: str, paths: "Collection[str]") -> None:
    """A video has a title and a transcript; a file has captions, an embedded one comes from a host that is allowed."""
    section.allow_only("title", "file", "embed", "captions", "transcript")
    section.text("title", longest=200)
    for _line, fault in faults_of_text(section.text("transcript", longest=50_000), language, paths):
        section.fault(fault, "transcript")
    if section.has("file") == section.has("embed"):
        section.fault("needs either file or embed", "file")
    elif section.has("file"):
        check_file(section, "file", r"videos/\S+\.(mp4|webm)", language, paths)
        check_file(section, "captions", r"videos/\S+\.vtt", language, paths)
    else:
        check_embed(section)


def check_file(section: Section, key: str, pattern: str, language: str, paths: "Collection[str]") -> None:
    says = "must be a path such as videos/tour.mp4 (MP4 or WebM) or videos/tour.en.vtt (WebVTT)"
    path = section.text(key, longest=200, pattern=pattern, says=says)
    if path and in_language(path, language, paths) is None:
        section.fault(f"{path} is not in the course folder", key)


def check_embed(section: Section) -> None:
    hosts = settings.VIDEO_HOSTS
    allowed = "|".join(re.escape(host) for host in hosts)
    says = f"must be an address with https:// at one of the hosts that are allowed: {', '.join(hosts) or 'none'}"
    section.text("embed", longest=500, pattern=rf"https://({allowed})/\S*" if hosts else r"(?!)", says=says)


def faults_of_captions(text: str) -> str:
    """What is wrong with a WebVTT file: https://www.w3.org/TR/webvtt1/ asks for its first line and cues with times."""
    if not text.startswith("WEBVTT"):
        return "is not WebVTT: its first line must be WEBVTT"
    return "" if CUE.search(text) else "holds no caption: a cue begins with a line such as 00:01.000 --> 00:04.000"


def reports(package: "Mapping[str, str]") -> bool:
    """Whether the item says itself when its lesson is done; of others the learner says so."""
    return package["standard"] != "common-cartridge" and package.get("move_on") != "NotApplicable"


def check_package(section: Section, language: str, paths: "Collection[str]") -> None:
    """An item of a package that lies in package/; how it is played: courses.packages."""
    section.allow_only(*PACKAGE_KEYS)
    section.text("standard", longest=40, pattern="|".join(STANDARDS), says=f"must be one of {', '.join(STANDARDS)}")
    section.text("item", longest=2000)
    for key in ("mastery", "threshold"):
        if section.has(key):
            section.decimal(key)
    if section.has("window"):
        section.text("window", longest=10, pattern="own", says="must be own, or be left out")
    if section.has("move_on"):
        section.text("move_on", longest=40, pattern="|".join(MOVE_ON), says=f"must be one of {', '.join(MOVE_ON)}")
    for key, longest in PACKAGE_TEXTS.items():
        if section.has(key):
            section.text(key, longest=longest)
    launch = section.text("launch", longest=2000)
    if launch and launch.split("?")[0].split("#")[0] not in paths and not launch.startswith("https://"):
        section.fault(f"{launch} is not in the course folder", "launch")
