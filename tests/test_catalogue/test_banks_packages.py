"""Packages of questions: items, assessments and pictures in one archive."""
# ruff: noqa: E501 - samples of XML read better in one line

import io
import random
import time
import zipfile
from collections.abc import Mapping

import pytest

from courses.catalogue.banks.errors import BankRefusedError
from tests.test_catalogue.banks import PNG, read, said
from tests.test_catalogue.qti_samples import as_version_3, choices, item, response


def packed(files: Mapping[str, str | bytes], *, folder: str = "") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(folder + name, content)
    return made.getvalue()


def manifest(*resources: str) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="m"><organizations/>
<resources>{"".join(resources)}</resources></manifest>"""


def resource(href: str, kind: str = "imsqti_item_xmlv2p1", *files: str) -> str:
    held = "".join(f'<file href="{name}"/>' for name in (href, *files))
    return f'<resource identifier="{href}" type="{kind}" href="{href}">{held}</resource>'


def one(title: str = "Title", body: str = "") -> str:
    return item(response(["B"]), body + choices(), title=title)


def test_every_item_of_the_manifest_is_read_with_its_pictures() -> None:
    seen = one("Seen", '<p><img src="../images/my%20desk.png" alt="A desk"/></p>')
    files: dict[str, str | bytes] = {
        "imsmanifest.xml": manifest(
            resource("items/a.xml", "imsqti_item_xmlv2p1", "images/my desk.png"),
            resource("items/b%20c.xml", "imsqti_item_xmlv3p0"),
            resource("style.css", "webcontent"),
        ),
        "items/a.xml": seen,
        "items/b c.xml": as_version_3(one("Other")),
        "images/my desk.png": PNG,
        "style.css": "",
        "items/unnamed.xml": one("Unnamed"),
    }
    bank = read(packed(files))
    assert [question.key for question in bank.questions] == ["seen", "other"]
    assert bank.questions[0].words["en"].prompt == "![A desk](pictures/my-desk.png)\n\nWhich *one*?"
    assert bank.pictures == {"pictures/my-desk.png": PNG}
    assert said(bank) == []


def test_faults_name_the_file_within_the_package() -> None:
    files = {
        "imsmanifest.xml": manifest(resource("a.xml"), resource("b.xml"), resource("gone.xml"), resource("c.xml")),
        "a.xml": one(),
        "b.xml": item(response(["B"]), "<p>Nothing</p>"),
        "c.xml": "<assessmentItem",
    }
    bank = read(packed(files), name="my.zip")
    assert [str(fault) for fault in bank.left_out] == [
        "my.zip/imsmanifest.xml, line 3: names gone.xml, which it does not hold",
        'my.zip/a.xml, line 2, question "Title": has no general feedback; write one',
        'my.zip/b.xml, line 2, question "Title": is left out: it asks nothing',
        "my.zip/c.xml: is left out: my.zip/c.xml, line 1, is not well-formed XML: unclosed token.",
    ]
    assert (bank.found, len(bank.questions)) == (3, 1)


def test_sections_of_a_test_become_pools() -> None:
    test = """<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="t" title="T"><testPart identifier="p">
    <assessmentSection identifier="s" title="Fire safety" visible="true"><assessmentItemRef identifier="r" href="../items/a.xml"/>
    </assessmentSection></testPart></assessmentTest>"""
    files = {
        "imsmanifest.xml": manifest(resource("items/a.xml"), resource("tests/t.xml", "imsqti_test_xmlv2p1")),
        "items/a.xml": one(),
        "tests/t.xml": test,
    }
    bank = read(packed(files))
    assert [question.pool for question in bank.questions] == ["fire-safety"]


def test_a_package_may_lie_in_a_folder_and_need_no_manifest() -> None:
    assert (
        len(read(packed({"imsmanifest.xml": manifest(resource("a.xml")), "a.xml": one()}, folder="pack/")).questions)
        == 1
    )
    assert len(read(packed({"a.xml": one(), "b.xml": one(), "c.txt": "no"})).questions) == 2


def test_an_assessment_of_version_1_2_is_read() -> None:
    source = """<questestinterop><assessment title="Q"><section ident="s"><item title="T"><presentation>
    <material><mattext texttype="text/html">Is &lt;img src="$IMS-CC-FILEBASE$/a.png" alt="A"&gt; it?</mattext></material>
    <response_lid ident="r"><render_choice><response_label ident="t"><material><mattext>True</mattext></material></response_label>
    <response_label ident="f"><material><mattext>False</mattext></material></response_label></render_choice></response_lid>
    </presentation><resprocessing><respcondition><conditionvar><varequal respident="r">t</varequal></conditionvar>
    <setvar>1</setvar></respcondition></resprocessing></item></section></assessment></questestinterop>"""
    files: dict[str, str | bytes] = {
        "imsmanifest.xml": manifest(resource("quiz/quiz.xml", "imsqti_xmlv1p2/imscc_xmlv1p1/assessment")),
        "quiz/quiz.xml": source,
        "web_resources/a.png": PNG,
    }
    bank = read(packed(files))
    assert bank.questions[0].right is True
    assert bank.questions[0].words["en"].prompt == "Is ![A](pictures/a.png) it?"


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"a.txt": "x"}, "holds no question"),
        ({"imsmanifest.xml": "<manifest"}, "imsmanifest.xml, line 1, is not well-formed"),
        ({"../a.xml": one()}, "leads out of the archive"),
        ({"imsmanifest.xml": manifest(resource("../../etc/passwd"))}, "holds no question"),
        ({"a.xml": "x" * 60_000_000}, "are allowed for one file"),
        ({"a.xml": "<a/>" + " " * 30_000_000}, "times its size"),
    ],
)
def test_what_is_no_package_or_a_hostile_one_is_refused(files: dict[str, str | bytes], says: str) -> None:
    with pytest.raises(BankRefusedError, match=says):
        read(packed(files))


def test_a_damaged_archive_is_refused() -> None:
    data = packed({"a.xml": one()})
    with pytest.raises(BankRefusedError):
        read(data[: len(data) // 2])


def test_a_picture_that_is_shown_many_times_is_read_once_and_a_large_one_never() -> None:
    shown = "".join(f'<p><img src="{name}.png" alt="A"/></p>' for name in ("small", "large") for _ in range(300))
    large = PNG + random.Random(1).randbytes(6_000_000)
    files: dict[str, str | bytes] = {"imsmanifest.xml": manifest(resource("a.xml")), "a.xml": one(body=shown)}
    began = time.thread_time()
    bank = read(packed({**files, "small.png": PNG, "large.png": large}))
    assert bank.pictures == {"pictures/small.png": PNG}
    assert time.thread_time() - began < 5
