"""What a workbook consists of (ECMA-376 part 1, 12.3 and 18.2)."""

from typing import NamedTuple

from .package import Attributes, Package, damaged
from .styles import kinds_of_styles
from .texts import shared_texts
from .values import Values

MOST_SHEETS = 1_000


class SheetPart(NamedTuple):
    name: str
    part: str


class WorkbookParts:
    """What a workbook consists of. Raises `FileRefusedError` if its parts do not fit together."""

    def __init__(self, package: Package, part: str) -> None:
        self.package, self.named = package, package.related(part)
        self.has_1904, self.sheets = False, list[SheetPart]()
        package.elements(part, self._found)
        parts = {sheet.part for sheet in self.sheets}
        if not 0 < len(parts) == len(self.sheets) <= MOST_SHEETS:
            raise damaged()

    def _found(self, name: str, given: Attributes) -> None:
        if name == "workbookPr":
            self.has_1904 = given.get("date1904", "0") in ("1", "true")
        elif name == "sheet":
            id = next((value for key, value in given.items() if key.endswith(":id")), "")
            self.sheets += [
                SheetPart(given.get("name", ""), named.part)
                for named in self.named
                if (named.id, named.kind) == (id, "worksheet")
            ]

    def values(self) -> Values:
        """What the cells of all its sheets mean."""
        texts, kinds = list[str](), dict[str, str]()
        for named in self.named:
            if named.part not in self.package:
                continue
            if named.kind == "sharedStrings":
                with self.package.open(named.part) as part:
                    texts = shared_texts(part)
            elif named.kind == "styles":
                kinds = kinds_of_styles(self.package, named.part)
        return Values(texts, kinds, has_1904=self.has_1904)
