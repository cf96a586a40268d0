"""Addresses in the texts of a course: pictures, downloads, other lessons, and places elsewhere."""

import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

from courses.catalogue.folders.markdown import Look, look, look_in_line
from courses.catalogue.questions.texts import Words
from courses.catalogue.rendering import COURSE, DOWNLOAD, ELSEWHERE, LESSON, PICTURE
from courses.catalogue.sections import Section

if TYPE_CHECKING:
    from collections.abc import Collection


def in_language(path: str, language: str, paths: "Collection[str]") -> str | None:
    """The file that stands for the path in the language: its own if there is one; `None` if there is neither.

    Markdown writes what is not ASCII in percents, and systems write accents in one sign or in two: the file is found
    all the same.
    """
    plain = unquote(path)
    named = dict.fromkeys([path, plain, unicodedata.normalize("NFC", plain), unicodedata.normalize("NFD", plain)])
    tried = [*(f"{language}/{one}" for one in named), *named]
    return next((one for one in tried if one in paths), None)


def dead_links(markdown: str, language: str, paths: "Collection[str]") -> Iterator[tuple[int, str]]:
    """Links and pictures that lead nowhere: the line, counted from 1, and what to do about it."""
    yield from dead(look(markdown), language, paths)


def dead(seen: Look, language: str, paths: "Collection[str]") -> Iterator[tuple[int, str]]:
    for line, address, is_picture in seen.addresses:
        fault = fault_of_address(address, is_picture, language, paths)
        if fault:
            yield line, fault


def faults_of_text(markdown: str, language: str, paths: "Collection[str]") -> Iterator[tuple[int, str]]:
    """Everything in the text that a page could not show, by line."""
    yield from look(markdown).faults
    yield from dead_links(markdown, language, paths)


def check_texts(section: Section, words: Words, language: str, paths: "Collection[str]") -> None:
    """Notes what a page could not show of the texts of a question."""
    for key, text in (("prompt", words.prompt), ("feedback", words.feedback)):
        for _line, fault in faults_of_text(text, language, paths):
            section.fault(fault, key)
    for key, texts in (("choices", words.choices), ("choice_feedback", words.choice_feedback)):
        for seen in map(look_in_line, texts):
            for _line, fault in (*seen.faults, *dead(seen, language, paths)):
                section.fault(fault, key)


def fault_of_address(address: str, is_picture: bool, language: str, paths: "Collection[str]") -> str:
    if is_picture:
        return fault_of_file(address, bool(PICTURE.fullmatch(address)), "pictures/", language, paths)
    if LESSON.fullmatch(address):
        return "" if address in paths else f"the link leads to {address}, and there is no such lesson"
    if ELSEWHERE.fullmatch(address) or COURSE.fullmatch(address):
        return ""  # whether there is the other course: other_courses.py
    if address.startswith("course:"):
        return (
            f"{unquote(address)} must be like course:ai-foundations, or course:ai-foundations/asking for a lesson of it"
        )
    return fault_of_file(address, bool(DOWNLOAD.fullmatch(address)), "files/", language, paths)


def fault_of_file(address: str, is_placed: bool, folder: str, language: str, paths: "Collection[str]") -> str:
    if not is_placed:
        return (
            f"{unquote(address) or 'an empty address'} leads nowhere: a file lies in {folder}, a lesson is named like"
            " 02-next.md, and what lies elsewhere has a whole address with https://"
        )
    return "" if in_language(address, language, paths) else f"{unquote(address)} is not in the course folder"
