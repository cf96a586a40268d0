"""Which files of a course are texts that are edited in the browser."""

import yaml

from courses.catalogue.folders.files import LONGEST_TEXT

ENDINGS = (".md", ".yaml", ".vtt")


def is_editable(path: str) -> bool:
    return path.endswith(ENDINGS) and not path.startswith("package/")


def text_of(path: str, data: bytes) -> str | None:
    """The text of a file that is edited in the browser; `None` for another, or where the bytes are no text."""
    if not is_editable(path) or b"\0" in data or len(data) > LONGEST_TEXT:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def written(value: object) -> str:
    """YAML that people can go on with: keys in the order given, every script as it is."""
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=120)
