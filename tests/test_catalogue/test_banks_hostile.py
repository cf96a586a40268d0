"""Hostile, damaged and far too large files: refused or harmless, in bounded time."""
# ruff: noqa: E501 - samples of XML read better in one line

import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from courses.catalogue.banks.bank import Bank, Collection
from courses.catalogue.banks.errors import BankRefusedError, LeftOutError
from courses.catalogue.banks.hypertext import parse_html
from courses.catalogue.plain_xml import parse_xml
from tests.test_catalogue import banks
from tests.test_catalogue.moodle import ONE, question, quiz
from tests.test_catalogue.qti_samples import choices, item, response
from tests.test_catalogue.test_banks_packages import manifest, packed, resource
from tests.test_catalogue.test_banks_qti12 import ABC, PROMPT, assessment, equal, lid, score, when
from tests.test_catalogue.test_banks_qti12 import item as item12

LONGEST = 10  # seconds of a processor, on a machine that others use too
LAUGHS = "".join(f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' for number in range(1, 10))


def tried(data: str | bytes) -> Bank | None:
    """What is read; `None` if it is refused. Anything else is a failure, and so is taking long."""
    started = time.thread_time()
    try:
        return banks.read(data)
    except BankRefusedError:
        return None
    finally:
        assert time.thread_time() - started < LONGEST


@pytest.mark.parametrize(
    "inner",
    [
        f'[<!ENTITY l0 "ha">{LAUGHS}]',
        '[<!ENTITY x SYSTEM "file:///etc/passwd">]',
        '[<!ENTITY % x SYSTEM "http://127.0.0.1:9/x">%x;]',
        '[<!ENTITY x "<question/>">]',
    ],
)
def test_documents_that_declare_entities_are_refused(inner: str) -> None:
    with pytest.raises(BankRefusedError, match="declares entities, which are not taken"):
        banks.read(f"<?xml version='1.0'?><!DOCTYPE quiz {inner}><quiz>&l9;&x;</quiz>")


def test_a_document_type_is_never_fetched_and_adds_nothing() -> None:
    shown = quiz(question("multichoice", ONE))
    typed = shown.replace("<quiz>", '<!DOCTYPE quiz SYSTEM "http://127.0.0.1:9/quiz.dtd">\n<quiz>')
    assert len(banks.read(typed).questions) == 1
    added = "<!DOCTYPE quiz [<!ATTLIST answer fraction CDATA '100' more CDATA 'x'>]><quiz><answer/></quiz>"
    assert parse_xml(added.encode()).elements[0].attributes == {}


def test_entities_of_html_are_known_where_a_document_type_could_declare_them() -> None:
    typed = quiz(question("essay", "", name="Caf&eacute;")).replace("<quiz>", '<!DOCTYPE quiz SYSTEM "quiz.dtd"><quiz>')
    assert banks.read(typed).left_out[0].key == 'question "Café"'
    with pytest.raises(BankRefusedError, match="holds &mine;, and nobody knows what that is"):
        banks.read(typed.replace("&eacute;", "&mine;"))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: "<quiz>" + "<a>" * 1_000_000, "nested deeper than 100"),
        (lambda: "<quiz>" + "<a/>" * 500_001, "more than 500,000 elements"),
        (lambda: b"x" * 60_000_000, "50,000,000 are allowed"),
        (lambda: "Q {T}\n\n" * 900_000, "of text, 5,000,000 are allowed"),
        (lambda: "Q {T}\n\n" * 20_001, "more than 20,000 questions"),
        (
            lambda: "<?xml version='1.0' encoding='utf-16'?><quiz/>".encode("utf-16")[:-1],
            "is not in utf-16-le, as it says",
        ),
        (lambda: b"<quiz>\xff</quiz>", "is not well-formed XML"),
        (lambda: b"<quiz>\0</quiz>", "is not well-formed XML"),
    ],
)
def test_what_is_far_too_much_or_damaged_is_refused(make: Callable[[], str | bytes], says: str) -> None:
    with pytest.raises(BankRefusedError, match=says):
        banks.read(make())


LONG = 200_000


@pytest.mark.parametrize(
    "source",
    [
        "<" * LONG, "<!--" * LONG, "<a " * LONG, "<a b='>" * LONG, "</" * LONG, "&#" * LONG, "&" * LONG, "<b>" * LONG,
        "<p>" * LONG, "<table><tr><td>" * LONG, "<script>" * LONG, "<a" + " a=1" * LONG, "&#" + "9" * LONG + ";",
        "<p>" + "".join(f"<b id={number}>" for number in range(2000)) + "</p><p>x" * 2000, "<![CDATA[" * LONG, "[" * LONG,
    ],
    ids=range(16),
)  # fmt: skip
def test_no_html_takes_long(source: str) -> None:
    """Among them what takes other parsers minutes, or gigabytes."""
    started = time.thread_time()
    for text in (source, source[:90_000]):
        with suppress(LeftOutError):
            parse_html(text)
    tried(quiz(question("multichoice", ONE, text=source[:390_000].replace("]]>", ""))))
    assert time.thread_time() - started < LONGEST


@pytest.mark.parametrize(
    "make",
    [
        lambda: "R {T}\n\nQ {" + "~%5%a" * 900_000 + "}",
        lambda: "R {T}\n\n" + "Q {\n\n" * 15_000,
        lambda: "R {T}\n\n" + "// [id:" * 600_000,
        lambda: "R {T}\n\nQ {#" + "9" * 4_000_000 + "}",
        lambda: "R {T}\n\n" + "{mlang en}" * 400_000 + "{T}",
        lambda: item(response([], cardinality="multiple"), choices("ABCDEFGHIJ", most=0), "<responseProcessing>"
                     + "<responseCondition><responseIf><null/></responseIf></responseCondition>" * 50_000 + "</responseProcessing>"),
        lambda: assessment(item12(PROMPT + lid(ABC, cardinality="Multiple"), when(equal("1") * 50_000, score()))),
        lambda: quiz(question("multichoice", ONE, text='<img src="@@PLUGINFILE@@/x.png">' * 5000)
                     .replace("</questiontext>", '<file name="a"/>' * 5000 + "</questiontext>")),
        lambda: quiz(question("multichoice", ONE, text="<table>" + "<tr><td rowspan=9999 colspan=9999>" * 900)),
        lambda: quiz(question("multichoice", ONE, text="|a" * 40 + "\n" + "|-" * 40 + "\n" + "|\n" * 2400)
                     .replace('text format="html"', 'text format="markdown"')),
    ],
    ids=range(10),
)  # fmt: skip
def test_no_bank_takes_long(make: Callable[[], str]) -> None:
    tried(make())


def test_a_bank_that_takes_too_long_is_refused() -> None:
    collection = Collection("bank", "en")
    collection.started -= 1000
    with pytest.raises(BankRefusedError, match="takes more than 30 seconds to read"):
        collection.go_on()


SAMPLES = [
    quiz(question("multichoice", ONE), question("shortanswer", ONE), question("match", ONE)).encode(),
    item(response(["B"]), choices()).encode(),
    assessment(item12(PROMPT + lid(ABC), when(equal("2"), score()))).encode(),
    b"$CATEGORY: a/b\n\n::Q:: What is \\{it\\}? {=a#yes ~%50%b ~c####all}\n\nR {#1..2}\n\nS {=a->b =c->d}",
    packed({"imsmanifest.xml": manifest(resource("a.xml")), "a.xml": item(response(["B"]), choices())}),
]
cuts = st.tuples(st.sampled_from(SAMPLES), st.integers(0, 4000), st.integers(0, 200), st.binary(max_size=20))


@settings(max_examples=400, deadline=None)
@given(st.lists(cuts, min_size=1, max_size=3))
@example([(SAMPLES[0], 0, 0, b"\n"), (SAMPLES[0], 50, 3, b"\xff")])
def test_damaged_banks_are_read_or_refused(damages: list[tuple[bytes, int, int, bytes]]) -> None:
    data = damages[0][0]
    for _, start, length, put in damages:
        data = data[:start] + put + data[start + length :]
    found = tried(data)
    assert found is None or found.found >= len(found.questions)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_anything_at_all_is_read_or_refused(data: bytes) -> None:
    tried(data)
    tried(b"Q {" + data + b"}")
    tried(b"<quiz><question type='multichoice'>" + data + b"</question></quiz>")
