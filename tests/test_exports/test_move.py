"""Tokens that were made before their table moved go on working."""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from programs.models import ApiToken
from tests.factories import NOW, ProgramFactory

BEFORE = [("programs", "0004_measure_versions_are_never_edited"), ("exports", "0001_initial")]
SECRET = "uplift_made-before-the-move"


def migrate(targets: list[tuple[str, str]]) -> Any:
    """The models as they are at these migrations."""
    executor = MigrationExecutor(connection)
    return executor.migrate(targets).apps


@pytest.mark.django_db(transaction=True)
def test_a_token_survives_the_move_with_its_secret() -> None:
    from programs.models.token import digest_of

    program = ProgramFactory.create()
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        old = migrate(BEFORE).get_model("exports", "ApiToken")
        old.objects.create(
            program_id=program.pk, name="Ministry", digest=digest_of(SECRET), scopes=["figures"], created_at=NOW
        )
    finally:
        migrate(newest)
    token = ApiToken.objects.usable(at=NOW).by_secret(SECRET).get()
    assert (token.name, token.program, token.scopes, token.partner) == ("Ministry", program, ["figures"], None)
