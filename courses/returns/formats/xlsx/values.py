"""What a cell of a workbook says: its text, or what is wrong with it."""

import math
from datetime import date, datetime, timedelta

from .cells import Cell
from .package import damaged
from .texts import unescaped

EXACT = 2**53  # a whole number from here on may have lost digits: a workbook keeps numbers as IEEE 754 doubles
SHOWN = 10**15  # Excel keeps fifteen digits of what is typed, and writes 0 for the others
# As Excel writes them into a cell, and as text where somebody pastes them.
ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
LOST = "holds a number that lost digits in Excel: format the column as text before you fill it"
# Day 0 of each calendar. That of 1900 has a 29 February 1900, so its days count from there on only.
ZERO = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001 - Excel knows no time zone
FIRST = {False: 61, True: 1}
LAST = 80_000  # the year 2119


class CellFaultError(Exception):
    """What is wrong with a cell, and the text that it shows."""

    def __init__(self, text: str, fault: str) -> None:
        super().__init__(fault)
        self.text, self.fault = text, fault


class Values:
    """Reads cells, by the workbook's shared texts, the kinds of its styles, and its calendar."""

    def __init__(self, texts: list[str], kinds: dict[str, str], *, has_1904: bool) -> None:
        self.texts, self.kinds = texts, kinds
        self.zero, self.first = ZERO[has_1904], FIRST[has_1904]

    def text(self, cell: Cell, *, is_day: bool = False) -> str:
        """A day as 2026-12-31, a whole number without a point. In a column of days a bare number is one.

        Raises `CellFaultError` for an error or a number without all its digits, and `FileRefusedError` if the cell
        names what the workbook does not have.
        """
        kind, style, content = cell
        if kind == "s":
            return self._shared(content)
        if kind == "n":
            return self._number(style, content, is_day=is_day)
        if kind == "b":
            return "FALSE" if content.strip() == "0" else "TRUE"
        if kind == "d":
            return content.strip().removesuffix("T00:00:00")
        return _written(unescaped(content), is_error=kind == "e")

    def shown(self, cell: Cell, *, is_day: bool = False) -> str:
        """The same of a cell that may have a fault."""
        try:
            return self.text(cell, is_day=is_day)
        except CellFaultError as fault:
            return fault.text

    def _shared(self, number: str) -> str:
        try:
            text = self.texts[abs(int(number))]
        except (ValueError, IndexError):
            raise damaged() from None
        return _written(text) if text[:1] == "#" else text

    def _number(self, style: str, content: str, *, is_day: bool) -> str:
        try:
            number, kind = float(content), self.kinds.get(style, "")
        except ValueError:
            raise damaged() from None
        if kind == "elapsed":
            return str(timedelta(days=number).total_seconds()) if abs(number) < LAST else content
        if kind == "day" and 0 <= number < 1:
            return (self.zero + _since(number)).time().isoformat()
        if (kind or is_day) and self.first <= number < LAST:
            return self._moment(number)
        return _plain(number, content)

    def _moment(self, number: float) -> str:
        moment = self.zero + _since(number)
        return date.isoformat(moment) if number.is_integer() else moment.isoformat(timespec="seconds")


def _since(days: float) -> timedelta:
    """To the second: a moment is a fraction of a day, which no double has exactly."""
    return timedelta(seconds=round(days * 86_400))


def _plain(number: float, written: str) -> str:
    if not math.isfinite(number) or abs(number) >= EXACT or (abs(number) >= SHOWN and number % 10 == 0):
        raise CellFaultError(written, LOST)
    return str(int(number)) if number.is_integer() else str(number)


def _written(text: str, *, is_error: bool = False) -> str:
    if is_error or text in ERRORS:
        raise CellFaultError(text, f"holds the error {text}")
    return text
