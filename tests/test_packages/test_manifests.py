import time

import pytest

from courses.packages.manifests import Item, Link, Manifest, PackageRefusedError, Standard, read_manifest
from courses.packages.manifests.places import Place, Places
from tests.test_packages.making import (
    CARTRIDGE,
    CMI5,
    PAGE,
    SCORM_12,
    SCORM_2004,
    archive_of,
    cmi5,
    item,
    resource,
    scorm_12,
    scorm_2004,
    unit,
)


def read(files: dict[str, bytes | str], language: str = "en") -> Manifest:
    with archive_of(files) as archive:
        return read_manifest(archive, language=language)


def played(manifest: Manifest) -> list[Item]:
    return [one for one in manifest.items if isinstance(one, Item)]


def reasons(manifest: Manifest) -> str:
    return "\n".join(str(fault) for fault in manifest.left_out)


def test_the_items_of_a_scorm_1_2_package_are_read() -> None:
    said = "<adlcp:masteryscore>80</adlcp:masteryscore><adlcp:datafromlms>level=2</adlcp:datafromlms>"
    said += "<adlcp:maxtimeallowed>01:00:00</adlcp:maxtimeallowed>"
    said += "<adlcp:timelimitaction>exit,message</adlcp:timelimitaction>"
    made = read(scorm_12(("one/index.html", PAGE), ("two.htm", PAGE), inner=said))
    assert (made.standard, made.title, made.left_out) == (Standard.SCORM_12, "Safety first", [])
    first, second = played(made)
    assert first == Item(
        identifier="I1", title="Item 1", launch="one/index.html", mastery="80", parameters="level=2",
        time_allowed="01:00:00", at_time_limit="exit,message",
    )  # fmt: skip
    assert second.launch == "two.htm"


def test_the_items_of_a_scorm_2004_package_are_read() -> None:
    said = "<adlcp:dataFromLMS>level=2</adlcp:dataFromLMS>"
    said += '<adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.75"/>'
    said += (
        '<imsss:sequencing><imsss:limitConditions attemptAbsoluteDurationLimit="PT1H"/><imsss:objectives>'
        '<imsss:primaryObjective objectiveID="P" satisfiedByMeasure="true"><imsss:minNormalizedMeasure>0.6'
        "</imsss:minNormalizedMeasure></imsss:primaryObjective></imsss:objectives></imsss:sequencing>"
    )
    (only,) = played(read(scorm_2004(("index.html", PAGE), inner=said)))
    assert (only.mastery, only.threshold, only.parameters, only.time_allowed) == ("0.6", "0.75", "level=2", "PT1H")


def test_sequencing_of_a_collection_is_found_by_its_reference() -> None:
    shared = (
        '<imsss:sequencingCollection><imsss:sequencing ID="S"><imsss:objectives><imsss:primaryObjective'
        ' satisfiedByMeasure="true"><imsss:minNormalizedMeasure>0.5</imsss:minNormalizedMeasure>'
        "</imsss:primaryObjective></imsss:objectives></imsss:sequencing></imsss:sequencingCollection>"
    )
    made = read(scorm_2004(("index.html", PAGE), inner='<imsss:sequencing IDRef="S"/>', after=shared))
    assert played(made)[0].mastery == "0.5"


def test_the_third_edition_writes_its_threshold_as_text() -> None:
    said = "<adlcp:completionThreshold>0.9</adlcp:completionThreshold>"
    assert played(read(scorm_2004(("index.html", PAGE), inner=said)))[0].threshold == "0.9"


def test_sequencing_rules_are_named_as_left_out() -> None:
    rules = "<imsss:sequencing><imsss:sequencingRules/></imsss:sequencing>"
    assert "order of the manifest" in reasons(read(scorm_2004(("index.html", PAGE), inner=rules)))


def test_headings_are_no_items_and_what_lies_below_them_is_taken_in_order() -> None:
    items = f'{item(1)}<item identifier="H"><title>Part</title>{item(2)}{item(3)}</item>'
    resources = "".join(resource(number, f"{number}.html") for number in (3, 1, 2))
    files = {f"{number}.html": PAGE for number in (1, 2, 3)}
    made = read({"imsmanifest.xml": SCORM_12.format(items=items, resources=resources), **files})
    assert [one.launch for one in played(made)] == ["1.html", "2.html", "3.html"]


def test_assets_are_done_when_the_learner_says_so() -> None:
    manifest = SCORM_12.format(items=item(1), resources=resource(1, "a.html", kind="asset"))
    (only,) = played(read({"imsmanifest.xml": manifest, "a.html": PAGE}))
    assert only.move_on == "NotApplicable"


def test_an_asset_that_no_browser_shows_is_a_download() -> None:
    manifest = SCORM_12.format(items=item(1), resources=resource(1, "guide.pdf", kind="asset"))
    made = read({"imsmanifest.xml": manifest, "guide.pdf": b"%PDF"})
    assert made.items == [Link(title="Item 1", address="guide.pdf", is_file=True)]


def test_a_plain_content_package_is_taken_as_pages() -> None:
    manifest = (
        '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">'
        "<metadata><schema>IMS Content</schema><schemaversion>1.1</schemaversion></metadata><organizations>"
        f'<organization>{item(1)}</organization></organizations><resources><resource identifier="R1" type="webcontent"'
        ' href="a.html"/></resources></manifest>'
    )
    made = read({"imsmanifest.xml": manifest, "a.html": PAGE})
    assert (made.standard, len(made.items)) == (Standard.COMMON_CARTRIDGE, 1)


@pytest.mark.parametrize(
    ("items", "resources", "says"),
    [
        (item(1), resource(1, "https://example.org/x.html"), "lies elsewhere"),
        (item(1), resource(1, "//example.org/x.html"), "lies elsewhere"),
        (item(1), resource(1, "missing.html"), "missing.html is not in the archive"),
        (item(1), resource(1, "../../etc/passwd"), "is not in the archive"),
        (item(1), resource(1, "javascript:alert(1)"), "lies elsewhere"),
        (item(1), "", "there is no resource R1"),
        (item(1), '<resource identifier="R1" type="webcontent"/>', "has no address"),
        (item(1, isvisible="false"), resource(1, "a.html"), "not visible"),
    ],
)
def test_items_that_cannot_be_played_are_named(items: str, resources: str, says: str) -> None:
    made = read({"imsmanifest.xml": SCORM_12.format(items=items, resources=resources), "a.html": PAGE})
    assert made.items == []
    assert says in reasons(made)


def test_a_mastery_score_that_is_no_number_is_named() -> None:
    made = read(scorm_12(("a.html", PAGE), inner="<adlcp:masteryscore>most</adlcp:masteryscore>"))
    assert played(made)[0].mastery == ""
    assert "mastery score most" in reasons(made)


@pytest.mark.parametrize(("said", "kept"), [("80", ""), ("high", ""), ("0.8", "0.8"), (".8", "0.8"), ("-.5", "-0.5")])
def test_a_passing_score_of_scorm_2004_is_kept_or_named(said: str, kept: str) -> None:
    inner = (
        '<imsss:sequencing><imsss:objectives><imsss:primaryObjective objectiveID="P" satisfiedByMeasure="true">'
        f"<imsss:minNormalizedMeasure>{said}</imsss:minNormalizedMeasure></imsss:primaryObjective></imsss:objectives>"
        "</imsss:sequencing>"
    )
    made = read(scorm_2004(("a.html", PAGE), inner=inner))
    assert played(made)[0].mastery == kept
    assert (f"passing score {said}: it is no number from -1 to 1" in reasons(made)) == (kept == "")


def test_a_completion_threshold_that_is_no_measure_is_named() -> None:
    made = read(scorm_2004(("a.html", PAGE), inner="<adlcp:completionThreshold>75</adlcp:completionThreshold>"))
    assert (played(made)[0].threshold, "completion threshold 75" in reasons(made)) == ("", True)


def test_the_default_organization_is_taken_and_others_are_named() -> None:
    other = '<organization identifier="OTHER"><title>Other</title></organization>'
    manifest = SCORM_12.format(items=item(1), resources=resource(1, "a.html"))
    manifest = manifest.replace('<organization identifier="ORG">', f'{other}<organization identifier="ORG">')
    made = read({"imsmanifest.xml": manifest, "a.html": PAGE})
    assert len(made.items) == 1
    assert "other organizations" in reasons(made)


@pytest.mark.parametrize(
    ("href", "bases", "found"),
    [
        ("a.html", [], "a.html"),
        ("my%20page.html", [], "my page.html"),
        ("my page.html?x=1#y", [], "my page.html?x=1#y"),
        ("sub\\b.html", [], "sub/b.html"),
        ("A.HTML", [], "a.html"),
        ("b.html", ["sub/"], "sub/b.html"),
        ("b.html", ["outer/", "../sub/"], "sub/b.html"),
        ("100%.html", [], "100%.html"),
        ("课程.html", [], "课程.html"),
        ("%E8%AF%BE%E7%A8%8B.html", [], "课程.html"),
        ("cafe\u0301.html", [], "café.html"),
        ("cafe%CC%81.html", [], "café.html"),
        ("/a.html", [], "a.html"),
        ("https://example.org/a.html", [], None),
        ("a.html", ["https://example.org/"], None),
        ("http://[bad/a.html", [], None),
        ("c.html", [], None),
        ("", [], None),
    ],
)
def test_addresses_lead_to_files_of_the_archive_or_nowhere(href: str, bases: list[str], found: str | None) -> None:
    places = Places(["a.html", "my page.html", "sub/b.html", "100%.html", "课程.html", "café.html"])
    assert (str(place) if (place := places.find(href, bases)) else None) == found


@pytest.mark.parametrize(
    ("place", "parameters", "whole"),
    [
        (Place("a"), "", "a"),
        (Place("a"), "?x=1", "a?x=1"),
        (Place("a"), "&x=1", "a?x=1"),
        (Place("a", "y=2"), "?x=1", "a?y=2&x=1"),
        (Place("a"), "#part", "a#part"),
        (Place("a", "", "own"), "#part", "a#own"),
        (Place("a"), "x=1#part", "a?x=1#part"),
    ],
)
def test_parameters_are_added_to_the_address(place: Place, parameters: str, whole: str) -> None:
    assert str(place.with_parameters(parameters)) == whole


def test_the_units_of_a_cmi5_package_are_read_with_those_in_blocks() -> None:
    inner = "<launchParameters> a=1 </launchParameters><entitlementKey>key</entitlementKey>"
    block = (
        '<block id="https://example.org/b"><title><langstring lang="en-US">B</langstring></title>'
        f"{unit(2, 'two.html', moveOn='Passed')}"
        f'<block id="https://example.org/c">{unit(3, "three.html")}</block></block>'
    )
    first = unit(1, "one.html?x=1", inner, moveOn="CompletedAndPassed", masteryScore="0.8", launchMethod="OwnWindow")
    files = {f"{name}.html": PAGE for name in ("one", "two", "three")}
    made = read({"cmi5.xml": CMI5.format(units=first + block), **files}, language="cy")
    assert (made.standard, made.title, made.description) == (Standard.CMI5, "Diogelwch", "How to stay whole.")
    assert played(made)[0] == Item(
        identifier="https://example.org/units/1", title="Unit 1", launch="one.html?x=1", mastery="0.8",
        move_on="CompletedAndPassed", parameters="a=1", entitlement="key", needs_own_window=True,
    )  # fmt: skip
    assert [one.move_on for one in played(made)[1:]] == ["Passed", "NotApplicable"]


def test_units_that_lie_elsewhere_and_wrong_scores_are_named() -> None:
    units = unit(1, "https://example.org/au") + unit(2, "two.html", masteryScore="80", moveOn="Whatever")
    made = read({"cmi5.xml": CMI5.format(units=units), "two.html": PAGE})
    assert [one.launch for one in played(made)] == ["two.html"]
    assert played(made)[0].move_on == "Completed"
    assert all(part in reasons(made) for part in ("lies elsewhere", "mastery score 80", "moveOn Whatever"))


LINK = '<webLink xmlns="http://www.imsglobal.org/xsd/imsccv1p1/imswl_v1p1"><title>x</title><url href="{}"/></webLink>'


def cartridge(minor: int = 1) -> dict[str, bytes | str]:
    kinds = {
        1: ("webcontent", "pages/one.html"),
        2: (f"imswl_xmlv1p{minor}", "link.xml"),
        3: (f"imsdt_xmlv1p{minor}", "topic.xml"),
        4: ("imsbasiclti_xmlv1p0", "tool.xml"),
        5: ("webcontent", "files/guide.pdf"),
        6: (f"imsqti_xmlv1p2/imscc_xmlv1p{minor}/assessment", "quiz.xml"),
        7: ("webcontent", "program.exe"),
    }
    resources = "".join(
        f'<resource identifier="R{number}" type="{kind}"><file href="{path}"/></resource>'
        for number, (kind, path) in kinds.items()
    )
    kind = f"imsqti_xmlv1p2/imscc_xmlv1p{minor}/question-bank"
    bank = f'<resource identifier="B" type="{kind}"><file href="bank.xml"/></resource>'
    files: dict[str, bytes | str] = {path: PAGE for _, path in kinds.values()}
    files |= {"link.xml": LINK.format("https://example.org/a?b=1"), "bank.xml": b"<x/>"}
    items = "".join(item(number) for number in kinds)
    return {"imsmanifest.xml": CARTRIDGE.format(minor=minor, items=items, resources=resources + bank), **files}


@pytest.mark.parametrize("minor", [1, 2, 3])
def test_pages_links_downloads_and_questions_of_a_cartridge_are_read(minor: int) -> None:
    made = read(cartridge(minor))
    assert (made.standard, made.title) == (Standard.COMMON_CARTRIDGE, "Safety first")
    assert made.items == [
        Item(identifier="I1", title="Item 1", launch="pages/one.html", move_on="NotApplicable"),
        Link(title="Item 2", address="https://example.org/a?b=1"),
        Link(title="Item 5", address="files/guide.pdf", is_file=True),
    ]
    assert [bank.path for bank in made.banks] == ["quiz.xml", "bank.xml"]
    assert all(part in reasons(made) for part in ("discussions", "LTI", "program.exe"))


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://example.org/)[x](", "https://a b", "", "data:x"])
def test_a_link_that_is_no_web_address_is_named(address: str) -> None:
    files = cartridge() | {"link.xml": LINK.format(address)}
    made = read(files)
    if address.startswith("https://example.org/"):
        assert Link(title="Item 2", address=address) in made.items
    else:
        assert "is no web address" in reasons(made)


def test_a_link_whose_file_is_hostile_is_named() -> None:
    made = read(cartridge() | {"link.xml": b'<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>'})
    assert "declares entities" in reasons(made)


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"index.html": PAGE}, "neither an imsmanifest.xml"),
        ({"imsmanifest.xml": b"<manifest>"}, "line 1, is not well-formed XML"),
        ({"imsmanifest.xml": b'<!DOCTYPE x [<!ENTITY y "z">]><manifest/>'}, "declares entities"),
        ({"cmi5.xml": b"<courseStructure/>"}, "no course structure"),
        (
            {"imsmanifest.xml": b"<manifest><metadata><schema>QTIv2.1 Package</schema></metadata></manifest>"},
            "questions",
        ),
        ({"imsmanifest.xml": b"<manifest><metadata><schema>ADLXYZ</schema></metadata></manifest>"}, "unknown here"),
    ],
)
def test_what_is_no_package_is_refused_with_the_reason(files: dict[str, bytes | str], says: str) -> None:
    with pytest.raises(PackageRefusedError, match=says):
        read(files)


def test_the_standard_is_known_by_namespaces_where_the_schema_is_not_named() -> None:
    first = scorm_12(("a.html", PAGE))
    first["imsmanifest.xml"] = str(first["imsmanifest.xml"]).replace("<schemaversion>1.2</schemaversion>", "")
    second = SCORM_2004.format(items=item(1), resources=resource(1, "a.html"), after="")
    second = second.replace("<schemaversion>2004 4th Edition</schemaversion>", "").replace("ADL SCORM", "")
    assert read(first).standard == Standard.SCORM_12
    assert read({"imsmanifest.xml": second, "a.html": PAGE}).standard == Standard.SCORM_2004


def test_a_cmi5_package_with_a_page_is_read() -> None:
    assert [one.launch for one in played(read(cmi5(("index.html", PAGE))))] == ["index.html"]


@pytest.mark.parametrize(("schema", "version"), [("IMS Content", "1.1"), ("IMS Content", "1.1.3"), ("", "")])
def test_a_package_with_scos_is_scorm_even_if_it_calls_itself_plain_content(schema: str, version: str) -> None:
    made = scorm_12(("a.html", PAGE))
    manifest = str(made["imsmanifest.xml"]).replace("ADL SCORM", schema)
    made["imsmanifest.xml"] = manifest.replace("<schemaversion>1.2", f"<schemaversion>{version}")
    assert read(made).standard == Standard.SCORM_12


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("kind", ['<!DOCTYPE manifest SYSTEM "imscp.dtd">', "<!DOCTYPE manifest>", "\n\n"])
def test_a_manifest_may_name_a_document_type_and_be_in_any_encoding(kind: str, encoding: str) -> None:
    made = scorm_12(("a.html", PAGE))
    rest = str(made["imsmanifest.xml"]).rpartition("?>")[2]
    made["imsmanifest.xml"] = f'<?xml version="1.0" encoding="utf-16"?>{kind}{rest}'.encode(encoding)
    assert [one.launch for one in played(read(made))] == ["a.html"]


def test_twenty_thousand_items_with_shared_sequencing_are_read_in_seconds() -> None:
    began = time.thread_time()
    one = '<item identifier="i" identifierref="R1"><title>T</title><sequencing IDRef="s"/></item>'
    resources = resource(1, "a.html", attribute="adlcp:scormType")
    manifest = SCORM_2004.format(items=one * 20_000, resources=resources, after="")
    assert len(read({"imsmanifest.xml": manifest, "a.html": PAGE}).items) == 20_000
    assert time.thread_time() - began < 10
