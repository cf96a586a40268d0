import time

import pytest

from courses.catalogue.plain_xml import Node, XmlRefusedError, parse_xml


def test_names_attributes_and_text_are_read_whatever_the_namespace() -> None:
    root = parse_xml(b'<a xmlns="urn:x" xmlns:y="urn:y"><y:b y:Kind=" one ">Some <i>text</i>\n here</y:b><b/></a>')
    assert (root.name, [node.name for node in root.elements]) == ("a", ["b", "b"])
    assert (root.elements[0].said("kind"), root.words("b")) == ("one", "Some text here")
    assert (root.child("c"), root.at("b", "c"), root.words("b", "c"), root.said("kind")) == (None, None, "", "")


def test_what_declares_a_namespace_is_no_attribute_by_another_name() -> None:
    root = parse_xml(b'<a xmlns="urn:x" xmlns:title="urn:title" title="Title"/>')
    assert root.attributes == {"xmlns": "urn:x", "xmlns:title": "urn:title", "title": "Title"}


def test_of_two_attributes_of_one_name_the_one_without_a_prefix_counts() -> None:
    for pair in (b'type="own" x:type="other"', b'x:type="other" type="own"'):
        assert parse_xml(b"<a " + pair + b"/>").attributes == {"type": "own"}


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252", "gb18030", "big5", "shift_jis", "us-ascii"]
)
def test_every_encoding_that_is_declared_is_read(encoding: str) -> None:
    said = {"gb18030": "课程", "big5": "課程", "shift_jis": "課程", "us-ascii": "plain"}.get(encoding, "Ünïcödé")
    data = f'<?xml version="1.0" encoding="{encoding}"?><a>{said}</a>'.encode(encoding)
    assert parse_xml(data).text == said


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_how_a_document_begins_is_believed_rather_than_what_it_declares(encoding: str) -> None:
    """Tools write that it is UTF-16 and then save it as UTF-8, or the other way round."""
    for declared in ("utf-8", "utf-16"):
        assert parse_xml(f'<?xml version="1.0" encoding="{declared}"?><a>é</a>'.encode(encoding)).text == "é"


def test_empty_lines_before_the_document_are_read_over_and_counted() -> None:
    assert parse_xml(b'\n\n<?xml version="1.0"?>\n<a/>').line == 4


@pytest.mark.parametrize("data", [b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>', b"<!DOCTYPE a><a/>"])
def test_a_document_type_is_never_fetched(data: bytes) -> None:
    assert parse_xml(data).name == "a"


ENTITIES = b'<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]><a>&y;</a>'
OUTSIDE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
PARAMETER = b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x">%x;]><a/>'


@pytest.mark.parametrize("data", [ENTITIES, OUTSIDE, PARAMETER, ENTITIES.decode().encode("utf-16")])
def test_entities_of_its_own_are_refused(data: bytes) -> None:
    with pytest.raises(XmlRefusedError, match="declares entities"):
        parse_xml(data)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"text", b"<a>", b"<a></b>", b"<a>&x;</a>", b"<a>\0</a>", b"<a>\xff</a>", b"<a x='1' x='2'/>", b"<a/><b/>",
        b'<?xml version="1.0" encoding="nonsense"?><a/>', b'<?xml version="1.0" encoding="zip"?><a/>',
        b'<?xml version="1.0" encoding="gb18030"?><a>\xff\xff</a>',
    ],
)  # fmt: skip
def test_what_is_no_xml_is_refused(data: bytes) -> None:
    with pytest.raises(XmlRefusedError):
        parse_xml(data)


def test_the_line_of_a_fault_is_told() -> None:
    with pytest.raises(XmlRefusedError) as refusal:
        parse_xml(b"<a>\n\n<b></a>")
    assert refusal.value.line == 3
    assert refusal.value.of("a.xml") == "a.xml, line 3, is not well-formed XML: mismatched tag."


def test_depth_and_number_are_bounded() -> None:
    began = time.thread_time()
    for data in (b"<a>" * 1_000_000, b"<a>" + b"<b/>" * 1_000_000 + b"</a>"):
        with pytest.raises(XmlRefusedError):
            parse_xml(data)
    assert time.thread_time() - began < 10


def test_a_tag_that_never_ends_is_refused_before_it_fills_the_memory() -> None:
    with pytest.raises(XmlRefusedError, match="has a tag or a comment of more than 8,000,000 bytes"):
        parse_xml(b"<a" + b" x=''" * 5_000_000 + b"/>")
    long = b"<a>" + b"text " * 4_000_000 + b"<b x='" + b"x" * 7_000_000 + b"'/></a>"
    assert len(parse_xml(long).text) == 20_000_000


def test_a_tree_can_be_walked() -> None:
    root = parse_xml(b"<a>1<b>2<c/></b>3</a>")
    assert [node.name for node in root.every()] == ["a", "b", "c"]
    assert (root.find("c"), root.text) == (root.at("b", "c"), "123")
    assert isinstance(root.find("c"), Node)
