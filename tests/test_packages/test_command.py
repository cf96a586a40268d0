import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from courses.catalogue.models import Course, CourseFile
from programs.models import Program
from tests.factories import ProgramFactory
from tests.test_packages.making import PAGE, packed, scorm_12

pytestmark = pytest.mark.django_db


@pytest.fixture
def program() -> Program:
    return ProgramFactory.create(code="rur")


def run(path: Path, **options: object) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    given = {"program": "rur", "code": "safety", "minutes": 30, "tags": ["safety"], **options}
    call_command("import_package", str(path), stdout=out, stderr=err, **given)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def package(tmp_path: Path) -> Path:
    path = tmp_path / "package.zip"
    path.write_bytes(packed(scorm_12(("index.html", PAGE)) | {".hidden": b"x"}))
    return path


def test_a_package_is_published_and_what_is_left_out_is_named(program: Program, package: Path) -> None:
    out, err = run(package)
    assert out == "rur safety: published; lessons: 1\n"
    assert ".hidden: hidden files are not kept" in err
    kept = CourseFile.objects.select_related("blob").get(path="package/index.html")
    assert (bytes(kept.blob.data), kept.media_type) == (PAGE, "text/html")


def test_publishing_twice_changes_nothing(program: Program, package: Path) -> None:
    run(package)
    assert run(package)[0] == "rur safety: nothing changed; lessons: 1\n"
    assert Course.objects.get().versions.count() == 1


def test_another_package_under_the_code_is_another_version(program: Program, package: Path) -> None:
    run(package)
    package.write_bytes(packed(scorm_12(("index.html", PAGE + b"<p>More</p>"))))
    assert run(package)[0] == "rur safety: published; lessons: 1\n"
    assert Course.objects.get().versions.count() == 2


@pytest.mark.parametrize(
    ("content", "options", "says"),
    [
        (b"no archive", {}, "no zip archive"),
        (packed({"a.html": PAGE}), {}, "neither an imsmanifest.xml"),
        (None, {"program": "nowhere"}, "no program nowhere"),
        (None, {"code": "Not A Code"}, "Nothing was changed"),
        (None, {"minutes": 0}, "too few"),
        (None, {"language": "English"}, "Nothing was changed"),
    ],
)
def test_what_cannot_be_published_changes_nothing(
    program: Program, package: Path, content: bytes | None, options: dict[str, object], says: str
) -> None:
    if content is not None:
        package.write_bytes(content)
    with pytest.raises(CommandError, match=says):
        run(package, **options)
    assert not Course.objects.exists()


def test_a_package_that_is_larger_than_allowed_is_refused(program: Program, package: Path, settings: Settings) -> None:
    settings.MAX_PACKAGE_BYTES = 100
    with pytest.raises(CommandError, match="100 are allowed"):
        run(package)


def test_a_file_that_there_is_not_is_told(program: Program, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is no file"):
        run(tmp_path / "nothing.zip")
