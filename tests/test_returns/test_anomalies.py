"""Rows that are hardly true wait for a decision: every rule, its edge, and the two public cases."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from courses.achievements.models import Achievement
from courses.returns.anomalies import ParametersRefusedError, checked
from courses.returns.models import AnomalyRule, HeldRow, Return
from courses.returns.operations import load_return_now
from people.models import Person
from programs.models import Code, Employer
from tests.factories import NOW, PartnerFactory
from tests.test_returns.anomaly_world import (
    DAY,
    INVENTED,
    SHARED_VALUES,
    SHARING_PEOPLE,
    Population,
    academy_of,
    at,
    dormant_firms,
    file_of_lines,
    invented_lines,
    line,
    numbers_of,
    sharing_lines,
    shuffled,
)
from tests.test_returns.school import School, counts

Kind = AnomalyRule.Kind


def send(school: School, *lines: str) -> Return:
    return school.send(file_of_lines(lines))


def flagged(sent: Return, rule: str = "") -> set[int]:
    rows = sent.held_rows.filter(state=HeldRow.State.WAITING)
    return set((rows.filter(rule=rule) if rule else rows).values_list("number", flat=True))


def set_rule(school: School, kind: str, *, is_on: bool = True, **parameters: object) -> None:
    AnomalyRule.objects.create(program=school.program, kind=kind, is_on=is_on, parameters=checked(kind, parameters))


def test_a_phone_of_three_people_holds_them_and_one_of_two_does_not(academy: School) -> None:
    three = [line(f"A{n}", phone="+44 20 7946 0001") for n in range(3)]
    two = [line(f"B{n}", phone="+44 20 7946 0002") for n in range(2)]
    sent = send(academy, *three, *two)
    assert flagged(sent, Kind.SHARED) == {2, 3, 4}
    assert counts(sent) == (5, 2, 0, 3)
    assert Person.objects.count() == 2
    row = sent.held_rows.get(number=2)
    assert row.evidence == {"shared": {"column": "phone", "persons": 3}}
    assert row.group.startswith("phone-")


def test_one_person_with_several_records_shares_with_nobody(academy: School) -> None:
    sent = send(academy, line("A", account="GB01", course="safety"), line("A", account="GB01", course="welding"))
    assert counts(sent) == (2, 2, 0, 0)


def test_an_account_of_two_people_holds_them(academy: School) -> None:
    assert flagged(send(academy, line("A", account="GB01"), line("B", account="GB01"))) == {2, 3}


def test_what_is_known_of_other_partners_people_counts_as_well(academy: School) -> None:
    other = academy_of(PartnerFactory(program=academy.program))
    send(other, line("X", phone="0044123456"), line("Y", phone="0044123456"))
    sent = send(academy, line("A", phone="0044123456"), line("B", phone="0044999999"))
    assert flagged(sent) == {2}


def test_another_program_s_people_share_nothing(academy: School) -> None:
    send(academy_of(PartnerFactory()), line("X", account="GB01"))
    assert counts(send(academy, line("A", account="GB01"))) == (1, 1, 0, 0)


def test_merged_persons_are_one(academy: School) -> None:
    from courses.achievements.operations import merge_persons
    from people.models import Merge

    send(academy, line("A", account="GB01"), line("B"))
    first, second = Person.objects.order_by("pk")
    merge_persons(academy.program, second, first, reason=Merge.Reason.REVIEW, evidence={}, at=NOW, by=None)
    assert counts(send(academy, line("B", account="GB01", course="welding"))) == (1, 1, 0, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "TEST"}, {"name": "N/A"}, {"phone": "0000000000"}, {"phone": "+1 234 567 890"}, {"phone": "99-99-99"},
        {"account": "XXXXXX"}, {"email": "somebody@example.org"}, {"number": "00000000"}, {"number": "Unknown"},
    ],
)  # fmt: skip
def test_a_placeholder_holds_its_row(academy: School, changes: dict[str, str]) -> None:
    assert flagged(send(academy, line("A"), line(**{"number": "B"} | changes)), Kind.PLACEHOLDER) == {3}


def test_values_that_only_look_odd_hold_nothing(academy: School) -> None:
    odd = [{"number": "11111"}, {"name": "Testa Nanni"}, {"phone": "0800 100 100"}, {"name": "Xiao"}, {"name": ""}]
    assert not flagged(send(academy, *(line(**{"number": f"A{n}"} | changes) for n, changes in enumerate(odd))))


def test_faster_than_the_shortest_time_is_held(academy: School) -> None:
    sent = send(
        academy,
        line("A", course="welding", minutes=29),
        line("B", course="welding", minutes=30),
        line("C", course="safety", minutes=5),
        line("D", course="safety", minutes=6),
        line("E", course="safety", minutes="", started=f"{DAY} 10:26"),
        line("F", course="safety", minutes="", started=f"{DAY} 10:45"),
        line("G", course="safety", minutes=""),
    )
    assert flagged(sent, Kind.FAST) == {2, 4, 6, 7}


def test_more_courses_than_a_day_has_hours_are_held(academy: School) -> None:
    from courses.catalogue.models import Course

    for n in range(26):
        Course.objects.create(program=academy.program, code=f"short{n}", title="Short", minutes=60)
    sent = send(
        academy,
        *(line("A", course=f"short{n}") for n in range(25)),
        *(line("B", course=f"short{n}") for n in range(24)),
        *(line("C", course=f"short{n}", ended=at(DAY - timedelta(days=n % 2), 10)) for n in range(25)),
    )
    assert flagged(sent, Kind.FULL_DAY) == set(range(2, 27))


def test_long_courses_that_end_on_one_day_are_plausible(academy: School) -> None:
    from courses.catalogue.models import Course

    for n in range(4):
        Course.objects.create(program=academy.program, code=f"long{n}", title="Long", minutes=2400)
    assert not flagged(send(academy, *(line("A", course=f"long{n}", minutes=2000) for n in range(4))))


def test_a_burst_at_night_is_held_and_a_night_shift_is_not(academy: School) -> None:
    burst = [line(f"A{n}", employer="Moon", ended=at(DAY, 2)) for n in range(35)]
    by_day = [line(f"B{n}", employer="Moon", ended=at(DAY, 14)) for n in range(5)]
    shift = [line(f"C{n}", employer="Hospital", ended=at(DAY, 2)) for n in range(30)]
    hospital = [line(f"D{n}", employer="Hospital", ended=at(DAY, 15)) for n in range(40)]
    sent = send(academy, *burst, *by_day, *shift, *hospital)
    assert flagged(sent, Kind.NIGHT) == set(range(2, 37))


def test_midnight_sharp_is_a_day_without_a_time(academy: School) -> None:
    assert not flagged(send(academy, *(line(f"A{n}", ended=f"{DAY} 00:00") for n in range(40))))


def test_more_learners_than_employees_as_reported_are_held(academy: School) -> None:
    crowd = [line(f"A{n}", employer="Tiny", employees=13) for n in range(20)]
    sent = send(academy, *crowd, *(line(f"B{n}", employer="Right", employees=14) for n in range(20)))
    assert flagged(sent, Kind.CROWDED) == set(range(2, 22))
    assert sent.held_rows.get(number=2).evidence["crowded"] == {
        "employer": "Tiny", "learners": 20, "employees": 13, "said_by": "reported",
    }  # fmt: skip


def test_more_learners_than_the_register_or_the_size_band_allows_are_held(academy: School) -> None:
    Code.objects.filter(program=academy.program, kind="employer_size", code="small").update(most=9)
    Employer.objects.create(program=academy.program, code="77", name="Known Works", employees=3, source="a register")
    sent = send(
        academy,
        *(line(f"A{n}", employer="known  WORKS", employees=9000) for n in range(20)),
        *(line(f"B{n}", employer="Banded", size="small") for n in range(20)),
        *(line(f"C{n}", employer="Open", size="large") for n in range(20)),
    )
    assert flagged(sent, Kind.CROWDED) == set(range(2, 42))


def test_learners_of_earlier_returns_crowd_an_employer_too(academy: School) -> None:
    first = send(academy, *(line(f"A{n}", employer="Tiny", employees=13) for n in range(19)))
    assert not flagged(first)
    assert flagged(send(academy, line("B", employer="Tiny", employees=13))) == {2}


def test_a_dormant_employer_that_wakes_with_many_is_held_and_with_one_is_not(academy: School) -> None:
    asleep, other = dormant_firms(academy, 2)
    sent = send(academy, *(line(f"A{n}", employer=asleep) for n in range(10)), line("B", employer=other))
    assert flagged(sent, Kind.DORMANT) == set(range(2, 12))


def test_what_was_achieved_before_the_employer_fell_dormant_counts(academy: School) -> None:
    (asleep,) = dormant_firms(academy, 1)
    assert not flagged(send(academy, *(line(f"A{n}", employer=asleep, ended="2018-05-01 10:00") for n in range(10))))


def test_an_employer_of_whom_nothing_was_heard_for_years_is_dormant(academy: School) -> None:
    send(academy, line("A", employer="Old", ended="2022-05-01 10:00"), line("B", employer="New", ended=at(DAY, 9)))
    late = [line(f"C{n}", employer="Old") for n in range(10)]
    assert flagged(send(academy, *late, *(line(f"D{n}", employer="New") for n in range(10)))) == set(range(2, 12))


def test_a_rule_that_is_off_holds_nothing(academy: School) -> None:
    set_rule(academy, Kind.SHARED, is_on=False)
    assert not flagged(send(academy, line("A", account="GB01"), line("B", account="GB01")))


def test_a_threshold_of_the_program_holds(academy: School) -> None:
    set_rule(academy, Kind.SHARED, account=2)
    assert not flagged(send(academy, line("A", account="GB01"), line("B", account="GB01")))


def test_several_rules_name_the_gravest_first(academy: School) -> None:
    (asleep,) = dormant_firms(academy, 1)
    sent = send(academy, *(line(f"A{n}", employer=asleep, phone="00000000") for n in range(10)))
    row = sent.held_rows.get(number=2)
    assert (row.rule, row.also) == ("dormant", "shared placeholder")
    assert set(row.evidence) == {"dormant", "shared", "placeholder"}


def test_rows_without_an_achievement_are_not_flagged(academy: School) -> None:
    sent = send(academy, *(line(f"A{n}", account="GB01", result="Absent") for n in range(3)))
    assert counts(sent) == (3, 3, 0, 0)


def test_a_dry_run_flags_and_changes_nothing(academy: School) -> None:
    tried = academy.send(file_of_lines([line("A", account="GB01"), line("B", account="GB01")]), is_trial=True)
    assert flagged(tried) == {2, 3}
    assert not HeldRow.objects.waiting(academy.program).exists()


def test_parameters_that_cannot_be_are_refused_with_all_faults() -> None:
    with pytest.raises(ParametersRefusedError) as refusal:
        checked(Kind.SHARED, {"phone": 0, "email": "two", "fax": 1})
    assert len(refusal.value.faults) == 3
    with pytest.raises(ParametersRefusedError, match="list"):
        checked(Kind.PLACEHOLDER, {"words": "test"})


def test_the_two_public_cases_are_found_to_the_last_row_in_any_order(academy: School) -> None:
    """A tenth of each case among a clean population."""
    firms = dormant_firms(academy)
    lines = shuffled([
        *Population(10_000).lines(), *sharing_lines(1_212, 5_238), *invented_lines(firms, 2_500)
    ])  # fmt: skip
    sent = academy.send(file_of_lines(lines))
    assert flagged(sent) == numbers_of(lines)
    assert HeldRow.objects.filter(rule=Kind.DORMANT).values("group").distinct().count() == 9
    assert HeldRow.objects.filter(rule=Kind.SHARED).values("group").distinct().count() == 1_212
    assert Achievement.objects.count() == 10_000


def test_the_two_public_cases_are_found_in_full(academy: School) -> None:
    firms = dormant_firms(academy)
    lines = [
        *Population(5_000).lines(),
        *sharing_lines(SHARED_VALUES, SHARING_PEOPLE),
        *invented_lines(firms, INVENTED),
    ]
    sent = academy.send(file_of_lines(shuffled(lines, seed=2)))
    assert flagged(sent) == numbers_of(shuffled(lines, seed=2))
    assert counts(sent) == (82_381, 5_000, 0, 77_381)
    groups = HeldRow.objects.filter(rule=Kind.SHARED).values("group").distinct().count()
    assert groups == SHARED_VALUES


def test_a_return_that_is_loaded_again_after_it_was_cut_off_flags_the_same(academy: School) -> None:
    lines = [line("A", account="GB01"), line("B", account="GB01"), *(line(f"C{n}") for n in range(5))]
    kept = academy.keep(file_of_lines(lines))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION go_away() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'gone' USING ERRCODE = 'admin_shutdown'; END $$;"
            "CREATE TRIGGER go_away BEFORE INSERT ON returns_heldrow FOR EACH STATEMENT EXECUTE FUNCTION go_away()"
        )
    with pytest.raises(OperationalError):
        load_return_now(kept.pk, at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER go_away ON returns_heldrow")
    load_return_now(kept.pk, at=NOW)
    assert flagged(kept) == {2, 3}
    assert counts(Return.objects.get(pk=kept.pk)) == (7, 5, 0, 2)


def test_a_clean_population_is_hardly_flagged(academy: School) -> None:
    firm = dormant_firms(academy, 1)[0]
    sent = academy.send(file_of_lines([*Population(10_000).lines(), line("Z", employer=firm)]))
    assert sent.sent == 10_001
    assert sent.quarantined / sent.sent < 0.005
