"""How hard a lesson is to read."""

import re
from collections.abc import Iterator

from courses.catalogue.checking.plain import Remark, blocks, has_spaces, path_in, words
from courses.catalogue.folders import CourseText

ENOUGH = 100  # words; less says nothing about a text
HARD = 10.0  # grade: what people of about 15 read with ease
LONG = 25.0  # words a sentence, on average
END = re.compile(r"[.!?…।။۔]+(?=\s|$)")
VOWELS = re.compile(r"[aeiouy]+")


def reading_remarks(course: CourseText) -> list[Remark]:
    return [
        Remark(path_in(language, course, lesson.file), message)
        for lesson in course.lessons
        for language, said in lesson.words.items()
        for message in remarks_on(said.markdown, language)
    ]


def remarks_on(markdown: str, language: str) -> Iterator[str]:
    sentences = list(sentences_of(markdown)) if has_spaces(language) else []
    number = sum(map(len, sentences))
    if number < ENOUGH:
        return
    if language.split("-")[0] == "en":
        grade = flesch_kincaid(sentences)
        if grade > HARD:
            yield f"reads like a text for grade {grade:.0f} (age {grade + 5:.0f}); shorter sentences and words help"
    elif number / len(sentences) > LONG:
        yield f"has {number / len(sentences):.0f} words a sentence; shorter sentences help"


def sentences_of(markdown: str) -> Iterator[list[str]]:
    """The words of each sentence; what stands in a list item or cell of its own is one."""
    for block in blocks(markdown):
        yield from (found for sentence in END.split(block) if (found := words(sentence)))


def flesch_kincaid(sentences: list[list[str]]) -> float:
    """The grade of American schools in which an English text is read with ease; age is about five years more.

    0.39 words a sentence + 11.8 syllables a word - 15.59: Kincaid, Fishburne, Rogers and Chissom, “Derivation of new
    readability formulas for Navy enlisted personnel”, Research Branch Report 8-75, 1975.
    """
    number = sum(map(len, sentences))
    syllables = sum(syllables_of(word) for sentence in sentences for word in sentence)
    return 0.39 * number / len(sentences) + 11.8 * syllables / number - 15.59


def syllables_of(word: str) -> int:
    """Groups of vowels, without a silent e at the end: an estimate, right for about nine English words of ten."""
    plain = word.lower().replace("’", "'").split("'")[0]
    if not plain.isascii() or not plain.isalpha():
        return 1
    found = len(VOWELS.findall(plain))
    is_silent = plain.endswith(("e", "es", "ed")) and not plain.endswith(
        ("le", "les", "ted", "ded", "ses", "ces", "ges")
    )
    return max(1, found - is_silent)
