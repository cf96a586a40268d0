"""The files of a Moodle question: they lie beside the text that shows them, and two texts may use the same name."""

from dataclasses import dataclass, field
from urllib.parse import unquote

from courses.catalogue.banks.pictures import Pictures, decoded
from courses.catalogue.banks.sketches import Sketch
from courses.catalogue.plain_xml import Node

PLACE_OF_FILES = "@@PLUGINFILE@@/"


@dataclass
class Files:
    """The files below a question, and which of them its texts have shown. `stand_at` says which text is read."""

    node: Node
    pictures: Pictures
    used: set[int] = field(default_factory=set)
    everywhere: dict[str, Node] = field(init=False)
    here: dict[str, Node] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.everywhere = by_address(list(self.node.every("file")))

    def stand_at(self, part: Node) -> None:
        self.here = by_address(part.all("file"))

    def path_of(self, address: str) -> str | None:
        """The path in the course of the picture with the address; `None` if there is none."""
        wanted = unquote(address.removeprefix(PLACE_OF_FILES)).partition("?")[0]
        file = self.here.get(wanted, self.everywhere.get(wanted))
        if file is None or not address.startswith(PLACE_OF_FILES):
            return None
        self.used.add(id(file))
        return self.pictures.add(file.get("name"), decoded(file.text) or b"")

    def drop_unused(self, sketch: Sketch) -> None:
        for file in self.node.every("file"):
            if id(file) not in self.used:
                sketch.drop(f"the file {address_of(file)[:80]}", file.line)


def by_address(files: list[Node]) -> dict[str, Node]:
    return {address_of(file): file for file in reversed(files)}


def address_of(file: Node) -> str:
    return (file.get("path", "/") + file.get("name")).lstrip("/")
