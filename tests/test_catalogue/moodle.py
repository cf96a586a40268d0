"""Moodle XML to be put together for a test, as Moodle 4 writes it."""

import base64

from tests.test_catalogue.banks import PNG

ENCODED = base64.b64encode(PNG).decode()
TWINS = (
    "a wrong answer differs from a right one only in what makes no difference here: capitals, spaces, quotation marks,"
    " a stop at the end, or how a sign is written"
)


def question(kind: str, inner: str, *, name: str = "Name", text: str = "<p>Text</p>", extra: str = "") -> str:
    """A question as Moodle 4 writes it."""
    return f"""<question type="{kind}">
    <name>
      <text>{name}</text>
    </name>
    <questiontext format="html">
      <text><![CDATA[{text}]]></text>
    </questiontext>
    <generalfeedback format="html">
      <text><![CDATA[<p>Because.</p>]]></text>
    </generalfeedback>
    <defaultgrade>1.0000000</defaultgrade>
    <hidden>0</hidden>
    <idnumber></idnumber>{extra}
    {inner}
  </question>"""


def quiz(*questions: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n<!-- question: 1  -->\n' + "\n".join(questions) + "\n</quiz>"
    )


def answer(text: str, fraction: str, feedback: str = "", inner: str = "") -> str:
    return f"""<answer fraction="{fraction}" format="html">
      <text><![CDATA[{text}]]></text>
      <feedback format="html"><text><![CDATA[{feedback}]]></text></feedback>{inner}
    </answer>"""


def number(value: str, tolerance: str, fraction: str = "100") -> str:
    return answer(value, fraction, inner=f"<tolerance>{tolerance}</tolerance>")


def picture(name: str, path: str = "/") -> str:
    return f'<file name="{name}" path="{path}" encoding="base64">{ENCODED}</file>'


ONE = answer("<p>a</p>", "0", "<p>no</p>") + answer("<p>b</p>", "100", "<p>yes</p>")
