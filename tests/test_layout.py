"""The rules of the house, enforced. Each finds what breaks it, and is shown to find something."""

import ast
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, models
from django.urls import URLPattern, URLResolver, get_resolver
from django.views.decorators.http import require_GET

from programs.access import for_roles
from programs.models import Partner
from programs.tenancy import ParentKey, ProgramRow

ROOT = Path(settings.BASE_DIR)
# Each package may import those below it; docs/decisions/0005-import-order.md
MAY_IMPORT = {
    "accounts": set[str](),
    "programs": {"accounts"},
    "people": {"programs"},
    "courses.catalogue": {"people"},
    "courses.achievements": {"courses.catalogue"},
    "courses.returns": {"courses.achievements"},
    "courses.credentials": {"courses.achievements"},
    "courses.learning": {"courses.credentials"},
    "reporting.counting": {"courses.learning", "courses.returns"},
    "reporting.pacing": {"reporting.counting"},
    "reporting.publishing": {"reporting.counting"},
    "reporting.dashboards": {"reporting.pacing", "reporting.publishing"},
    "reporting.exports": {"reporting.pacing", "reporting.publishing"},
}
# config starts everything and may import any package when it runs; of config, a package may import nothing.
FOLDERS = {name: ROOT / ("" if "." in name else "platform") / name.replace(".", "/") for name in MAY_IMPORT}
# Tables of our own that belong to no program, each with the reason.
OF_NO_PROGRAM = {
    "accounts.User": "a user may have roles in several programs",
    "programs.Program": "it is the program",
}


def below(package: str) -> set[str]:
    """All packages that the package may import: those named and, through them, those further down."""
    direct = MAY_IMPORT[package]
    return direct.union(*(below(name) for name in direct))


def package_of(module: str) -> str | None:
    return next((name for name in [*MAY_IMPORT, "config"] if module == name or module.startswith(f"{name}.")), None)


def imported_modules(source: str, package: str) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that the source imports; `from courses import returns` is courses.returns."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = f"{package}." if node.level else ""
            yield from ((node.lineno, f"{start}{node.module or ''}.{alias.name}".strip(".")) for alias in node.names)


def imports_against_the_direction(package: str, source: str) -> list[str]:
    allowed = below(package) | {package}
    return [
        f"line {line}: {package} may not import {module}"
        for line, module in imported_modules(source, package)
        if (other := package_of(module)) and other not in allowed
    ]


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_point_one_way(package: str) -> None:
    files = sorted(FOLDERS[package].rglob("*.py"))
    assert files
    found = [f"{path}: {fault}" for path in files for fault in imports_against_the_direction(package, path.read_text())]
    assert found == []


@pytest.mark.parametrize(
    ("package", "source"),
    [
        ("courses.learning", "from reporting.counting.models import Count"),
        ("courses.learning", "def f():\n    import reporting.dashboards.views"),
        ("programs", "from people.models import Person"),
        ("courses.returns", "from courses import learning"),
        ("accounts", "from config.celery import app"),
    ],
)
def test_an_import_against_the_direction_is_found(package: str, source: str) -> None:
    assert imports_against_the_direction(package, source)


def test_every_folder_of_code_is_a_package_of_the_house() -> None:
    found = {path.parent for room in ("platform", "courses", "reporting") for path in (ROOT / room).glob("*/apps.py")}
    assert found == {*FOLDERS.values(), ROOT / "platform" / "config"}


def test_platform_is_a_folder_and_no_package() -> None:
    import platform

    assert not (ROOT / "platform" / "__init__.py").exists()
    assert platform.python_version()


def every_view(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from every_view(entry, address)
        else:
            yield address, entry


def is_guarded(view: object) -> bool:
    """Whether the view names the roles (a page) or the scopes (an API view) that it is for."""
    view_class = getattr(view, "cls", None) or getattr(view, "view_class", None)
    return bool(getattr(view_class, "scopes", ()) if view_class else getattr(view, "roles", ()))


def test_every_view_of_a_program_names_its_roles() -> None:
    views = {address: entry.callback for address, entry in every_view(get_resolver()) if ours_of_a_program(address)}
    assert len(views) > 10
    assert [address for address, view in views.items() if not is_guarded(view)] == []


def ours_of_a_program(address: str) -> bool:
    return address.startswith(("p/", "api/v1/programs/"))


# Addresses that name a program and lie outside /p/ and the API, each with the reason.
PUBLIC_OF_A_PROGRAM = {
    "start/<slug:program>/": "where a learner joins",
    "issuers/<slug:program>/did.json": "the keys by which anybody verifies a credential",
    "issuers/<slug:program>/jwks.json": "the same keys for JWT libraries",
    "issuers/<slug:program>/": "who the issuer of a credential is",
}


def test_no_other_address_takes_a_program_unless_it_says_why() -> None:
    found = {address for address, _ in every_view(get_resolver()) if ":program>" in address}
    assert {address for address in found if not ours_of_a_program(address)} <= set(PUBLIC_OF_A_PROGRAM)


def test_a_view_without_roles_is_found() -> None:
    @require_GET
    def bare(request: object) -> None: ...

    assert not is_guarded(bare)
    assert not is_guarded(for_roles()(bare))  # type: ignore[arg-type]
    assert is_guarded(for_roles("learner")(bare))  # type: ignore[arg-type]


def our_models() -> list[type[models.Model]]:
    names = set(MAY_IMPORT)
    return [model for config in apps.get_app_configs() if config.name in names for model in config.get_models()]


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
    from django.contrib.sessions.models import Session

    assert unscoped([Session]) == ["sessions.Session"]


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


@pytest.mark.django_db
def test_a_row_and_its_parent_belong_to_the_same_program() -> None:
    held = composite_keys()
    assert len(parents()) > 20
    for model, field in parents():
        parent = field.related_model._meta.db_table
        assert isinstance(field, ParentKey), f"{model._meta.label}.{field.name} is no ParentKey"
        assert (model._meta.db_table, field.column, parent) in held, f"{model._meta.label}.{field.name}: no SameProgram"


@pytest.mark.django_db
def test_a_parent_key_without_its_constraint_is_found() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE programs_membership DROP CONSTRAINT programs_membership_partner_id_same_program")
    assert ("programs_membership", "partner_id", Partner._meta.db_table) not in composite_keys()


@pytest.mark.django_db
def test_migrations_say_what_the_models_say() -> None:
    call_command("makemigrations", "--check", "--dry-run", stdout=io.StringIO())


LONGEST = 300  # lines; docs: split by noun


def test_files_stay_short() -> None:
    code = [path for room in ("platform", "courses", "reporting") for path in (ROOT / room).rglob("*.py")]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in code}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST and "/migrations/" not in path} == {}


def test_test_folders_are_never_named_like_a_package() -> None:
    names = {name.split(".")[-1] for name in MAY_IMPORT} | {"config", "platform", "courses", "reporting"}
    assert {path.name for path in (ROOT / "tests").iterdir() if path.is_dir()} & names == set()
