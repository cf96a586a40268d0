"""Thresholds and switches are changed by program managers, and logged."""

import pytest

from accounts.models import User
from courses.returns.models import AnomalyRule, RuleChange
from courses.returns.operations import (
    RuleRefusedError,
    change_rule,
)
from tests.factories import UserFactory
from tests.test_returns.decisions import LATER, shared_file
from tests.test_returns.school import School, counts


def test_changing_a_rule_is_logged_once(academy: School, alice: User) -> None:
    for _ in range(2):
        rule = change_rule(academy.program, "shared", is_on=True, parameters={"account": 5}, at=LATER, by=alice)
    assert rule.parameters == {"account": 5, "email": 2, "phone": 2}
    assert RuleChange.objects.get().changed_by == alice
    assert AnomalyRule.objects.count() == 7
    assert counts(academy.send(shared_file())) == (4, 4, 0, 0)
    with pytest.raises(RuleRefusedError):
        change_rule(academy.program, "shared", is_on=False, parameters={}, at=LATER, by=UserFactory.create())
