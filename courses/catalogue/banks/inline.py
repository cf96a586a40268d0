"""A line of formatted text as Markdown that says exactly that: it is rendered and compared before it is taken."""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal, Protocol

from markdown_it.token import Token

from courses.catalogue.banks.runs import EM, STRONG, Run, merged, short_enough, tidied
from courses.catalogue.rendering import PARSER

HARMLESS = re.compile(r"(?!\d)[^\\`*_\[\]<>&|#+=~!\n-]*")  # means the same as text and as Markdown
PUNCTUATION = r"!-/:-@\[-`{-~"
# Answers from the renderer that tell what a token is here.
MARKS = {"strong_open": STRONG, "em_open": EM, "strong_close": STRONG, "em_close": EM}

Seen = list[tuple[str, ...]]
Step = tuple[Literal["start", "end"], tuple[str, str]] | tuple[Literal["run"], Run]


class Escape(Protocol):
    def __call__(self, text: str, *, is_start: bool) -> str: ...


def markdown_of(runs: Iterable[Run], *, is_block: bool) -> tuple[str, bool]:
    """The Markdown of a line, and whether it keeps its bold and italics; as a paragraph if `is_block`.

    The first way of writing that renders as the line is taken: as it stands, then with more and more escaped, then
    without bold and italics, which Markdown cannot put everywhere. Raises `LeftOutError` for a line that no course can
    hold.
    """
    line = tidied(short_enough(runs))
    if len(line) == 1 and line[0] == Run("text", line[0].text) and HARMLESS.fullmatch(line[0].text):
        return line[0].text, True
    bare = merged([replace(run, is_strong=False, is_em=False) for run in line])
    for tried, escape in itertools.product((line, bare), (light, careful, heavy)):
        text = written(tried, escape)
        if seen(text, is_block=is_block) == expected(tried):
            return text, tried is line or bare == line
    return written(bare, heavy), False


def steps(runs: Sequence[Run]) -> Iterator[Step]:
    """The runs, and between them what starts and what ends there, in the order in which Markdown writes it."""
    opened: list[tuple[str, str]] = []
    for place, run in enumerate([*runs, Run("text")]):
        wanted = run.marks if run.kind != "break" else list(opened)
        kept = next((count for count, mark in enumerate(opened) if mark not in wanted), len(opened))
        yield from (("end", mark) for mark in reversed(opened[kept:]))
        new = [mark for mark in wanted if mark not in opened[:kept]]
        new.sort(key=lambda mark: -lasting(runs[place:], mark))
        yield from (("start", mark) for mark in new)
        yield "run", run
        opened = opened[:kept] + new


def lasting(runs: Sequence[Run], mark: tuple[str, str]) -> int:
    """How many runs the mark goes on for: what goes on longest is opened first."""
    return next((count for count, run in enumerate(runs) if run.kind != "break" and mark not in run.marks), len(runs))


def written(runs: Sequence[Run], escape: Escape) -> str:
    parts: list[str] = []
    for step in steps(runs):
        match step:
            case "start", (kind, mark):
                parts.append("[" if kind == "link" else mark)
            case "end", (kind, mark):
                parts.append(f"](<{mark}>)" if kind == "link" else mark)
            case "run", run:
                parts.append(written_run(run, escape, is_start=not parts or parts[-1].endswith("\n")))
    return "".join(parts)


def written_run(run: Run, escape: Escape, *, is_start: bool) -> str:
    match run.kind:
        case "break":
            return "\\\n"
        case "picture":
            return f"![{heavy(run.text, is_start=False)}]({run.address})"
        case "code":
            fence = "`" * (longest_run_of("`", run.text) + 1)
            pad = " " if run.text.startswith(("`", " ")) or run.text.endswith(("`", " ")) else ""
            return f"{fence}{pad}{run.text}{pad}{fence}"
        case "text":
            return escape(run.text, is_start=is_start)


def longest_run_of(sign: str, text: str) -> int:
    return max((len(found) for found in re.findall(f"{re.escape(sign)}+", text)), default=0)


def light(text: str, *, is_start: bool) -> str:
    """As it stands; only a backslash that would be taken as one that escapes is doubled."""
    return re.sub(rf"\\(?=[{PUNCTUATION}]|$)", r"\\\\", text)


def careful(text: str, *, is_start: bool) -> str:
    """With a backslash before the signs that mean something where they stand."""
    text = re.sub(r"([\\`*\[\]]|(?<![^\W_])_|_(?![^\W_])|<(?=[a-zA-Z/!?])|&(?=[a-zA-Z#]\w*;))", r"\\\1", text)
    return first_escaped(text) if is_start else text


def heavy(text: str, *, is_start: bool) -> str:
    """With a backslash before every sign that might mean something anywhere."""
    text = re.sub(r"([\\`*_\[\]<&|])", r"\\\1", text)
    return first_escaped(text) if is_start else text


def first_escaped(text: str) -> str:
    """What makes a heading, a list or a line of a text's first signs is escaped."""
    return re.sub(r"^(\s*)(?:([#+\-=>~:])|(\d{1,9})([.)]))", r"\1\3\\\2\4", text)


def expected(runs: Sequence[Run]) -> Seen:
    """What a renderer must see in the line."""
    done: Seen = []
    for step in steps(runs):
        match step:
            case "start", (kind, mark):
                done.append((kind, PARSER.normalizeLink(mark) if kind == "link" else mark))
            case "end", (kind, _):
                done.append(("end", kind))
            case "run", Run(kind="picture", text=text, address=address):
                done.append(("picture", text, PARSER.normalizeLink(address)))
            case "run", run if run.text or run.kind == "break":
                done.append((run.kind, run.text))
    return done


def seen(markdown: str, *, is_block: bool) -> Seen | None:
    """What a renderer sees in the text; `None` if it is anything but one line of text."""
    tokens = PARSER.parse(markdown) if is_block else PARSER.parseInline(markdown)
    shape = [token.type for token in tokens]
    if shape != (["paragraph_open", "inline", "paragraph_close"] if is_block else ["inline"]):
        return [] if not tokens else None
    done: Seen = []
    for token in next(token for token in tokens if token.type == "inline").children or []:
        sight = sight_of(token)
        if sight[0] == "text" and done and done[-1][0] == "text":
            sight = ("text", done.pop()[1] + sight[1])
        if sight != ("text", ""):
            done.append(sight)
    return done


def sight_of(token: Token) -> tuple[str, ...]:
    match token.type:
        case "softbreak":
            return ("text", "\n")
        case "hardbreak":
            return ("break", "")
        case "code_inline":
            return ("code", token.content)
        case "image":
            return ("picture", "".join(child.content for child in token.children or []), str(token.attrs["src"]))
        case "link_open":
            return ("link", str(token.attrs["href"]))
        case "link_close" | "strong_close" | "em_close":
            return ("end", "link" if token.type == "link_close" else "mark")
        case "strong_open" | "em_open":
            return ("mark", MARKS[token.type])
        case _:
            return ("text", token.content)
