"""Flagged rows that wait, who may decide on them, and how they stand."""

from datetime import timedelta

from accounts.models import User
from courses.achievements.models import Achievement
from courses.returns.models import Group, Return
from tests.factories import NOW, MembershipFactory, UserFactory
from tests.test_returns.anomaly_world import file_of_lines, line
from tests.test_returns.school import School

LATER = NOW + timedelta(hours=1)
WHY = "asked the partner: a family"


def manager_of(school: School) -> User:
    user = UserFactory.create()
    MembershipFactory(program=school.program, user=user)
    return user


def shared_file(people: int = 3) -> bytes:
    return file_of_lines([*(line(f"A{n}", account="GB01") for n in range(people)), line("B")])


def send_shared(school: School, people: int = 3) -> tuple[Return, Group]:
    sent = school.send(shared_file(people))
    return sent, group_of(sent)


def group_of(sent: Return) -> Group:
    row = sent.held_rows.exclude(rule="").first()
    assert row
    return Group(sent.partner_id, row.rule, row.group, row.also)


def states(sent: Return) -> list[str]:
    return list(sent.held_rows.in_file_order().values_list("state", flat=True))


def standing(school: School) -> int:
    return Achievement.objects.of(school.program).standing().count()


def fresh(sent: Return) -> Return:
    return Return.objects.get(pk=sent.pk)
