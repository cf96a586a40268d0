"""Everything that authors and reviewers do."""

from courses.authoring.operations.deciding import DecisionRefusedError, approve, send_back, submit, withdraw
from courses.authoring.operations.editing import (
    EditedMeanwhileError,
    FileRefusedError,
    add_text,
    put_file,
    remove_file,
    rename_file,
    save_text,
)
from courses.authoring.operations.opening import DraftRefusedError, import_files, new_course, open_draft

__all__ = [
    "DecisionRefusedError", "DraftRefusedError", "EditedMeanwhileError", "FileRefusedError", "add_text", "approve",
    "import_files",
    "new_course", "open_draft", "put_file", "remove_file", "rename_file", "save_text", "send_back", "submit",
    "withdraw",
]  # fmt: skip
