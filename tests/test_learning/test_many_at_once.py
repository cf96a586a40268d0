"""The last submission, by fifty browsers at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from courses.achievements.models import Achievement
from courses.credentials.models import Credential
from courses.learning.models import Attempt, Enrolment
from tests.test_learning.cast import RIGHT, Learner, asha

pytestmark = pytest.mark.django_db(transaction=True)
BROWSERS = 50


def all_at_once(learner: Learner, keys: list[object]) -> None:
    barrier = Barrier(len(keys))

    def submit(key: object) -> None:
        try:
            barrier.wait(timeout=60)
            learner.submit(RIGHT, key)  # type: ignore[arg-type]
        finally:
            connection.close()

    with ThreadPoolExecutor(len(keys)) as pool:
        for done in [pool.submit(submit, key) for key in keys]:
            done.result()


def test_fifty_forms_at_once_give_one_achievement_and_one_credential() -> None:
    all_at_once(asha(), [uuid4() for _ in range(BROWSERS)])
    assert Attempt.objects.filter(is_passed=True).count() == BROWSERS
    assert Attempt.objects.filter(achievement__isnull=False).count() == 1
    assert (Enrolment.objects.count(), Achievement.objects.count(), Credential.objects.count()) == (1, 1, 1)


def test_one_form_sent_fifty_times_at_once_is_one_attempt() -> None:
    all_at_once(asha(), [uuid4()] * BROWSERS)
    assert (Attempt.objects.count(), Achievement.objects.count(), Credential.objects.count()) == (1, 1, 1)
