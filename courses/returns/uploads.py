from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class BoundedUploadHandler(FileUploadHandler):
    """Stands first among the upload handlers: of a file that is larger than a return may be, nothing is kept.

    What is left of it is read and thrown away, so that the sender gets an answer; the request's `is_file_too_large`
    says so.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > settings.MAX_RETURN_BYTES:
            self.request.is_file_too_large = True  # type: ignore[union-attr]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> Any:  # noqa: ANN401 - None leaves the file to the next handler
        return None
