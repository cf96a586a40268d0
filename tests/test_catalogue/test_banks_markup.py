"""HTML of question banks as Markdown: what learners see in the end is what the bank says."""

import html
import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.catalogue.banks.errors import LeftOutError
from courses.catalogue.banks.hypertext import parse_html
from courses.catalogue.banks.markup import Markup
from courses.catalogue.banks.runs import plain_text
from courses.catalogue.rendering import rendered, rendered_inline


def converted(source: str, *, is_line: bool = False, language: str = "en") -> tuple[str, list[str]]:
    notes: list[str] = []
    held = {"a.png": "pictures/a.png"}
    markup = Markup(notes.append, notes.append, held.get, language=language)
    return (markup.line(source) if is_line else markup.block(source)), notes


def text_of(shown: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", shown)).split())


@pytest.mark.parametrize(
    ("source", "markdown"),
    [
        ("plain", "plain"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<p>one<p>two", "one\n\ntwo"),
        ("one<br>two", "one\\\ntwo"),
        ("<p>a&nbsp;b &amp; c &lt; d</p>", "a b & c < d"),
        ("a <b> bold </b>word", "a **bold** word"),
        ("<b>a</b><b>b</b>", "**ab**"),
        ("x<b>y.</b>z", "x**y**.z"),
        ("中<b>文。</b>字", "中**文**。字"),
        ("<i>a <b>b</b></i>", "*a **b***"),
        ("<i><b>b</b> a</i>", "***b** a*"),
        ('<b>a <a href="https://x.org">b</a></b> c', "**a [b](<https://x.org>)** c"),
        ("the <u>underlined</u> word", "the *underlined* word"),
        ('<span style="text-decoration: underline">so</span> too', "*so* too"),
        ('<span style="font-weight: bold">so</span> too', "**so** too"),
        ("<h1>Title</h1><h4>Small</h4>", "## Title\n\n#### Small"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<ul><li>a<li>b</ul>", "- a\n- b"),
        ("<ol start=3><li>a<ul><li>b</ul></ol>", "3. a\n\n   - b"),
        ("<ul><li>a</ul><ul><li>b</ul>", "- a\n\n* b"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        ("<pre>x = 1\n  y</pre>", "```\nx = 1\n  y\n```"),
        ("<pre>a<br>b</pre>", "```\na\nb\n```"),
        ("<pre>```\nx</pre>", "````\n```\nx\n````"),
        ("say <code>a`b</code>", "say ``a`b``"),
        ("<hr>", "***"),
        ('<a href="https://example.org/a(b)">there</a>', "[there](<https://example.org/a(b)>)"),
        ('<img src="a.png" alt="A [desk]">', "![A \\[desk\\]](pictures/a.png)"),
        ("x<sup>2</sup> H<sub>2</sub>O", "x² H₂O"),
        ("<q>so</q>", "“so”"),
        ("1. no list", "1\\. no list"),
        ("# no title", "\\# no title"),
        ("- no list", "\\- no list"),
        ("a_b 2 * 3 [1] x<y", "a_b 2 * 3 [1] x<y"),
        ("*a* and &amp;lt; and `c`", "\\*a\\* and \\&lt; and \\`c\\`"),
        (r"\(x_1\) $$y$$", r"\\(x_1\\) $$y$$"),
        ("<table><tr><th>a|b<th>c<tr><td>1<td>2</table>", "| a\\|b | c |\n| --- | --- |\n| 1 | 2 |"),
        ("<p>नमस्ते <b>दुनिया</b></p><p>வணக்கம்</p><p>你好</p>", "नमस्ते **दुनिया**\n\nவணக்கம்\n\n你好"),
        ("<div><span>a</span><div>b</div>c</div>", "a\n\nb\n\nc"),
        ("<o:p>word</o:p> <font color=red>red</font>", "word red"),
        ("a<!-- hidden --><style>p {}</style>b", "ab"),
        ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>", "漢(かん)"),
    ],
)
def test_html_becomes_markdown(source: str, markdown: str) -> None:
    assert converted(source) == (markdown, [])


@pytest.mark.parametrize(
    ("source", "markdown", "note"),
    [
        ("a<script>alert(1)</script>b", "ab", "a script"),
        ('a <iframe src="https://x.org"></iframe>', "a", "a frame (https://x.org)"),
        ("<video><source src=v.mp4></video>a", "a", "a video (v.mp4)"),
        ('<a href="javascript:alert(1)">x</a>', "x", "a link to javascript:alert(1)"),
        ('<a href="page.html">x</a>', "x", "a link to page.html"),
        ("<s>a</s> b", "a b", "that text is crossed out"),
        ("e<sup>Q</sup>", "e^(Q)", "says that 'Q' is raised, written with ^ now"),
        ('<img src="b.png" alt="B">', "B", "the picture b.png, which the bank does not hold or which is none"),
        (
            '<img src="a.png">',
            "![](pictures/a.png)",
            "shows the picture pictures/a.png without words; write what it shows",
        ),
        (
            '<img src="https://x.org/b.png" alt="B">',
            "[B](<https://x.org/b.png>)",
            "shows a picture from elsewhere, which is a link now: https://x.org/b.png",
        ),
        (
            "<math><mi>x</mi><mo>+</mo></math>",
            "x +",
            "has a formula in MathML, of which there are the signs in a row now",
        ),
        (
            "<table><tr><td colspan=2>a<td>b<tr><td>1<td>2<td>3</table>",
            "| a |  | b |\n| --- | --- | --- |\n| 1 | 2 | 3 |",
            "that cells of a table are joined",
        ),
    ],
)
def test_what_a_course_cannot_show_is_named(source: str, markdown: str, note: str) -> None:
    assert converted(source) == (markdown, [note])


def test_formulas_in_tex_stay() -> None:
    source = '<math><semantics><mi>x</mi><annotation encoding="application/x-tex">x^2</annotation></semantics></math>'
    assert converted(source) == (r"\\(x^2\\)", [])


def test_of_texts_in_several_languages_one_is_taken() -> None:
    source = '<span class="multilang" lang="en">yes</span><span class="multilang" lang="cy">ie</span>'
    assert converted(source) == ("yes", ["its text in the language cy"])
    assert converted(source, language="cy") == ("ie", ["its text in the language en"])


def test_a_choice_is_one_line() -> None:
    source = "<p>one</p><ul><li>two</li></ul><pre>x\ny</pre>"
    assert converted(source, is_line=True) == ("one\\\n• two\\\n`x`\\\n`y`", [])
    assert "<p>" not in rendered_inline(converted(source, is_line=True)[0])


def test_a_choice_keeps_what_would_begin_a_list_or_a_heading() -> None:
    assert converted("1. a", is_line=True)[0] == "1. a"
    assert rendered_inline("1. a") == "1. a"


def test_far_too_much_html_leaves_the_question_out() -> None:
    for source in ("<b>" * 200, "<i>x</i>" * 60_000, "a" * 500_000, "word " * 4_000):
        with pytest.raises(LeftOutError):
            converted(source)


signs = st.characters(exclude_categories=["Cs"])
words = st.text(st.one_of(st.sampled_from(list("*_`[]()<>&#+-=~|!\\ \n\t.:;1ab\"'{}$^@/")), signs), max_size=40)


@settings(max_examples=400, deadline=None)
@given(words)
def test_any_text_is_shown_as_it_is(text: str) -> None:
    for is_line, shown in ((False, rendered), (True, rendered_inline)):
        markdown, notes = converted(html.escape(text), is_line=is_line)
        assert text_of(shown(markdown)) == plain_text(text).strip()
        assert notes == []


TAGS = "p b i em strong u div span ul ol li code pre blockquote table tr td th h2 a sub q br br/ hr"
tags = st.sampled_from(TAGS.split())
pieces = st.lists(st.one_of(words.map(html.escape), tags.map("<{}>".format), tags.map("</{}>".format)), max_size=25)


@settings(max_examples=400, deadline=None)
@given(pieces)
def test_any_html_keeps_all_its_words(parts: list[str]) -> None:
    """Whatever is nested in whatever. What lies in a table and in no cell comes before it, as in a browser."""
    source = "".join(parts)
    markdown, _ = converted(source)
    shown = text_of(rendered(markdown)).translate(LOWERED)
    assert Counter(re.findall(r"[^\W_]", shown)) == Counter(re.findall(r"[^\W_]", parse_html(source).text))


LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉ₐₑₒₓ", "0123456789aeox")


@given(words)
def test_any_text_at_all_is_read_as_html(text: str) -> None:
    converted(text)
    converted(text, is_line=True)
