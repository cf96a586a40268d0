"""Every write of the packages."""

from courses.packages.operations.committing import (
    Commit,
    LaunchEndedError,
    SupersededError,
    record_commit,
)
from courses.packages.operations.launching import open_launch

__all__ = ["Commit", "LaunchEndedError", "SupersededError", "open_launch", "record_commit"]
