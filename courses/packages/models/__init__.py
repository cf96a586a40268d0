"""What is known of the items of packages that learners play."""

from courses.packages.models.exchange import PackageDocument, PackageStatement
from courses.packages.models.state import Launch, PackageState

__all__ = ["Launch", "PackageDocument", "PackageState", "PackageStatement"]
