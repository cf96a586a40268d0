"""Columns of Arrow as the texts that the same values have in any other kind of file."""

import pyarrow as pa
import pyarrow.compute as pc

from .block import FileRefusedError

# From these whole numbers on, a number of so many bits may stand for its neighbour.
EXACT = {16: 2**11, 32: 2**24, 64: 2**53}
LOST = "holds a number that may have lost digits: write identifiers as text"
MIDNIGHT = "T00:00:00$"


def as_text(column: pa.Array, name: str) -> pa.StringArray:
    """The cells as texts; nothing is an empty one.

    A day is written as 2026-12-31, a moment with its zone if it has one, a whole number without a point. Raises
    `FileRefusedError` for a type that is none of these.
    """
    try:
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        return pc.fill_null(_written(column), "")
    except pa.ArrowException:
        raise FileRefusedError(
            f"The column {name} holds {column.type}, or what is no UTF-8: it is no text, number or day."
        ) from None


def _written(column: pa.Array) -> pa.StringArray:
    kind = column.type
    if pa.types.is_timestamp(kind):
        return _moments(column)
    if pa.types.is_floating(kind):
        return _numbers(column)
    if pa.types.is_decimal(kind):
        return pc.replace_substring_regex(pc.cast(column, pa.string()), r"^(-?\d+)(?:\.0*|(\.\d*?[1-9])0*)$", r"\1\2")
    if pa.types.is_string(kind):
        column = pc.cast(column, pa.binary())  # and back: only that looks at whether it is UTF-8
    return pc.cast(column, pa.string())


def _moments(column: pa.TimestampArray) -> pa.StringArray:
    """To the second. Without a zone midnight is no time, as spreadsheets and data frames keep days."""
    seconds = pc.cast(column, pa.timestamp("s", column.type.tz), safe=False)
    if column.type.tz:
        return pc.strftime(seconds, format="%Y-%m-%dT%H:%M:%S%z")
    return pc.replace_substring_regex(pc.strftime(seconds, format="%Y-%m-%dT%H:%M:%S"), MIDNIGHT, "")


def _numbers(column: pa.FloatingPointArray) -> pa.StringArray:
    """What is no number is nothing: that is how data frames write an empty cell among numbers."""
    numbers = pc.if_else(pc.is_nan(column), None, column)
    exact = pc.cast(numbers, pa.float64())
    is_whole = pc.and_(pc.equal(exact, pc.floor(exact)), pc.less(pc.abs(exact), float(EXACT[64])))
    whole = pc.cast(pc.if_else(is_whole, exact, None), pa.int64())
    return pc.coalesce(pc.cast(whole, pa.string()), pc.cast(numbers, pa.string()))


def lost_digits(column: pa.Array) -> pa.BooleanArray | None:
    """Which rows hold a number that is not sure to be the one that was meant; nothing where the type keeps all."""
    if not pa.types.is_floating(column.type):
        return None
    return pc.fill_null(
        pc.greater_equal(pc.abs(pc.cast(column, pa.float64())), float(EXACT[column.type.bit_width])), False
    )
