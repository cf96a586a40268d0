"""The invented people of the queues: most are as people are, some rows are hardly true, and some people come twice."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count, product
from random import Random
from typing import NamedTuple

Row = dict[str, object]
COLUMNS = [
    "number", "national_id", "course", "ended", "minutes", "result", "region", "sector", "employer", "employees",
    "name", "born_on", "email", "phone", "account",
]  # fmt: skip
FIRMS = ["Harbour Bakery", "Riverside Clinic", "Greenfield Farms", "Bridge Street Library"]
LOGISTICS, CAFE, MILL, CALLS = "Northgate Logistics", "Little Lane Café", "Old Mill Textiles", "Moonlight Calls"
GIVEN = [
    "Adaeze", "Bronwyn", "Carlos", "Deepa", "Emeka", "Fatima", "Gareth", "Hiroko", "Isla", "Jerome", "Kavita",
    "Lorenzo", "Marguerite", "Nikhil", "Olwen", "Prisca", "Quentin", "Rukhsana", "Stellan", "Thandi", "Ulrich",
    "Vasanti", "Wilfred", "Yolanda",
]  # fmt: skip
FAMILY = [
    "Abernathy", "Bhattacharya", "Castellanos", "Dlamini", "Eriksen", "Fotherby", "Guerrero", "Hashimoto",
    "Iyengar", "Jablonski", "Kipchoge", "Lancaster", "Mwangi", "Novak", "Ogunbanjo", "Pritchard", "Rasmussen",
    "Subramaniam", "Thistlewood", "Villanueva", "Wójcik", "Yamamoto",
]  # fmt: skip


class Twice(NamedTuple):
    """Somebody whom both partners reported, under other employers; `shares` is the contact that both gave."""

    name: str
    other_name: str
    born_on: str
    shares: str = ""
    other_born_on: str = ""


TWICE = [
    Twice("Theodora Blackwood", "Theodroa Blackwood", "1971-06-17", "email"),
    Twice("Siobhan Gallagher", "Siobhan Galagher", "1988-02-09", "phone"),
    Twice("Mohammed Al Hussain", "Muhamad Hossain", "1979-11-03", "phone"),
    Twice("陈伟明", "Tan Wei Ming", "1992-08-21", "email"),
    Twice("राहुल शर्मा", "Rahul Sharma", "1985-04-12", "email"),
    Twice("Ксения Петрова", "Xenia Petrova", "1990-12-05", "phone"),
    Twice("Bartholomew Quickfall", "B. Quickfall", "1966-05-30", "phone"),
    Twice("Ingrid Solheim", "Ingrid Solheim", "1984-03-09", "email", other_born_on="1984-09-03"),
    Twice("Hannah Lindqvist", "Hannah Brennan", "1993-07-14", "email"),
    Twice("Rosalind Fairweather", "Rosalind Fairweather", "1977-10-26"),
    # With two employers: their evidence is the same, so that they can be decided together.
    Twice("Grace Oyelaran", "Grace Oyelaran", "1981-09-17", "email"),
    Twice("Diego Ferreira", "Diego Ferreira", "1996-02-23", "email"),
    Twice("Mei Lin Goh", "Mei Lin Goh", "1989-05-08", "email"),
    Twice("Callum Strachan", "Callum Strachan", "1974-12-11", "email"),
]
# Two people each, who share birth date, telephone and employer, and are not one.
TWINS = [("Alina Moreau", "Elina Moreau", "1998-01-19"), ("Ravi Menon", "Rani Menon", "1995-03-28")]


def institute_rows(today: date) -> list[Row]:
    """The file of a provider that trains for many employers, and looks at little of what it sends."""
    people = People("I", today)
    twice = [people.row(**_saying(each, each.name, place)) for place, each in enumerate(TWICE)]
    clean = [people.row() for _ in range(220)]
    return [*clean, *twice, *_twins(people), *_hardly_true(people), *_faulty(people)]


def logistics_rows(today: date) -> list[Row]:
    """The file of an employer that trains its own people, of whom some learned elsewhere before."""
    people = People("L", today)
    here: Row = {"employer": LOGISTICS, "employees": 400, "course": "demo-asking-well"}
    twice = [
        people.row(**here | _saying(each, each.other_name, place) | {"born_on": each.other_born_on or each.born_on})
        for place, each in enumerate(TWICE)
    ]
    return [*(people.row(**here) for _ in range(60)), *twice]


class People:
    """Deals out people of whom each is somebody else; the same in every run of one day."""

    def __init__(self, prefix: str, today: date) -> None:
        self.prefix, self.today, self.numbers = prefix, today, count(1)
        self.chance = Random(prefix)  # noqa: S311 - invented people, no secret
        self.names = [f"{given} {family}" for given, family in product(GIVEN, FAMILY)]
        self.chance.shuffle(self.names)

    def row(self, **changes: object) -> Row:
        """A row that nothing is wrong with, but for the changes."""
        number, chance = next(self.numbers), self.chance
        plain: Row = {
            "number": f"{self.prefix}{number:04}",
            "course": "demo-ai-at-work",
            "ended": self.ended(chance.randrange(2, 50), chance.randrange(9, 18)),
            "minutes": chance.randrange(45, 110),
            "result": "Attended" if chance.random() < 0.1 else "Passed",
            "employer": chance.choice(FIRMS),
            "employees": 600,
            "name": self.names[number % len(self.names)],
            "born_on": date(1962, 1, 1) + timedelta(days=chance.randrange(1, 15_000)),
            "email": f"{self.prefix.lower()}{number}@post.test",
        }
        return plain | changes

    def ended(self, days_ago: int, hour: int) -> str:
        return f"{self.today - timedelta(days=days_ago)} {hour:02}:{self.chance.randrange(1, 60):02}"


def _saying(each: Twice, name: str, place: int) -> Row:
    """What a partner says of somebody who comes twice. Without a shared contact nothing but name and birth date."""
    contacts: Row = {"email": f"{place}.same@post.test", "phone": f"0700 96{place:02}1"}
    shared: Row = {each.shares: contacts[each.shares]} if each.shares else {"employer": ""}
    return {"name": name, "born_on": each.born_on, "email": ""} | shared


def _twins(people: People) -> Iterator[Row]:
    for place, (name, other, born_on) in enumerate(TWINS):
        home: Row = {"born_on": born_on, "phone": f"0700 97{place:02}3", "employer": FIRMS[place], "result": "Passed"}
        day = people.ended(9, 11)
        yield from (people.row(name=each, ended=day, **home) for each in (name, other))


def _hardly_true(people: People) -> Iterator[Row]:
    """Rows that the rules hold, one kind after the other."""
    yield from (people.row(employer=CALLS, ended=people.ended(12, people.chance.randrange(1, 5))) for _ in range(34))
    yield from (people.row(employer=CAFE, employees="", minutes=5 if each < 4 else 70) for each in range(26))
    yield from (people.row(employer=MILL, employees=40) for _ in range(12))
    yield from (people.row(email="training.office@post.test") for _ in range(5))
    yield from (people.row(phone="0700 981 446") for _ in range(4))
    yield from (people.row(account="GB29 DEMO 6016 1331 9268 19") for _ in range(3))
    yield from (people.row(minutes=people.chance.randrange(2, 9)) for _ in range(6))
    yield from (people.row(name=name) for name in ("Test User", "N/A", "Firstname Lastname"))
    yield from (people.row(phone=phone) for phone in ("00000000", "12345678"))


def _faulty(people: People) -> Iterator[Row]:
    """Rows that nothing can be taken from, for the partner to mend."""
    yield people.row(national_id="12-34")
    yield people.row(number="", name="Nobody's Number")
    yield from (people.row(course="ai-for-pirates") for _ in range(2))
    yield from (people.row(ended=people.ended(-200, 10)) for _ in range(2))
    yield people.row(ended="2026-02-31 10:00")
    yield people.row(result="Maybe")
    yield people.row(region="Atlantis")
