"""Rows that are written as nearly every program writes them: found by their pattern, without a parser of XML.

Plain is what has the same meaning for both: no comment, no blank between elements, no character by its number.
"""

import re
from xml.sax.saxutils import unescape

from .cells import Cell, Row
from .merging import column_place, row_number
from .package import damaged

TEXT = r"[^<&\r]*+(?:&(?:amp|lt|gt|quot|apos);[^<&\r]*+)*+"
NAMED = {"&quot;": '"', "&apos;": "'"}
ATTRIBUTES = r'(?: [\w:.]+="[^"<>&]*+")*+'
ROW = rf"<row({ATTRIBUTES})/?>"
VALUE = rf'<v>({TEXT})</v>|<is><t(?: xml:space="preserve")?+>({TEXT})</t></is>'
FORMULA = rf"(?:<f{ATTRIBUTES}(?:/>|>{TEXT}</f>))?+"
CELL = rf'<c r="([A-Z]{{1,3}})[0-9]{{1,7}}"(?: s="([0-9]++)")?+(?: t="(\w++)")?+(?:/>|>{FORMULA}(?:{VALUE})?+</c>)'
TOKEN = re.compile(rf"{ROW}|{CELL}")
ROWS = re.compile(rf"(?:<row{ATTRIBUTES}/>|<row{ATTRIBUTES}>(?:{re.sub(r'[(](?![?])', '(?:', CELL)})*+</row>)*+")
NUMBER = re.compile(' r="([^"]*)"')


def rows_in(data: bytes, after: int) -> tuple[list[Row], int, int]:
    """The rows at the start of the data as far as they are plain, the number of the last, and how many bytes they are.

    `after` is the number of the row before. Raises `FileRefusedError` where they are not in their order.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise damaged() from None
    found = ROWS.match(text)
    assert found
    rows, number, cells = list[Row](), after, dict[int, Cell]()
    for attributes, letters, style, kind, value, inline in TOKEN.findall(found[0]):
        if not letters:
            written = NUMBER.search(attributes)
            number, cells = row_number(written[1] if written else "", number), {}
            rows.append(Row(number, cells))
        elif content := value or inline:
            if "&" in content:
                content = unescape(content, NAMED)
            cells[column_place(letters)] = (kind or "n", style, content)
    return rows, number, len(data) if len(found[0]) == len(text) else len(found[0].encode())
