"""The figures as CSV (RFC 4180): the rows of the JSON document, with what is said of all of them beside each."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import BaseRenderer

COLUMNS = ("program", "measure", "measure_version", "table", "code", "name", "people", "shown", "rule", "as_of")
EXACT_COLUMNS = ("exact", "exact_is")
# A spreadsheet runs a text that begins so: https://owasp.org/www-community/attacks/CSV_Injection
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def figures_csv(document: Mapping[str, Any]) -> str:
    """The document of `FiguresSerializer` as CSV with a header row; hidden figures are empty in `people`."""
    with_exact = "exact_is" in document
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS + EXACT_COLUMNS if with_exact else COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(csv_row(document, figure) for figure in document["figures"])
    return out.getvalue()


def csv_row(document: Mapping[str, Any], figure: Mapping[str, Any]) -> dict[str, object]:
    freshness = document["freshness"] or {}
    row = {
        "program": document["program"],
        "measure": document["measure"]["code"],
        "measure_version": document["measure"]["version"],
        **figure,
        "rule": document["rule"]["code"],
        "as_of": freshness.get("as_of"),
    }
    if "exact_is" in document:
        row["exact_is"] = document["exact_is"]
    return {column: as_text(value) if isinstance(value, str) else value for column, value in row.items()}


def as_text(value: str) -> str:
    """The text so that no spreadsheet takes it for a formula."""
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value


class FiguresCsvRenderer(BaseRenderer):
    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:  # noqa: ANN401
        return figures_csv(data).encode()
