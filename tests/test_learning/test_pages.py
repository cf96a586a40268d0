from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from courses.achievements.models import Achievement
from courses.achievements.operations import restore_achievement, revoke_achievement
from courses.credentials.models import Credential
from courses.learning.models import Attempt, Enrolment, LessonDone
from courses.learning.operations import finish_lesson
from programs.models import Role
from tests.factories import (
    NOW,
    CourseFactory,
    CourseVersionFactory,
    MembershipFactory,
    UserFactory,
)
from tests.test_learning.cast import RIGHT, WRONG, Learner, asha

RIGHT_FORM: dict[str, object] = {"a-question-1": 0, "a-question-2": 0}
WRONG_FORM: dict[str, object] = {"a-question-1": 0, "a-question-2": 1}

PAGES = [("learn",), ("describe",), ("course",), ("lesson", "lesson-1"), ("assessment",)]


@pytest.mark.parametrize("page", PAGES)
def test_page_has_one_heading_and_a_title(learner: Learner, page: tuple[str, ...]) -> None:
    learner.begin()
    html = learner.client.get(learner.path(*page)).content.decode()
    assert html.count("<h1") == 1
    assert html.count("<main") == 1
    assert "Uplift</title>" in html


@pytest.mark.parametrize("page", PAGES)
def test_outsiders_and_managers_get_404(learner: Learner, page: tuple[str, ...]) -> None:
    outsider, manager = UserFactory.create(), UserFactory.create()
    MembershipFactory.create(program=learner.person.program, user=manager, role=Role.PROGRAM_MANAGER)
    for user in (outsider, manager):
        learner.client.force_login(user)
        assert learner.client.get(learner.path(*page)).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_who_is_not_signed_in_is_asked_to(learner: Learner, page: tuple[str, ...]) -> None:
    response = Client().get(learner.path(*page))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("page", [page for page in PAGES if page[0] not in ("learn", "describe")])
def test_a_course_of_another_program_is_not_found(learner: Learner, page: tuple[str, ...]) -> None:
    other = CourseVersionFactory.create().course
    path = reverse(page[0], args=[learner.person.program.code, other.code, *page[1:]])
    assert learner.client.get(path).status_code == 404
    assert learner.client.post(path).status_code == 404


def test_a_course_that_a_partner_runs_has_no_page_here(learner: Learner) -> None:
    other = CourseFactory.create(program=learner.person.program)
    assert learner.client.get(reverse("course", args=[learner.person.program.code, other.code])).status_code == 404


@pytest.mark.parametrize(
    ("page", "queries"),
    # One of them is the session with its user and their roles; six ask whether the learner is counted.
    [(("learn",), 15), (("describe",), 3), (("course",), 4), (("lesson", "lesson-1"), 2), (("assessment",), 5)],
)
def test_number_of_queries_is_fixed(
    page: tuple[str, ...], queries: int, db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    learner = asha(lessons=20)
    learner.submit(RIGHT)
    for _ in range(20):
        CourseVersionFactory.create(program=learner.person.program)
    with django_assert_num_queries(queries):
        assert learner.client.get(learner.path(*page)).status_code == 200


def test_result_page_takes_a_fixed_number_of_queries(
    learner: Learner, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    attempt = learner.submit(RIGHT)
    with django_assert_num_queries(5):
        assert learner.client.get(learner.path("attempt", attempt.form_key)).status_code == 200


def test_my_page_offers_the_recommended_course_then_where_to_continue_then_the_result(learner: Learner) -> None:
    page = learner.path("learn")
    assert b"Start here: A course" in learner.client.get(page).content
    learner.begin()
    running = learner.client.get(page).content
    assert learner.path("lesson", "lesson-1").encode() in running
    assert b"Start here" not in running
    learner.submit(RIGHT)
    done = learner.client.get(page).content.decode()
    assert reverse("verify", args=[Credential.objects.get().code]) in done
    assert "<dt>Evidence</dt> <dd> assessed </dd>" in " ".join(done.split())


def test_my_page_says_that_a_result_was_revoked_and_why(learner: Learner) -> None:
    learner.submit(RIGHT)
    revoke_achievement(Achievement.objects.get(), reason="account was shared", recorded_at=NOW)
    assert b"account was shared" in learner.client.get(learner.path("learn")).content


def test_my_page_no_longer_says_it_of_a_result_that_was_restored(learner: Learner) -> None:
    learner.submit(RIGHT)
    for change in (revoke_achievement, restore_achievement):
        change(Achievement.objects.get(refers_to=None), reason="account was shared", recorded_at=NOW)
    assert b"Revoked" not in learner.client.get(learner.path("learn")).content


def test_progress_is_the_same_on_every_page(learner: Learner) -> None:
    finish_lesson(learner.begin(), learner.version.lessons.get(number=1), at=NOW)
    for page in (("learn",), ("course",), ("lesson", "lesson-2")):
        assert b'max="100" value="33"' in b" ".join(learner.client.get(learner.path(*page)).content.split())


def test_done_marks_the_lesson_and_goes_on(learner: Learner) -> None:
    learner.begin()
    first = learner.client.post(learner.path("lesson", "lesson-1"))
    last = learner.client.post(learner.path("lesson", "lesson-2"))
    assert first["Location"] == learner.path("lesson", "lesson-2")
    assert last["Location"] == learner.path("assessment")
    assert LessonDone.objects.count() == 2


def test_a_lesson_that_is_not_in_the_version_begun_leads_to_the_course(learner: Learner) -> None:
    learner.begin()
    CourseVersionFactory.create(program=learner.person.program, course=learner.version.course, number=2, lessons=3)
    response = learner.client.get(learner.path("lesson", "lesson-3"))
    assert (response.status_code, response["Location"]) == (302, learner.path("course"))  # links lead there
    assert learner.client.get(learner.path("lesson", "lesson-4")).status_code == 404
    assert learner.client.get(learner.path("lesson", "lesson-1")).status_code == 200


@pytest.mark.parametrize("page", [("lesson", "lesson-1"), ("assessment",)])
def test_pages_inside_a_course_lead_to_its_beginning_first(learner: Learner, page: tuple[str, ...]) -> None:
    assert learner.client.get(learner.path(*page))["Location"] == learner.path("course")
    assert learner.client.post(learner.path(*page))["Location"] == learner.path("course")
    assert not Enrolment.objects.exists()


def test_beginning_on_the_course_page_opens_the_first_lesson(learner: Learner) -> None:
    assert learner.client.post(learner.path("course"))["Location"] == learner.path("lesson", "lesson-1")
    assert Enrolment.objects.get().person == learner.person


def test_passing_shows_the_credential(learner: Learner) -> None:
    sent = learner.send(RIGHT_FORM)
    shown = learner.client.get(sent["Location"]).content
    assert b"You have passed" in shown
    assert reverse("verify", args=[Credential.objects.get().code]).encode() in shown


def test_failing_shows_the_feedback_and_a_way_to_try_again(learner: Learner) -> None:
    shown = learner.client.get(learner.send(WRONG_FORM)["Location"]).content
    assert b"1 of 2 answers are right: 50" in shown
    assert b"Because." in shown
    assert learner.path("assessment").encode() in shown


def test_beginning_the_assessment_opens_an_attempt_and_again_the_same(learner: Learner) -> None:
    learner.begin()
    first, second = (learner.client.post(learner.path("assessment")) for _ in range(2))
    assert first["Location"] == second["Location"] == learner.path("attempt", Attempt.objects.get().form_key)
    assert b"Go on with your attempt" in learner.client.get(learner.path("assessment")).content


def test_looking_at_the_rules_opens_nothing(learner: Learner) -> None:
    learner.begin()
    assert b"You pass with 100" in learner.client.get(learner.path("assessment")).content
    assert not Attempt.objects.exists()


def test_a_form_sent_twice_shows_the_same_result(learner: Learner) -> None:
    opened = learner.open()
    assert learner.send(RIGHT_FORM, opened)["Location"] == learner.send(RIGHT_FORM, opened)["Location"]
    assert Attempt.objects.count() == 1


def test_a_judged_attempt_sent_with_other_answers_says_so(learner: Learner) -> None:
    opened = learner.open()
    learner.send(WRONG_FORM, opened)
    response = learner.send(RIGHT_FORM, opened)
    assert response.status_code == 422
    assert b"You sent these answers before" in response.content


def test_a_missing_answer_is_named_and_the_others_are_kept(learner: Learner) -> None:
    response = learner.send({"a-question-2": 1})
    html = " ".join(response.content.decode().split())
    assert response.status_code == 422
    assert '<a href="#question-question-1">Question 1</a>: Choose an answer.' in html
    assert 'name="a-question-2" value="1" checked' in html
    assert Attempt.objects.get().answers == {"question-2": [1]}


def test_an_answer_left_out_on_purpose_is_sent_all_the_same(learner: Learner) -> None:
    response = learner.send({"a-question-2": 0, "final": "1"})
    assert b"You gave no answer." in learner.client.get(response["Location"]).content


def test_what_is_saved_stands_in_the_form_again(learner: Learner) -> None:
    opened = learner.open()
    path = learner.path("attempt", opened.form_key)
    assert learner.send({"a-question-1": 1, "save": "1"}, opened)["Location"] == path
    again = " ".join(learner.client.get(path).content.decode().split())
    assert 'name="a-question-1" value="1" checked' in again


@pytest.mark.parametrize(
    "hostile",
    [
        {"a-question-1": "99", "a-question-2": "0"},
        {"a-question-1": "-1", "a-question-2": "0"},
        {"a-question-1": "0 OR 1=1", "a-question-2": "0"},
        {"a-question-1": "\0", "a-question-2": "0"},
        {"a-question-1": "٠", "a-question-2": "0"},
        {"a-question-1": "9" * 5000, "a-question-2": "0"},
        {"a-question-1": ["0", "1"], "a-question-2": "0"},
        {"a-question-1": ["0"] * 900, "a-question-2": "0"},
        {**{"a-question-1": "0", "a-question-2": "0"}, "a-question-3": "0"},
        {**{"a-question-1": "0", "a-question-2": "0"}, "a-": "0"},
    ],
)
def test_hostile_answers_are_refused_and_judge_nothing(learner: Learner, hostile: dict[str, object]) -> None:
    assert learner.send(hostile).status_code == 422
    assert Attempt.objects.get().submitted_at is None
    assert not Achievement.objects.exists()


def test_attempts_of_somebody_else_are_not_found(learner: Learner) -> None:
    attempt = learner.submit(WRONG)
    stranger = asha()
    MembershipFactory.create(program=learner.person.program, user=stranger.person.user, role=Role.LEARNER)
    path = learner.path("attempt", attempt.form_key)
    assert (stranger.client.get(path).status_code, stranger.client.post(path).status_code) == (404, 404)
    assert learner.client.get(learner.path("attempt", uuid4())).status_code == 404


def test_attempts_that_are_used_up_are_refused_with_words(db: None) -> None:
    learner = asha(attempts=1)
    learner.submit(WRONG)
    response = learner.client.post(learner.path("assessment"))
    assert response.status_code == 409
    assert b"You have used every attempt" in response.content


def test_who_has_passed_may_practise(learner: Learner) -> None:
    learner.submit(RIGHT)
    assert b"You have completed this course already" in learner.client.get(learner.path("assessment")).content


def test_failing_in_practice_says_that_the_pass_stands(learner: Learner) -> None:
    learner.submit(RIGHT)
    shown = learner.client.get(learner.path("attempt", learner.submit(WRONG).form_key)).content
    assert b"You have passed before, and that stands" in shown
    assert b"Not passed yet" not in shown


def test_describing_oneself_is_kept_and_empty_is_fine(learner: Learner) -> None:
    page = learner.path("describe")
    said = {"name": "Asha", "region": "N", "sector": "", "employer_size": "small", "age_band": ""}
    assert learner.client.post(page, said).status_code == 302
    learner.person.refresh_from_db()
    assert (learner.person.name, learner.person.region, learner.person.employer_size) == ("Asha", "N", "small")
    assert learner.client.post(page, {}).status_code == 302
    learner.person.refresh_from_db()
    assert (learner.person.name, learner.person.region) == ("", "")


@pytest.mark.parametrize("said", [{"region": "nowhere"}, {"name": "x" * 201}, {"name": "a\u202eb"}])
def test_a_description_that_cannot_be_kept_says_so(learner: Learner, said: dict[str, str]) -> None:
    response = learner.client.post(learner.path("describe"), said)
    assert response.status_code == 422
    assert b'class="error"' in response.content
