"""A question as a form shows it: named by its prompt, and giving nothing away by its order."""

import pytest

from courses.catalogue.folders import STARTER, read_courses
from courses.catalogue.questions.texts import Kind
from courses.learning.forms import Asked


def shown(kind: str = Kind.ONE, *, key: str = "which", **texts: object) -> Asked:
    return Asked(key=key, kind=kind, texts={"prompt": "<p>Which?</p>", **texts}, language="en", order=[])


@pytest.mark.parametrize(
    ("prompt", "legend", "rest"),
    [
        ("<p>Which <em>one</em>?</p>\n", "Which <em>one</em>?", ""),
        ("<p>Read.</p>\n<pre>x</pre>\n<p>What?</p>", "Read.", "<pre>x</pre>\n<p>What?</p>"),
        ("<ul>\n<li><p>a</p></li>\n</ul>\n<p>Which?</p>", "", "<ul>\n<li><p>a</p></li>\n</ul>\n<p>Which?</p>"),
    ],
)
def test_a_legend_holds_the_first_paragraph_and_never_a_block(prompt: str, legend: str, rest: str) -> None:
    asked = shown(prompt=prompt)
    assert (asked.legend, asked.rest) == (legend, rest)


def test_a_question_is_described_by_what_is_there_and_by_nothing_else() -> None:
    plain, said = (
        shown(),
        Asked("k", Kind.SEVERAL, {"prompt": "<p>A</p><p>B</p>"}, "en", [], fault="No.", is_right=False),
    )
    assert plain.notes == ""
    assert said.notes == "rest-k fault-k hint-k said-k"


@pytest.mark.parametrize("key", ["steps", "order", "first", "a"])
def test_an_ordering_in_practice_is_never_shown_in_its_right_order_and_always_in_the_same(key: str) -> None:
    asked = shown(Kind.ORDERING, key=key, choices=["1", "2"])
    assert [line.html for line in asked.lines] == [line.html for line in asked.lines] == ["2", "1"]


def test_no_practice_of_our_own_courses_gives_its_matches_away_by_their_order() -> None:
    given_away = []
    for course, _files in read_courses(STARTER):
        for lesson in course.lessons:
            for question in lesson.questions:
                if question.kind == Kind.MATCHING:
                    words = question.words[course.language]
                    asked = shown(Kind.MATCHING, key=question.key, choices=words.choices, matches=words.matches)
                    given_away += [question.key] * ([text for _name, text in asked.options] == words.matches)
    assert given_away == []
