"""cmi5.xml: the course structure of cmi5 (section 13), its AUs in order. Blocks are headings only."""

import re
from collections.abc import Iterator

from courses.catalogue.plain_xml import Node
from courses.packages.manifests.places import Places, is_elsewhere
from courses.packages.manifests.shapes import Item, Manifest, MoveOn, PackageRefusedError, Standard

LONGEST_IDENTIFIER = 2000
SCORE = re.compile(r"0(\.\d{1,10})?|1(\.0{1,10})?|\.\d{1,10}")


def read_cmi5(root: Node, places: Places, *, language: str) -> Manifest:
    """Texts are in the language, else in the first that there is. Raises `PackageRefusedError` for no structure."""
    course = root.child("course")
    if root.name != "courseStructure" or course is None:
        raise PackageRefusedError("cmi5.xml holds no course structure.")
    made = Manifest(
        standard=Standard.CMI5, file="cmi5.xml", title=words(course.child("title"), language),
        description=words(course.child("description"), language),
    )  # fmt: skip
    for element in units_below(root):
        if item := read_unit(element, places, made, language):
            made.items.append(item)
    if root.child("objectives"):
        made.leave_out("objectives", "they are not shown")
    return made


def units_below(element: Node) -> Iterator[Node]:
    for part in element.elements:
        if part.name == "au":
            yield part
        elif part.name == "block":
            yield from units_below(part)


def words(element: Node | None, language: str) -> str:
    """The text in the language, in a variant of it, or in the first that there is."""
    found = {text.said("lang").lower(): text.words() for text in element.all("langstring")} if element else {}
    near = [text for tag, text in found.items() if tag.split("-")[0] == language.split("-")[0]]
    return found.get(language.lower()) or next(iter([*near, *found.values()]), "")


def read_unit(element: Node, places: Places, made: Manifest, language: str) -> Item | None:
    identifier, title = element.said("id"), words(element.child("title"), language)
    address = element.words("url")
    if not 0 < len(identifier) <= LONGEST_IDENTIFIER:
        made.leave_out(f"unit “{title}”", "it has no identifier, or too long a one")
        return None
    place = places.find(address)
    if place is None:
        elsewhere = f"it lies elsewhere, at {address}; only what is in the package is played"
        why = elsewhere if is_elsewhere(address) else f"{address or 'its address'} is not in the archive"
        made.leave_out(f"unit “{title or identifier}”", why)
        return None
    return Item(
        identifier=identifier,
        title=title or identifier,
        launch=str(place),
        mastery=mastery_of(element, made),
        move_on=move_on_of(element, made),
        parameters=plain(element.child("launchParameters")),
        entitlement=plain(element.child("entitlementKey")),
        needs_own_window=element.said("launchMethod") == "OwnWindow",
    )


def plain(element: Node | None) -> str:
    return element.text.strip() if element else ""


def mastery_of(element: Node, made: Manifest) -> str:
    text = element.said("masteryScore")
    if text and not SCORE.fullmatch(text):
        made.leave_out(f"mastery score {text[:40]}", "it is no number from 0 to 1")
        return ""
    return f"0{text}" if text.startswith(".") else text


def move_on_of(element: Node, made: Manifest) -> str:
    text = element.said("moveOn") or MoveOn.NOT_APPLICABLE
    if text not in list(MoveOn):
        made.leave_out(f"moveOn {text[:40]}", f"it is none of {', '.join(MoveOn)}; the unit asks for Completed")
        return MoveOn.COMPLETED
    return text
