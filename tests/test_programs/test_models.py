"""Promises of the tables: one program's rows stay together, names follow the reader, days follow the program."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from programs.models import MeasureVersion, Membership, Program, Role
from programs.models.program import in_reader_language
from tests.factories import MeasureVersionFactory, PartnerFactory, ProgramFactory, TargetFactory, UserFactory

pytestmark = pytest.mark.django_db


def save_and_check(row: Membership) -> None:
    row.save()
    connection.check_constraints()  # as the end of the transaction does


def test_the_database_refuses_a_parent_of_another_program() -> None:
    row = Membership(program=ProgramFactory(), user=UserFactory(), role=Role.PARTNER_MANAGER, partner=PartnerFactory())
    with pytest.raises(IntegrityError, match="same_program"), transaction.atomic():
        save_and_check(row)


def test_the_database_refuses_a_partner_manager_without_a_partner() -> None:
    with pytest.raises(IntegrityError, match="names_the_partner"), transaction.atomic():
        Membership.objects.create(program=ProgramFactory(), user=UserFactory(), role=Role.PARTNER_MANAGER)


def test_the_database_refuses_a_due_date_without_a_start() -> None:
    with pytest.raises(IntegrityError, match="target_with_due_date_starts_before_it"), transaction.atomic():
        TargetFactory(starts_on=None, due_on=date(2027, 12, 31))


def test_a_target_without_a_due_date_is_a_target() -> None:
    assert TargetFactory(starts_on=None, due_on=None).due_on is None


def test_the_current_version_of_a_measure_is_its_newest() -> None:
    first = MeasureVersionFactory()
    newest = MeasureVersionFactory(program=first.program, measure=first.measure, number=2)
    other = MeasureVersionFactory(program=first.program)
    MeasureVersionFactory()
    assert list(MeasureVersion.objects.of(first.program).current()) == [newest, other]


@pytest.mark.parametrize(
    ("reader", "name"), [("cy", "Cymraeg"), ("en-gb", "English"), ("zh-hans", "中文"), ("fr", "English")]
)
def test_a_name_follows_the_reader_and_falls_back(reader: str, name: str) -> None:
    names = {"cy": "Cymraeg", "en": "English", "zh-hans": "中文"}
    with translation.override(reader):
        assert in_reader_language(names, ["en"]) == name


def test_today_is_the_day_of_the_program_and_not_of_the_server() -> None:
    east, west = Program(time_zone="Asia/Tokyo"), Program(time_zone="America/Lima")
    with time_machine.travel(datetime(2026, 11, 22, 20, 0, tzinfo=UTC), tick=False):
        assert (east.today(), west.today()) == (date(2026, 11, 23), date(2026, 11, 22))
