"""Rules between the parts of a country file. They read the raw tables, to speak also when another part is faulty."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from .shape import Fault, place

CODE_LISTS = ("regions", "sectors", "employer_sizes", "age_bands")
Raw = dict[str, Any]


def broken_rules(raw: Raw) -> Iterator[Fault]:
    yield from names_in_other_languages(raw)
    yield from unknown_employer_sizes(raw)
    yield from most_of_other_lists(raw)
    yield from unknown_measures(raw)
    for key, measure in entries(raw, "measures"):
        if is_after(measure.get("starts_on"), measure.get("ends_on")):
            yield Fault(f"{key}.ends_on", "is before starts_on")
    for key, target in entries(raw, "targets"):
        yield from wrong_days(key, target)


def names_in_other_languages(raw: Raw) -> Iterator[Fault]:
    """A name is there in the program's first language, and in no language that the program does not have."""
    listed = raw.get("languages")
    languages = [language for language in listed if isinstance(language, str)] if isinstance(listed, list) else []
    if not languages:
        return
    named = [("", raw), *(entry for name in CODE_LISTS for entry in entries(raw, name))]
    for key, table in named:
        names = table.get("names")
        if isinstance(names, dict):
            where = f"{key}.names" if key else "names"
            if languages[0] not in names:
                yield Fault(where, f'has no name in the first language, "{languages[0]}"')
            for language in [language for language in names if language not in languages]:
                yield Fault(f"{where}.{language}", "is none of the program's languages")


def unknown_employer_sizes(raw: Raw) -> Iterator[Fault]:
    known = codes(raw, "employer_sizes")
    for key, measure in entries(raw, "measures"):
        sizes = measure.get("employer_sizes")
        for size in sizes if isinstance(sizes, list) else []:
            if isinstance(size, str) and size not in known:
                yield Fault(f"{key}.employer_sizes", f'"{size}" is none of the employer_sizes: {", ".join(known)}')


def most_of_other_lists(raw: Raw) -> Iterator[Fault]:
    for name in CODE_LISTS:
        for key, entry in entries(raw, name):
            if "most" in entry and name != "employer_sizes":
                yield Fault(f"{key}.most", "is said of employer sizes alone")
            if "isic" in entry and name != "sectors":
                yield Fault(f"{key}.isic", "is said of sectors alone")


def unknown_measures(raw: Raw) -> Iterator[Fault]:
    known = codes(raw, "measures")
    for key, target in entries(raw, "targets"):
        measure = target.get("measure")
        if isinstance(measure, str) and measure not in known:
            yield Fault(f"{key}.measure", f'"{measure}" is none of the measures: {", ".join(known)}')


def wrong_days(key: str, target: Raw) -> Iterator[Fault]:
    if "due_on" in target and "starts_on" not in target:
        yield Fault(f"{key}.starts_on", "is missing: a target with a due date needs the day on which it starts")
    elif is_after(target.get("starts_on"), target.get("due_on")) or (
        "due_on" in target and target["starts_on"] == target["due_on"]
    ):
        yield Fault(f"{key}.due_on", "must be after starts_on")


def is_after(first: object, second: object) -> bool:
    return type(first) is date and type(second) is date and first > second


def entries(raw: Raw, name: str) -> Iterator[tuple[str, Raw]]:
    """The tables of a list, each with its key; anything else that stands there is a fault found elsewhere."""
    listed = raw.get(name)
    for number, entry in enumerate(listed if isinstance(listed, list) else [], 1):
        if isinstance(entry, dict):
            yield f"{name}{place(number, entry)}", entry


def codes(raw: Raw, name: str) -> list[str]:
    return [entry["code"] for _, entry in entries(raw, name) if isinstance(entry.get("code"), str)]
