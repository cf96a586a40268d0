import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from courses.authoring.models import Draft
from courses.authoring.operations import (
    put_file,
    send_back,
    submit,
    withdraw,
)
from courses.catalogue.models import Course
from programs.models import Role
from tests.factories import NOW, MembershipFactory, UserFactory
from tests.test_authoring.world import FILES, PNG, World, number_of, ruritania, write


def pages(world: World, draft: Draft) -> list[str]:
    return [
        world.path("drafts"),
        world.path("draft", draft.pk),
        world.path("draft-edit", draft.pk, "01-one.md"),
        world.path("draft-edit", draft.pk, "assessment.yaml"),
        world.path("draft-history", draft.pk, "01-one.md"),
        world.path("draft-question", draft.pk, "one", "01-one.md"),
        world.path("draft-preview", draft.pk, "one"),
        world.path("draft-preview-assessment", draft.pk),
    ]


def test_pages_have_one_heading_and_a_title(world: World) -> None:
    client = world.browser(world.ana)
    for path in pages(world, world.draft()):
        html = client.get(path).content.decode()
        assert (html.count("<h1"), "Uplift</title>" in html) == (1, True), path


def test_outsiders_and_other_roles_get_404(world: World) -> None:
    draft, other = world.draft(), ruritania()
    learner = MembershipFactory.create(program=world.program, role=Role.LEARNER).user
    posts = ["draft-text", "draft-lesson", "draft-language", "draft-bank", "draft-upload"]
    for user in (UserFactory.create(), learner, other.ana):
        client = world.browser(user)
        for path in [*pages(world, draft), world.path("draft-export", draft.pk)]:
            assert client.get(path).status_code == 404, path
        for path in [world.path(name, draft.pk) for name in posts]:
            assert client.post(path).status_code == 404, path


def test_who_is_not_signed_in_is_asked_to(world: World) -> None:
    for path in pages(world, world.draft()):
        assert Client().get(path).status_code == 302


def test_a_draft_of_another_program_is_not_found_and_not_changed(world: World) -> None:
    draft, other = world.draft(), ruritania()
    client = other.browser(other.ana)
    fields = {"text": "x", "seen": 0, "decision": "withdraw", "path": "03-x.md", "text-path": "03-x.md"}
    for name, more in (("draft", ()), ("draft-edit", ("01-one.md",)), ("draft-text", ()), ("draft-lesson", ())):
        assert client.post(other.path(name, draft.pk, *more), fields).status_code == 404
    for name, more in (("draft-file", ("pictures/desk.png",)), ("draft-export", ()), ("draft-history", ("01-one.md",))):
        assert client.get(other.path(name, draft.pk, *more)).status_code == 404
    assert Draft.objects.get(pk=draft.pk).is_open
    assert number_of(draft, "01-one.md") == 0


def test_forms_without_a_token_are_refused(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.ana)
    draft = world.draft()
    assert client.post(world.path("draft", draft.pk), {"decision": "submit"}).status_code == 403
    assert Draft.objects.get(pk=draft.pk).is_open


def test_a_new_course_is_begun_by_a_form(world: World) -> None:
    fields = {
        "new": 1, "new-code": "data", "new-title": "Data", "new-language": "en", "new-level": "beginner",
        "new-minutes": 30, "new-tags": "skills, data",
    }  # fmt: skip
    client = world.browser(world.ana)
    response = client.post(world.path("drafts"), fields)
    draft = Draft.objects.get(code="data")
    assert response["Location"] == world.path("draft", draft.pk)
    assert 'id="faults"' not in client.get(response["Location"]).content.decode()
    assert client.post(world.path("drafts"), fields).status_code == 422


@pytest.mark.parametrize(
    ("field", "value"),
    [("code", "Data!"), ("code", "a\n"), ("tags", "A b"), ("language", "EN"), ("minutes", "0"), ("level", "x"),
     ("title", "a\0b")],
)  # fmt: skip
def test_what_cannot_be_a_course_is_said_beside_the_field(world: World, field: str, value: str) -> None:
    fields = {
        "new": 1, "new-code": "data", "new-title": "Data", "new-language": "en", "new-level": "beginner",
        "new-minutes": 30, "new-tags": "skills", f"new-{field}": value,
    }  # fmt: skip
    response = world.browser(world.ana).post(world.path("drafts"), fields)
    if value != "a\n":  # a line break at the end of a field is taken away
        assert response.status_code == 422
        assert f"id_new-{field}_error" in response.content.decode()


def test_changing_a_course_begins_a_draft_of_it(world: World) -> None:
    world.course()
    response = world.browser(world.rita).post(world.path("drafts"), {"course": "first"})
    assert response["Location"] == world.path("draft", Draft.objects.get().pk)


def test_a_text_is_saved_and_shown_as_learners_will_see_it(world: World) -> None:
    draft, client = world.draft(), world.browser(world.ana)
    path = world.path("draft-edit", draft.pk, "01-one.md")
    client.post(path, {"text": FILES["01-one.md"].decode().replace("*text*", "**bold**"), "seen": 0})
    html = client.get(path).content.decode()
    assert "<strong>bold</strong>" in html
    assert world.path("draft-preview", draft.pk, "two") in html
    assert 'lang="en"' in html


def test_html_in_a_text_is_shown_as_text(world: World) -> None:
    draft, client = world.draft(), world.browser(world.ana)
    write(
        draft,
        "01-one.md",
        "---\ntitle: <script>alert(1)</script>\nminutes: 5\n---\n<script>alert(2)</script>\n",
        world.ana,
    )
    for path in pages(world, draft):
        assert "<script>alert" not in client.get(path).content.decode()


def test_a_draft_that_waits_is_announced_to_who_can_publish_it(world: World) -> None:
    draft = submit(world.new(), by=world.ana, at=NOW)
    for user, is_asked in ((world.ana, False), (world.ben, True), (world.rita, True)):
        html = world.browser(user).get(world.path("drafts")).content.decode()
        assert ("1 draft waits for a second person" in html) == is_asked
    send_back(draft, note="Shorter.", by=world.ben, at=NOW)
    assert "1 draft waits" not in world.browser(world.ben).get(world.path("drafts")).content.decode()


def test_a_draft_that_was_given_up_can_be_found_again(world: World) -> None:
    draft = withdraw(world.new(), by=world.ana, at=NOW)
    html = world.browser(world.ben).get(world.path("drafts")).content.decode()
    assert f'href="{world.path("draft", draft.pk)}"' in html


def test_a_video_of_a_draft_is_served_in_stretches(world: World) -> None:
    draft = world.draft()
    put_file(draft, "videos/a.mp4", b"....ftyp0123456789", by=world.ana, at=NOW)
    path = world.path("draft-file", draft.pk, "videos/a.mp4")
    response = world.browser(world.ana).get(path, headers={"Range": "bytes=8-11"})
    assert (response.status_code, b"".join(response.streaming_content)) == (206, b"0123")  # type: ignore[attr-defined]
    assert "sandbox" in response["Content-Security-Policy"]


def test_a_second_person_publishes_on_the_page(world: World) -> None:
    draft = world.new()
    path = world.path("draft", draft.pk)
    world.browser(world.ana).post(path, {"decision": "submit"})
    html = world.browser(world.ana).get(path).content.decode()
    assert "somebody else must publish" in html
    assert 'value="approve"' not in html
    seen = Draft.objects.get().submitted_at
    assert seen is not None
    fields = {"decision": "approve", "submission": seen.isoformat()}
    assert f'value="{seen.isoformat()}"' in world.browser(world.ben).get(path).content.decode()
    for user, said in ((world.ana, fields), (world.ben, {**fields, "submission": ""})):
        world.browser(user).post(path, said)
        assert not Course.objects.exists()
    world.browser(world.ben).post(path, fields)
    assert Course.objects.get().title == "New: things"


def test_faults_are_named_on_the_page_and_stop_submitting(world: World) -> None:
    draft, client = world.draft(), world.browser(world.ana)
    write(draft, "01-one.md", "no front matter", world.ana)
    html = client.get(world.path("draft", draft.pk)).content.decode()
    assert "first/01-one.md, line 1" in html
    assert "disabled" in html
    client.post(world.path("draft", draft.pk), {"decision": "submit"})
    assert Draft.objects.get(pk=draft.pk).is_open
    assert client.get(world.path("draft-preview", draft.pk, "one")).status_code == 302


def test_remarks_are_shown_on_the_page(world: World) -> None:
    html = world.browser(world.ana).get(world.path("draft", world.draft().pk)).content.decode()
    assert "first/02-two.md: has no practice question" in html


def test_a_picture_is_uploaded_shown_and_removed(world: World) -> None:
    draft, client = world.draft(), world.browser(world.ana)
    upload = SimpleUploadedFile("my picture.png", PNG)
    client.post(world.path("draft-upload", draft.pk), {"upload-folder": "pictures", "upload-file": upload})
    shown = client.get(world.path("draft-file", draft.pk, "pictures/my-picture.png"))
    assert (b"".join(shown.streaming_content), shown["Content-Type"]) == (PNG, "image/png")  # type: ignore[attr-defined]
    assert "sandbox" in shown["Content-Security-Policy"]
    client.post(world.path("draft-remove", draft.pk, "pictures/my-picture.png"))
    assert client.get(world.path("draft-file", draft.pk, "pictures/my-picture.png")).status_code == 404


def test_too_large_a_file_is_refused_before_it_is_read(world: World) -> None:
    draft, client = world.draft(), world.browser(world.ana)
    upload = SimpleUploadedFile("big.png", PNG + b"\0" * 5_000_000)
    fields = {"upload-folder": "pictures", "upload-file": upload}
    html = client.post(world.path("draft-upload", draft.pk), fields, follow=True).content.decode()
    assert "pictures/big.png is longer than 5000000 bytes" in html
    assert client.get(world.path("draft-file", draft.pk, "pictures/big.png")).status_code == 404


def test_a_lesson_of_ten_megabytes_is_refused(world: World) -> None:
    draft = world.draft()
    path = world.path("draft-edit", draft.pk, "01-one.md")
    response = world.browser(world.ana).post(path, {"text": "x" * 10_000_000, "seen": 0})
    assert response.status_code in (400, 413, 422)
    assert number_of(draft, "01-one.md") == 0


def test_a_drawing_with_a_script_is_served_where_nothing_runs(world: World) -> None:
    draft = world.draft()
    put_file(draft, "pictures/a.svg", b"<svg><script>alert(1)</script></svg>", by=world.ana, at=NOW)
    response = world.browser(world.ana).get(world.path("draft-file", draft.pk, "pictures/a.svg"))
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    assert "sandbox" in response["Content-Security-Policy"]


def test_names_that_no_file_can_have_are_not_found(world: World) -> None:
    draft, client = submit(world.new(), by=world.ana, at=NOW), world.browser(world.ben)
    for name in ("draft-file", "draft-history", "draft-edit"):
        assert client.get(world.path(name, draft.pk, "X").replace("X", "a%00b.md")).status_code == 404
    assert client.post(world.path("drafts"), {"course": "a\0b"}).status_code == 404
    edit = world.path("draft-edit", draft.pk, "01-first-lesson.md")
    assert client.post(edit, {"remove": 1, "seen": "9" * 5000}).status_code == 302
    client.post(world.path("draft", draft.pk), {"decision": "send-back", "note": "Too\0 long."})
    assert Draft.objects.get(pk=draft.pk).note == "Too long."


def test_texts_of_a_draft_are_not_served_as_files(world: World) -> None:
    draft, client = world.draft(), world.browser(world.ana)
    assert client.get(world.path("draft-file", draft.pk, "01-one.md")).status_code == 404
    assert client.get(world.path("draft-edit", draft.pk, "pictures/desk.png")).status_code == 404


def test_a_course_is_taken_out_of_the_offer_and_back(world: World) -> None:
    course, client = world.course(), world.browser(world.ana)
    for _ in range(2):
        client.post(world.path("retire", "first"))
        course.refresh_from_db()
        assert course.retired_at is not None
    client.post(world.path("retire", "first"), {"again": 1})
    course.refresh_from_db()
    assert course.retired_at is None


@pytest.mark.parametrize(
    ("page", "queries"),
    [("drafts", 7), ("draft", 9), ("draft-edit", 6), ("draft-history", 4), ("draft-preview", 5)],
)
def test_number_of_queries_is_fixed(
    world: World, page: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    files = {
        f"{n:02}-lesson-{n}.md": f"---\ntitle: Lesson {n}\nminutes: 1\n---\nText.\n".encode() for n in range(3, 13)
    }
    course_yaml = FILES["course.yaml"].replace(b"minutes: 10", b"minutes: 60")
    draft = world.draft({**FILES, **files, "course.yaml": course_yaml})
    write(draft, "01-one.md", FILES["01-one.md"].decode().replace("Some", "More"), world.ana)
    more: dict[str, list[object]] = {"drafts": [], "draft": [draft.pk], "draft-preview": [draft.pk, "one"]}
    path = world.path(page, *more.get(page, [draft.pk, "01-one.md"]))
    client = world.browser(world.ana)
    with django_assert_num_queries(queries):
        assert client.get(path).status_code == 200
