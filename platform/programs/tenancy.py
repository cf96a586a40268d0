"""Every row belongs to one program, and so does its parent: the database refuses anything else."""

from django.db import migrations, models


class ProgramRow(models.Model):
    """Base of every table that belongs to a program."""

    program = models.ForeignKey("programs.Program", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class ParentKey(models.ForeignKey):  # type: ignore[type-arg]
    """A foreign key to a parent in the same program.

    Its constraint is (column, program) -> (id, program), which Django cannot declare: each one needs a `SameProgram`
    in a migration, and a guard test finds those without.
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs["db_constraint"] = False
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]


class SameProgram(migrations.RunSQL):
    """Adds the composite foreign key of one `ParentKey`, by table, column and the parent's table."""

    def __init__(self, table: str, column: str, parent: str) -> None:
        self.table, self.column, self.parent = table, column, parent
        name = f"{table}_{column}_same_program"
        super().__init__(
            f"CREATE UNIQUE INDEX IF NOT EXISTS {parent}_id_program ON {parent} (id, program_id);"
            f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({column}, program_id)"
            f" REFERENCES {parent} (id, program_id) DEFERRABLE INITIALLY DEFERRED;",
            f"ALTER TABLE {table} DROP CONSTRAINT {name};",
        )

    def deconstruct(self) -> tuple[str, list[str], dict[str, object]]:
        return self.__class__.__name__, [self.table, self.column, self.parent], {}


class AppendOnly(migrations.RunSQL):
    """Makes the database refuse UPDATE, DELETE and TRUNCATE of a table, for everybody."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(
            f"CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change();"
            f"CREATE TRIGGER {table}_is_never_truncated BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();",
            f"DROP TRIGGER {table}_is_append_only ON {table}; DROP TRIGGER {table}_is_never_truncated ON {table};",
        )

    def deconstruct(self) -> tuple[str, list[str], dict[str, object]]:
        return self.__class__.__name__, [self.table], {}


class CheckedTogether(migrations.RunSQL):
    """Checks the parents of a table's `ParentKey`s once a statement instead of once a row: for tables of millions.

    A foreign key costs 4 microseconds a row and key, a check of all added rows together a tenth. Parents must be
    `NeverDeleted`: then whatever a statement has seen stays.
    """

    def __init__(self, table: str, parents: dict[str, str]) -> None:
        self.table, self.parents = table, parents
        names = {column: f"{table}_{column}_same_program" for column in parents}
        arguments = ", ".join(f"'{column}', '{parent}'" for column, parent in parents.items())
        super().__init__(
            "".join(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name};" for name in names.values())
            + "".join(
                f"CREATE TRIGGER {table}_same_program_{event} AFTER {event} ON {table} REFERENCING NEW TABLE AS added"
                f" FOR EACH STATEMENT EXECUTE FUNCTION refuse_parents_of_other_programs({arguments});"
                for event in ("insert", "update")
            ),
            "".join(f"DROP TRIGGER {table}_same_program_{event} ON {table};" for event in ("insert", "update"))
            + "".join(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({column}, program_id)"
                f" REFERENCES {parents[column]} (id, program_id) DEFERRABLE INITIALLY DEFERRED;"
                for column, name in names.items()
            ),
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return self.__class__.__name__, [self.table, self.parents], {}


class NeverDeleted(migrations.RunSQL):
    """Makes the database refuse DELETE of a table's rows, and to give them another number or program."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(
            f"CREATE TRIGGER {table}_is_never_deleted BEFORE DELETE OR UPDATE OF id, program_id ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_leaving();",
            f"DROP TRIGGER {table}_is_never_deleted ON {table};",
        )

    def deconstruct(self) -> tuple[str, list[str], dict[str, object]]:
        return self.__class__.__name__, [self.table], {}
