"""Tokens that were made before their table moved go on working."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from programs.models import ApiToken
from programs.models.token import digest_of
from tests.factories import NOW, ProgramFactory

MOVE = [
    ("exports", "0002_tokens_move_to_programs"),
    ("programs", "0005_api_tokens"),
    ("programs", "0007_tokens_of_partners"),
]
SECRET = "uplift_made-before-the-move"


def apply(app: str, name: str) -> None:
    """Does what the migration does, in the schema that comes first."""
    loader = MigrationLoader(connection)
    migration = loader.get_migration(app, name)
    with connection.schema_editor() as editor:
        migration.apply(loader.project_state((app, name), at_end=False), editor)


@pytest.mark.django_db
def test_a_token_survives_the_move_with_its_secret() -> None:
    program = ProgramFactory.create()
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA before; SET search_path = before, public")
    apply("exports", "0001_initial")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO before.exports_apitoken (program_id, name, digest, scopes, created_at)"
            " VALUES (%s, 'Ministry', %s, '{figures}', %s)",
            [program.pk, digest_of(SECRET), NOW],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as when the transaction that made the token has ended
    for app, name in MOVE:
        apply(app, name)
    token = ApiToken.objects.usable(at=NOW).by_secret(SECRET).get()
    assert (token.name, token.program, token.scopes, token.partner) == ("Ministry", program, ["figures"], None)
