"""Pictures in Moodle XML: those that come along, and those that may not."""

import base64

import pytest

from tests.test_catalogue.banks import PNG, read, said, words
from tests.test_catalogue.moodle import ENCODED, ONE, answer, picture, question, quiz


def test_pictures_come_along_with_the_words_that_say_what_they_show() -> None:
    text = '<p>See <img src="@@PLUGINFILE@@/my%20desk.png" alt="A desk" width="80"></p>'
    source = quiz(question("multichoice", ONE, text=text)).replace(
        "</questiontext>", picture("my desk.png") + "</questiontext>"
    )
    bank = read(source)
    assert words(bank).prompt == "See ![A desk](pictures/my-desk.png)"
    assert bank.pictures == {"pictures/my-desk.png": PNG}
    assert said(bank) == []


def test_the_same_picture_is_kept_once_and_others_of_its_name_apart() -> None:
    text = '<img src="@@PLUGINFILE@@/a.png" alt="A"><img src="@@PLUGINFILE@@/in/a.png" alt="B">'
    other = picture("a.png", "/in/").replace(ENCODED, base64.b64encode(PNG + b"x").decode())
    source = quiz(question("multichoice", ONE, text=text)).replace(
        "</questiontext>", picture("a.png") + other + "</questiontext>"
    )
    again = source.replace("<quiz>", "<quiz>" + question("multichoice", ONE, text=text, name="Other")).replace(
        "</questiontext>", picture("a.png") + other + "</questiontext>", 1
    )
    assert set(read(again).pictures) == {"pictures/a.png", "pictures/a-2.png"}


def test_two_texts_may_show_different_pictures_of_the_same_name() -> None:
    def shown(data: bytes, fraction: str) -> str:
        file = picture("image.png").replace(ENCODED, base64.b64encode(data).decode())
        made = answer('<img src="@@PLUGINFILE@@/image.png" alt="A">', fraction)
        return made.replace("<feedback", f"{file}<feedback")

    bank = read(quiz(question("multichoice", shown(PNG + b"1", "100") + shown(PNG + b"2", "0"))))
    assert words(bank).choices == ["![A](pictures/image.png)", "![A](pictures/image-2.png)"]
    assert bank.pictures == {"pictures/image.png": PNG + b"1", "pictures/image-2.png": PNG + b"2"}
    assert said(bank) == []


def test_a_picture_without_words_and_a_file_that_is_none_are_named() -> None:
    text = (
        '<img src="@@PLUGINFILE@@/a.png"><a href="@@PLUGINFILE@@/b.pdf">b</a><img src="@@PLUGINFILE@@/c.png" alt="C">'
    )
    files = picture("a.png") + '<file name="b.pdf" path="/" encoding="base64">JVBERg==</file>'
    source = quiz(question("multichoice", ONE, text=text)).replace("</questiontext>", files + "</questiontext>")
    bank = read(source)
    assert words(bank).prompt == "![](pictures/a.png)bC"
    assert said(bank) == [
        "shows the picture pictures/a.png without words; write what it shows",
        "loses a link to @@PLUGINFILE@@/b.pdf",
        "loses the picture @@PLUGINFILE@@/c.png, which the bank does not hold or which is none",
        "loses the file b.pdf",
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<html></html>",
        b"GIF8",
        b"",
    ],
)
def test_what_is_no_harmless_picture_is_not_taken(data: bytes) -> None:
    text = '<img src="@@PLUGINFILE@@/a.svg" alt="A">'
    file = picture("a.svg").replace(ENCODED, base64.b64encode(data).decode())
    bank = read(quiz(question("multichoice", ONE, text=text)).replace("</questiontext>", file + "</questiontext>"))
    assert bank.pictures == {}
    assert words(bank).prompt == "A"


def test_a_drawing_is_a_picture() -> None:
    drawing = b'<?xml version="1.0"?>\n<!-- by hand -->\n<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'
    file = picture("a.svg").replace(ENCODED, base64.b64encode(drawing).decode())
    text = '<img src="@@PLUGINFILE@@/a.svg" alt="A">'
    bank = read(quiz(question("multichoice", ONE, text=text)).replace("</questiontext>", file + "</questiontext>"))
    assert bank.pictures == {"pictures/a.svg": drawing}


def test_a_long_picture_may_lie_in_its_address() -> None:
    long = PNG + b"x" * 900_000
    text = f'<img src="data:image/png;base64,{base64.b64encode(long).decode()}" alt="A">'
    assert read(quiz(question("multichoice", ONE, text=text))).pictures == {"pictures/picture.png": long}
