"""What waits for a program manager: rows that are hardly true, rows with a fault, and persons who may be one.

It all comes by the doors that partners use: two returns are loaded, the rules hold what they find, a search compares
who was reported.
"""

import csv
import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from courses.matching.models import Candidate
from courses.matching.operations import find_candidates
from courses.returns.models import HeldRow, Return, ReturnProfile
from courses.returns.operations import keep_return, load_profile, load_return_now
from courses.returns.profiles import parsed
from programs.models import Code, Partner, Program
from programs.operations import load_employers

from .doubtful import COLUMNS, Row, institute_rows, logistics_rows

PARTNERS = {
    "demo-institute": ("Example Institute (demonstration)", Partner.Kind.PROVIDER, institute_rows),
    "demo-logistics": ("Example Logistics (demonstration)", Partner.Kind.EMPLOYER, logistics_rows),
}
PROFILE = "demo-with-names"
PLACED = (Code.Kind.REGION, Code.Kind.SECTOR)
# Of two of the employers more is known than their partner says.
REGISTER = """\
code,name,employees,dormant_since,source
demo-1,Little Lane Café,9,,an invented register (demonstration)
demo-2,Old Mill Textiles,40,2019-04-01,an invented register (demonstration)
"""


@dataclass(frozen=True)
class Filled:
    """What waits once the queues are filled: rows that a rule holds, rows with a fault, and candidates."""

    held: int
    faulty: int
    candidates: int


def ensure_queues(program: Program, *, at: datetime) -> Filled | None:
    """Loads the returns that fill the queues, and searches; answers nothing if they were loaded already.

    If it is interrupted before the search, the next search of the night does that.
    """
    missing = [code for code in PARTNERS if not _is_loaded(program, code)]
    if not missing:
        return None
    load_profile(_profile(program), program)
    load_employers(program, io.StringIO(REGISTER))
    for code in missing:
        load_return_now(_kept(program, code, at=at).pk, at=at)
    find_candidates(program, at=at)
    return _filled(program)


def _is_loaded(program: Program, code: str) -> bool:
    sent = Return.objects.filter(program=program, partner__code=code, file_name=_file_name(code))
    return sent.exclude(status=Return.Status.RECEIVED).exists()


def _profile(program: Program) -> dict[str, Any]:
    content = parsed(Path(__file__).with_name("with-names.toml").read_text())
    if not any(scheme["is_national"] for scheme in program.identity_schemes):
        content["person"] = {"column": content.pop("reference")["column"], "schemes": ["partner"]}
    return content


def _kept(program: Program, code: str, *, at: datetime) -> Return:
    """The return of the partner, as kept before an interruption or now."""
    name, kind, rows_of = PARTNERS[code]
    defaults = {"name": name, "kind": kind, "note": "Invented people."}
    partner, _ = Partner.objects.get_or_create(program=program, code=code, defaults=defaults)
    waiting = Return.objects.waiting().filter(program=program, partner=partner, file_name=_file_name(code)).first()
    return waiting or keep_return(
        program,
        partner,
        ReturnProfile.objects.get(program=program, code=PROFILE),
        file_name=_file_name(code),
        content=[_as_csv(program, rows_of(program.day_of(at)))],
        received_by=None,
        received_at=at,
    )


def _file_name(code: str) -> str:
    return f"{code}.csv"


def _as_csv(program: Program, rows: list[Row]) -> bytes:
    """The file; people are dealt over the program's regions and sectors."""
    regions, sectors = (list(Code.objects.of(program, kind).values_list("code", flat=True)) for kind in PLACED)
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    for place, row in enumerate(rows):
        writer.writerow({"region": regions[place % len(regions)], "sector": sectors[place % len(sectors)]} | row)
    return text.getvalue().encode()


def _filled(program: Program) -> Filled:
    sums = Return.objects.filter(program=program, partner__code__in=PARTNERS)
    faulty = HeldRow.objects.filter(of_return__in=sums, state=HeldRow.State.FAULTY).count()
    held = HeldRow.objects.waiting(program).filter(of_return__in=sums).count()
    return Filled(held, faulty, Candidate.objects.of(program).open().count())
