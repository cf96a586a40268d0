"""Question banks that somebody brings: read in a process of their own, so that none holds up other people's pages."""

from courses.authoring.banks.apart import read_apart

__all__ = ["read_apart"]
