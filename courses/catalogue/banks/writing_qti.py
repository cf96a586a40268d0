"""Questions of a course as a package of IMS QTI 3.0, so that they can go on elsewhere; `packages` reads them back.

Each question is an item that says its scoring in full; pools are sections of a test. The unit of a number stands in the
text behind the field. Source: IMS QTI Assessment, Section and Item Information Model 3.0.
"""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from courses.catalogue.banks.hypertext import VOID, parse_html
from courses.catalogue.banks.runs import UNSEEN
from courses.catalogue.plain_xml import Node
from courses.catalogue.questions.texts import Kind, QuestionText, Words
from courses.catalogue.rendering import rendered, rendered_inline

NAMESPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
PACKAGE = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
DAY = (1980, 1, 1, 0, 0, 0)  # the same questions are always the same bytes
KEPT = {"src", "alt", "href", "start"}
EVERYBODY = "ALL"
GIVEN = '<qti-variable identifier="RESPONSE"/>'


def write_qti(
    questions: Sequence[QuestionText], language: str, *, pictures: Mapping[str, bytes] | None = None
) -> bytes:
    """A zip archive with the questions in the language, and the pictures that they show by their path in the course.

    Raises KeyError for a question that has no texts in the language.
    """
    made = {f"items/{one.key}.xml": item_of(one, one.words[language], language) for one in questions}
    given = pictures or {}
    shown = {path: given[path] for path in given if any(f"../{path}" in text for text in made.values())}
    files = {"imsmanifest.xml": manifest_of([*made, *shown]), "test.xml": test_of(questions), **made}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**{path: text.encode() for path, text in files.items()}, **shown}.items():
            archive.writestr(zipfile.ZipInfo(name, DAY), content)
    return packed.getvalue()


def manifest_of(paths: Iterable[str]) -> str:
    kinds = {True: "imsqti_item_xmlv3p0", False: "webcontent"}
    resources = resource_of("test.xml", "imsqti_test_xmlv3p0") + "".join(
        resource_of(path, kinds[path.startswith("items/")]) for path in paths
    )
    metadata = "<metadata><schema>QTI Package</schema><schemaversion>3.0.0</schemaversion></metadata>"
    return (
        f'{HEAD}<manifest xmlns="{PACKAGE}" identifier="questions">{metadata}<organizations/>\n'
        f"<resources>\n{resources}</resources></manifest>\n"
    )


def resource_of(path: str, kind: str) -> str:
    name = quoteattr(path)
    identifier = quoteattr("r-" + path.replace("/", "-").replace(".", "-"))
    return f'  <resource identifier={identifier} type="{kind}" href={name}><file href={name}/></resource>\n'


def test_of(questions: Iterable[QuestionText]) -> str:
    """Pools are sections, in the order of their first questions."""
    listed = list(questions)
    order = {pool: place for place, pool in enumerate(dict.fromkeys(one.pool for one in listed))}
    listed.sort(key=lambda one: order[one.pool])
    sections = "".join(section_of(pool, list(group)) for pool, group in groupby(listed, key=lambda one: one.pool))
    return (
        f'{HEAD}<qti-assessment-test xmlns="{NAMESPACE}" identifier="test" title="Questions">\n<qti-test-part'
        f' identifier="part" navigation-mode="nonlinear" submission-mode="individual">\n{sections}</qti-test-part>\n'
        "</qti-assessment-test>\n"
    )


def section_of(pool: str, questions: Iterable[QuestionText]) -> str:
    parts = "".join(
        f'  <qti-assessment-item-ref identifier="i-{one.key}" href="items/{one.key}.xml"/>\n' for one in questions
    )
    head = f'<qti-assessment-section identifier="s-{pool}" title="{pool}" visible="true">'
    return f"{head}\n{parts}</qti-assessment-section>\n"


@dataclass
class Parts:
    """What differs between the kinds: the declaration of the answer, the interaction, how it is scored.

    `score` is an expression that is the score, or one that is true where the answer is right if `is_truth`.
    """

    cardinality: str
    base: str
    correct: Sequence[str]
    interaction: str
    mapping: str = ""
    score: str = f'<qti-match>{GIVEN}<qti-correct identifier="RESPONSE"/></qti-match>'
    is_truth: bool = True


def item_of(question: QuestionText, words: Words, language: str) -> str:
    parts = KINDS[question.kind](question, words)
    values = "".join(f"<qti-value>{plain(value)}</qti-value>" for value in parts.correct)
    feedback = feedback_of(words)
    return f"""{HEAD}<qti-assessment-item xmlns="{NAMESPACE}" identifier="i-{question.key}" title="{question.key}"
  adaptive="false" time-dependent="false" xml:lang={quoteattr(language)}>
<qti-response-declaration identifier="RESPONSE" cardinality="{parts.cardinality}" base-type="{parts.base}">
  <qti-correct-response>{values}</qti-correct-response>{parts.mapping}
</qti-response-declaration>
<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
<qti-outcome-declaration identifier="FEEDBACK" cardinality="multiple" base-type="identifier"/>
<qti-item-body>
{xhtml(rendered(words.prompt))}
{parts.interaction}
</qti-item-body>
{rules_of(parts, is_chosen=bool(words.choice_feedback))}
{feedback}</qti-assessment-item>
"""


def rules_of(parts: Parts, *, is_chosen: bool) -> str:
    score = f'<qti-set-outcome-value identifier="SCORE">{parts.score}</qti-set-outcome-value>'
    if parts.is_truth:
        one = '<qti-base-value base-type="float">1</qti-base-value>'
        score = score.replace(parts.score, one)
        branch = f"<qti-response-if>{parts.score}{score}</qti-response-if>"
        score = f"<qti-response-condition>{branch}</qti-response-condition>"
    shown = f'<qti-base-value base-type="identifier">{EVERYBODY}</qti-base-value>' + GIVEN * is_chosen
    told = f'<qti-set-outcome-value identifier="FEEDBACK"><qti-multiple>{shown}</qti-multiple></qti-set-outcome-value>'
    return f"<qti-response-processing>{score}{told}</qti-response-processing>"


def feedback_of(words: Words) -> str:
    """For everybody, and for each choice."""
    told = {EVERYBODY: words.feedback} | {f"C{place}": text for place, text in enumerate(words.choice_feedback, 1)}
    return "".join(
        f'<qti-modal-feedback outcome-identifier="FEEDBACK" show-hide="show" identifier="{key}">'
        f"<qti-content-body>{xhtml(rendered(text))}</qti-content-body></qti-modal-feedback>\n"
        for key, text in told.items()
        if text.strip()
    )


def choice(question: QuestionText, words: Words) -> Parts:
    texts = [rendered_inline(text) for text in words.choices] or ["True", "False"]
    right = [0 if question.right is True else 1] if isinstance(question.right, bool) else question.right
    is_several = question.kind == Kind.SEVERAL
    most = 0 if is_several else 1
    shuffle = str(question.kind != Kind.TRUE_FALSE).lower()
    inner = "".join(simple("choice", f"C{place}", text) for place, text in enumerate(texts, 1))
    interaction = (
        f'<qti-choice-interaction response-identifier="RESPONSE" shuffle="{shuffle}" max-choices="{most}">\n{inner}'
        "</qti-choice-interaction>"
    )
    correct = [f"C{place + 1}" for place in right] if isinstance(right, list) else []
    return Parts("multiple" if is_several else "single", "identifier", correct, interaction)


def simple(kind: str, identifier: str, content: str, more: str = "") -> str:
    return f'  <qti-simple-{kind} identifier="{identifier}"{more}>{xhtml(content)}</qti-simple-{kind}>\n'


def field(unit: str = "") -> str:
    behind = f" {plain(unit)}" if unit else ""
    return f'<p><qti-text-entry-interaction response-identifier="RESPONSE"/>{behind}</p>'


def number(question: QuestionText, words: Words) -> Parts:
    right = question.right if isinstance(question.right, dict) else {}
    tolerance = f"{right['tolerance']} {right['tolerance']}"
    equal = (
        f'<qti-equal tolerance-mode="absolute" tolerance="{tolerance}">{GIVEN}<qti-correct identifier="RESPONSE"/>'
        "</qti-equal>"
    )
    return Parts("single", "float", [right["value"]], field(words.unit), score=equal)


def accepted(question: QuestionText, words: Words) -> Parts:
    entries = "".join(
        f'<qti-map-entry map-key={quoteattr(UNSEEN.sub("", text))} mapped-value="1" case-sensitive="false"/>'
        for text in words.accepts
    )
    mapping = f'\n  <qti-mapping default-value="0">{entries}</qti-mapping>'
    score = '<qti-map-response identifier="RESPONSE"/>'
    return Parts("single", "string", words.accepts[:1], field(), mapping, score, is_truth=False)


def matching(question: QuestionText, words: Words) -> Parts:
    sides = [("L", words.choices), ("R", words.matches)]
    sets = "".join(
        "<qti-simple-match-set>\n"
        + "".join(
            simple("associable-choice", f"{side}{place}", rendered_inline(text), ' match-max="1"')
            for place, text in enumerate(texts, 1)
        )
        + "</qti-simple-match-set>\n"
        for side, texts in sides
    )
    head = '<qti-match-interaction response-identifier="RESPONSE" shuffle="true">'
    interaction = f"{head}\n{sets}</qti-match-interaction>"
    pairs = [f"L{place} R{place}" for place in range(1, len(words.choices) + 1)]
    return Parts("multiple", "directedPair", pairs, interaction)


def order(question: QuestionText, words: Words) -> Parts:
    inner = "".join(simple("choice", f"C{place}", rendered_inline(text)) for place, text in enumerate(words.choices, 1))
    head = '<qti-order-interaction response-identifier="RESPONSE" shuffle="true">'
    interaction = f"{head}\n{inner}</qti-order-interaction>"
    return Parts("ordered", "identifier", [f"C{place}" for place in range(1, len(words.choices) + 1)], interaction)


KINDS = {
    Kind.ONE: choice, Kind.SEVERAL: choice, Kind.TRUE_FALSE: choice, Kind.NUMBER: number, Kind.TEXT: accepted,
    Kind.MATCHING: matching, Kind.ORDERING: order,
}  # fmt: skip


def plain(text: str) -> str:
    return escape(UNSEEN.sub("", text))


def xhtml(html: str) -> str:
    """Rendered HTML as XML, with the attributes that say something; pictures lie one folder up."""
    return "".join(written(child) for child in parse_html(html).children).strip()


def written(node: Node | str) -> str:
    if isinstance(node, str):
        return plain(node)
    pairs = {key: value for key, value in node.attributes.items() if key in KEPT}
    if node.name == "img":
        pairs["src"] = f"../{pairs.get('src', '')}"
    attributes = "".join(f" {key}={quoteattr(UNSEEN.sub('', value))}" for key, value in pairs.items())
    if node.name in VOID:
        return f"<{node.name}{attributes}/>"
    return f"<{node.name}{attributes}>{''.join(written(child) for child in node.children)}</{node.name}>"
