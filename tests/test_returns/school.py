"""A partner that sends files: Ruritania's mining school, with a profile of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from courses.achievements.models import Achievement
from courses.returns.models import Return, ReturnProfile
from courses.returns.operations import keep_return, load_profile, load_return_now
from courses.returns.profiles import parsed
from programs.models import Partner, Program
from tests.factories import NOW

PROFILE = """
code = "school"
name = "Mining school"
record_key = ["citizen_no", "course", "term"]

[person]
column = "citizen_no"
schemes = ["citizen"]

[course]
column = "course"
values = { Digging = "digging" }

[day]
column = "ended"

[result]
column = "result"
values = { Pass = "assessed", Merit = "assessed", Seen = "opened", Absent = "none" }

[region]
column = "region"
values = { Upper = "N", Lower = "S", Middle = "S" }

[constants]
sector = "B"

[[courses]]
code = "digging"
title = "Digging"
tags = ["skills"]
"""
HEADER = "citizen_no,course,term,ended,result,region"


def row(number: object = "1", **changes: str) -> str:
    """A row that is accepted, but for the changes."""
    cells = {"course": "Digging", "term": "2026A", "ended": "2026-05-01", "result": "Pass", "region": "Upper"} | changes
    return ",".join([str(number), *cells.values()])


def file_of(rows: Iterable[str], header: str = HEADER) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


@dataclass
class School:
    program: Program
    partner: Partner
    profile: ReturnProfile

    def keep(self, content: bytes, **changes: Any) -> Return:
        given = {"file_name": "school.csv", "content": [content], "received_by": None, "received_at": NOW} | changes
        return keep_return(self.program, self.partner, self.profile, **given)

    def send(self, content: bytes, **changes: Any) -> Return:
        """The return as it stands after it was loaded or refused."""
        kept = self.keep(content, **changes)
        load_return_now(kept.pk, at=NOW)
        return Return.objects.get(pk=kept.pk)

    def report(self, *rows: str) -> Return:
        return self.send(file_of(rows))

    def facts(self) -> list[tuple[Any, ...]]:
        """All facts without the row that brought them."""
        columns = ("person_id", "course__code", "evidence", "achieved_on", "region", "sector", "source_id")
        return sorted(Achievement.objects.of(self.program).values_list(*columns))


def school_of(partner: Partner) -> School:
    load_profile(parsed(PROFILE), partner.program)
    profile = ReturnProfile.objects.get(program=partner.program, code="school")
    return School(partner.program, partner, profile)


def counts(sent: Return) -> tuple[int, int, int, int]:
    return sent.sent, sent.accepted, sent.duplicate, sent.quarantined


def quarantined(sent: Return) -> list[tuple[int, str, str, str]]:
    rows = sent.held_rows.in_file_order()
    return list(rows.values_list("number", "column", "value", "reason"))
