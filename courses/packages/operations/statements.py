"""What the course itself says of a session of cmi5."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from courses.packages.models import Launch, PackageStatement


def keep_own_statement(launch: Launch, statement: dict[str, Any], *, at: datetime) -> None:
    """Keeps a statement of ours beside those of the unit: launched, abandoned, satisfied."""
    number = uuid4()
    said = {"id": str(number), "timestamp": at.isoformat().replace("+00:00", "Z"), **statement}
    PackageStatement.objects.create(
        program_id=launch.program_id, state_id=launch.state_id, launch=launch, statement_id=number,
        verb=statement["verb"]["id"], is_defined=False, statement=said, stored_at=at,
    )  # fmt: skip
