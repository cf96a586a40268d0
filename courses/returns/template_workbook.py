"""An empty workbook for a profile: cells that take a code offer the program's own list."""

import io
from collections.abc import Iterator

import xlsxwriter

from courses.catalogue.models import Course
from programs.models import Code, Program

from .models import ReturnProfile
from .profiles import Codes, Definition
from .profiles.definition import LISTED

LAST_ROW = 1_048_575  # from 0: the last row of a sheet
WIDE = 24  # characters


def template_workbook(profile: ReturnProfile) -> bytes:
    """The bytes of an XLSX file with a sheet to fill, and a sheet of codes with what each means.

    The columns that every file must have stand in bold.
    """
    definition = Definition.of(profile.definition)
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        bold, as_text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        as_day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet, codes = book.add_worksheet("Return"), book.add_worksheet("Codes")
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(definition.columns):
            sheet.set_column(place, place, WIDE, as_day if column in definition.days else as_text)
            sheet.write_string(0, place, column, bold if column in definition.needed else as_text)
        for place, (column, listed) in enumerate(_lists(definition, profile.program)):
            codes.write_string(0, 2 * place, column, bold)
            codes.set_column(2 * place, 2 * place + 1, WIDE)
            for row, (code, name) in enumerate(listed, 1):
                codes.write_string(row, 2 * place, code)
                codes.write_string(row, 2 * place + 1, name)
            if listed:
                _offer(sheet, definition.columns.index(column), 2 * place, len(listed))
    return made.getvalue()


def _offer(sheet: "xlsxwriter.worksheet.Worksheet", column: int, place: int, number: int) -> None:
    """Lets the cells of a column be chosen from the column `place` of the sheet of codes."""
    letter = xlsxwriter.utility.xl_col_to_name(place)
    source = f"=Codes!${letter}$2:${letter}${number + 1}"
    sheet.data_validation(1, column, LAST_ROW, column, {"validate": "list", "source": source})


def _lists(definition: Definition, program: Program) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """For each column that takes codes: the codes, and what each means."""
    courses = dict(Course.objects.of(program).order_by("code").values_list("code", "title"))
    yield definition.course.column, _meanings(definition.course, courses)
    yield definition.result.column, [(cell, meaning) for cell, meaning in definition.result.values.items()]
    for name in LISTED:
        if name in definition.describing:
            known = {code.code: code.name for code in Code.objects.of(program, name)}
            yield definition.describing[name].column, _meanings(definition.describing[name], known)


def _meanings(codes: Codes, known: dict[str, str]) -> list[tuple[str, str]]:
    if codes.values:
        return [(cell, known.get(code, code)) for cell, code in codes.values.items()]
    return list(known.items())
