import pytest
from django.core.management import get_commands, load_command_class
from django.core.management.commands import migrate
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from config.management.commands.migrate import WholeExecutor

CHILD = "half_made_child"


class KilledError(Exception):
    """Stands for kill -9 in the moment before a migration is noted."""


class TwoTables(migrations.Migration):
    """The second table points at the first, so the foreign key is a deferred statement."""

    operations = [
        migrations.CreateModel("Parent", [("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(
            "Child",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("parent", models.ForeignKey("half_made.Parent", models.CASCADE)),
            ],
        ),
    ]


class TwoTablesWithoutTransaction(TwoTables):
    atomic = False


class KilledBeforeNoting(WholeExecutor):
    def record_migration(self, *args: object, **options: object) -> None:
        raise KilledError


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_was_not_noted_has_left_nothing() -> None:
    with pytest.raises(KilledError):
        KilledBeforeNoting(connection).apply_migration(ProjectState(), TwoTables("0001_initial", "half_made"))
    assert CHILD not in connection.introspection.table_names()


@pytest.mark.django_db(transaction=True)
def test_a_migration_without_a_transaction_is_left_as_it_is() -> None:
    with pytest.raises(KilledError):
        KilledBeforeNoting(connection).apply_migration(
            ProjectState(), TwoTablesWithoutTransaction("0001_initial", "half_made")
        )
    assert CHILD in connection.introspection.table_names()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE half_made_child, half_made_parent")


def test_migrate_is_ours() -> None:
    command = load_command_class(get_commands()["migrate"], "migrate")
    assert type(command).__module__ == "config.management.commands.migrate"
    assert vars(migrate)["MigrationExecutor"] is WholeExecutor
