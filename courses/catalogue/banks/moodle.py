"""Moodle XML: a `quiz` of questions and categories, as Moodle 1.9 to 5 export it and other tools write it.

What is written how: https://docs.moodle.org/en/Moodle_XML_format. Where that leaves something open, what Moodle 4 reads
counts.
"""

from courses.catalogue.banks.bank import Collection
from courses.catalogue.banks.errors import LeftOutError
from courses.catalogue.banks.gift import category_of
from courses.catalogue.banks.moodle_files import Files
from courses.catalogue.banks.moodle_kinds import READERS, Source
from courses.catalogue.banks.pictures import decoded
from courses.catalogue.banks.sketches import Sketch, decimal_of
from courses.catalogue.plain_xml import Node

# Question types that nothing in a course can stand for, in words.
UNKNOWN = {
    "calculated": "its numbers are calculated anew for each learner",
    "calculatedmulti": "its numbers are calculated anew for each learner",
    "calculatedsimple": "its numbers are calculated anew for each learner",
    "cloze": "it has several gaps of different kinds (cloze)",
    "multianswer": "it has several gaps of different kinds (cloze)",
    "ddimageortext": "answers are dragged onto a picture",
    "ddmarker": "markers are dragged onto a picture",
    "ddwtos": "words are dragged into gaps",
    "description": "it is a description, and asks nothing",
    "essay": "it is an essay: nothing says what is right",
    "gapselect": "it has several gaps with lists",
    "random": "it stands for any question of a category",
    "randomsamatch": "it is put together from other questions",
}
# How Moodle shows or sorts a question; nothing of what is asked or right depends on it.
APPEARANCE = {
    "answernumbering", "hidden", "idnumber", "layouttype", "numberingstyle", "selecttype", "showgrading",
    "shownumcorrect", "showstandardinstruction", "correctresponsesfeedback", "usecase", "unitgradingtype",
    "unitpenalty", "showunits", "unitsleft", "gradingtype", "selectcount", "single", "shuffleanswers", "version",
    "qtype", "length", "stamp", "createdby", "modifiedby",
}  # fmt: skip
MAIN = {
    "name", "questiontext", "generalfeedback", "answer", "subquestion", "category", "image", "image_base64",
    "units", "defaultgrade", "penalty", "hint", "tags", "coursetags", "correctfeedback",
    "partiallycorrectfeedback", "incorrectfeedback", "instructions",
}  # fmt: skip
COMBINED = {
    "correctfeedback": "the feedback for right answers",
    "partiallycorrectfeedback": "the feedback for partly right answers",
    "incorrectfeedback": "the feedback for wrong answers",
}


def read_moodle(root: Node, collection: Collection) -> None:
    """Takes every question below `quiz`."""
    category: tuple[str, ...] = ()
    found = [root] if root.name == "question" else root.all("question")
    for node in found:
        if node.get("type") == "category":
            place = node.child("category")
            category = category_of(text_of(place)) if place else ()
        else:
            read_question(node, category, collection)
    for other in root.elements if root.name != "question" else []:
        if other.name != "question":
            collection.note(f"<{other.name}> is no question and is left out", other.line)


def text_of(node: Node | None) -> str:
    """What is in the element's `text`, or in itself, as some tools write it."""
    if node is None:
        return ""
    inner = node.child("text")
    return (inner.text if inner else "".join(part for part in node.children if isinstance(part, str))).strip()


def read_question(node: Node, category: tuple[str, ...], collection: Collection) -> None:
    name, kind = text_of(node.child("name")), node.get("type")
    sketch = Sketch(
        name=name, line=node.line, identifier=text_of(node.child("idnumber")), category=category,
        excerpt=text_of(node.child("questiontext"))[:80],
    )  # fmt: skip
    files = Files(node, collection.pictures)
    source = Source(node, sketch, collection.texts_of(sketch, files.path_of), text_of, files)
    try:
        if kind not in READERS:
            raise LeftOutError(UNKNOWN.get(kind, f"questions of the type {kind[:40]!r} are not known here"))
        read_common(source, collection)
        READERS[kind](source)
        drop_the_rest(source)
    except LeftOutError as error:
        collection.leave_out(sketch.shown_name, node.line, str(error))
        return
    files.drop_unused(sketch)
    collection.add(sketch)


def read_common(source: Source, collection: Collection) -> None:
    """The text, the general feedback, and a picture as Moodle 1.9 added it."""
    text = source.node.child("questiontext")
    source.format = text.get("format", "html") if text else "html"
    source.files.stand_at(text or source.node)
    source.sketch.prompt = source.texts.block(text_of(text), source.format)
    source.sketch.feedback = source.feedback(source.node.child("generalfeedback"))
    old = source.node.child("image_base64")
    name = text_of(source.node.child("image"))
    if old and name:
        path = collection.pictures.add(name, decoded(old.text) or b"")
        source.sketch.prompt += f"\n\n![]({path})" if path else ""
        if path:
            source.sketch.mend(f"shows the picture {path} without words; write what it shows", old.line)
        else:
            source.sketch.drop(f"the picture {name[:80]}, which is none", old.line)


def drop_the_rest(source: Source) -> None:
    """Names every part that is not taken and that is not only for the eye."""
    node, sketch = source.node, source.sketch
    drop_grading(node, sketch)
    for name, what in COMBINED.items():
        part = node.child(name)
        if part and text_of(part):
            sketch.drop(what, part.line)
    hints = node.all("hint")
    if hints:
        sketch.drop(f"what is shown after a wrong try (hints: {len(hints)})", hints[0].line)
    tags = [text_of(tag) for part in node.all("tags", "coursetags") for tag in part.all("tag")]
    if tags:
        sketch.drop(f"the tags ({', '.join(tags)})", node.line)
    for part in node.elements:
        if part.name not in APPEARANCE | MAIN | source.known and (part.text.strip() or part.elements):
            sketch.drop(f"<{part.name}>", part.line)


def drop_grading(node: Node, sketch: Sketch) -> None:
    penalty, grade = text_of(node.child("penalty")), text_of(node.child("defaultgrade"))
    if penalty.strip("0."):
        sketch.drop(f"the penalty for wrong tries ({penalty})", node.line)
    if grade and decimal_of(grade) != 1:
        sketch.drop(f"that it earns {grade} points", node.line)
    if text_of(node.child("hidden")) == "1":
        sketch.mend("is hidden in the bank, and was taken like the others", node.line)
    shuffle = text_of(node.child("shuffleanswers"))
    if shuffle in ("0", "false") and node.get("type") in ("multichoice", "multichoiceset"):
        sketch.drop("that its choices keep their order", node.line)
