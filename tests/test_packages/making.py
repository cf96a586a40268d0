"""Small packages of every standard, made by code."""

import io
import zipfile
from collections.abc import Mapping
from html import escape

from courses.catalogue.archives import Archive, read_archive
from courses.packages.importing import About

ABOUT = About(code="safety-first", minutes=30, tags=["safety"])
PAGE = b"<!doctype html><title>Page</title><p>Text</p>"

SCORM_12 = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="M1" version="1" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations default="ORG"><organization identifier="ORG"><title>Safety first</title>{items}</organization>
  </organizations>
  <resources>{resources}</resources>
</manifest>"""
SCORM_2004 = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="M2" version="1" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" xmlns:imsss="http://www.imsglobal.org/xsd/imsss">
  <metadata><schema>ADL SCORM</schema><schemaversion>2004 4th Edition</schemaversion></metadata>
  <organizations default="ORG"><organization identifier="ORG"><title>Safety first</title>{items}</organization>
  </organizations>
  <resources>{resources}</resources>
  {after}
</manifest>"""
CMI5 = """<?xml version="1.0" encoding="utf-8"?>
<courseStructure xmlns="https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd">
  <course id="https://example.org/courses/safety">
    <title><langstring lang="en-US">Safety first</langstring><langstring lang="cy">Diogelwch</langstring></title>
    <description><langstring lang="en-US">How to stay whole.</langstring></description>
  </course>
  {units}
</courseStructure>"""
CARTRIDGE = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="CC" xmlns="http://www.imsglobal.org/xsd/imsccv1p{minor}/imscp_v1p1"
  xmlns:lomimscc="http://ltsc.ieee.org/xsd/imsccv1p{minor}/LOM/manifest">
  <metadata><schema>IMS Common Cartridge</schema><schemaversion>1.{minor}.0</schemaversion>
    <lomimscc:lom><lomimscc:general><lomimscc:title><lomimscc:string>Safety first</lomimscc:string></lomimscc:title>
    </lomimscc:general></lomimscc:lom></metadata>
  <organizations><organization identifier="O" structure="rooted-hierarchy"><item identifier="root">{items}</item>
  </organization></organizations>
  <resources>{resources}</resources>
</manifest>"""


def packed(files: Mapping[str, bytes | str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def archive_of(files: Mapping[str, bytes | str]) -> Archive:
    return read_archive(io.BytesIO(packed(files)))


def item(number: int, inner: str = "", **attributes: str) -> str:
    """An item of an organization that refers to the resource with the same number."""
    said = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f'<item identifier="I{number}" identifierref="R{number}"{said}><title>Item {number}</title>{inner}</item>'


def resource(number: int, href: str, *, kind: str = "sco", attribute: str = "adlcp:scormtype", **others: str) -> str:
    said = "".join(f' {name.replace("_", ":")}="{escape(value)}"' for name, value in others.items())
    scorm = f' {attribute}="{kind}"' if kind else ""
    return f'<resource identifier="R{number}" type="webcontent" href="{escape(href)}"{scorm}{said}/>'


def scorm_12(*pages: tuple[str, bytes | str], inner: str = "") -> dict[str, bytes | str]:
    """A package with a SCO for each page; `inner` stands in each item."""
    items = "".join(item(number, inner) for number, _ in enumerate(pages, start=1))
    resources = "".join(resource(number, href) for number, (href, _) in enumerate(pages, start=1))
    return {"imsmanifest.xml": SCORM_12.format(items=items, resources=resources), **dict(pages)}


def scorm_2004(*pages: tuple[str, bytes | str], inner: str = "", after: str = "") -> dict[str, bytes | str]:
    items = "".join(item(number, inner) for number, _ in enumerate(pages, start=1))
    resources = "".join(
        resource(number, href, attribute="adlcp:scormType") for number, (href, _) in enumerate(pages, start=1)
    )
    return {"imsmanifest.xml": SCORM_2004.format(items=items, resources=resources, after=after), **dict(pages)}


def unit(number: int, address: str, inner: str = "", **attributes: str) -> str:
    said = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return (
        f'<au id="https://example.org/units/{number}"{said}>'
        f'<title><langstring lang="en-US">Unit {number}</langstring></title>'
        f'<description><langstring lang="en-US">What it is.</langstring></description>'
        f"<url>{escape(address)}</url>{inner}</au>"
    )


def cmi5(*pages: tuple[str, bytes | str], **attributes: str) -> dict[str, bytes | str]:
    units = "".join(unit(number, address, **attributes) for number, (address, _) in enumerate(pages, start=1))
    return {"cmi5.xml": CMI5.format(units=units), **{address.split("?")[0]: page for address, page in pages}}
