"""SCORM 1.2 (CAM 2.3) and SCORM 2004 (CAM 3.4): the items of the default organization, in their order."""

import re
from dataclasses import replace

from courses.catalogue.plain_xml import Node
from courses.packages.manifests.content_package import ContentPackage, Resource, items_below
from courses.packages.manifests.places import is_elsewhere
from courses.packages.manifests.shapes import DOWNLOADED, Item, Link, Manifest, MoveOn, Standard

NUMBER = re.compile(r"-?(\d{1,6}(\.\d{1,15})?|\.\d{1,15})", re.ASCII)
LONGEST_IDENTIFIER = 2000
LONGEST_DATA = {Standard.SCORM_12: 4096, Standard.SCORM_2004: 4000}  # characters of launch data


def read_scorm(package: ContentPackage, standard: Standard) -> Manifest:
    made = Manifest(standard=standard, title=package.title(), description=package.described("description"))
    if package.organizations > 1:
        made.leave_out("other organizations", "only the default one is taken")
    for element in items_below(package.organization):
        if item := read_item(element, package, made):
            made.items.append(item)
    note_rules(package.root, made)
    return made


def read_item(element: Node, package: ContentPackage, made: Manifest) -> Item | Link | None:
    """The item that can be played; `None` for a heading, and for what is left out with a reason."""
    reference, title = element.said("identifierref"), element.words("title")
    identifier = (element.said("identifier") or reference)[:LONGEST_IDENTIFIER]
    if not reference:
        return None
    named = f"item “{title or identifier}”"
    if element.said("isvisible") == "false":
        made.leave_out(named, "it is not visible to learners (isvisible)")
        return None
    resource = package.resources.get(reference)
    if resource is None:
        made.leave_out(named, f"there is no resource {reference}")
        return None
    launch = place_of(resource, element, package, made, named)
    plain = Item(identifier=identifier, title=title or identifier, launch=launch, move_on=MoveOn.NOT_APPLICABLE)
    if not launch:
        return None
    if is_sco(resource):
        return with_tracking(plain, element, package, made)
    path = launch.partition("?")[0].partition("#")[0]
    return Link(title=plain.title, address=path, is_file=True) if path.lower().endswith(DOWNLOADED) else plain


def place_of(resource: Resource, element: Node, package: ContentPackage, made: Manifest, named: str) -> str:
    place = resource.place(package.places)
    if place:
        return str(place.with_parameters(element.said("parameters")))
    if not resource.href:
        made.leave_out(named, "its resource has no address (href)")
    elif is_elsewhere(resource.href):
        made.leave_out(named, f"it lies elsewhere, at {resource.href}; only what is in the package is played")
    else:
        made.leave_out(named, f"{resource.href} is not in the archive")
    return ""


def is_sco(resource: Resource) -> bool:
    """Anything else is an asset, which reports nothing."""
    return resource.element.said("scormtype").lower() == "sco"


def with_tracking(item: Item, element: Node, package: ContentPackage, made: Manifest) -> Item:
    """The item with what the manifest says of its results."""
    is_first = made.standard == Standard.SCORM_12
    limit = words_of(named(element, "maxtimeallowed")) if is_first else limit_of(element, package)
    return replace(
        item,
        move_on="",
        mastery=mastery_of(element, made) if is_first else measure_of(element, package, made),
        parameters=launch_data(element, made),
        threshold="" if is_first else threshold_of(element, made),
        time_allowed=limit,
        at_time_limit=words_of(named(element, "timelimitaction")),
    )


def named(element: Node, name: str) -> Node | None:
    """The child with the name in whatever case: SCORM 1.2 writes datafromlms, SCORM 2004 dataFromLMS."""
    return next((part for part in element.elements if part.name.lower() == name), None)


def words_of(element: Node | None) -> str:
    return element.words() if element else ""


def launch_data(element: Node, made: Manifest) -> str:
    found = named(element, "datafromlms")
    text = found.text.strip() if found else ""
    longest = LONGEST_DATA[made.standard]
    if len(text) > longest:
        made.leave_out(f"launch data of “{element.words('title')}”", f"it is longer than {longest} characters")
        return ""
    return text


def mastery_of(element: Node, made: Manifest) -> str:
    return within(words_of(named(element, "masteryscore")), "mastery score", 0, made, 100)


def sequencing_of(element: Node, package: ContentPackage) -> list[Node]:
    """The item's own sequencing, then the one of the collection that it refers to."""
    own = element.child("sequencing")
    shared = package.sequencing.get(own.said("IDRef")) if own else None
    return [one for one in (own, shared) if one]


def measure_of(element: Node, package: ContentPackage, made: Manifest) -> str:
    """The least scaled score of the primary objective, where the objective is satisfied by its measure."""
    for sequencing in sequencing_of(element, package):
        primary = sequencing.at("objectives", "primaryObjective")
        if primary and primary.said("satisfiedByMeasure") == "true":
            text = primary.words("minNormalizedMeasure") or "1.0"
            return within(text, "passing score", -1, made)
    return ""


def threshold_of(element: Node, made: Manifest) -> str:
    """The 3rd edition writes the measure as text, the 4th as an attribute beside a switch."""
    found = named(element, "completionthreshold")
    if found is None:
        return ""
    if found.said("completedByMeasure"):
        is_on = found.said("completedByMeasure") == "true"
        text = (found.said("minProgressMeasure") or "1.0") if is_on else ""
    else:
        text = found.words()
    return within(text, "completion threshold", 0, made)


def within(text: str, what: str, least: int, made: Manifest, most: int = 1) -> str:
    """The number if it is one between the two; else it is left out by name."""
    if text and not (NUMBER.fullmatch(text) and least <= float(text) <= most):
        made.leave_out(f"{what} {text[:40]}", f"it is no number from {least} to {most}")
        return ""
    return re.sub(r"^(-?)\.", r"\g<1>0.", text)


def limit_of(element: Node, package: ContentPackage) -> str:
    for sequencing in sequencing_of(element, package):
        conditions = sequencing.child("limitConditions")
        if conditions and (text := conditions.said("attemptAbsoluteDurationLimit")):
            return text
    return ""


def note_rules(root: Node, made: Manifest) -> None:
    """Names what steers the order in which items are offered: here they are offered in the order of the manifest."""
    present = {node.name for node in root.every()}
    if {"sequencingRules", "rollupRules"} & present:
        made.leave_out("sequencing rules", "items are offered in the order of the manifest")
    if "mapInfo" in present or any(node.child("map") for node in root.every("data")):
        made.leave_out("objectives and data that items share", "each item keeps its own")
    if "prerequisites" in present:
        made.leave_out("prerequisites", "items are offered in the order of the manifest")
