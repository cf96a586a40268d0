"""Reads a question bank, whatever format it is in: that is found by what it holds, not by its name."""

import re

from courses.catalogue.banks.bank import Bank, Collection
from courses.catalogue.banks.documents import document
from courses.catalogue.banks.errors import BankRefusedError
from courses.catalogue.banks.gift import is_gift, read_gift
from courses.catalogue.banks.moodle import read_moodle
from courses.catalogue.banks.packages import read_package
from courses.catalogue.banks.qti import read_item
from courses.catalogue.banks.qti12 import read_interop
from courses.catalogue.plain_xml import Node

LARGEST = 50_000_000  # bytes
LONGEST_GIFT = 5_000_000  # bytes
KNOWN = "Moodle XML, GIFT, QTI 1.2, 2.1, 2.2 and 3.0, and packages of QTI"
XML_START = re.compile(
    rb"<(\?xml|!DOCTYPE|!--|(\w+:)?(quiz|question|questestinterop|assessment\w*|item|objectbank|qti-[\w-]+)[\s>])"
)
TESTS = ("assessmentTest", "assessmentSection", "assessmentStimulus")


def read_bank(data: bytes, *, name: str, language: str) -> Bank:
    """The questions of a bank, their texts in `language`; `name` is what faults call the file.

    Raises `BankRefusedError` for what is no question bank, or is damaged, hostile or too large.
    """
    if len(data) > LARGEST:
        raise BankRefusedError(f"{name} has {len(data):,} bytes, {LARGEST:,} are allowed. Split it.")
    collection = Collection(name, language)
    if data.startswith(b"PK\x03\x04"):
        read_package(data, collection)
    elif is_xml(data):
        read_xml(document(data, name), collection)
    else:
        read_text(data, collection)
    if not collection.found:
        raise BankRefusedError(f"{name} holds no question.")
    return collection.bank()


def is_xml(data: bytes) -> bool:
    """Whether it begins like XML, in whatever encoding. Text with marks of HTML may be GIFT."""
    start = data[:1000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return bool(XML_START.match(start))


def read_xml(root: Node, collection: Collection) -> None:
    match root.name:
        case "quiz" | "question":
            read_moodle(root, collection)
        case "questestinterop" | "assessment" | "item" | "objectbank":
            read_interop(root, collection)
        case "assessmentItem":
            read_item(root, collection)
        case name if name in TESTS:
            raise BankRefusedError(f"{collection.file} names questions and holds none. Take the whole package, as zip.")
        case name:
            raise BankRefusedError(
                f"{collection.file} begins with <{name[:40]}>: that is no question bank. Known: {KNOWN}."
            )


def read_text(data: bytes, collection: Collection) -> None:
    if len(data) > LONGEST_GIFT:
        raise BankRefusedError(
            f"{collection.file} has {len(data):,} bytes of text, {LONGEST_GIFT:,} are allowed. Split it."
        )
    text = decoded_text(data, collection.file)
    if not is_gift(text):
        raise BankRefusedError(f"{collection.file} is no question bank. Known: {KNOWN}.")
    read_gift(text, collection)


def decoded_text(data: bytes, file: str) -> str:
    """The text, in UTF-8, or in UTF-16 with a mark. Raises `BankRefusedError` for anything else, and for NUL."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BankRefusedError(f"{file}, line {line}, is not UTF-8. Save it as UTF-8.") from error
    if "\0" in text:
        raise BankRefusedError(f"{file}, line {text[: text.index(chr(0))].count(chr(10)) + 1}, holds a NUL character.")
    return text
