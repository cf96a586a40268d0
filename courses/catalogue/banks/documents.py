"""The XML of a bank as a tree."""

from courses.catalogue.banks.errors import BankRefusedError
from courses.catalogue.banks.qti_names import plain_name
from courses.catalogue.plain_xml import Node, XmlRefusedError, parse_xml


def document(data: bytes, file: str) -> Node:
    """The root, with names as version 2 of QTI has them. Raises `BankRefusedError` for what cannot be read."""
    try:
        return parse_xml(data, name_of=plain_name)
    except XmlRefusedError as error:
        raise BankRefusedError(error.of(file)) from error
