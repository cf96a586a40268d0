"""What items report, and what becomes of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from courses.achievements.models import Achievement
from courses.learning.models import Enrolment, LessonDone
from courses.packages.elements.claims import ClaimRefusedError
from courses.packages.models import Launch, PackageState
from courses.packages.operations import LaunchEndedError, SupersededError
from courses.packages.operations.launching import LASTS
from courses.packages.playing import values_for
from programs.models import Evidence
from tests.factories import NOW
from tests.test_packages.making import PAGE, scorm_12, scorm_2004
from tests.test_packages.world import Player, player

pytestmark = pytest.mark.django_db

STATUS, RAW = "cmi.core.lesson_status", "cmi.core.score.raw"
MASTERY = "<adlcp:masteryscore>80</adlcp:masteryscore>"


def first(inner: str = "", pages: int = 1) -> Player:
    return player(scorm_12(*((f"{number}.html", PAGE) for number in range(1, pages + 1)), inner=inner))


def second(inner: str = "", pages: int = 1) -> Player:
    return player(scorm_2004(*((f"{number}.html", PAGE) for number in range(1, pages + 1)), inner=inner))


def lessons_done(who: Player) -> int:
    return LessonDone.objects.filter(enrolment=who.enrolment).count()


def seen(who: Player) -> dict[str, str]:
    """What the item finds when it is opened now."""
    launch, _ = who.open()
    launch = Launch.objects.select_related("state__enrolment").get(pk=launch.pk)
    return values_for(launch.state, who.item())


@pytest.mark.parametrize("status", ["passed", "completed"])
def test_a_completed_item_finishes_its_lesson_and_the_course_with_the_evidence_completed(status: str) -> None:
    who = first()
    state = who.play({STATUS: status, RAW: "90"})
    assert (lessons_done(who), state.done_at, state.score) == (1, NOW, Decimal(90))
    achievement = Achievement.objects.get()
    assert (achievement.evidence, achievement.person_id) == (Evidence.COMPLETED, who.enrolment.person_id)


@pytest.mark.parametrize("status", ["failed", "incomplete", "browsed"])
def test_other_statuses_finish_nothing(status: str) -> None:
    who = first()
    assert who.play({STATUS: status}).done_at is None
    assert lessons_done(who) == 0


def test_an_item_of_scorm_1_2_that_ends_without_a_status_is_completed() -> None:
    who = first()
    assert who.play({}).is_completed
    assert lessons_done(who) == 1


def test_an_item_that_has_not_ended_and_says_nothing_is_not_completed() -> None:
    who = first()
    assert who.play({RAW: "10"}, finished=False).is_completed is None


@pytest.mark.parametrize(("raw", "done"), [("80", 1), ("79.99", 0), ("100", 1), ("0", 0)])
def test_a_mastery_score_decides_whatever_the_item_says(raw: str, done: int) -> None:
    who = first(MASTERY)
    who.play({STATUS: "failed" if done else "passed", RAW: raw})
    assert lessons_done(who) == done


def test_an_item_that_is_still_running_is_not_failed_by_its_score() -> None:
    state = first(MASTERY).play({STATUS: "incomplete", RAW: "10"}, finished=False)
    assert (state.is_passed, state.is_completed) == (None, None)


@pytest.mark.parametrize(
    ("values", "done"),
    [
        ({"cmi.completion_status": "completed"}, 1),
        ({"cmi.completion_status": "completed", "cmi.success_status": "failed"}, 0),
        ({"cmi.completion_status": "incomplete", "cmi.success_status": "passed"}, 1),
        ({"cmi.completion_status": "incomplete"}, 0),
        ({"cmi.completion_status": "not attempted"}, 0),
        ({}, 1),
        ({"cmi.exit": "suspend"}, 0),
    ],
)
def test_the_statuses_of_scorm_2004_decide_together(values: dict[str, str], done: int) -> None:
    who = second()
    who.play(values)
    assert lessons_done(who) == done


PASSING = (
    '<imsss:sequencing><imsss:objectives><imsss:primaryObjective satisfiedByMeasure="true"><imsss:minNormalizedMeasure>'
    "0.6</imsss:minNormalizedMeasure></imsss:primaryObjective></imsss:objectives></imsss:sequencing>"
)
THRESHOLD = '<adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.8"/>'


@pytest.mark.parametrize(
    ("scaled", "said", "passed"),
    [("0.6", "failed", True), ("0.59", "passed", False), ("", "passed", None)],
)
def test_the_scaled_passing_score_decides_whatever_the_item_says(scaled: str, said: str, passed: bool | None) -> None:
    values = {"cmi.success_status": said, **({"cmi.score.scaled": scaled} if scaled else {})}
    assert second(PASSING).play(values).is_passed is passed


@pytest.mark.parametrize(
    ("measure", "said", "completed"),
    [("0.8", "incomplete", True), ("0.79", "completed", False), ("", "completed", True)],
)
def test_the_completion_threshold_decides_where_progress_is_told(measure: str, said: str, completed: bool) -> None:
    values = {"cmi.completion_status": said, **({"cmi.progress_measure": measure} if measure else {})}
    assert second(THRESHOLD).play(values).is_completed is completed


def test_the_lessons_of_several_items_are_done_one_by_one() -> None:
    who = second(pages=3)
    for number, lesson in enumerate(who.lessons(), start=1):
        launch, _ = who.open(lesson)
        who.commit(launch, 1, {"cmi.completion_status": "completed"}, finished=True)
        assert lessons_done(who) == number
        assert Achievement.objects.count() == (number == 3)


def test_a_commit_that_is_sent_again_is_recorded_once() -> None:
    who = first()
    launch, _ = who.open()
    who.commit(launch, 1, {RAW: "50"})
    state = who.commit(launch, 1, {RAW: "70"})
    assert state.values[RAW] == "50"


def test_a_commit_that_arrives_late_changes_nothing() -> None:
    who = first()
    launch, _ = who.open()
    who.commit(launch, 2, {"cmi.suspend_data": "new"})
    assert who.commit(launch, 1, {"cmi.suspend_data": "old"}).values["cmi.suspend_data"] == "new"


def test_an_older_launch_changes_nothing_any_more() -> None:
    who = first()
    older, _ = who.open()
    newer, _ = who.open()
    who.commit(newer, 1, {"cmi.suspend_data": "new"})
    with pytest.raises(SupersededError):
        who.commit(older, 5, {"cmi.suspend_data": "old"})
    assert PackageState.objects.get().values["cmi.suspend_data"] == "new"


def test_nothing_is_taken_after_the_end_of_a_session_but_the_end_again() -> None:
    who = first()
    launch, _ = who.open()
    who.commit(launch, 1, {STATUS: "incomplete"}, finished=True)
    who.commit(launch, 1, {STATUS: "incomplete"}, finished=True)
    with pytest.raises(LaunchEndedError):
        who.commit(launch, 2, {STATUS: "passed"})


def test_what_is_reported_later_never_takes_a_done_lesson_back() -> None:
    who = first()
    who.play({STATUS: "passed", RAW: "90"})
    state = who.play({STATUS: "failed", RAW: "10"})
    assert (state.is_passed, state.score, state.done_at) == (False, Decimal(90), NOW)
    assert (lessons_done(who), Achievement.objects.count()) == (1, 1)


def test_an_item_that_was_cut_off_goes_on_where_it_was() -> None:
    who = first()
    assert seen(who)["cmi.core.entry"] == "ab-initio"
    who.play({"cmi.suspend_data": "page 7", "cmi.core.lesson_location": "7"}, finished=False)
    found = seen(who)
    assert (found["cmi.core.entry"], found["cmi.suspend_data"]) == ("resume", "page 7")
    assert found["cmi.core.lesson_location"] == "7"


def test_what_an_item_never_reads_again_does_not_travel_again() -> None:
    who = first()
    who.play({"cmi.interactions.0.id": "question-1", "cmi.comments": "kept"}, finished=False)
    found = seen(who)
    assert (found["cmi.interactions.0.id"], found["cmi.comments"]) == ("", "kept")
    assert PackageState.objects.get().values["cmi.interactions.0.id"] == "question-1"


def test_a_suspended_item_is_resumed_and_an_ended_one_is_not() -> None:
    who = first()
    who.play({"cmi.core.exit": "suspend", STATUS: "incomplete"})
    assert seen(who)["cmi.core.entry"] == "resume"
    who.play({STATUS: "incomplete"})
    assert seen(who)["cmi.core.entry"] == ""


def test_a_new_attempt_of_scorm_2004_begins_with_nothing_set() -> None:
    who = second()
    who.play({"cmi.suspend_data": "x", "cmi.session_time": "PT1M", "cmi.exit": "normal"})
    found = seen(who)
    assert (found["cmi.entry"], found["cmi.total_time"]) == ("ab-initio", "PT0H0M0S")
    assert "cmi.suspend_data" not in found


def test_a_suspended_attempt_of_scorm_2004_goes_on() -> None:
    who = second()
    who.play({"cmi.suspend_data": "x", "cmi.session_time": "PT1M30.5S", "cmi.exit": "suspend"})
    found = seen(who)
    assert (found["cmi.entry"], found["cmi.suspend_data"]) == ("resume", "x")
    assert found["cmi.total_time"] == "PT0H1M30.50S"


def test_the_times_of_all_sessions_are_summed() -> None:
    who = first()
    for time in ("00:01:00", "00:00:30.5"):
        launch, _ = who.open()
        who.commit(launch, 1, {"cmi.core.session_time": "00:00:10"})
        who.commit(launch, 2, {"cmi.core.session_time": time})
    launch, _ = who.open()
    state = who.commit(launch, 1, {STATUS: "incomplete"}, finished=True)
    assert state.seconds == Decimal("90.50")
    assert seen(who)["cmi.core.total_time"] == "0000:01:30.50"


def test_a_learner_is_called_by_a_name_that_says_nothing() -> None:
    who, other = first(), first()
    found, others = seen(who), seen(other)
    assert found["cmi.core.student_name"] == "Learner"
    assert found["cmi.core.student_id"] not in (others["cmi.core.student_id"], str(who.enrolment.person_id))
    assert found["cmi.core.student_id"] == seen(who)["cmi.core.student_id"]
    user = who.enrolment.person.user
    assert user
    assert user.email not in str(found)


@pytest.mark.parametrize(
    "values",
    [
        {"cmi.core.lesson_status": "not attempted"},
        {"cmi.core.lesson_status": "brilliant"},
        {"cmi.core.score.raw": "101"},
        {"cmi.core.score.raw": "-1"},
        {"cmi.core.score.raw": "NaN"},
        {"cmi.core.score.raw": "1e9"},
        {"cmi.core.score.raw": "٣"},
        {"cmi.core.student_id": "somebody"},
        {"cmi.core.total_time": "0001:00:00"},
        {"cmi.core.credit": "no-credit"},
        {"cmi.student_data.mastery_score": "0"},
        {"cmi.suspend_data": "x" * 4097},
        {"cmi.suspend_data": "\0"},
        {"cmi.suspend_data": "\ud800"},
        {"cmi.suspend_data": 7},
        {"cmi.suspend_data": None},
        {"cmi.suspend_data": ["x"]},
        {"cmi.interactions.1.id": "hole"},
        {"cmi.interactions.n.id": "letter"},
        {"cmi.interactions.01.id": "zero"},
        {"cmi.interactions.-1.id": "minus"},
        {"cmi.interactions.99999.id": "far"},
        {"cmi.made_up": "x"},
        {"__proto__": "x"},
        {"": "x"},
        {"x" * 5000: "x"},
        {"cmi.interactions._count": "5"},
        "text",
        ["cmi.core.lesson_status", "passed"],
    ],
)
def test_a_claim_that_the_standard_forbids_changes_nothing(values: Any) -> None:
    who = first()
    launch, _ = who.open()
    with pytest.raises(ClaimRefusedError):
        who.commit(launch, 1, values)
    assert PackageState.objects.get().values == {}


def test_what_is_kept_of_an_item_is_bounded() -> None:
    who = second()
    launch, _ = who.open()
    with pytest.raises(ClaimRefusedError, match="more values"):
        who.commit(launch, 1, {f"cmi.comments_from_learner.{n}.comment": "x" * 16_000 for n in range(70)})
    with pytest.raises(ClaimRefusedError, match="up to 1000"):
        who.commit(launch, 1, {f"cmi.objectives.{n}.id": f"o{n}" for n in range(1001)})


def test_launches_that_expired_are_forgotten() -> None:
    who = first()
    who.open()
    who.open(at=NOW + LASTS + timedelta(seconds=1))
    assert list(Launch.objects.values_list("number", flat=True)) == [2]


def test_the_database_keeps_one_state_a_lesson() -> None:
    who = first()
    who.open()
    state = PackageState.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        PackageState.objects.create(
            program=state.program, enrolment=state.enrolment, lesson=state.lesson, changed_at=NOW
        )


@pytest.mark.django_db(transaction=True)
def test_fifty_last_commits_at_once_complete_the_course_once() -> None:
    who = first()
    launch, _ = who.open()

    def commit(sequence: int) -> None:
        try:
            who.commit(launch, sequence, {STATUS: "passed"})
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=10) as pool:
        list(pool.map(commit, range(1, 51)))
    assert Achievement.objects.count() == 1
    assert Enrolment.objects.get().achievement is not None
    assert Launch.objects.get().sequence == 50


def test_the_times_of_many_endless_sessions_are_still_kept() -> None:
    who = player(scorm_2004(("index.html", PAGE)))
    for _ in range(12):
        state = who.play({"cmi.session_time": "P99999999Y", "cmi.exit": "suspend"})
    assert state.seconds == 10**9
