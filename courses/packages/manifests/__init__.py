"""Reading the manifest of a package: which standard it is, what is in it, in which order."""

import re

from courses.catalogue.archives import Archive
from courses.catalogue.plain_xml import XmlRefusedError, parse_xml
from courses.packages.manifests.cartridge import read_cartridge
from courses.packages.manifests.cmi5 import read_cmi5
from courses.packages.manifests.content_package import ContentPackage, read_content_package
from courses.packages.manifests.places import Places
from courses.packages.manifests.scorm import read_scorm
from courses.packages.manifests.shapes import (
    Bank,
    Item,
    Link,
    Manifest,
    MoveOn,
    PackageRefusedError,
    Standard,
)

LONGEST_MANIFEST = 20_000_000  # bytes
NEITHER = (
    "This archive is no package: there is neither an imsmanifest.xml (SCORM, Common Cartridge) nor a cmi5.xml in it."
    " Pack the content of the package's folder, not the folder around it."
)


def read_manifest(archive: Archive, *, language: str) -> Manifest:
    """What the package says of itself; texts in the language where there are several.

    Raises `PackageRefusedError` for what is no package of a standard that is known here, `ArchiveRefusedError` for a
    damaged archive.
    """
    names = {name.lower(): name for name in archive.names if "/" not in name}
    found = names.get("imsmanifest.xml") or names.get("cmi5.xml")
    if found is None:
        raise PackageRefusedError(NEITHER)
    try:
        root = parse_xml(archive.read(found, most=LONGEST_MANIFEST))
    except XmlRefusedError as refusal:
        raise PackageRefusedError(refusal.of(found)) from refusal
    places = Places(archive.names)
    if found.lower() == "cmi5.xml":
        return read_cmi5(root, places, language=language)
    package = read_content_package(root, places)
    standard = standard_of(package)
    if standard == Standard.COMMON_CARTRIDGE:
        return read_cartridge(package, archive)
    return read_scorm(package, standard)


def standard_of(package: ContentPackage) -> Standard:
    """By what the manifest says, else by what it uses."""
    schema, version, spaces = package.schema.lower(), package.schema_version.lower(), " ".join(package.namespaces)
    if "cartridge" in schema or "imscc" in spaces:
        return Standard.COMMON_CARTRIDGE
    if "scorm" in schema or package.is_of_scos:
        is_newer = "2004" in version or re.search(r"(?<![\d.])1\.3", version) or "adlcp_v1p3" in spaces
        return Standard.SCORM_2004 if is_newer and version != "1.2" else Standard.SCORM_12
    if "qti" in schema or any(resource.kind.startswith("imsqti") for resource in package.resources.values()):
        raise PackageRefusedError("This is a bank of questions (QTI), not a course. Import it with import_questions.")
    if schema in ("", "ims content"):
        return Standard.COMMON_CARTRIDGE
    raise PackageRefusedError(f"This package is of the kind {package.schema} {package.schema_version}, unknown here.")


__all__ = [
    "Bank", "Item", "Link", "Manifest", "MoveOn", "PackageRefusedError", "Standard", "read_manifest",
]  # fmt: skip
