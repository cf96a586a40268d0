"""Moodle XML as a document: categories, formats, languages, encodings, and what is no bank."""
# ruff: noqa: E501 - samples of XML read better in one line

import pytest

from courses.catalogue.banks.errors import BankRefusedError
from tests.test_catalogue.banks import only, read, said, words
from tests.test_catalogue.moodle import ENCODED, ONE, answer, question, quiz


def test_categories_become_pools() -> None:
    def category(path: str) -> str:
        return f'<question type="category"><category><text>{path}</text></category><info format="html"><text></text></info></question>'

    names = ["$course$/top/Default for Safety/Fire", "$course$/top", "$module$/top/Fire", "Aan &amp; Uit // in"]
    bank = read(quiz(*(category(path) + question("multichoice", ONE, name=path) for path in names)))
    assert [one.pool for one in bank.questions] == ["fire", "", "fire-2", "aan-uit-in"]


def test_the_identifier_of_the_bank_is_the_key() -> None:
    source = quiz(question("multichoice", ONE)).replace("<idnumber></idnumber>", "<idnumber>Fire 01</idnumber>")
    assert only(read(source)).key == "fire-01"


def test_markdown_stays_as_it_is_and_other_formats_are_understood() -> None:
    source = quiz(question("multichoice", ONE, text="A *word*\n\n- and\n- a list"))
    markdown = source.replace('<questiontext format="html">', '<questiontext format="markdown">')
    plain = source.replace('<questiontext format="html">', '<questiontext format="plain_text">')
    assert words(read(markdown)).prompt == "A *word*\n\n- and\n- a list"
    assert words(read(plain)).prompt == "A \\*word\\*\\\n\\- and\\\n\\- a list"


def test_markdown_with_html_or_large_headings_is_set_anew() -> None:
    source = quiz(question("multichoice", ONE, text="# Title\n\nA <b>word</b>")).replace(
        'text format="html"', 'text format="markdown"'
    )
    assert words(read(source)).prompt == "## Title\n\nA **word**"


def test_one_of_several_languages_is_taken() -> None:
    source = quiz(question("multichoice", ONE, text="{mlang en}Fire{mlang}{mlang cy}Tân{mlang}!"))
    assert words(read(source, language="cy")).prompt == "Tân!"
    assert said(read(source)) == ["loses its text in the languages cy"]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252", "koi8-r", "gb18030", "shift_jis", "big5"]
)
def test_every_encoding_that_the_document_declares_is_read(encoding: str) -> None:
    text = {"iso-8859-1": "Käse", "windows-1252": "“Käse”", "koi8-r": "сыр", "shift_jis": "チーズ", "big5": "乳酪"}.get(
        encoding, "你好 नमस्ते"
    )
    data = quiz(question("multichoice", ONE, text=text)).replace("UTF-8", encoding).encode(encoding)
    assert words(read(data)).prompt == text


def test_empty_lines_and_a_mark_before_the_document_do_no_harm() -> None:
    assert len(read(b"\xef\xbb\xbf" + quiz(question("multichoice", ONE)).encode()).questions) == 1
    bank = read("\n\n" + quiz(question("essay", "")))
    assert bank.left_out[0].line == 6


def test_an_old_export_with_a_picture_beside_the_text_is_read() -> None:
    source = f"""<quiz><question type="multichoice"><name><text>Old</text></name>
    <questiontext format="html"><text>Old &lt;b&gt;text&lt;/b&gt;</text></questiontext>
    <image>old.png</image><image_base64>
    {ENCODED}
    </image_base64>
    <answer fraction="100"><text>
    right
    </text><feedback><text> </text></feedback></answer><answer fraction="0"><text>wrong</text></answer></question></quiz>"""
    bank = read(source)
    assert words(bank).prompt == "Old **text**\n\n![](pictures/old.png)"
    assert words(bank).choices == ["right", "wrong"]
    assert said(bank) == ["shows the picture pictures/old.png without words; write what it shows"]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("<quiz></quiz>", "holds no question"),
        ("<quiz><question", "line 1, is not well-formed XML: unclosed token"),
        ("<quiz>\n<question type='essay'></quiz>", "line 2, is not well-formed XML: mismatched tag"),
        ("<?xml version='1.0'?><html/>", "begins with <html>"),
        ("<?xml version='1.0' encoding='x-mine'?><quiz/>", "the encoding x-mine, which is not known"),
        ("<?xml version='1.0' encoding='bz2_codec'?><quiz/>", "the encoding bz2_codec, which is not known"),
        ("<?xml version='1.0'?><quiz>&nbsp;</quiz>", "undefined entity"),
    ],
)
def test_what_is_no_bank_is_refused(source: str, says: str) -> None:
    with pytest.raises(BankRefusedError, match=says):
        read(source)


def test_other_elements_of_the_bank_are_named() -> None:
    bank = read(quiz(question("multichoice", ONE), "<settings>5</settings>"))
    assert said(bank) == ["<settings> is no question and is left out"]


@pytest.mark.parametrize("formula", [r"\(x^2\)", r"\[x^2\]", "$$x^2$$"])
def test_a_formula_in_tex_is_named(formula: str) -> None:
    says = "has a formula in TeX, which is shown as it is written"
    assert said(read(quiz(question("multichoice", ONE, text=f"<p>What is {formula}?</p>")))) == [says]
    assert said(read(quiz(question("multichoice", ONE + answer(f"<p>{formula}</p>", "0"))))) == [says]


def test_brackets_and_amounts_of_money_are_no_formula() -> None:
    assert said(read(quiz(question("multichoice", ONE, text="<p>[a] costs $5 (or $6), \\ and *b*</p>")))) == []
