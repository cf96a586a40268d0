"""Tables of HTML as tables of Markdown, where a cell is one line and the first row is the heading."""

from collections.abc import Iterator, Sequence

from courses.catalogue.plain_xml import Node

MOST_COLUMNS = 40
MOST_ROWS = 500
STRUCTURE = ("thead", "tbody", "tfoot", "tr")
CELLS = ("td", "th", "caption", "colgroup", "col")


def grid_of(table: Node) -> list[list[Node | None]]:
    """The cells by row and column; `None` where a cell reaches over from the left or from above."""
    above: dict[int, int] = {}
    return [row_of(cells, above) for cells in rows_of(table)]


def row_of(cells: Sequence[Node], above: dict[int, int]) -> list[Node | None]:
    """`above` says for each column how many more rows a cell reaches down; it is brought up to date."""
    row: list[Node | None] = []
    for cell in cells:
        while above.get(len(row), 0) and len(row) < MOST_COLUMNS:
            above[len(row)] -= 1
            row.append(None)
        down = span(cell, "rowspan", MOST_ROWS) - 1
        wide = max(min(span(cell, "colspan", MOST_COLUMNS), MOST_COLUMNS - len(row)), 1)
        above.update(dict.fromkeys(range(len(row), len(row) + wide), down))
        row += [cell, *[None] * (wide - 1)]
    return row


def span(cell: Node, name: str, most: int) -> int:
    said = cell.get(name, "1").strip()
    return min(max(int(said), 1), most) if said.isdecimal() and len(said) < 6 else 1


def strays_of(table: Node) -> Iterator[Node | str]:
    """What lies in the table and in no cell."""
    for child in table.children:
        if isinstance(child, Node) and child.name in STRUCTURE:
            yield from strays_of(child)
        elif isinstance(child, str) or child.name not in CELLS:
            yield child


def rows_of(table: Node) -> Iterator[list[Node]]:
    """The cells of each row; tables within cells are part of their cell."""
    for child in table.elements:
        if child.name in ("thead", "tbody", "tfoot"):
            yield from rows_of(child)
        elif child.name == "tr":
            yield child.all("td", "th")


def table_of(rows: Sequence[Sequence[str]]) -> list[str]:
    """The table as blocks of Markdown; one of a single column, or far too wide, as a paragraph for each row."""
    filled = [row for row in rows if any(row)]
    columns = max((len(row) for row in filled), default=0)
    if not 2 <= columns <= MOST_COLUMNS:
        return [" ".join(row).strip() for row in filled]
    lines = [line_of([*row, *[""] * (columns - len(row))]) for row in filled]
    return ["\n".join([lines[0], line_of(["---"] * columns), *lines[1:]])]


def line_of(cells: Sequence[str]) -> str:
    return f"| {' | '.join(in_cell(cell) for cell in cells)} |"


def in_cell(text: str) -> str:
    """Without line breaks; a bar would end the cell."""
    return text.replace("\\\n", " ").replace("|", "\\|")
