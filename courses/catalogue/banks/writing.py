"""Questions of a course as Moodle XML, so that they can go on elsewhere; `moodle` reads them back as they were.

Texts are written as HTML. What Moodle has no place for is left out: formatting on the right side of pairs, and texts in
other languages than the one that is asked for.
"""

import base64
import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

from courses.catalogue.banks.runs import UNSEEN
from courses.catalogue.questions.texts import Kind, QuestionText, Words
from courses.catalogue.rendering import rendered, rendered_inline

TAG = re.compile(r"<[^>]*>")
SOURCE = re.compile(r'(?<=src=")pictures/([^"]+)(?=")')
LONGEST_NAME = 80
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n'


def write_moodle_xml(
    questions: Iterable[QuestionText], language: str, *, pictures: Mapping[str, bytes] | None = None
) -> bytes:
    """The questions with their texts in the language, and the pictures that they show by their path in the course.

    Raises KeyError for a question that has no texts in the language.
    """
    return "".join(parts_of(questions, language, pictures or {})).encode()


def parts_of(questions: Iterable[QuestionText], language: str, pictures: Mapping[str, bytes]) -> Iterator[str]:
    yield HEAD
    pool = ""
    for question in questions:
        if question.pool != pool:
            pool = question.pool
            place = text(f"$course$/top/{pool}")
            yield f'  <question type="category">\n    <category>{place}</category>\n  </question>\n'
        yield question_of(question, question.words[language], pictures)
    yield "</quiz>\n"


def question_of(question: QuestionText, words: Words, pictures: Mapping[str, bytes]) -> str:
    kind, write = KINDS[question.kind]
    parts = [
        f"<name>{text(name_of(words) or question.key)}</name>",
        shown("questiontext", rendered(words.prompt), pictures),
        shown("generalfeedback", rendered(words.feedback), pictures),
        f"<defaultgrade>1</defaultgrade><penalty>0</penalty><hidden>0</hidden><idnumber>{question.key}</idnumber>",
        *write(question, words, pictures),
    ]
    inner = "".join(f"    {part}\n" for part in parts)
    return f'  <question type="{kind}">\n{inner}  </question>\n'


def name_of(words: Words) -> str:
    """How the prompt begins, in plain words."""
    plain = plain_of(rendered(words.prompt))
    return plain if len(plain) <= LONGEST_NAME else f"{plain[: LONGEST_NAME - 1]}…"


def plain_of(shown: str) -> str:
    return " ".join(html.unescape(TAG.sub("", shown)).split())


def text(content: str) -> str:
    return f"<text>{escape(UNSEEN.sub('', content))}</text>"


def shown(name: str, content: str, pictures: Mapping[str, bytes], attributes: str = "", inner: str = "") -> str:
    """An element with HTML and the pictures in it."""
    paths = sorted(set(SOURCE.findall(content)))
    files = "".join(file_of(path, pictures[f"pictures/{path}"]) for path in paths if f"pictures/{path}" in pictures)
    moved = SOURCE.sub(r"@@PLUGINFILE@@/\1", content.strip())
    return f'<{name}{attributes} format="html">{text(moved)}{files}{inner}</{name}>'


def file_of(path: str, data: bytes) -> str:
    folder, _, name = path.rpartition("/")
    place = quoteattr(f"/{folder}/" if folder else "/")
    return f'<file name={quoteattr(name)} path={place} encoding="base64">{base64.b64encode(data).decode()}</file>'


def answer(content: str, weight: str, feedback: str, pictures: Mapping[str, bytes]) -> str:
    """An answer of HTML, with its weight in per cent."""
    inner = shown("feedback", rendered(feedback), pictures)
    return shown("answer", content, pictures, f' fraction="{weight}"', inner)


def choices_of(question: QuestionText, words: Words, pictures: Mapping[str, bytes]) -> list[str]:
    """A wrong choice takes all points away, so that only the right ones and no other earn them."""
    right = question.right if isinstance(question.right, list) else []
    is_one = question.kind == Kind.ONE
    share = f"{100 / len(right):.5f}".rstrip("0").rstrip(".")
    said = words.choice_feedback or [""] * len(words.choices)
    answers = [
        answer(rendered_inline(choice), share if place in right else ("0" if is_one else "-100"), said[place], pictures)
        for place, choice in enumerate(words.choices)
    ]
    return [f"<single>{str(is_one).lower()}</single><shuffleanswers>true</shuffleanswers>", *answers]


def truths_of(question: QuestionText, words: Words, pictures: Mapping[str, bytes]) -> list[str]:
    said = words.choice_feedback or ["", ""]
    pairs = zip(("true", "false"), (True, False), said, strict=True)
    return [answer(name, "100" if question.right is truth else "0", one, pictures) for name, truth, one in pairs]


def number_of(question: QuestionText, words: Words, pictures: Mapping[str, bytes]) -> list[str]:
    right = question.right if isinstance(question.right, dict) else {}
    tolerance = f"<tolerance>{right['tolerance']}</tolerance>"
    parts = [f'<answer fraction="100" format="plain_text">{text(right["value"])}{tolerance}</answer>']
    if words.unit:
        name = escape(UNSEEN.sub("", words.unit))
        parts.append(f"<units><unit><multiplier>1</multiplier><unit_name>{name}</unit_name></unit></units>")
        parts.append("<unitgradingtype>0</unitgradingtype><showunits>3</showunits><unitsleft>0</unitsleft>")
    return parts


def accepted_of(question: QuestionText, words: Words, pictures: Mapping[str, bytes]) -> list[str]:
    """A star would stand for anything."""
    plain = (said.replace("*", "\\*") for said in words.accepts)
    return [
        "<usecase>0</usecase>",
        *(f'<answer fraction="100" format="plain_text">{text(one)}</answer>' for one in plain),
    ]


def pairs_of(question: QuestionText, words: Words, pictures: Mapping[str, bytes]) -> list[str]:
    lefts = [rendered_inline(left) for left in words.choices] + [""] * (len(words.matches) - len(words.choices))
    rights = [f"<answer>{text(plain_of(rendered_inline(right)))}</answer>" for right in words.matches]
    pairs = [shown("subquestion", left, pictures, inner=right) for left, right in zip(lefts, rights, strict=True)]
    return ["<shuffleanswers>true</shuffleanswers>", *pairs]


def order_of(question: QuestionText, words: Words, pictures: Mapping[str, bytes]) -> list[str]:
    answers = [answer(rendered_inline(one), str(place), "", pictures) for place, one in enumerate(words.choices, 1)]
    return [
        "<layouttype>VERTICAL</layouttype><selecttype>ALL</selecttype><gradingtype>ALL_OR_NOTHING</gradingtype>",
        *answers,
    ]


Writer = Callable[[QuestionText, Words, Mapping[str, bytes]], list[str]]
KINDS: dict[Kind, tuple[str, Writer]] = {
    Kind.ONE: ("multichoice", choices_of), Kind.SEVERAL: ("multichoice", choices_of),
    Kind.TRUE_FALSE: ("truefalse", truths_of), Kind.NUMBER: ("numerical", number_of),
    Kind.TEXT: ("shortanswer", accepted_of), Kind.MATCHING: ("match", pairs_of), Kind.ORDERING: ("ordering", order_of),
}  # fmt: skip
