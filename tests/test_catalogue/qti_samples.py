"""Items of QTI as its versions write them, made of the parts that a test is about."""
# ruff: noqa: E501 - samples of XML read better in one line

import re

NAMESPACES = {
    "2.1": "http://www.imsglobal.org/xsd/imsqti_v2p1",
    "2.2": "http://www.imsglobal.org/xsd/imsqti_v2p2",
    "3.0": "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
}
MATCH = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>'
MAP = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response.xml"/>'


def item(
    declaration: str, body: str, rules: str = MATCH, *, after: str = "", title: str = "Title", extra: str = ""
) -> str:
    """An item of version 2.1."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="{NAMESPACES["2.1"]}" identifier="i1" title="{title}" adaptive="false" timeDependent="false"{extra}>
  {declaration}
  <outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
  <outcomeDeclaration identifier="FEEDBACK" cardinality="multiple" baseType="identifier"/>
  <itemBody>{body}</itemBody>
  {rules}
  {after}
</assessmentItem>"""


def as_version_3(source: str) -> str:
    """The same item in the words of version 3."""

    def name(found: re.Match[str]) -> str:
        plain = found[2]
        own = re.sub("[A-Z]", lambda letter: f"-{letter[0].lower()}", plain)
        known = plain[0].islower() and (
            own != plain or plain in ("prompt", "value", "variable", "correct", "match", "mapping")
        )
        return found[1] + (f"qti-{own}" if known else plain)

    source = re.sub(r"(</?)([a-zA-Z]+)", name, source)
    attribute = re.compile(r'(\s)([a-z]+[A-Z]\w*)(=")')
    source = attribute.sub(
        lambda found: found[1] + re.sub("[A-Z]", lambda one: f"-{one[0].lower()}", found[2]) + found[3], source
    )
    return source.replace(NAMESPACES["2.1"], NAMESPACES["3.0"])


def response(values: list[str], *, cardinality: str = "single", base: str = "identifier", mapping: str = "") -> str:
    held = "".join(f"<value>{value}</value>" for value in values)
    correct = f"<correctResponse>{held}</correctResponse>" if values else ""
    return (
        f'<responseDeclaration identifier="RESPONSE" cardinality="{cardinality}" baseType="{base}">'
        f"{correct}{mapping}</responseDeclaration>"
    )


def mapping(scores: dict[str, str], attributes: str = 'defaultValue="0"') -> str:
    entries = "".join(f'<mapEntry mapKey="{key}" mappedValue="{score}"/>' for key, score in scores.items())
    return f"<mapping {attributes}>{entries}</mapping>"


def choices(names: str = "ABC", *, most: int = 1, inner: dict[str, str] | None = None) -> str:
    parts = "".join(
        f'<simpleChoice identifier="{name}">{(inner or {}).get(name, f"choice {name}")}</simpleChoice>'
        for name in names
    )
    return (
        f'<choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="{most}">'
        f"<prompt>Which <em>one</em>?</prompt>{parts}</choiceInteraction>"
    )


def when(condition: str, *effects: str, otherwise: str = "") -> str:
    other = f"<responseElse>{otherwise}</responseElse>" if otherwise else ""
    return f"<responseCondition><responseIf>{condition}{''.join(effects)}</responseIf>{other}</responseCondition>"


def score(points: float | str) -> str:
    return f'<setOutcomeValue identifier="SCORE"><baseValue baseType="float">{points}</baseValue></setOutcomeValue>'


def feedback(identifier: str) -> str:
    return (
        '<setOutcomeValue identifier="FEEDBACK"><multiple><variable identifier="FEEDBACK"/>'
        f'<baseValue baseType="identifier">{identifier}</baseValue></multiple></setOutcomeValue>'
    )


def rules(*parts: str) -> str:
    return f"<responseProcessing>{''.join(parts)}</responseProcessing>"


GIVEN = '<variable identifier="RESPONSE"/>'
RIGHT = f'<match>{GIVEN}<correct identifier="RESPONSE"/></match>'


def is_choice(name: str) -> str:
    return f'<match>{GIVEN}<baseValue baseType="identifier">{name}</baseValue></match>'


def modal(identifier: str, text: str, show: str = "show") -> str:
    return (
        f'<modalFeedback outcomeIdentifier="FEEDBACK" showHide="{show}" identifier="{identifier}">'
        f"<p>{text}</p></modalFeedback>"
    )
