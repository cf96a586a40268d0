"""A partner whose rows say all that the rules look at, a clean population, and copies of two public cases.

The public cases: 12,122 phones, accounts and addresses shared by 52,381 people, and 25,000 invented employees in nine
dormant firms.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from courses.catalogue.models import Course
from courses.returns.models import ReturnProfile
from courses.returns.operations import load_profile
from courses.returns.profiles import parsed
from programs.models import Employer, Partner
from tests.test_returns.school import School

PROFILE = """
code = "academy"
name = "Academy"
record_key = ["number", "course"]

[person]
column = "number"
schemes = ["partner"]

[course]
column = "course"

[day]
column = "ended"
format = "%Y-%m-%d %H:%M"

[started]
column = "started"
format = "%Y-%m-%d %H:%M"

[minutes]
column = "minutes"

[employees]
column = "employees"

[result]
column = "result"
values = { Pass = "assessed", Absent = "none" }

[employer]
column = "employer"

[employer_size]
column = "size"

[particulars]
name = "name"
email = "email"
phone = "phone"
account = "account"

[[courses]]
code = "safety"
title = "Safety"
tags = ["skills"]

[[courses]]
code = "welding"
title = "Welding"
tags = ["skills"]
"""
COLUMNS = (
    "number", "course", "ended", "started", "minutes", "employees", "result", "employer", "size", "name", "email",
    "phone", "account",
)  # fmt: skip
DAY = date(2026, 5, 4)
SHARED_VALUES, SHARING_PEOPLE = 12_122, 52_381
INVENTED, FIRMS = 25_000, 9


def academy_of(partner: Partner) -> School:
    """The partner with the profile; the courses take an hour, and welding never less than thirty minutes."""
    load_profile(parsed(PROFILE), partner.program)
    Course.objects.filter(program=partner.program).update(minutes=60)
    Course.objects.filter(program=partner.program, code="welding").update(shortest_minutes=30)
    return School(partner.program, partner, ReturnProfile.objects.get(program=partner.program, code="academy"))


def line(number: object, **changes: object) -> str:
    """A row that nothing is wrong with, but for the changes."""
    cells: dict[str, object] = dict.fromkeys(COLUMNS, "") | {
        "number": number, "course": "safety", "ended": f"{DAY} 10:30", "minutes": 60, "result": "Pass",
    }  # fmt: skip
    return ",".join(str(value) for value in (cells | changes).values())


def file_of_lines(lines: Iterable[str]) -> bytes:
    return "\n".join([",".join(COLUMNS), *lines, ""]).encode()


@dataclass
class Population:
    """People who are as people are: households share a phone, some learn at night, small firms send everybody."""

    people: int
    chance: random.Random = field(default_factory=lambda: random.Random(4))

    def lines(self) -> Iterator[str]:
        for number in range(self.people):
            firm = f"Firm {number // 25}" if number % 10 else f"Small firm {number}"
            yield line(
                f"P{number:07}",
                ended=f"{DAY - timedelta(days=number % 90)} {self._hour(number):02}:{self.chance.randrange(1, 60):02}",
                minutes=self.chance.randrange(40, 240),
                employer=firm,
                employees=30 if number % 10 else 1,
                name=f"Name{number} Family{number // 2}",
                phone=f"+4479{number // 2:08}",  # two in a household
                email=f"p{number}@post.test",
                account=f"GB{number:014}",
            )

    def _hour(self, number: int) -> int:
        """Of every fifty firms one works at night, and a third of its people learn then."""
        works_at_night = (number // 25) % 50 == 0 and number % 3 == 0
        return self.chance.randrange(0, 5) if works_at_night else self.chance.randrange(7, 22)


def sharing_lines(values: int, people: int) -> list[str]:
    """People of whom each has one of the values, a phone, an account or an address; each value is of three or more."""
    kinds = ("phone", "account", "email")
    lines = []
    for number in range(people):
        value = number % values
        kind = kinds[value % 3]
        said = f"shared{value}@post.test" if kind == "email" else f"77{value:09}"
        lines.append(line(f"S{number:07}", employer=f"Company {number // 20}", employees=30, **{kind: said}))
    return lines


def dormant_firms(school: School, firms: int = FIRMS) -> list[str]:
    """Firms that the register knows to be dormant."""
    names = [f"Sleeping company {number}" for number in range(firms)]
    Employer.objects.bulk_create(
        Employer(
            program=school.program, code=f"DORM{number}", name=name, employees=40,
            dormant_since=date(2019, 4, 1), source="the register of the tests",
        )
        for number, name in enumerate(names)
    )  # fmt: skip
    return names


def invented_lines(firms: list[str], people: int) -> list[str]:
    return [
        line(
            f"I{number:07}", employer=firms[number % len(firms)], name=f"Nobody{number}", phone=f"+4478{number:08}",
            ended=f"{DAY} {8 + number % 10:02}:15",
        )
        for number in range(people)
    ]  # fmt: skip


def numbers_of(lines: list[str]) -> set[int]:
    """The rows of a file of these lines that are not of the clean population."""
    return {row for row, content in enumerate(lines, 2) if not content.startswith("P")}


def shuffled(lines: Iterable[str], seed: int = 1) -> list[str]:
    mixed = list(lines)
    random.Random(seed).shuffle(mixed)
    return mixed


def at(day: date, hour: int) -> str:
    return f"{day} {hour:02}:07"
