"""Values in YAML changed where they stand: whatever else was written, comments, quotes and order, stays as it is."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import yaml

from courses.catalogue.questions.yaml_text import Dumper, dumped
from courses.catalogue.sections import PlainLoader


class Edit(NamedTuple):
    """The characters from `start` to before `end` become `text`."""

    start: int
    end: int
    text: str


def patched(text: str, node: yaml.MappingNode, wanted: Mapping[str, object], changed: Collection[str]) -> str:
    """The text in which the mapping has the values `wanted` under the keys `changed`; a key that is not wanted goes.

    `node` was composed of the text. New keys come in the order of `wanted`, which begins with one that is there.
    """
    keys = [*wanted, *(key for key in changed if key not in wanted)]
    found = [edit for key in keys if key in changed for edit in edits_of_key(text, node, key, wanted)]
    for _place, edit in sorted(enumerate(found), key=lambda one: (one[1].start, one[0]), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def edits_of_key(text: str, node: yaml.MappingNode, key: str, wanted: Mapping[str, object]) -> list[Edit]:
    known = {str(name.value): value for name, value in node.value}
    if key not in wanted:
        return [removal(text, node, key)]
    if key not in known:
        return [insertion(text, node, key, wanted)]
    return edits_of_value(text, known[key], wanted[key], Around(bool(node.flow_style), node.start_mark.column))


class Around(NamedTuple):
    """What a value stands in: brackets or not, and at which column its keys or hyphens begin."""

    is_flow: bool
    column: int


def edits_of_value(text: str, node: yaml.Node, value: object, around: Around) -> list[Edit]:
    inside = Around(around.is_flow or bool(getattr(node, "flow_style", False)), node.start_mark.column)
    if isinstance(node, yaml.MappingNode) and isinstance(value, dict):
        changed = [key for key in {**said(node), **value} if said(node).get(key) != value.get(key)]
        return [edit for key in changed for edit in edits_of_key(text, node, key, value)]
    if isinstance(node, yaml.SequenceNode) and isinstance(value, list) and len(node.value) == len(value):
        pairs = zip(node.value, value, strict=True)
        return [edit for item, new in pairs if said(item) != new for edit in edits_of_value(text, item, new, inside)]
    return [replacement(text, node, value, around, inside)]


def replacement(text: str, node: yaml.Node, value: object, around: Around, inside: Around) -> Edit:
    start, end = node.start_mark.index, end_of(text, node)
    is_block_list = isinstance(node, yaml.SequenceNode) and not inside.is_flow
    if is_block_list and isinstance(value, list):
        return Edit(start, end, moved(dumped(list(value)), inside.column))
    if inside.is_flow or isinstance(value, list | dict) or is_followed(text, end, value):
        new = in_brackets(value)
    else:
        new = moved(dumped([value]).removeprefix("- "), around.column)
    return Edit(start, end, f" {new}" if start == end or is_block_list else new)  # never at the column of its key


def is_followed(text: str, end: int, value: object) -> bool:
    """Whether a text of several lines would swallow a comment that stands behind the value."""
    return "\n" in str(value) and bool(text[end:].partition("\n")[0].strip())


def insertion(text: str, node: yaml.MappingNode, key: str, wanted: Mapping[str, object]) -> Edit:
    """After the key that comes before it in `wanted`."""
    known = {str(name.value): value for name, value in node.value}
    names = list(wanted)
    before = next(name for name in reversed(names[: names.index(key)]) if name in known)
    end = end_of(text, known[before])
    if node.flow_style:
        return Edit(end, end, f", {key}: {in_brackets(wanted[key])}")
    margin = " " * node.start_mark.column
    line_end = text.find("\n", end)
    at = len(text) if line_end < 0 else line_end
    return Edit(at, at, f"\n{margin}{moved(dumped({key: wanted[key]}), node.start_mark.column)}")


def removal(text: str, node: yaml.MappingNode, key: str) -> Edit:
    names = [str(name.value) for name, _value in node.value]
    place = names.index(key)
    name, value = node.value[place]
    if place == 0:
        return Edit(name.start_mark.index, node.value[1][0].start_mark.index, "")
    if node.flow_style:
        return Edit(end_of(text, node.value[place - 1][1]), end_of(text, value), "")
    start, line_end = text.rfind("\n", 0, name.start_mark.index), text.find("\n", end_of(text, value))
    return Edit(start, len(text) if line_end < 0 else line_end, "")


def end_of(text: str, node: yaml.Node) -> int:
    """Where the node's own text ends: before the blank lines and comments that follow it."""
    start = int(node.start_mark.index)
    if isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        return end_of(text, last[1] if isinstance(last, tuple) else last)
    return start + len(text[start : node.end_mark.index].rstrip())


def said(node: yaml.Node) -> Any:  # noqa: ANN401 - any value
    """The plain value, texts without the space around them, as courses.catalogue.sections reads them."""
    return stripped(PlainLoader("").construct_object(node, deep=True))


def stripped(value: Any) -> Any:  # noqa: ANN401 - any value
    if isinstance(value, dict):
        return {key: stripped(one) for key, one in value.items()}
    if isinstance(value, list):
        return [stripped(one) for one in value]
    return value.strip() if isinstance(value, str) else value


def in_brackets(value: object) -> str:
    """In one line, as it may stand between brackets."""
    whole = yaml.dump(
        [value], Dumper=Dumper, allow_unicode=True, sort_keys=False, default_flow_style=True, width=float("inf")
    )
    return whole.strip()[1:-1]


def moved(block: str, column: int) -> str:
    """The lines after the first as far in as they belong."""
    first, *others = block.rstrip("\n").split("\n")
    return "\n".join([first, *(f"{' ' * column}{line}" if line.strip() else line for line in others)])
