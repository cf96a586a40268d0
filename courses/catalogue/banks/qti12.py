"""QTI 1.2: assessments and object banks, as Common Cartridge, Canvas and Blackboard write them.

Nothing there declares what is right: it is found by judging answers (`judging`, `qti12_scoring`).
"""

import re
import time
from collections.abc import Callable, Iterator

from courses.catalogue.banks.bank import Collection
from courses.catalogue.banks.documents import document
from courses.catalogue.banks.errors import BankRefusedError, LeftOutError
from courses.catalogue.banks.qti12_kinds import Asked, reader_of, take_feedback
from courses.catalogue.banks.qti12_material import Material
from courses.catalogue.banks.qti12_presentation import GAP, presentation_of
from courses.catalogue.banks.sketches import Sketch
from courses.catalogue.plain_xml import Node
from courses.catalogue.questions.texts import QuestionText
from courses.catalogue.sections import Fault

Held = Callable[[str], str | None]
ROOT = ("root_section", "")
# What the metadata of an item may say that is no part of it.
UNIMPORTANT = {
    "cc_profile", "question_type", "assessment_question_identifierref", "original_answer_ids", "cc_question_category",
    "qmd_itemtype", "qmd_scoringpermitted", "qmd_computerscored", "qmd_questiontype", "calculator_type",
}  # fmt: skip


def nowhere(address: str) -> str | None:
    return None


def read_qti12(
    xml: bytes, faults: list[Fault], *, name: str = "assessment.xml", language: str = "en", held: Held = nowhere,
    started: float | None = None,
) -> list[QuestionText]:  # fmt: skip
    """The questions of one QTI 1.2 document, such as of a Common Cartridge; what is left out is added to `faults`.

    `held` answers the path in the course of a picture that a text shows by its address, `None` if there is none.
    `started` is the processor's time of this thread when the first of several documents was begun: see `go_on`.
    Raises `BankRefusedError` for what is not QTI 1.2 or is hostile.
    """
    collection = Collection(name, language, started=time.thread_time() if started is None else started)
    collection.go_on()
    root = document(xml, name)
    if root.name not in ("questestinterop", "assessment", "objectbank", "section", "item"):
        raise BankRefusedError(f"{name} begins with <{root.name[:40]}>, which is not QTI 1.2.")
    read_interop(root, collection, held=held)
    faults += collection.faults
    return collection.questions


def read_interop(root: Node, collection: Collection, *, held: Held = nowhere, file: str = "") -> None:
    """Takes every item below the root, in the pools of their sections."""
    for node, category in items_of(root, ()):
        read_item(node, category, collection, held, file)
    for part in [part for top in root.every("assessment") for part in top.all("qtimetadata")]:
        for label, entry in fields(part):
            collection.note(f"{label} ({entry}) of the assessment is left out", part.line, file=file)
    for reference in root.every("itemref", "sectionref", "sourcebank_ref", "bankentry_item"):
        collection.note("names questions that are not in the file", reference.line, file=file)


def items_of(node: Node, category: tuple[str, ...]) -> Iterator[tuple[Node, tuple[str, ...]]]:
    """The items with the titles of the sections that they stand in."""
    if node.name == "item":
        yield node, category
        return
    title = node.get("title") if node.name == "section" else bank_title(node)
    inner = (*category, title) if title and node.get("ident") not in ROOT[:1] else category
    for child in node.elements:
        if child.name in ("assessment", "section", "objectbank", "item"):
            yield from items_of(child, inner)


def bank_title(node: Node) -> str:
    found = node.child("qtimetadata") if node.name == "objectbank" else None
    return dict(fields(found)).get("bank_title", "") if found else ""


def fields(metadata: Node) -> Iterator[tuple[str, str]]:
    for part in metadata.every("qtimetadatafield"):
        label, entry = part.child("fieldlabel"), part.child("fieldentry")
        if label and entry:
            yield label.text.strip(), entry.text.strip()


def read_item(node: Node, category: tuple[str, ...], collection: Collection, held: Held, file: str) -> None:
    said = {label: entry for part in node.all("itemmetadata") for label, entry in fields(part)}
    own = said.get("cc_question_category", "")
    sketch = Sketch(
        name=node.get("title") or node.get("label"), line=node.line, category=(own,) if own else category,
        excerpt=" ".join(part.text for part in node.every("mattext", "mat_formattedtext"))[:80],
    )  # fmt: skip
    try:
        read_parts(node, said, sketch, collection, held)
    except LeftOutError as error:
        collection.leave_out(sketch.shown_name, node.line, str(error), file)
        return
    drop_the_rest(node, said, sketch)
    collection.add(sketch, file)


def read_parts(node: Node, said: dict[str, str], sketch: Sketch, collection: Collection, held: Held) -> None:
    presented = node.child("presentation")
    if presented is None:
        raise LeftOutError("it asks nothing")
    texts = collection.texts_of(sketch, held)
    material = Material(texts.markup, collection.pictures)
    shown = presentation_of(presented)
    sketch.prompt = set_apart(texts.markup.block(material.tree(shown.prompt, is_inline=shown.has_gap)))
    asked = Asked(node, sketch, texts, material, shown, said.get("question_type", ""))
    reader_of(asked)(asked)
    take_feedback(asked)


def set_apart(prompt: str) -> str:
    """The prompt with spaces between a gap and a word: each was a text of its own."""
    return re.sub(rf"(?<=[^\W_]){GAP}", f" {GAP}", re.sub(rf"{GAP}(?=[^\W_])", f"{GAP} ", prompt))


def drop_the_rest(node: Node, said: dict[str, str], sketch: Sketch) -> None:
    for label, entry in said.items():
        is_one = label in ("points_possible", "cc_weighting") and entry.rstrip("0").rstrip(".") == "1"
        if label not in UNIMPORTANT and entry and not is_one:
            sketch.drop(f"{label} ({entry[:60]})", node.line)
    for part in node.all("rubric", "objectives", "itemcontrol", "itemprecondition", "duration"):
        if part.text.strip():
            sketch.drop(f"<{part.name}>", part.line)
    for hint in node.every("hint"):
        if hint.text.strip():
            sketch.drop("a hint", hint.line)
