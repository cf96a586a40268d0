"""Thresholds and switches are changed by program managers, and logged."""

import pytest

from accounts.models import User
from courses.returns.models import AnomalyRule, RuleChange
from courses.returns.operations import (
    RuleRefusedError,
    change_rule,
)
from tests.factories import PartnerFactory, UserFactory
from tests.test_returns.anomaly_world import academy_of
from tests.test_returns.decisions import LATER, manager_of, shared_file
from tests.test_returns.school import School, counts


@pytest.fixture
def academy(db: None) -> School:
    return academy_of(PartnerFactory())


@pytest.fixture
def alice(academy: School) -> User:
    return manager_of(academy)


def test_changing_a_rule_is_logged_once(academy: School, alice: User) -> None:
    for _ in range(2):
        rule = change_rule(academy.program, "shared", is_on=True, parameters={"account": 5}, at=LATER, by=alice)
    assert rule.parameters == {"account": 5, "email": 2, "phone": 2}
    assert RuleChange.objects.get().changed_by == alice
    assert AnomalyRule.objects.count() == 7
    assert counts(academy.send(shared_file())) == (4, 4, 0, 0)
    with pytest.raises(RuleRefusedError):
        change_rule(academy.program, "shared", is_on=False, parameters={}, at=LATER, by=UserFactory.create())
