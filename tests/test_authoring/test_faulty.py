"""Drafts with faults can be gone on with: faults are there to be mended one after the other."""

from pathlib import Path

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile

from courses.authoring.banks import read_apart
from courses.authoring.models import DraftFiles
from courses.authoring.operations import FileRefusedError, add_text, new_course
from courses.authoring.operations.structure import add_language, add_lesson
from courses.authoring.reading import Reading
from courses.catalogue.banks.errors import BankRefusedError
from tests.factories import NOW
from tests.test_authoring.world import FILES, World, text_in, write

GIFT = "::Capital:: What is the capital of Ruritania? {=Strelsau ~Zenda ####It is Strelsau.}\n"
LONG = "What a long title a course may have: " * 5


def test_a_language_is_added_to_a_draft_with_faults(world: World) -> None:
    draft = world.draft()
    write(draft, "02-two.md", "no front matter\n", world.ana)
    asked = FILES["assessment.yaml"].decode() + "  - id: half\n    kind: one\n    prompt: Half?\n"
    write(draft, "assessment.yaml", asked, world.ana)
    before = Reading.of(draft).faults
    add_language(draft, "cy", by=world.ana, at=NOW)
    assert text_in(draft, "cy/02-two.md") == "no front matter\n"
    assert "right:" not in text_in(draft, "cy/01-one.md")
    assert [one["id"] for one in yaml.safe_load(text_in(draft, "cy/assessment.yaml"))["questions"]] == [
        "right-or-wrong"
    ]
    found = Reading.of(draft).faults
    assert {fault.file for fault in found} - {fault.file for fault in before} == {"first/cy/02-two.md"}


def test_a_copy_made_for_translating_is_remarked_on_until_it_is_translated(world: World) -> None:
    said = FILES["01-one.md"].decode().replace("Some *text*,", "Some *text* that says a little more,")
    asked = FILES["assessment.yaml"].decode().replace('"Is it?"', '"Is it like this or not?"')
    draft = world.draft({**FILES, "01-one.md": said.encode(), "assessment.yaml": asked.encode()})
    add_language(draft, "cy", by=world.ana, at=NOW)
    remarks = [str(remark) for remark in Reading.of(draft).judged.remarks]
    assert "first/cy/01-one.md: is still in en" in remarks
    assert "first/cy/assessment.yaml: questions that are still in en: right-or-wrong" in remarks
    write(draft, "cy/01-one.md", text_in(draft, "cy/01-one.md").replace("Some", "Rhai"), world.ana)
    assert "first/cy/01-one.md: is still in en" not in [str(one) for one in Reading.of(draft).judged.remarks]


def test_a_question_bank_is_added_to_a_draft_with_faults(world: World) -> None:
    draft = world.draft()
    write(draft, "02-two.md", "no front matter\n", world.ana)
    for added in ("1 question was added", "1 question is in the course already"):
        upload = SimpleUploadedFile("bank.gift", GIFT.encode())
        path = world.path("draft-bank", draft.pk)
        html = world.browser(world.ana).post(path, {"bank-bank": upload}, follow=True).content.decode()
        assert added in html
    keys = [one["id"] for one in yaml.safe_load(text_in(draft, "assessment.yaml"))["questions"]]
    assert keys == ["right-or-wrong", "capital"]


def test_a_question_by_form_gets_an_id_of_its_own_in_a_draft_with_faults(world: World) -> None:
    draft = world.draft()
    write(draft, "02-two.md", "no front matter\n", world.ana)
    path = world.path("draft-question", draft.pk, "true-false", "assessment.yaml")
    for _ in range(2):
        world.browser(world.ana).post(path, {"prompt": "Is it so?", "feedback": "It is.", "truth": "true"})
    keys = [one["id"] for one in yaml.safe_load(text_in(draft, "assessment.yaml"))["questions"]]
    assert keys == ["right-or-wrong", "is-it-so", "is-it-so-2"]


def test_a_text_of_a_draft_with_faults_says_its_language(world: World) -> None:
    draft = world.draft({**FILES, "course.yaml": FILES["course.yaml"].replace(b"language: en", b"language: ur")})
    write(draft, "02-two.md", "no front matter\n", world.ana)
    html = world.browser(world.ana).get(world.path("draft-edit", draft.pk, "01-one.md")).content.decode()
    assert 'lang="ur" dir="rtl"' in html


def test_a_long_title_is_one_title(world: World) -> None:
    draft = new_course(
        world.program, world.ana, code="long", title=LONG[:200].strip(), language="en", level="beginner", minutes=30,
        tags=["skills"], at=NOW,
    )  # fmt: skip
    add_lesson(draft, LONG[:200].strip(), by=world.ana, at=NOW)
    course = Reading.of(draft).course
    assert course is not None
    assert [lesson.words["en"].title for lesson in course.lessons] == [LONG[:200].strip()] * 2


def test_what_is_no_text_is_not_written_as_one(world: World) -> None:
    draft = world.draft()
    for path in ("pictures/a.svg", "files/a.pdf", "package/a.html"):
        with pytest.raises(FileRefusedError, match="no text"):
            add_text(draft, path, "<script>", by=world.ana, at=NOW)
    assert set(DraftFiles(draft).paths()) == set(FILES)


def test_a_bank_that_takes_too_long_ends_without_an_answer() -> None:
    with pytest.raises(BankRefusedError, match="too long"):
        read_apart(GIFT.encode(), name="bank.gift", language="en", seconds=0.01)


def test_a_bank_is_read_apart_as_it_is_read_here(tmp_path: Path) -> None:
    found = read_apart(GIFT.encode(), name="bank.gift", language="hi")
    assert [question.key for question in found.questions] == ["capital"]
    assert list(found.questions[0].words) == ["hi"]
    with pytest.raises(BankRefusedError, match=r"bank\.gift is no question bank"):
        read_apart(b"a text", name="bank.gift", language="en")
