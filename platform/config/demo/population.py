"""An invented population, brought in by the same door as any other: as returns of invented partners.

Named partners get no invented figures; the partners of the demonstration say in their names what they are.
"""

import csv
import io
import random
import string
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from rstr import Rstr

from courses.achievements.models import Achievement
from courses.achievements.operations import restore_achievement, revoke_achievement
from courses.returns.models import Return, ReturnProfile
from courses.returns.operations import keep_return, load_return_now
from programs.check_digits import CheckCharacter
from programs.models import Code, MeasureVersion, Partner, Program

LAST = string.digits + string.ascii_uppercase  # what a check character may be
PEOPLE = 6_000  # a program
WEEKS = 40
REVOKED = 60  # achievements of the agency, a third of which are restored
SENDINGS = 6  # returns of each partner, the last one today
PARTNERS = {
    "demo-employer": ("Example Employer (demonstration)", Partner.Kind.EMPLOYER, 0.5),
    "demo-college": ("Example College (demonstration)", Partner.Kind.PROVIDER, 0.3),
    "demo-agency": ("Example Agency (demonstration)", Partner.Kind.PUBLIC, 0.2),
}
QUIET = {"demo-workshop": ("Example Workshop (demonstration)", Partner.Kind.EMPLOYER)}  # sends nothing
SHARED = 0.06  # of the people, trained by two partners
LATE = 0.03  # of the rows, forgotten until the next return
SLOPPY = 0.004  # of the rows, with a code that no list has
COLUMNS = ["person_id", "course", "completed_on", "result", "region", "sector", "employer", "employer_size", "age_band"]
COURSE = "partner-ai-foundations"
PROFILE = "standard"


@dataclass(frozen=True)
class Demonstrated:
    """One return of the demonstration, as loaded."""

    partner: Partner
    sent: int
    accepted: int


def ensure_partners(program: Program) -> None:
    named = {code: (name, kind) for code, (name, kind, _) in PARTNERS.items()}
    for code, (name, kind) in (named | QUIET).items():
        Partner.objects.get_or_create(
            program=program, code=code, defaults={"name": name, "kind": kind, "note": "Invented people."}
        )


def ensure_population(program: Program, *, at: datetime) -> Iterator[tuple[datetime, list[Demonstrated]]]:
    """Loads the returns of the demonstration that the program does not have yet: the moment of each sending, with its
    returns. Sendings lie weeks apart and the last is at `at`; who settles after each one gives the ledger a history.

    Some achievements of the agency are revoked on the way, and some of those restored.
    """
    if _is_loaded(program):
        return
    profile, files = ReturnProfile.objects.get(program=program, code=PROFILE), _files(program, at)
    for number in range(1, SENDINGS + 1):
        moment = at - _until_the_last(number)
        sent = [_load(program, profile, code, files[code, number], number, at=moment) for code in PARTNERS]
        _change_some(program, number, at=moment)
        yield moment, sent


def _is_loaded(program: Program) -> bool:
    """Whether the last returns are there, or those of an earlier Uplift, which sent one of each partner."""
    returns = Return.objects.filter(program=program, partner__code__in=PARTNERS)
    last = returns.filter(file_name__in=[_file_name(code, SENDINGS) for code in PARTNERS])
    return last.count() == len(PARTNERS) or returns.filter(file_name__in=[f"{code}.csv" for code in PARTNERS]).exists()


def _change_some(program: Program, number: int, *, at: datetime) -> None:
    facts = Achievement.objects.filter(program=program, partner__code="demo-agency", kind=Achievement.Kind.ACHIEVED)
    first = facts.order_by("achieved_on", "source_row")[:REVOKED]
    if number == SENDINGS - 2:
        for fact in first:
            revoke_achievement(fact, reason="Invented: the agency withdrew these results.", recorded_at=at)
    if number == SENDINGS - 1:
        for fact in first[: REVOKED // 3]:
            restore_achievement(fact, reason="Invented: these results stand after all.", recorded_at=at)


def _until_the_last(number: int) -> timedelta:
    return timedelta(days=WEEKS * 7 * (SENDINGS - number) // SENDINGS)


def _file_name(partner: str, number: int) -> str:
    return f"{partner}-{number}.csv"


def _load(
    program: Program, profile: ReturnProfile, code: str, rows: list[list[str]], number: int, *, at: datetime
) -> Demonstrated:
    partner, name = Partner.objects.get(program=program, code=code), _file_name(code, number)
    kept = Return.objects.filter(program=program, partner=partner, file_name=name).first() or keep_return(
        program, partner, profile, file_name=name, content=[_as_csv(rows)], received_by=None, received_at=at
    )
    if kept.status == Return.Status.RECEIVED:
        load_return_now(kept.pk, at=at)
        kept.refresh_from_db()
    return Demonstrated(partner, kept.sent, kept.accepted)


def _files(program: Program, at: datetime) -> dict[tuple[str, int], list[list[str]]]:
    """The rows of each partner's returns, by partner and number; the same in every run of one day."""
    chance = random.Random(program.code)  # noqa: S311 - an invented population, no secret
    identifiers = _identifiers(program, chance)
    days = _days(program, program.day_of(at), chance)
    last_days = {number: program.day_of(at - _until_the_last(number)) for number in range(1, SENDINGS + 1)}
    codes = {kind: _weighted(program, kind, chance) for kind in Code.Kind.values}
    shares = [share for _, _, share in PARTNERS.values()]
    files: dict[tuple[str, int], list[list[str]]] = {
        (code, number): [] for code in PARTNERS for number in range(1, SENDINGS + 1)
    }
    for identifier in identifiers:
        described = [chance.choices(*codes[kind])[0] for kind in ("region", "sector", "employer_size", "age_band")]
        partners = set(chance.choices(list(PARTNERS), shares, k=2 if chance.random() < SHARED else 1))
        for code in sorted(partners):
            day = next(days)
            files[code, _sending_of(day, last_days, chance)].append(_row(identifier, day, described, chance))
    return files


def _sending_of(day: date, last_days: dict[int, date], chance: random.Random) -> int:
    """The first return that was sent on the day or later; now and then the one after it."""
    in_time = next(number for number, last in last_days.items() if day <= last)
    return min(in_time + (chance.random() < LATE), SENDINGS)


def _row(identifier: str, day: date, described: list[str], chance: random.Random) -> list[str]:
    region, sector, size, age = described
    result = chance.choices(["assessed", "completed", "opened"], [0.8, 0.13, 0.07])[0]
    if chance.random() < SLOPPY:
        region = "??"
    return [identifier, COURSE, day.isoformat(), result, region, sector, "", size, age]


def _identifiers(program: Program, chance: random.Random) -> list[str]:
    """Invented identifiers that fit the program's national scheme, else plain numbers."""
    plain: dict[str, Any] = {"pattern": r"\d{8}"}
    scheme = next((scheme for scheme in program.identity_schemes if scheme["is_national"]), plain)
    check = CheckCharacter.of(scheme["check"]) if scheme.get("check") else None
    made, found = Rstr(chance), list[str]()
    while len(found) < PEOPLE:
        drawn = made.xeger(scheme["pattern"])
        fitting = [drawn[:-1] + last for last in LAST if check and check.fits(drawn[:-1] + last)]
        found += [drawn] if check is None else fitting
    return found


def _days(program: Program, today: date, chance: random.Random) -> Iterator[date]:
    """Days of the last weeks, more of them lately; none before the program's measures begin."""
    starts = [start for start in MeasureVersion.objects.of(program).values_list("starts_on", flat=True) if start]
    earliest = max([today - timedelta(weeks=WEEKS), *starts])
    span = max((today - earliest).days, 1)
    while True:
        yield today - timedelta(days=int(span * (1 - chance.random() ** 0.6)))


def _weighted(program: Program, kind: str, chance: random.Random) -> tuple[list[str], list[float]]:
    """The codes of a list with weights that fall off, as regions and sectors do."""
    codes = list(Code.objects.of(program, kind).values_list("code", flat=True))
    return codes, [chance.uniform(0.5, 1.5) / (place + 2) for place in range(len(codes))]


def _as_csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return text.getvalue().encode()
