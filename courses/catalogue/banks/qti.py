"""Items of IMS QTI 2.1, 2.2 and 3.0: one question in one XML document.

Source: IMS QTI Assessment Test, Section and Item Information Model 2.2; version 3.0 names the same things otherwise
(`qti_names`). What an item declares to be right is taken only if its scoring agrees (`judging`).
"""

import re
from collections.abc import Callable

from courses.catalogue.banks.bank import Collection
from courses.catalogue.banks.errors import LeftOutError
from courses.catalogue.banks.judging import as_true_false
from courses.catalogue.banks.qti_feedback import take_feedback
from courses.catalogue.banks.qti_interactions import READERS
from courses.catalogue.banks.qti_items import Item, without_feedback
from courses.catalogue.banks.qti_scoring import Scoring
from courses.catalogue.banks.sketches import Sketch
from courses.catalogue.plain_xml import Node
from courses.catalogue.questions.texts import Kind

GAP = "_____"
LAST_GAP = re.compile(r"(.*)\n\n(?:_{5}|(?:\\_){5})([^\n]{,40})", re.DOTALL)  # and the unit behind it
INLINE = ("textEntryInteraction", "inlineChoiceInteraction")
# What is in a body and no part of what is asked.
ASIDE = {
    "rubricBlock": "a rubric", "infoControl": "information on demand", "templateBlock": "a template",
    "templateInline": "a template",
    "stylesheet": "", "catalogInfo": "further forms of the text", "companionMaterialsInfo": "companion material",
    "endAttemptInteraction": "a button for hints",
}  # fmt: skip


def read_item(
    root: Node,
    collection: Collection,
    *,
    held: Callable[[str], str | None] = lambda address: None,
    category: tuple[str, ...] = (),
    file: str = "",
) -> None:
    """Takes the question of an `assessmentItem`. `held` answers the path of a picture, `file` is where it lies."""
    name = root.get("title") or root.get("label") or root.get("identifier")
    body = root.find("itemBody")
    sketch = Sketch(name=name, line=root.line, category=category, excerpt=body.text.strip()[:80] if body else file)
    try:
        refuse_what_changes(root)
        if body is None:
            raise LeftOutError("it has no body")
        read_body(root, body, sketch, collection, held)
    except LeftOutError as error:
        collection.leave_out(sketch.shown_name, root.line, str(error), file=file)
        return
    drop_the_rest(root, sketch, collection.language)
    collection.add(sketch, file=file)


def refuse_what_changes(root: Node) -> None:
    if root.get("adaptive", "false") == "true":
        raise LeftOutError("it changes with each try (adaptive)")
    if root.child("templateDeclaration", "templateProcessing"):
        raise LeftOutError("it is made anew for each learner (template)")


def read_body(
    root: Node, body: Node, sketch: Sketch, collection: Collection, held: Callable[[str], str | None]
) -> None:
    texts = collection.texts_of(sketch, held)
    interaction = only_interaction(body)
    item = Item(root, interaction, sketch, texts, Scoring(root))
    if interaction.get("responseIdentifier") not in item.scoring.responses:
        raise LeftOutError("nothing is declared to be right")
    sketch.prompt = texts.markup.block(prompt_of(body, interaction, sketch))
    verdicts = READERS[interaction.name](item)
    take_field_away(sketch)
    take_feedback(item, verdicts)
    as_true_false(sketch)


def take_field_away(sketch: Sketch) -> None:
    """A gap in a paragraph of its own at the end: a field follows anyway. What stands behind it is a number's unit."""
    found = LAST_GAP.fullmatch(sketch.prompt)
    if found and (not found[2] or sketch.kind == Kind.NUMBER):
        sketch.prompt, sketch.unit = found[1], found[2].strip()


def only_interaction(body: Node) -> Node:
    found = [
        node for node in body.every() if node.name.endswith("Interaction") and node.name != "endAttemptInteraction"
    ]
    if not found:
        raise LeftOutError("it asks nothing")
    if len(found) > 1:
        raise LeftOutError(f"it asks {len(found)} things at once ({', '.join(sorted({node.name for node in found}))})")
    if found[0].name not in READERS:
        raise LeftOutError(UNKNOWN.get(found[0].name, f"its kind is not known here ({found[0].name[:60]})"))
    return found[0]


BESIDE = {
    "catalogInfo": "further forms of the text (a catalogue)",
    "companionMaterialsInfo": "that there is a calculator or other help",
}
UNKNOWN = {
    "extendedTextInteraction": "it is an essay: nothing says what is right",
    "associateInteraction": "any text may be paired with any other",
    "uploadInteraction": "a file is to be sent",
    "drawingInteraction": "something is to be drawn",
    "gapMatchInteraction": "texts are dragged into gaps",
    "hottextInteraction": "words are to be marked in a text",
    "hotspotInteraction": "a place on a picture is to be found",
    "selectPointInteraction": "a place on a picture is to be found",
    "graphicOrderInteraction": "places on a picture are put in order",
    "graphicAssociateInteraction": "places on a picture are paired",
    "graphicGapMatchInteraction": "pictures are dragged onto a picture",
    "positionObjectInteraction": "a picture is moved over another",
    "sliderInteraction": "a slider is to be moved",
    "mediaInteraction": "it is a sound or a video",
    "customInteraction": "it needs a program of its own",
    "portableCustomInteraction": "it needs a program of its own",
}


def prompt_of(body: Node, interaction: Node, sketch: Sketch) -> Node:
    """The body with the prompt in the place of the interaction: a gap where it stands within a line."""
    asked = interaction.child("prompt")
    gap: list[Node | str] = [GAP] if interaction.name in INLINE else []
    put = Node("span" if gap else "div", {}, gap or (list(asked.children) if asked else []), interaction.line)

    def copied(node: Node) -> Node:
        children = [put_for(part) for part in node.children if isinstance(part, str) or is_asked(part, sketch)]
        return picture_for(Node(node.name, node.attributes, children, node.line))

    def put_for(part: Node | str) -> Node | str:
        if isinstance(part, str):
            return part
        return put if part is interaction else copied(part)

    return without_feedback(copied(body))


def is_asked(node: Node, sketch: Sketch) -> bool:
    if node.name == "printedVariable":
        raise LeftOutError("it shows a value that is calculated")
    what = ASIDE.get(node.name)
    if what and node.text.strip():
        sketch.drop(what, node.line)
    return what is None


def picture_for(node: Node) -> Node:
    """An `object` that is a picture as `img`; its content says what it shows."""
    if node.name == "object" and node.get("type").startswith("image/"):
        return Node("img", {"src": node.get("data"), "alt": node.text}, [], node.line)
    return node


def drop_the_rest(root: Node, sketch: Sketch, language: str) -> None:
    body = root.child("itemBody")
    own = root.get("lang") or (body.get("lang") if body else "")
    if own and language and own.lower().split("-")[0] != language.lower().split("-")[0]:
        sketch.mend(f"says that its language is {own[:20]}, and was taken as {language}")
    if root.child("assessmentStimulusRef"):
        sketch.drop("the text that it refers to (a stimulus): copy it into the question", root.line)
    for name, what in {"timeDependent": "that its time is measured"}.items():
        if root.get(name, "false") == "true":
            sketch.drop(what)
    for name, what in BESIDE.items():
        if root.child(name):
            sketch.drop(what, root.line)
