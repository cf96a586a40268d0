"""What is to be read in QTI 1.2: `material`, with text that is HTML, plain or XHTML, and pictures."""

from collections.abc import Iterable
from dataclasses import dataclass

from courses.catalogue.banks.markup import Markup
from courses.catalogue.banks.pictures import Pictures, decoded
from courses.catalogue.plain_xml import Node

DROPPED = {
    "mataudio": "a sound",
    "matvideo": "a video",
    "matapplet": "an applet",
    "matapplication": "a file",
    "matref": "a text from elsewhere",
}
TEXTS = ("mattext", "matemtext", "mat_formattedtext")


@dataclass
class Material:
    """Turns materials into one tree. `picture` answers the path of a picture that lies beside the item."""

    markup: Markup
    pictures: Pictures

    def tree(self, materials: Iterable[Node | str], *, is_inline: bool = False) -> Node:
        """All of it, below each other, or in one line."""
        wrapper = "span" if is_inline else "div"
        parts = [Node(wrapper, {}, [one] if isinstance(one, str) else self.parts(one)) for one in materials]
        return Node("div", {}, list(parts))

    def parts(self, node: Node) -> list[Node | str]:
        """What is in a `material`, or in what holds some."""
        if node.name in TEXTS:
            return self.text(node)
        if node.name in ("matimage",):
            return [self.image(node)]
        if node.name in ("matbreak",):
            return [Node("br")]
        if node.name in DROPPED:
            self.markup.note(DROPPED[node.name])
            return []
        return [part for child in node.elements if child.name != "altmaterial" for part in self.parts(child)]

    def text(self, node: Node) -> list[Node | str]:
        kind = (node.get("texttype") or node.get("type") or "text/plain").lower()
        if node.elements:  # XHTML that stands there as XML
            return [Node("span", {}, node.children, node.line)]
        if "html" in kind or kind == "smart_text":
            return list(self.markup.tree(node.text).children)
        name = "em" if node.name == "matemtext" else "span"
        lines: list[Node | str] = [part for line in node.text.strip().splitlines() for part in (line, Node("br"))]
        padded = [" ", *lines[:-1], " "] if lines and node.text != node.text.strip() else lines[:-1]
        return [Node(name, {}, padded, node.line)]

    def image(self, node: Node) -> Node:
        words = node.get("label") or node.get("alt")
        if node.get("embedded", "").lower() == "base64":
            path = self.pictures.add(node.get("uri") or "picture", decoded(node.text) or b"")
            return Node("img", {"src": path or "in the text", "alt": words}, [], node.line)
        return Node("img", {"src": node.get("uri"), "alt": words}, [], node.line)
