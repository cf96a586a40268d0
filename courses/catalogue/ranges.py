"""Which bytes of a file a request asks for."""

import re

ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def asked_range(header: str, size: int) -> tuple[int, int] | None:
    """First byte and the byte after the last (RFC 9110, section 14.1.2); (0, 0) if there are no such bytes.

    `None` means the whole file: no range, several of them, or none that can be understood.
    """
    found = ONE_RANGE.fullmatch(header.strip())
    if not found or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if first == "":
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
    if last and first and int(last) < int(first):
        return None
    return (start, end) if start < end else (0, 0)
