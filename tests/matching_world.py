"""An invented nation with known truth: people, the same people once more in several ways, and people who look alike.

Each record is what one partner says of one person of the program. `human` is the truth: records with the same number
are one human being. `kind` says how a second record of somebody came about. The same seed gives the same world.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tests.matching_names import Entry, Language, languages

NONE = -1
EPOCH = date(1970, 1, 1)
TODAY = date(2026, 11, 22)
YOUNGEST, OLDEST = 17, 67  # years
DUPLICATES = 0.03  # of the records
TWINS, FAMILIES, NAMELESS, UNDATED = 0.006, 0.04, 0.002, 0.02  # of the people
PLACEHOLDER_NAMES = ("TEST", "N/A", "Unknown", "test user", "-", "xxx", "name")
PLACEHOLDER_DAYS = (date(1900, 1, 1), date(1970, 1, 1), date(1999, 9, 9))
TITLES = ("Mr", "Mrs", "Ms", "Dr")
KINDS = (
    "same", "script", "romanised", "order", "initial", "misspelt", "married", "swapped", "digit", "new year",
    "undated", "particles", "email", "phone", "employer",
)  # fmt: skip


STEMS = """
Northgate Sunrise Harbour Keystone Evergreen Meridian Pinnacle Redwood Silverline Bluewater Oakfield Crescent
Horizon Lotus Banyan Orchid Jade Marina Temasek Ganga Himalaya Deccan Konkan Nilgiri Outback Wattle Banksia
Coral Thames Severn Clyde Pennine Albion Camden Mersey Avon Tyne Humber Solent Cotswold"""
TRADES = """
Logistics Foods Care Motors Textiles Software Schools Hospital Bank Insurance Retail Power Builders Farms Steel
Media Airways Hotels Pharma Consulting"""


@dataclass(slots=True)
class Who:
    """A human being as they would write themselves."""

    language: int
    given: int
    family: int
    middle: int
    born: int  # days since 1970-01-01
    employer: int
    email: int
    phone: int
    account: int


@dataclass(slots=True)
class World:
    """Equally long columns, one row for each record; a number below zero is "not stated"."""

    name: list[str] = field(default_factory=list)
    born: list[date | None] = field(default_factory=list)
    employer: list[int] = field(default_factory=list)
    email: list[int] = field(default_factory=list)
    phone: list[int] = field(default_factory=list)
    account: list[int] = field(default_factory=list)
    human: list[int] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.name)

    def add(self, human: int, kind: str, name: str, born: date | None, who: Who) -> None:
        self.name.append(name)
        self.born.append(born)
        self.employer.append(who.employer)
        self.email.append(who.email)
        self.phone.append(who.phone)
        self.account.append(who.account)
        self.human.append(human)
        self.kind.append(kind)

    def employer_name(self, row: int) -> str:
        """As the partner writes it; every fifth of them writes it in another way."""
        number = self.employer[row]
        stems, trades = STEMS.split(), TRADES.split()
        words = f"{stems[number % len(stems)]} {trades[number // len(stems) % len(trades)]}"
        branch = number // len(stems) // len(trades)
        return f"{words}{f' {branch}' if branch else ''}{'' if row % 5 else ' Ltd.'}"

    def true_pairs(self) -> dict[tuple[int, int], str]:
        """The pairs of rows that are one human being, the smaller row first, with the kind of the second record."""
        rows: dict[int, list[int]] = {}
        for row, human in enumerate(self.human):
            rows.setdefault(human, []).append(row)
        return {(a, b): self.kind[b] for found in rows.values() for a in found for b in found if a < b}


@dataclass(frozen=True)
class Judgement:
    """How good proposed pairs are. `by_kind` has, for each kind of second record, how many there are and were found."""

    proposed: int
    right: int
    planted: int
    by_kind: dict[str, tuple[int, int]]

    @property
    def precision(self) -> float:
        return self.right / self.proposed if self.proposed else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.planted if self.planted else 1.0


def judge(world: World, proposed: Iterable[tuple[int, int]]) -> Judgement:
    """Compares proposed pairs of rows with the truth."""
    truth = world.true_pairs()
    pairs = {(min(pair), max(pair)) for pair in proposed}
    found = {pair for pair in pairs if pair in truth}
    by_kind = {}
    for kind in KINDS:
        of_kind = [pair for pair, its in truth.items() if its == kind]
        by_kind[kind] = (len(of_kind), sum(pair in found for pair in of_kind))
    return Judgement(len(pairs), len(found), len(truth), by_kind)


def world(records: int, *, seed: int) -> World:
    """So many records, of which `DUPLICATES` are second records of people who have one already."""
    rng = np.random.default_rng(seed)
    speech = languages()
    seconds = round(records * DUPLICATES)
    people = list(_people(rng, speech, records - seconds))
    made = World()
    for human, who in enumerate(people):
        name, born = _said(rng, speech[who.language], who), _day(who.born)
        made.add(human, "", name, born, who)
    _spoil(rng, made, len(people))
    left = dict.fromkeys(KINDS, -(-seconds // len(KINDS)))
    for human in rng.permutation(len(people)):
        kind = _kind(speech, people[human], left)
        if len(made) < records and kind:
            left[kind] -= 1
            _repeat(rng, made, speech, int(human), people[human], kind)
    return made


def _people(rng: Generator, speech: tuple[Language, ...], number: int) -> Iterator[Who]:
    """People one by one; now and then a twin of the one before, or somebody of the same household."""
    spoken = rng.choice(len(speech), size=number, p=_normed([one.share for one in speech]))
    given, family = (
        _places(rng, spoken, [one.given for one in speech]),
        _places(rng, spoken, [o.family for o in speech]),
    )
    middle = rng.random(number)
    born, is_new_year = _birthdays(rng, number), rng.random(number)
    employer = (rng.random(number) ** 3 * max(number / 60, 3)).astype(int)
    kinship, contact = rng.random(number), rng.random((number, 3))
    before: Who | None = None
    for n in range(number):
        one = speech[spoken[n]]
        day = int(born[n])
        if is_new_year[n] < one.new_year:
            day = (_day(day).replace(month=1, day=1) - EPOCH).days
        who = Who(
            language=int(spoken[n]),
            given=int(given[n]),
            family=int(family[n]),
            middle=int(middle[n] * 3 * len(one.given)) if one.code == "english" else NONE,
            born=day,
            employer=int(employer[n]),
            email=n if contact[n, 0] < 0.5 else NONE,
            phone=n if contact[n, 1] < 0.5 else NONE,
            account=n if contact[n, 2] < 0.3 else NONE,
        )
        if before is not None and kinship[n] < TWINS + FAMILIES:
            _relate(rng, who, before, is_twin=kinship[n] < TWINS)
        before = who
        yield who


def _relate(rng: Generator, who: Who, other: Who, *, is_twin: bool) -> None:
    """Makes somebody a twin, or another member of the household, with one telephone and now and then one mailbox."""
    who.language, who.family = other.language, other.family
    who.given = (who.given + 1 + other.given) % len(languages_once()[who.language].given)
    who.middle = NONE
    if who.given == other.given:
        who.given += -1 if who.given else 1
    if is_twin:
        who.born = other.born
        who.employer = other.employer if rng.random() < 0.5 else who.employer
    if not is_twin or rng.random() < 0.3:
        who.phone = other.phone if rng.random() < 0.7 else who.phone
        who.email = other.email if rng.random() < 0.3 else who.email


_SPEECH: list[tuple[Language, ...]] = []


def languages_once() -> tuple[Language, ...]:
    if not _SPEECH:
        _SPEECH.append(languages())
    return _SPEECH[0]


def _places(rng: Generator, spoken: NDArray[np.int64], lists: list[tuple[Entry, ...]]) -> NDArray[np.int64]:
    """Places in each one's list of names, the first ones more often: by the law of Zipf and Mandelbrot."""
    found = np.zeros(len(spoken), np.int64)
    for language, names in enumerate(lists):
        of_it = np.flatnonzero(spoken == language)
        found[of_it] = _drawn(rng, names, len(of_it))
    return found


def _drawn(rng: Generator, names: tuple[Entry, ...], number: int) -> NDArray[np.int64]:
    weights = 1 / (np.arange(len(names)) + 8)
    return np.searchsorted(np.cumsum(weights / weights.sum()), rng.random(number)).clip(0, len(names) - 1)


def _birthdays(rng: Generator, number: int) -> NDArray[np.int64]:
    years = np.clip(rng.normal(38, 11, number), YOUNGEST, OLDEST)
    return ((TODAY - EPOCH).days - years * 365.25 + rng.random(number) * 365).astype(np.int64)


def _normed(shares: list[float]) -> NDArray[np.float64]:
    found = np.array(shares)
    return found / found.sum()


def _day(number: int) -> date:
    return EPOCH + timedelta(days=number)


def _pick(rng: Generator, choices: tuple[str, ...] | list[str]) -> str:
    return choices[int(rng.integers(len(choices)))]


def _said(rng: Generator, one: Language, who: Who, *, usual: float = 0.85, script: float = 0.03) -> str:
    """The name as some partner writes it: mostly in the usual spelling, now and then in its own script."""
    given, family = one.given[who.given], one.family[who.family]
    if given.own_script and family.own_script and rng.random() < script:
        return _in_order(one, given.own_script, family.own_script, gap="" if one.code == "chinese" else " ")
    words = [entry.spellings[0] if rng.random() < usual else _pick(rng, entry.spellings) for entry in (given, family)]
    if 0 <= who.middle < len(one.given):
        words[0] += f" {one.given[who.middle].spellings[0]}"
    if one.words and (word := _pick(rng, one.words)):
        words[0] += f" {word}"
    return _in_order(one, *words).title()


def _in_order(one: Language, given: str, family: str, gap: str = " ") -> str:
    return f"{family}{gap}{given}" if one.is_family_first else f"{given}{gap}{family}"


def _spoil(rng: Generator, made: World, people: int) -> None:
    """Some records say nothing: placeholders for names and days, mailboxes and telephones of a whole office."""
    for row in np.flatnonzero(rng.random(people) < NAMELESS):
        made.name[row] = _pick(rng, PLACEHOLDER_NAMES)
    for row in np.flatnonzero(rng.random(people) < UNDATED):
        made.born[row] = None if rng.random() < 0.6 else PLACEHOLDER_DAYS[int(rng.integers(len(PLACEHOLDER_DAYS)))]
    for column, shared in ((made.email, 0.004), (made.phone, 0.006)):
        for row in np.flatnonzero(rng.random(people) < shared):
            column[row] = 10**9 + int(rng.random() ** 3 * people * shared / 12)


def _repeat(rng: Generator, made: World, speech: tuple[Language, ...], human: int, who: Who, kind: str) -> None:
    """A second record of somebody, told by another partner: all as usual, but for what the kind says."""
    one = speech[who.language]
    told = Who(**{name: getattr(who, name) for name in Who.__slots__})
    told.employer = who.employer if rng.random() < 0.5 else int(rng.integers(max(len(made) // 60, 3)))
    for column, same in (("email", 0.4), ("phone", 0.4), ("account", 0.2)):
        if rng.random() >= same:
            setattr(told, column, 2 * 10**9 + len(made) if rng.random() < 0.3 else NONE)
    name, born = _said(rng, one, who, usual=1, script=0), _day(who.born)
    if kind in _RENAMED:
        name = _RENAMED[kind](rng, one, who, name)
    born = _redated(rng, kind, born)
    _contacts(told, kind, human, made)
    made.add(human, kind, name, None if kind == "undated" else born, told)


def _kind(speech: tuple[Language, ...], who: Who, left: dict[str, int]) -> str:
    """Of the kinds that would change something with this one, that of which most are left to make; none is empty."""
    one, born = speech[who.language], _day(who.born)
    given, family = one.given[who.given], one.family[who.family]
    impossible = {
        "script": not (given.own_script and family.own_script),
        "romanised": not (given.spellings[1:] or family.spellings[1:] or one.drifted(given.spellings[0])),
        "swapped": born.day > 12 or born.day == born.month,
        "new year": (born.month, born.day) == (1, 1),
    }
    possible = [kind for kind, number in left.items() if number and not impossible.get(kind)]
    return max(possible, key=left.__getitem__, default="")


def _contacts(told: Who, kind: str, human: int, made: World) -> None:
    if kind in ("email", "phone"):
        row = getattr(made, kind)
        row[human] = row[human] if 0 <= row[human] < 10**9 else human
        setattr(told, kind, row[human])
    if kind == "employer":
        told.employer = made.employer[human] + 1
    if kind == "undated":
        told.employer = made.employer[human]


Renaming = Callable[[Generator, Language, Who, str], str]


def _script(rng: Generator, one: Language, who: Who, name: str) -> str:
    return _said(rng, one, who, script=1)


def _romanised(rng: Generator, one: Language, who: Who, name: str) -> str:
    words = [_respelt(rng, one, entry) for entry in (one.given[who.given], one.family[who.family])]
    return _in_order(one, *words).title()


def _respelt(rng: Generator, one: Language, entry: Entry) -> str:
    others = [*entry.spellings[1:]] or one.drifted(entry.spellings[0])
    return _pick(rng, others) if others else entry.spellings[0]


def _order(rng: Generator, one: Language, who: Who, name: str) -> str:
    given, family = one.given[who.given].spellings[0], one.family[who.family].spellings[0]
    turned = [f"{family}, {given}", f"{family.upper()} {given}"]
    return f"{given} {family}".title() if one.is_family_first else _pick(rng, turned).title()


def _initial(rng: Generator, one: Language, who: Who, name: str) -> str:
    given, family = one.given[who.given].spellings[0], one.family[who.family].spellings[0]
    return _in_order(one, f"{given[0]}.", family).title()


def _misspelt(rng: Generator, one: Language, who: Who, name: str) -> str:
    places = [n for n in range(1, len(name)) if name[n].isalpha() and name[n - 1].isalpha()]
    at, letter = places[int(rng.integers(len(places)))], _pick(rng, list("aeiounrstl"))
    dropped, added = name[:at] + name[at + 1 :], name[:at] + letter + name[at:]
    replaced, turned = name[:at] + letter + name[at + 1 :], name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :]
    return _pick(rng, [dropped, added, replaced, turned.title()])


def _married(rng: Generator, one: Language, who: Who, name: str) -> str:
    other = one.family[int(_drawn(rng, one.family, 1)[0])].spellings[0]
    return _in_order(one, one.given[who.given].spellings[0], other).title()


def _particles(rng: Generator, one: Language, who: Who, name: str) -> str:
    bare = _in_order(one, one.given[who.given].spellings[0], one.family[who.family].spellings[0]).title()
    return f"{_pick(rng, TITLES)} {bare}"


_RENAMED: dict[str, Renaming] = {
    "script": _script, "romanised": _romanised, "order": _order, "initial": _initial, "misspelt": _misspelt,
    "married": _married, "particles": _particles,
}  # fmt: skip


def _redated(rng: Generator, kind: str, born: date) -> date:
    """The day as it was mistyped; the same day for other kinds."""
    if kind == "new year":
        return born.replace(month=1, day=1)
    if kind == "swapped":
        return born.replace(month=born.day, day=born.month)
    if kind == "digit":
        return _one_digit_off(rng, born)
    return born


def _one_digit_off(rng: Generator, born: date) -> date:
    text = f"{born:%Y%m%d}"
    while True:
        at = int(rng.integers(2, 8))
        changed = text[:at] + str(int(rng.integers(10))) + text[at + 1 :]
        try:
            made = date(int(changed[:4]), int(changed[4:6]), int(changed[6:]))
        except ValueError:
            continue
        if made != born and made.year < TODAY.year - 10:
            return made
