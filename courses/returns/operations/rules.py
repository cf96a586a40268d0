"""Thresholds and switches of a program's anomaly rules."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from courses.returns.anomalies import DEFAULTS, checked
from courses.returns.models import AnomalyRule, RuleChange
from programs.models import Membership, Program, Role

MAY_CHANGE_RULES = (Role.PROGRAM_MANAGER,)


class RuleRefusedError(Exception):
    """The rule cannot be changed by this user; the message says why."""


def ensure_rules(program: Program) -> None:
    """Adds the rules that the program does not have yet, each with its defaults."""
    known = set(AnomalyRule.objects.of(program).values_list("kind", flat=True))
    new = [AnomalyRule(program=program, kind=kind, parameters=DEFAULTS[kind]) for kind in DEFAULTS if kind not in known]
    AnomalyRule.objects.bulk_create(new, ignore_conflicts=True)


@transaction.atomic
def change_rule(
    program: Program, kind: str, *, is_on: bool, parameters: Mapping[str, Any], at: datetime, by: User
) -> AnomalyRule:
    """Sets a rule's switch and parameters, for returns that are loaded from now on; logs who and when.

    What is not given of the parameters is as the defaults say. Without a difference nothing is logged. Raises
    `ParametersRefusedError` with everything that is wrong, and `RuleRefusedError` for somebody without the role.
    """
    if not (by.is_active and Membership.objects.filter(program=program, user=by, role__in=MAY_CHANGE_RULES).exists()):
        raise RuleRefusedError(_("%(by)s is no program manager of %(program)s.") % {"by": by, "program": program})
    wanted = checked(kind, parameters)
    ensure_rules(program)
    rule = AnomalyRule.objects.select_for_update(of=("self",)).get(program=program, kind=kind)
    if (rule.is_on, rule.parameters) != (is_on, wanted):
        rule.is_on, rule.parameters = is_on, wanted
        rule.save(update_fields=["is_on", "parameters"])
        RuleChange.objects.create(
            program=program, rule=rule, is_on=is_on, parameters=wanted, changed_at=at, changed_by=by
        )
    return rule
