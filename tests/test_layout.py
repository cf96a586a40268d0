"""The rules of the house, enforced. Each finds what breaks it, and is shown to find something."""

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, models
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.views import View
from django.views.decorators.http import require_GET

from programs.access import for_roles
from programs.api.base import BelongsToProgram, ProgramApiView
from programs.models import PARTNER_SCOPES, Partner
from programs.tenancy import ParentKey, ProgramRow
from tests.factories import ProgramFactory, UserFactory

ROOT = Path(settings.BASE_DIR)
# Each package may import those below it; docs/decisions/0005-import-order.md
MAY_IMPORT = {
    "accounts": set[str](),
    "programs": {"accounts"},
    "people": {"programs"},
    "courses.catalogue": {"people"},
    "courses.achievements": {"courses.catalogue"},
    "courses.returns": {"courses.achievements"},
    "courses.statements": {"courses.returns"},
    "courses.matching": {"courses.achievements"},
    "courses.credentials": {"courses.achievements"},
    "courses.learning": {"courses.credentials"},
    "reporting.counting": {"courses.learning", "courses.returns", "courses.statements", "courses.matching"},
    "reporting.pacing": {"reporting.counting"},
    "reporting.publishing": {"reporting.counting"},
    "reporting.dashboards": {"reporting.pacing", "reporting.publishing"},
    "reporting.exports": {"reporting.pacing", "reporting.publishing"},
}
# config starts everything and may import any package when it runs; of config, a package may import nothing.
APPS = {name.split(".")[-1]: name for name in MAY_IMPORT}
FOLDERS = {name: ROOT / ("" if "." in name else "platform") / name.replace(".", "/") for name in MAY_IMPORT}
# Tables of our own that belong to no program, each with the reason.
OF_NO_PROGRAM = {
    "accounts.User": "a user may have roles in several programs",
    "programs.Program": "it is the program",
    "accounts.User_groups": "Django's own, unused: roles are memberships",
    "accounts.User_user_permissions": "Django's own, unused: roles are memberships",
}
# Tables whose parents the database does not check row by row, each with the reason.
WITHOUT_KEYS = {
    "counting.LedgerEntry": "each is written from an achievement, whose keys are checked; recount compares the two",
}


def below(package: str) -> set[str]:
    """All packages that the package may import: those named and, through them, those further down."""
    direct = MAY_IMPORT[package]
    return direct.union(*(below(name) for name in direct))


def package_of(module: str) -> str | None:
    return next((name for name in [*MAY_IMPORT, "config"] if module == name or module.startswith(f"{name}.")), None)


def imported_modules(source: str, package: str) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that the source of a file in `package` imports, by import or by name.

    `from courses import returns` is courses.returns, and so is `from .. import returns` in courses.learning.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = [*package.split(".")[: len(package.split(".")) + 1 - node.level]] if node.level else []
            base = ".".join([*start, *filter(None, [node.module])])
            yield from ((node.lineno, f"{base}.{alias.name}".strip(".")) for alias in node.names)
        elif isinstance(node, ast.Call) and name_of(node.func) in ("import_module", "__import__", "import_string"):
            yield from ((node.lineno, str(given.value)) for given in node.args if is_text(given))
        elif isinstance(node, ast.Call) and name_of(node.func) == "get_model":
            labels = [str(given.value).split(".")[0] for given in node.args[:1] if is_text(given)]
            yield from ((node.lineno, APPS.get(label, "")) for label in labels)


def name_of(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def is_text(node: ast.expr) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def imports_against_the_direction(package: str, source: str, *, inside: str = "") -> list[str]:
    """What the source of a file may not import; `inside` is the subpackage of the file, if it is in one."""
    allowed = below(package) | {package} if package in MAY_IMPORT else set()
    return [
        f"line {line}: {package} may not import {module}"
        for line, module in imported_modules(source, inside or package)
        if (other := package_of(module)) and other not in allowed
    ]


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_point_one_way(package: str) -> None:
    files = sorted(FOLDERS[package].rglob("*.py"))
    assert files
    found: list[str] = []
    for path in files:
        inside = ".".join([package, *path.parent.relative_to(FOLDERS[package]).parts])
        faults = imports_against_the_direction(package, path.read_text(), inside=inside)
        found += [f"{path}: {fault}" for fault in faults]
    assert found == []


@pytest.mark.parametrize("room", ["courses", "reporting"])
def test_the_rooms_themselves_import_nothing(room: str) -> None:
    assert imports_against_the_direction(room, (ROOT / room / "__init__.py").read_text()) == []


@pytest.mark.parametrize(
    ("package", "inside", "source"),
    [
        ("courses.learning", "", "from reporting.counting.models import Count"),
        ("courses.learning", "", "def f():\n    import reporting.dashboards.views"),
        ("programs", "", "from people.models import Person"),
        ("courses.returns", "", "from courses import learning"),
        ("courses.returns", "", "from ..learning.models import Enrolment"),
        ("courses.returns", "courses.returns.profiles", "from ... import learning"),
        ("courses.returns", "", "importlib.import_module('reporting.counting.models')"),
        ("courses.returns", "", "apps.get_model('counting', 'Count')"),
        ("accounts", "", "from config.celery import app"),
        ("courses", "", "def f():\n    from courses.returns import models"),
    ],
)
def test_an_import_against_the_direction_is_found(package: str, inside: str, source: str) -> None:
    assert imports_against_the_direction(package, source, inside=inside)


@pytest.mark.parametrize("source", ["from .models import Return", "from . import reading", "from .profiles import x"])
def test_an_import_within_the_package_is_none_against_the_direction(source: str) -> None:
    assert imports_against_the_direction("courses.returns", source) == []


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
    """Whether a page names its roles, or an API view of a program its scopes, and checks them."""
    if isinstance(kind := getattr(view, "cls", None) or getattr(view, "view_class", None), type):
        return issubclass(kind, ProgramApiView) and BelongsToProgram in kind.permission_classes and bool(kind.scopes)
    return bool(getattr(view, "roles", ()))


def is_of_a_program(address: str) -> bool:
    return address.lstrip("^").startswith(("p/", "api/v1/programs/"))


def is_of_a_partner(address: str) -> bool:
    """Where a partner's systems speak, whose token says the program and the partner."""
    return address.startswith("xapi/") and address not in PUBLIC


def test_every_view_of_a_program_names_its_roles() -> None:
    views = {address: entry.callback for address, entry in every_view(get_resolver()) if is_of_a_program(address)}
    assert len(views) > 10
    assert [address for address, view in views.items() if not is_guarded(view)] == []


FILLED = {"slug:program": "rur", "slug": "x", "str": "x", "int": "1", "uuid": "5d61334d-b69e-49c3-bb2c-af39e553f0b9"}


def filled(address: str) -> str:
    """The address with something in every place, for a program that there is."""
    return "/" + re.sub(r"<(slug:program|\w+)(:\w+)?>", lambda place: FILLED[place[1]], address)


def test_every_resource_of_a_partner_names_the_scopes_of_its_methods() -> None:
    views = {address: entry.callback for address, entry in every_view(get_resolver()) if is_of_a_partner(address)}
    assert len(views) > 5
    for address, view in views.items():
        scopes = getattr(view, "scopes", {})
        assert scopes, address
        assert set(scopes.values()) <= set(PARTNER_SCOPES), address


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "put", "post", "delete"])
def test_outsiders_get_nothing_of_a_partner(client: Client, method: str) -> None:
    addresses = ["/" + address for address, _ in every_view(get_resolver()) if is_of_a_partner(address)]
    assert {getattr(client, method)(address).status_code for address in addresses} <= {401, 405}


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_outsiders_get_nothing_of_a_program_whatever_the_view_says_of_itself(client: Client, method: str) -> None:
    ProgramFactory.create(code="rur")
    client.force_login(UserFactory.create())
    addresses = [filled(address) for address, _ in every_view(get_resolver()) if is_of_a_program(address)]
    answers = {address: getattr(client, method)(address).status_code for address in addresses}
    assert {a: code for a, code in answers.items() if code not in (404, 405) and not a.startswith("/api/")} == {}
    assert {a: code for a, code in answers.items() if code not in (401, 405) and a.startswith("/api/")} == {}


# Every address of our own that is for everybody, with the reason; admin and accounts are Django's and allauth's.
PUBLIC = {
    "": "the first page",
    "healthz": "for whoever watches the servers",
    "start/<slug:program>/": "where a learner joins",
    "verify/": "anybody may check a credential",
    "verify/<str:code>/": "anybody may check a credential",
    "verify/<slug:code>.jwt": "anybody may check a credential",
    "verify/<slug:code>.json": "anybody may check a credential",
    "issuers/<slug:issuer>/did.json": "the keys by which anybody verifies a credential",
    "issuers/<slug:issuer>/jwks.json": "the same keys for JWT libraries",
    "xapi/about": "which versions of xAPI are served, asked before anything else",
    "xapi//about": "the same, for clients whose endpoint ends with a slash",
    "metrics": "for whoever watches the counting, by a token of the installation",
    "api/schema/": "what the API is",
    "api/docs/": "the same for people",
}


def is_of_a_library(address: str) -> bool:
    return address.startswith(("accounts/", "admin/"))


def test_no_other_address_is_public_unless_it_says_why() -> None:
    known = [address for address, _ in every_view(get_resolver()) if not is_of_a_library(address)]
    others = [address for address in known if not is_of_a_program(address) and not is_of_a_partner(address)]
    assert set(others) == set(PUBLIC)


def test_a_view_without_roles_is_found() -> None:
    @require_GET
    def bare(request: object) -> None: ...

    assert is_guarded(for_roles("learner")(bare))  # type: ignore[arg-type]
    assert not is_guarded(bare)
    assert not is_guarded(for_roles()(bare))  # type: ignore[arg-type]


def test_an_api_view_that_checks_nothing_is_found() -> None:
    class Open(View):
        scopes = ("figures",)

    class Unchecked(ProgramApiView):
        scopes = ("figures",)
        permission_classes = ()  # type: ignore[assignment]

    assert not is_guarded(Open.as_view())
    assert not is_guarded(Unchecked.as_view())


def test_a_role_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="king"):
        for_roles("king")


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


LONGEST = 300  # lines; docs: split by noun


def test_files_stay_short() -> None:
    code = [path for room in ("platform", "courses", "reporting") for path in (ROOT / room).rglob("*.py")]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in code}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST and "/migrations/" not in path} == {}


def test_test_folders_are_never_named_like_a_package() -> None:
    names = {name.split(".")[-1] for name in MAY_IMPORT} | {"config", "platform", "courses", "reporting"}
    assert {path.name for path in (ROOT / "tests").iterdir() if path.is_dir()} & names == set()
