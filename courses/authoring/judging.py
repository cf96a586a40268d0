"""Reading and checking a whole course takes a second for the largest: done once for the same files."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

from django.conf import settings

from courses.authoring.models import DraftFiles
from courses.catalogue.checking import Remark, remarks
from courses.catalogue.folders import CourseText, read_as_far
from courses.catalogue.folders.other_courses import CourseLink, course_links
from courses.catalogue.sections import Fault

KEPT = 8  # drafts that a process remembers; each takes a few megabytes
_judged: OrderedDict[str, "Judged"] = OrderedDict()
_lock = Lock()


@dataclass
class Judged:
    """What the files say, as far as they can be read, and everything that is wrong with them.

    Not to be changed: other requests see it too.
    """

    name: str
    readable: CourseText
    faults: list[Fault]

    @property
    def course(self) -> CourseText | None:
        return None if self.faults else self.readable

    @cached_property
    def course_links(self) -> list[CourseLink]:
        """To other courses and their lessons."""
        return list(course_links(self.course)) if self.course else []

    @cached_property
    def remarks(self) -> list[Remark]:
        return remarks(self.course, self.name) if self.course else []


def judged(files: DraftFiles) -> Judged:
    """The same for the same bytes under the same names."""
    key = state_of(files)
    with _lock:
        found = _judged.get(key)
        if found:
            _judged.move_to_end(key)
    if found is None:
        found = Judged(files.name, *read_as_far(files))
        with _lock:
            _judged[key] = found
            while len(_judged) > KEPT:
                _judged.popitem(last=False)
    return found


def state_of(files: DraftFiles) -> str:
    """SHA-256 of all that the judgement depends on."""
    state = [files.name, *map(str, settings.VIDEO_HOSTS)]
    state += [f"{path} {file.sha256}" for path, file in files.current.items()]
    return hashlib.sha256("\n".join(state).encode()).hexdigest()
