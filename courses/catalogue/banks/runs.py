"""Stretches of formatted text, tidied so that Markdown can say them: single spaces, no mark beside one."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from courses.catalogue.banks.errors import LeftOutError

LONGEST_TEXT = 5_000  # characters; prompts and feedback may have 4,000
STRONG, EM = "**", "*"
UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b\ufdd0-\ufdef\ufeff\ufffe\uffff]")
SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Run:
    """A stretch of text with one look; or a picture, a line of code, or the end of a line. `link` is where it leads."""

    kind: Literal["text", "code", "picture", "break"]
    text: str = ""
    address: str = ""
    is_strong: bool = False
    is_em: bool = False
    link: str = ""

    @property
    def marks(self) -> list[tuple[str, str]]:
        """What is open around it."""
        found = [("link", self.link)] * bool(self.link) + [("mark", STRONG)] * self.is_strong
        return found + [("mark", EM)] * self.is_em


def plain_text(text: str) -> str:
    """Without what nobody sees and with single spaces; joiners, which many scripts need, stay."""
    return SPACES.sub(" ", UNSEEN.sub("", text))


def short_enough(runs: Iterable[Run]) -> Iterator[Run]:
    """The runs. Raises `LeftOutError` as soon as they are more than a course can hold."""
    length = 0
    for run in runs:
        length += len(plain_text(run.text)) + (run.kind == "break")
        if length > LONGEST_TEXT:
            raise LeftOutError(f"a text of it has more than {LONGEST_TEXT:,} characters")
        yield run


def tidied(runs: Iterable[Run]) -> list[Run]:
    """The same runs with single spaces, none at the ends of lines, and no two that look the same side by side."""
    parts = [part for run in runs for part in split(run)]
    parts = spaced(parts)
    parts = [between(parts, place) for place in range(len(parts))]
    return merged([unmarked_edge(parts, place) for place in range(len(parts))])


def split(run: Run) -> list[Run]:
    """Text without its spaces and punctuation at the ends, and these by themselves."""
    if run.kind != "text":
        return [run]
    text = plain_text(run.text)
    core = text.strip()
    if not core or not (run.is_strong or run.is_em or run.link):
        return [replace(run, text=text)] if text else []
    start, end = text[: text.index(core[0])], text[text.index(core[0]) + len(core) :]
    bare = Run("text")
    parts = [replace(bare, text=start), *edges(replace(run, text=core)), replace(bare, text=end)]
    return [part for part in parts if part.text]


def edges(run: Run) -> list[Run]:
    """The run, its first and last sign for themselves if they are punctuation."""
    if run.link or not any(is_of_a_word(sign) for sign in run.text):
        return [run]
    start = 1 if not is_of_a_word(run.text[0]) else 0
    end = len(run.text) - (1 if not is_of_a_word(run.text[-1]) else 0)
    parts = (run.text[:start], run.text[start:end], run.text[end:])
    return [replace(run, text=text) for text in parts if text]


def between(parts: Sequence[Run], place: int) -> Run:
    """A space looks like what is on both sides of it: no mark can begin or end with one."""
    run = parts[place]
    if run.kind != "text" or run.text.strip(" ") or not 0 < place < len(parts) - 1:
        return run
    before, after = parts[place - 1], parts[place + 1]
    return replace(
        run,
        is_strong=before.is_strong and after.is_strong,
        is_em=before.is_em and after.is_em,
        link=before.link if before.link == after.link else "",
    )


def is_of_a_word(sign: str) -> bool:
    return sign.isalnum() or unicodedata.category(sign).startswith("M")


def unmarked_edge(parts: Sequence[Run], place: int) -> Run:
    """Punctuation at the edge of bold text next to a letter cannot be bold in Markdown: x**y.**z is no emphasis."""
    run = parts[place]
    if (
        run.kind != "text"
        or not run.marks
        or run.link
        or run.text == " "
        or any(is_of_a_word(sign) for sign in run.text)
    ):
        return run
    before, after = parts[place - 1] if place else None, parts[place + 1] if place + 1 < len(parts) else None
    touches = (after and touches_letter(after.text[:1], after, run)) or (
        before and touches_letter(before.text[-1:], before, run)
    )
    return replace(run, is_strong=False, is_em=False) if touches else run


def touches_letter(sign: str, other: Run, run: Run) -> bool:
    return other.kind == "text" and other.marks != run.marks and sign != "" and is_of_a_word(sign)


def merged(runs: Sequence[Run]) -> list[Run]:
    done: list[Run] = []
    for run in runs:
        if done and run.kind == done[-1].kind == "text" and run.marks == done[-1].marks:
            done[-1] = replace(run, text=done[-1].text + run.text)
        else:
            done.append(run)
    return done


def spaced(runs: Sequence[Run]) -> list[Run]:
    """Single spaces over the borders of runs; none where a line begins or ends, no empty lines."""
    done: list[Run] = []
    for run in runs:
        text = SPACES.sub(" ", run.text) if run.kind == "text" else run.text
        at_start = not done or done[-1].kind == "break"
        if run.kind == "text" and (at_start or done[-1].text.endswith(" ")) and (at_start or done[-1].kind == "text"):
            text = text.lstrip(" ")
        if run.kind == "break":
            strip_end(done)
        if (run.kind == "text" and not text) or (run.kind == "break" and (not done or done[-1].kind == "break")):
            continue
        done.append(replace(run, text=text))
    strip_end(done)
    return done


def strip_end(runs: list[Run]) -> None:
    """Takes away spaces and ends of lines at the end."""
    while runs and (runs[-1].kind == "break" or (runs[-1].kind == "text" and not runs[-1].text.strip(" "))):
        runs.pop()
    if runs and runs[-1].kind == "text":
        runs[-1] = replace(runs[-1], text=runs[-1].text.rstrip(" "))
