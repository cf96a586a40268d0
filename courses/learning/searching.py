"""Finding a course by words, as they are spelt or nearly: in every language that it has something in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import orjson
from anyascii import anyascii
from django.db.models import Count
from rapidfuzz import fuzz, utils

from courses.catalogue.models import Course, CourseVersion
from programs.models import Program

LONGEST_QUERY = 200
MOST_WORDS = 12
MOST_FOUND = 20
# Of 100: below this, what was found has nothing to do with what was meant.
GOOD_ENOUGH = 68
# Han and kana: written without spaces, also where they touch letters and digits.
RUN_TOGETHER = r"[\u3005-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]"
EDGES = re.compile(rf"(?<={RUN_TOGETHER})(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?={RUN_TOGETHER})")
WEIGHTS = {"title": 1.0, "lesson": 0.94, "summary": 0.9, "tag": 0.9}


class Entry(NamedTuple):
    """A text of a course by which it is found, as it is compared."""

    course: int
    kind: str
    language: str
    text: str
    plain: str


@dataclass(frozen=True)
class Found:
    """A course, the text of it that matched, and its language; `score` is of 100."""

    course: Course
    text: str
    kind: str
    language: str
    score: float


def search(program: Program, query: str, *, language: str) -> list[Found]:
    """The courses that can be begun and match, the best first; texts in the reader's language win among equals."""
    wanted = " ".join(plain(query[:LONGEST_QUERY])[:LONGEST_QUERY].split()[:MOST_WORDS])
    courses = {course.pk: course for course in Course.objects.of(program).offered()}
    if not wanted or not courses:
        return []
    published = CourseVersion.objects.filter(program=program).aggregate(number=Count("pk"))["number"]
    described = tuple(
        (pk, course.title, course.summary, orjson.dumps(course.translations)) for pk, course in courses.items()
    )
    best: dict[int, Found] = {}
    for entry, score in scored(index(program.pk, published, described), wanted, language):
        known = best.get(entry.course)
        if entry.course in courses and (known is None or score > known.score):
            best[entry.course] = Found(courses[entry.course], entry.text, entry.kind, entry.language, score)
    return sorted(best.values(), key=lambda one: (-one.score, one.course.position, one.course.code))[:MOST_FOUND]


def plain(text: str) -> str:
    """The text in small Latin letters without accents, whatever its script: as it is compared."""
    return str(utils.default_process(anyascii(EDGES.sub(" ", text.replace("\0", " ")))))


def scored(entries: Iterable[Entry], wanted: str, language: str) -> Iterable[tuple[Entry, float]]:
    for entry in entries:
        score = likeness(wanted, entry.plain)
        if score >= GOOD_ENOUGH:
            yield entry, score * WEIGHTS[entry.kind] + (1 if entry.language == language else 0)


def likeness(wanted: str, text: str) -> float:
    """How well every word that is wanted is found in the text, of 100: the mean over words, each at its best match.

    Words that somebody has set apart may be one in the text (a. i., data base).
    """
    words, asked = text.split(), wanted.split()
    if not words or not asked:
        return 0
    found = [max(word_likeness(one, word) for word in words) for one in asked]
    apart = sum(found) / len(found) if min(found) >= 50 else 0
    return apart if apart or not 1 < len(asked) < 4 else max(100 * ("".join(asked) == word) for word in words)


def word_likeness(wanted: str, word: str) -> float:
    """Equal is 100; the beginning of a longer word nearly so, and what stands in it; else by the letters to change.

    Many scripts write words together: in a long word the part that is most alike is compared.
    """
    if len(wanted) < 3 or word == wanted:
        return 100.0 * (wanted == word)
    if word.startswith(wanted):
        return 96
    if len(wanted) >= 4 and wanted in word:
        return 90
    whole = float(fuzz.ratio(wanted, word))
    is_long = len(wanted) >= 9 and len(word) >= 2 * len(wanted)
    return max(whole, 0.92 * fuzz.partial_ratio(wanted, word, score_cutoff=75)) if is_long else whole


@lru_cache(64)
def index(program: int, published: int, described: tuple[tuple[int, str, str, bytes], ...]) -> list[Entry]:
    """Every text of the program's courses. Kept as long as no version is published and no description changes.

    Versions are counted, because their numbers may become visible in another order than they were given.
    """
    entries: list[Entry] = []
    versions = CourseVersion.objects.filter(program=program).order_by("course", "-number").distinct("course")
    for version in versions.select_related("course"):
        entries += entries_of(version)
    return entries


def entries_of(version: CourseVersion) -> Iterable[Entry]:
    course = version.course
    said = {version.language: {"title": course.title, "summary": course.summary}, **course.translations}
    for language, words in said.items():
        yield entry(course, "title", language, words["title"])
        yield entry(course, "summary", language, words["summary"])
    for lesson in version.outline:
        for language, title in lesson["titles"].items():
            yield entry(course, "lesson", language, title)
    for tag in course.tags:
        yield entry(course, "tag", "", tag)


def entry(course: Course, kind: str, language: str, text: str) -> Entry:
    return Entry(course.pk, kind, language, text, plain(text))
