"""The page around a package, and what is served on the packages' own host."""

from courses.packages.views.play import play

__all__ = ["play"]
