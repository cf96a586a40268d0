"""Django's own ``migrate``, safe against kill -9.

Django commits a migration that has deferred statements (foreign keys, indexes), and notes that it was applied a moment
later. Killed in between, it would apply the migration once more and fail for ever, as the tables are there.
"""

from typing import Any

from django.core.management.commands import migrate
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState
from django.db.transaction import atomic


class WholeExecutor(MigrationExecutor):
    """Applies each migration and notes it in one transaction, unless the migration asks to have none."""

    def apply_migration(self, state: ProjectState, migration: Migration, *args: Any, **options: Any) -> ProjectState:  # noqa: ANN401
        if not migration.atomic:
            return super().apply_migration(state, migration, *args, **options)
        with atomic(using=self.connection.alias):
            return super().apply_migration(state, migration, *args, **options)


migrate.MigrationExecutor = WholeExecutor  # type: ignore[attr-defined]


class Command(migrate.Command):
    pass
