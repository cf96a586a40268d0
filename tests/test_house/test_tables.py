"""Every table belongs to a program, and so do a row and its parents together."""

import io

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models

from programs.models import Partner
from programs.tenancy import ParentKey, ProgramRow
from tests.test_house.test_imports import MAY_IMPORT

# Tables of our own that belong to no program, each with the reason.
OF_NO_PROGRAM = {
    "accounts.User": "a user may have roles in several programs",
    "accounts.Session": "a browser is signed in once for all programs",
    "programs.Program": "it is the program",
    "accounts.User_groups": "Django's own, unused: roles are memberships",
    "accounts.User_user_permissions": "Django's own, unused: roles are memberships",
}
# Tables whose parents the database does not check row by row, each with the reason.
WITHOUT_KEYS = {
    "counting.LedgerEntry": "each is written from an achievement, whose keys are checked; recount compares the two",
}


def our_models() -> list[type[models.Model]]:
    names = {*MAY_IMPORT, "config"}
    ours = [config for config in apps.get_app_configs() if config.name in names]
    return [model for config in ours for model in config.get_models(include_auto_created=True)]


def unscoped(found: list[type[models.Model]]) -> list[str]:
    labels = {model._meta.label: model for model in found}
    return [
        label
        for label, model in labels.items()
        if label not in OF_NO_PROGRAM
        and not (issubclass(model, ProgramRow) and not model._meta.get_field("program").null)
    ]


def test_every_table_belongs_to_a_program() -> None:
    assert unscoped(our_models()) == []
    assert set(OF_NO_PROGRAM) <= {model._meta.label for model in our_models()}


def test_a_table_without_a_program_is_found() -> None:
    from django.contrib.auth.models import Permission

    assert unscoped([Permission]) == ["auth.Permission"]


def parents() -> list[tuple[type[models.Model], models.ForeignKey[models.Model, models.Model]]]:
    """Every foreign key from a table of a program to a table of a program."""
    return [
        (model, field)
        for model in our_models()
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey) and issubclass(field.related_model, ProgramRow)
    ]


def composite_keys() -> set[tuple[str, str, str]]:
    """(table, column, parent table) of every foreign key (column, program_id) -> (id, program_id) in the database."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT conrelid::regclass::text, string_agg(attname, ',' ORDER BY position), confrelid::regclass::text
            FROM pg_constraint, unnest(conkey) WITH ORDINALITY AS key (number, position)
            JOIN pg_attribute ON attnum = key.number
            WHERE contype = 'f' AND attrelid = conrelid
            GROUP BY pg_constraint.oid HAVING count(*) = 2
        """)
        return {(table, columns.removesuffix(",program_id"), parent) for table, columns, parent in cursor.fetchall()}


def checked_together() -> set[tuple[str, str, str]]:
    """The same of every parent that is checked once a statement that adds or changes rows, and that cannot leave."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT tgrelid::regclass::text, string_to_array(rtrim(encode(tgargs, 'escape'), '\\000'), '\\000')
            FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
            WHERE proname = 'refuse_parents_of_other_programs' AND tgenabled = 'O'
            GROUP BY 1, 2 HAVING bit_or(tgtype::integer) & 20 = 20
        """)
        found = cursor.fetchall()
        checked = {(table, *pair) for table, names in found for pair in zip(names[::2], names[1::2], strict=True)}
        cursor.execute("""
            SELECT tgrelid::regclass::text FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
            WHERE proname IN ('refuse_leaving', 'refuse_change') AND tgenabled = 'O' AND tgtype & 8 = 8
        """)
        staying = {table for (table,) in cursor.fetchall()}
    return {(table, column, parent) for table, column, parent in checked if parent in staying}


@pytest.mark.django_db
def test_a_row_and_its_parent_belong_to_the_same_program() -> None:
    held = composite_keys() | checked_together()
    assert len(parents()) > 20
    assert set(WITHOUT_KEYS) <= {model._meta.label for model, _ in parents()}
    for model, field in parents():
        parent = field.related_model._meta.db_table
        assert isinstance(field, ParentKey), f"{model._meta.label}.{field.name} is no ParentKey"
        if model._meta.label in WITHOUT_KEYS:
            continue
        assert (model._meta.db_table, field.column, parent) in held, f"{model._meta.label}.{field.name}: no SameProgram"


@pytest.mark.django_db
def test_a_parent_key_without_its_constraint_is_found() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE programs_membership DROP CONSTRAINT programs_membership_partner_id_same_program")
    assert ("programs_membership", "partner_id", Partner._meta.db_table) not in composite_keys()


@pytest.mark.django_db
def test_parents_that_could_leave_are_found() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER people_person_is_never_deleted ON people_person")
    assert ("achievements_achievement", "person_id", "people_person") not in checked_together()


@pytest.mark.django_db
def test_migrations_say_what_the_models_say() -> None:
    call_command("makemigrations", "--check", "--dry-run", stdout=io.StringIO())
