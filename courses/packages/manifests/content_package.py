"""imsmanifest.xml, which SCORM and Common Cartridge share (IMS Content Packaging 1.1)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from courses.catalogue.plain_xml import NAMESPACE, Node
from courses.packages.manifests.places import Place, Places

BASE = "base"  # xml:base


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A resource of the manifest; `bases` are its xml:base and those around it."""

    element: Node
    bases: tuple[str, ...]

    @property
    def kind(self) -> str:
        return self.element.said("type")

    @property
    def href(self) -> str:
        return self.element.said("href")

    def place(self, places: Places) -> Place | None:
        return places.find(self.href, self.bases) if self.href else None

    def files(self, places: Places) -> Iterator[Place]:
        """The files that the resource names, in their order."""
        found = (places.find(file.said("href"), self.bases) for file in self.element.all("file"))
        return (place for place in found if place)


@dataclass(kw_only=True)
class ContentPackage:
    """The parts of a manifest. `organization` is the default one, or the first."""

    root: Node
    places: Places
    resources: dict[str, Resource] = field(default_factory=dict)
    organization: Node | None = None
    organizations: int = 0

    @property
    def schema(self) -> str:
        return self.root.words("metadata", "schema")

    @property
    def schema_version(self) -> str:
        return self.root.words("metadata", "schemaversion")

    @property
    def namespaces(self) -> set[str]:
        """Those that are declared anywhere."""
        declared = (node.attributes.items() for node in self.root.every())
        return {value for pairs in declared for key, value in pairs if key.startswith(NAMESPACE)}

    @property
    def is_of_scos(self) -> bool:
        """Whether a resource says what it is by SCORM (`scormtype`)."""
        return any(resource.element.said("scormtype") for resource in self.resources.values())

    @cached_property
    def sequencing(self) -> dict[str, Node]:
        """The sequencing that items share, by its identifier."""
        return {node.said("ID"): node for node in self.root.every("sequencing") if node.said("ID")}

    def title(self) -> str:
        """The title of the organization, else the one in the metadata."""
        own = self.organization.words("title") if self.organization else ""
        return own or self.described("title")

    def described(self, name: str) -> str:
        """A text of the general part of the metadata (LOM), in the first language that it has."""
        for general in self.root.every("general"):
            said = general.child(name)
            if said and (found := (said.elements or [said])[0].words()):
                return found
        return ""


def read_content_package(root: Node, places: Places) -> ContentPackage:
    made = ContentPackage(root=root, places=places)
    outer = root.said(BASE)
    for group in root.all("resources"):
        around = tuple(filter(None, [outer, group.said(BASE)]))
        for element in group.all("resource"):
            bases = tuple(filter(None, [*around, element.said(BASE)]))
            made.resources.setdefault(element.said("identifier"), Resource(element=element, bases=bases))
    around_them = root.child("organizations")
    organizations = around_them.all("organization") if around_them else []
    made.organizations = len(organizations)
    default = around_them.said("default") if around_them else ""
    named = [one for one in organizations if one.said("identifier") == default]
    made.organization = next(iter(named or organizations), None)
    return made


def items_below(element: Node | None) -> Iterator[Node]:
    """All items, in the order of a table of contents."""
    for item in element.all("item") if element else []:
        yield item
        yield from items_below(item)
