"""Fixtures. Models are imported when they are used: this file is read before Django is ready."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from accounts.models import User
    from courses.achievements.models import Achievement
    from courses.credentials.models import Credential
    from people.models import Person


@pytest.fixture
def learner(db: None) -> "User":
    from tests.test_credentials.cast import learner_of_ruritania

    return learner_of_ruritania()


@pytest.fixture
def person(learner: "User") -> "Person":
    return learner.persons.get()


@pytest.fixture
def achievement(person: "Person") -> "Achievement":
    from tests.test_credentials.cast import achieve

    return achieve(person)


@pytest.fixture
def credential(achievement: "Achievement") -> "Credential":
    from courses.credentials.operations import issue_credential
    from tests.factories import NOW

    return issue_credential(achievement, issued_at=NOW)
