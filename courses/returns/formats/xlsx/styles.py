"""Which numbers of a workbook are days or times: the formats of numbers tell (ECMA-376 part 1, 18.8.30)."""

import re

from .package import Attributes, Package

DAYS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}  # formats that every workbook has
ELAPSED = {46}
# What of a format is shown as it is, or says a colour, a condition or a language.
LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
MOST = 100_000


def kinds_of_styles(package: Package, part: str) -> dict[str, str]:
    """By the number of the style that a cell names: `day` (with a time or without) or `elapsed`; others have none."""
    codes, formats, is_of_cells = dict[str, str](), list[str](), False

    def found(name: str, given: Attributes) -> None:
        nonlocal is_of_cells
        if name == "numFmt":
            codes[given.get("numFmtId", "")] = given.get("formatCode", "")
        elif name in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            is_of_cells = name == "cellXfs"
        elif name == "xf" and is_of_cells and len(formats) < MOST:
            formats.append(given.get("numFmtId", "0"))

    package.elements(part, found)
    kinds = {number: kind_of(number, codes.get(number, "")) for number in set(formats)}
    return {str(style): kinds[number] for style, number in enumerate(formats) if kinds[number]}


def kind_of(number: str, code: str) -> str:
    """What a format shows, by its number, and its code where the workbook brings its own."""
    if not code:
        known = int(number) if number.isdecimal() and len(number) < 6 else 0
        return "elapsed" if known in ELAPSED else "day" if known in DAYS else ""
    shown = LITERAL.sub("", code).partition(";")[0].casefold()
    if "[" in shown:
        return "elapsed"
    return "day" if set(shown.replace("general", "")) & set("ymdhs") else ""
