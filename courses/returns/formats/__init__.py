"""From the bytes of a partner's file to its rows, in a few megabytes of memory whatever the size of the file.

What makes the whole file unreadable raises `FileRefusedError`; what is wrong with one row is said beside that row.
"""

from .block import ROWS, Block, Broken, FileRefusedError, OtherColumnsError, Sheet
from .opening import open_sheet

__all__ = ["ROWS", "Block", "Broken", "FileRefusedError", "OtherColumnsError", "Sheet", "open_sheet"]
