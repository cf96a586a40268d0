"""Keeping what is no text: bytes by their SHA-256, each once in a program."""

import hashlib
from collections.abc import Mapping

from courses.catalogue.folders.texts import SourceFile
from courses.catalogue.models import Blob
from courses.catalogue.operations import add_blob

LARGE = 1_000_000  # bytes; what is larger travels by itself, because in a statement's text it takes many times its size


def kept(program_id: int, data: bytes) -> int:
    """The id of the blob with these bytes."""
    return kept_together(program_id, {"": data})[""]


def kept_together(program_id: int, content: Mapping[str, bytes]) -> dict[str, int]:
    """The ids of the blobs with these bytes, by the same names. Three statements, however many small ones there are."""
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in content.items()}
    data_of = {sums[name]: data for name, data in content.items()}
    known = blob_ids(program_id, data_of)
    new = {sha256: data for sha256, data in data_of.items() if sha256 not in known}
    for sha256 in [sha256 for sha256, data in new.items() if len(data) > LARGE]:
        data = new.pop(sha256)
        add_blob(program_id, SourceFile(path="", size=len(data), sha256=sha256), data)
    Blob.objects.bulk_create(
        (Blob(program_id=program_id, sha256=sha256, size=len(data), data=data) for sha256, data in new.items()),
        ignore_conflicts=True,
    )
    ids = blob_ids(program_id, data_of)
    return {name: ids[sha256] for name, sha256 in sums.items()}


def blob_ids(program_id: int, sums: Mapping[str, bytes]) -> dict[str, int]:
    found = Blob.objects.filter(program=program_id, sha256__in=list(sums))
    return dict(found.values_list("sha256", "pk"))
