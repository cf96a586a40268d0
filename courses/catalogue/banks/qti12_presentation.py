"""What an item of QTI 1.2 shows and asks, taken out of the flows that lay it out."""

from dataclasses import dataclass, field

from courses.catalogue.plain_xml import Node

GAP = "_____"
RESPONSES = ("response_lid", "response_str", "response_num", "response_xy", "response_grp", "response_extension")


@dataclass
class Response:
    """One thing that is asked; `before` is the material that belongs to it alone."""

    node: Node
    before: list[Node] = field(default_factory=list)

    @property
    def ident(self) -> str:
        return self.node.get("ident")

    @property
    def cardinality(self) -> str:
        return self.node.get("rcardinality", "Single").lower()

    @property
    def labels(self) -> list[Node]:
        return list(self.node.every("response_label"))


@dataclass
class Presentation:
    """The prompt, in which a gap may stand, what is asked, and the right sides that Blackboard sets apart."""

    prompt: list[Node | str] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    rights: list[list[Node]] = field(default_factory=list)

    @property
    def has_gap(self) -> bool:
        return GAP in self.prompt


def presentation_of(node: Node) -> Presentation:
    shown = Presentation()
    is_single = len(list(node.every(*RESPONSES))) == 1
    collect(node, shown, is_single=is_single)
    while shown.prompt and shown.prompt[-1] == GAP:  # after the text is a field anyway
        shown.prompt.pop()
    return shown


def collect(node: Node, shown: Presentation, *, is_single: bool) -> None:
    """Takes what is in the element, in its order; a flow around one response of several belongs to that response."""
    is_own = not is_single and is_flow_of_one(node)
    for child in node.elements:
        if child.name in RESPONSES:
            own = [part for part in child.elements if part.name in ("material", "flow_mat")]
            around = [part for part in node.elements if part is not child and part.name in ("material", "flow")]
            shown.responses.append(Response(child, around if is_own else own))
            if is_single and child.name in ("response_str", "response_num"):
                shown.prompt.append(GAP)
        elif child.get("class") == "RIGHT_MATCH_BLOCK":
            shown.rights = [[part] for part in child.elements]
        elif child.name == "material" and not is_own:
            shown.prompt.append(child)
        elif not is_own:
            collect(child, shown, is_single=is_single)


def is_flow_of_one(node: Node) -> bool:
    asked = node.all(*RESPONSES)
    return node.name == "flow" and len(asked) == 1 and asked[0].child("material", "flow_mat") is None
