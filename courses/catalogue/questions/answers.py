"""Answers to questions: what keeps them from being judged, and whether they are right. Nothing here trusts the browser.

An answer is a list of positions: of the chosen choices (one, several; true-false: 0 is true, 1 is false), for each left
side of the match that it was given (matching), or for each choice of the place that it was given (ordering); or a text
(number, text).
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from courses.catalogue.questions.texts import Kind

Answer = list[int] | str
LONGEST_ANSWER = 500
CHOSEN = (Kind.ONE, Kind.SEVERAL, Kind.TRUE_FALSE)
PLACED = (Kind.MATCHING, Kind.ORDERING)
NOT_GIVEN = -1
QUOTES = dict.fromkeys("“”„«»「」『』", '"') | dict.fromkeys("’‘‚‹›", "'")
DASHES = dict.fromkeys("−–‐‑", "-")
ARABIC = {"٫": ".", "٬": ",", "،": ",", "٪": "%"}
ONE_WAY = str.maketrans({**QUOTES, **DASHES, **ARABIC, "\u00a0": " ", "\u202f": " "})
Texts = Mapping[str, Any]


def is_given(kind: str, answer: Answer | None) -> bool:
    """Whether the learner has answered at all; a matching or ordering counts once all of it is there."""
    if answer is None:
        return False
    if isinstance(answer, str):
        return bool(answer.strip())
    return bool(answer) and NOT_GIVEN not in answer


def fault_of(kind: str, texts: Mapping[str, Texts], answer: Answer | None) -> str:
    """Why the answer cannot be judged; empty if it can. `texts` are those of the question by language."""
    if answer is None or not is_given(kind, answer):
        return not_given(kind, answer)
    if kind in (Kind.NUMBER, Kind.TEXT):
        return fault_of_text(kind, texts, answer)
    if isinstance(answer, str) or not is_on_the_form(kind, next(iter(texts.values())), answer):
        return _("Choose from the answers on this page.")
    if kind in (Kind.ONE, Kind.TRUE_FALSE) and len(answer) > 1:
        return _("Choose one answer only.")
    if kind == Kind.ORDERING and len(set(answer)) < len(answer):
        return _("Give every place once.")
    return ""


def not_given(kind: str, answer: Answer | None) -> str:
    if kind == Kind.NUMBER:
        return _("Give a number.")
    if kind == Kind.TEXT:
        return _("Write an answer.")
    if kind == Kind.SEVERAL:
        return _("Choose at least one answer.")
    if kind == Kind.MATCHING:
        return _("Choose a match for each line.")
    return _("Give every line its place.") if kind == Kind.ORDERING else _("Choose an answer.")


def fault_of_text(kind: str, texts: Mapping[str, Texts], answer: Answer) -> str:
    if not isinstance(answer, str) or len(answer) > LONGEST_ANSWER:
        return _("Write at most %(most)d characters.") % {"most": LONGEST_ANSWER}
    if kind == Kind.NUMBER and number_with(answer, units_in(texts)) is None:
        return _("Give a number, such as 12 or 0.5.")
    return ""


def is_on_the_form(kind: str, texts: Texts, answer: Sequence[int]) -> bool:
    if kind == Kind.MATCHING:
        return len(answer) == len(texts["choices"]) and all(0 <= place < len(texts["matches"]) for place in answer)
    size = 2 if kind == Kind.TRUE_FALSE else len(texts["choices"])
    is_whole = kind != Kind.ORDERING or len(answer) == size
    are_different = kind == Kind.ORDERING or len(set(answer)) == len(answer)
    return is_whole and are_different and all(0 <= place < size for place in answer)


def is_right(kind: str, right: Any, texts: Mapping[str, Texts], answer: Answer) -> bool:  # noqa: ANN401 - JSON
    """Whether an answer that can be judged is right; a text is right if it is accepted in any language of `texts`."""
    if kind in (Kind.ONE, Kind.SEVERAL):
        return set(answer) == set(right)
    if kind == Kind.TRUE_FALSE:
        return answer == [0 if right else 1]
    if kind in PLACED:
        return answer == list(range(len(answer)))
    if kind == Kind.NUMBER:
        found = number_with(str(answer), units_in(texts))
        return found is not None and abs(found - Decimal(right["value"])) <= Decimal(right["tolerance"])
    accepted = {plain(text) for words in texts.values() for text in words.get("accepts", [])}
    return plain(str(answer)) in accepted


def units_in(texts: Mapping[str, Texts]) -> list[str]:
    return [str(words.get("unit", "")) for words in texts.values()]


def number_with(answer: str, units: Iterable[str]) -> Decimal | None:
    """The number that was typed with one of the units, or without."""
    return next((number for unit in units if (number := number_in(answer, unit)) is not None), None)


def number_in(text: str, unit: str = "") -> Decimal | None:
    """The number that was typed, with or without its unit before or behind it, in the digits of any script; `None` if
    it is none.

    A comma before three digits groups them (1,500 is 1500), and so it does several times (1,50,000); else, and behind a
    nought (0,125), it is a decimal comma. A point is a decimal point, an apostrophe before three digits groups them.
    """
    found = one_way(text)
    for sign in (one_way(unit), "%"):
        found = found.removeprefix(sign).removesuffix(sign).strip() if sign else found
    found = "".join(str(unicodedata.digit(one, one)) for one in found).replace(" ", "").replace("_", "")
    found = re.sub(r"(?<=\d)'(?=\d{3}(?!\d))", "", found)
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}(,\d{2,3})*,\d{3}(\.\d+)?", found):
        found = found.replace(",", "")
    elif found.count(",") == 1 and "." not in found:
        found = found.replace(",", ".")
    return Decimal(found) if re.fullmatch(r"[+-]?(\d{1,18}(\.\d{0,18})?|\.\d{1,18})", found) else None


def plain(text: str) -> str:
    """The text as it is compared: without capitals, surplus spaces, quotation marks around it or a stop at its end.

    What consists of such signs alone stays as it is.
    """
    found = " ".join(one_way(text).casefold().split())
    return found.lstrip("\"' ").rstrip("\"'.!?。।॥؟۔ ") or found


def one_way(text: str) -> str:
    """The text with each sign in one form (NFKC), without those that nobody sees: joiners, marks of direction."""
    found = unicodedata.normalize("NFKC", text.translate(ONE_WAY))
    return "".join(one for one in found if unicodedata.category(one) != "Cf").strip()


def storable(answer: Answer) -> Answer:
    """The answer as the database takes it: a text without the sign NUL."""
    return answer.replace("\0", "") if isinstance(answer, str) else answer
