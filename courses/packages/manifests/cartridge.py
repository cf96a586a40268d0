"""Common Cartridge 1.0 to 1.3: pages, links, downloads and questions. What needs another system is left out by name."""

import re

from courses.catalogue.archives import Archive
from courses.catalogue.plain_xml import Node, XmlRefusedError, parse_xml
from courses.packages.manifests.content_package import ContentPackage, Resource, items_below
from courses.packages.manifests.places import Place
from courses.packages.manifests.shapes import DOWNLOADED, Bank, Item, Link, Manifest, MoveOn, Standard

SHOWN = (
    ".html", ".htm", ".xhtml", ".txt", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".mp4", ".webm", ".mp3",
    ".ogg",
)  # fmt: skip
LONGEST_IDENTIFIER = 2000
WEB_ADDRESS = re.compile(r"https?://[^/\s<>\"\\^`{|}]+[^\s<>\"\\^`{|}]*")
LONGEST_LINK = 200_000  # bytes of a file that holds one
# By the beginning of a resource's type.
ELSEWHERE = {
    "imsdt": "discussions are held elsewhere",
    "imsbasiclti": "it is a tool of another system (LTI)",
    "imslti": "it is a tool of another system (LTI)",
    "assignment": "assignments are handed in elsewhere",
    "associatedcontent": "it belongs to another part of the cartridge and is kept with the files",
    "imsiwb": "it is a file for interactive whiteboards",
    "idpfepub": "it is an EPUB book",
}


def read_cartridge(package: ContentPackage, archive: Archive) -> Manifest:
    made = Manifest(
        standard=Standard.COMMON_CARTRIDGE,
        title=package.described("title") or package.title(),
        description=package.described("description"),
    )
    used = set[str]()
    for element in items_below(package.organization):
        if reference := element.said("identifierref"):
            used.add(reference)
            take_item(element, reference, package, archive, made)
    take_the_rest(package, used, made)
    return made


def take_item(element: Node, reference: str, package: ContentPackage, archive: Archive, made: Manifest) -> None:
    title = element.words("title") or reference
    identifier = (element.said("identifier") or reference)[:LONGEST_IDENTIFIER]
    resource = package.resources.get(reference)
    if resource is None:
        made.leave_out(f"item “{title}”", f"there is no resource {reference}")
    elif resource.kind.startswith("imsqti"):
        take_bank(resource, title, package, made)
    elif resource.kind.startswith("imswl"):
        take_link(resource, title, package, archive, made)
    elif resource.kind.startswith("webcontent") or is_shown(resource, package):
        take_page(identifier, resource, title, package, made)
    else:
        made.leave_out(
            f"item “{title}”", elsewhere(resource) or f"resources of the type {resource.kind} are not known here"
        )


def place_of(resource: Resource, package: ContentPackage) -> Place | None:
    return resource.place(package.places) or next(resource.files(package.places), None)


def is_shown(resource: Resource, package: ContentPackage) -> bool:
    place = place_of(resource, package)
    return resource.kind.startswith("associatedcontent") and bool(place and place.path.lower().endswith(SHOWN))


def take_page(identifier: str, resource: Resource, title: str, package: ContentPackage, made: Manifest) -> None:
    place = place_of(resource, package)
    if place is None:
        made.leave_out(f"item “{title}”", f"{resource.href or 'its file'} is not in the archive")
    elif place.path.lower().endswith(SHOWN):
        made.items.append(Item(identifier=identifier, title=title, launch=str(place), move_on=MoveOn.NOT_APPLICABLE))
    elif place.path.lower().endswith(DOWNLOADED):
        made.items.append(Link(title=title, address=place.path, is_file=True))
    else:
        made.leave_out(f"item “{title}”", f"{place.path} is of a kind that is neither shown nor downloaded here")


def take_link(resource: Resource, title: str, package: ContentPackage, archive: Archive, made: Manifest) -> None:
    place = place_of(resource, package)
    try:
        root = parse_xml(archive.read(place.path, most=LONGEST_LINK)) if place else None
    except XmlRefusedError as refusal:
        made.leave_out(f"link “{title}”", f"its file {refusal}")
        return
    address = root.child("url") if root else None
    target = address.said("href") if address else ""
    if not WEB_ADDRESS.fullmatch(target):
        made.leave_out(f"link “{title}”", f"{target or 'nothing'} is no web address")
        return
    made.items.append(Link(title=title, address=target))


def take_bank(resource: Resource, title: str, package: ContentPackage, made: Manifest) -> None:
    place = place_of(resource, package)
    if place is None:
        made.leave_out(f"questions “{title}”", "their file is not in the archive")
    elif place.path not in [bank.path for bank in made.banks]:
        made.banks.append(Bank(title=title, path=place.path))


def take_the_rest(package: ContentPackage, used: set[str], made: Manifest) -> None:
    """Banks of questions stand outside the table of contents; of what else does, learners see nothing."""
    for identifier, resource in package.resources.items():
        if identifier in used:
            continue
        if resource.kind.startswith("imsqti"):
            take_bank(resource, identifier, package, made)
        elif not resource.kind.startswith("associatedcontent") and (why := elsewhere(resource)):
            made.leave_out(f"resource {identifier}", why)


def elsewhere(resource: Resource) -> str:
    """Why nothing here shows the resource; empty for types that nobody knows."""
    return next((why for kind, why in ELSEWHERE.items() if resource.kind.startswith(kind)), "")
