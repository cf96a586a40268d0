"""Rows that name a person by a national identifier, by the partner's own number, or by both."""

from itertools import permutations

import pytest

from courses.achievements.models import Achievement
from courses.achievements.operations import unmerge
from courses.returns.models import ReturnProfile
from courses.returns.operations import load_profile
from courses.returns.profiles import parsed
from people.models import Identity, Merge, Person
from programs.models import Partner
from tests.factories import NOW, PartnerFactory, UserFactory
from tests.test_returns.school import School, counts, file_of, quarantined

PROFILE = """
code = "both"
name = "Both identifiers"
record_key = ["staff_no", "course"]
[person]
column = "citizen_no"
schemes = ["citizen"]
[reference]
column = "staff_no"
[course]
column = "course"
[day]
column = "ended"
[result]
column = "result"
values = { Pass = "assessed" }
[particulars]
name = "name"
born_on = "born"
email = "email"
phone = "phone"
[[courses]]
code = "digging"
title = "Digging"
tags = ["skills"]
[[courses]]
code = "sorting"
title = "Sorting"
tags = ["skills"]
"""
HEADER = "citizen_no,staff_no,course,ended,result,name,born,email,phone"


@pytest.fixture
def mine(db: None) -> School:
    return mine_of(PartnerFactory())


def mine_of(partner: Partner) -> School:
    load_profile(parsed(PROFILE), partner.program)
    profile = ReturnProfile.objects.get(program=partner.program, code="both")
    return School(partner.program, partner, profile)


def line(citizen: str, staff: str, course: str = "digging", **said: str) -> str:
    given = {"ended": "2026-05-01", "name": "", "born": "", "email": "", "phone": ""} | said
    personal = ",".join(given[name] for name in ("name", "born", "email", "phone"))
    return f"{citizen},{staff},{course},{given['ended']},Pass,{personal}"


def sent(school: School, *lines: str) -> tuple[int, int, int, int]:
    return counts(school.send(file_of(lines, HEADER)))


def humans() -> int:
    """How many human beings the persons with facts are."""
    with_facts = Person.objects.filter(achievements__isnull=False).distinct()
    merged = Merge.objects.standing().values("person")
    return with_facts.exclude(pk__in=merged).count()


@pytest.mark.parametrize("order", list(permutations([("1", "A"), ("1", ""), ("", "A")])))
def test_rows_that_hang_together_are_one_person_in_any_order(mine: School, order: list[tuple[str, str]]) -> None:
    courses = ["digging", "sorting", "digging"]
    mine.profile.definition["record_key"] = ["course", "ended"]
    mine.profile.save()
    lines = [
        line(*pair, course, ended=f"2026-05-0{n}")
        for n, (pair, course) in enumerate(zip(order, courses, strict=True), 1)
    ]
    assert sent(mine, *lines) == (3, 3, 0, 0)
    assert (Person.objects.count(), Merge.objects.count(), Identity.objects.count()) == (1, 0, 2)


@pytest.mark.parametrize("order", list(permutations([("1", "A"), ("", "A"), ("1", "B"), ("", "B")])))
def test_returns_that_hang_together_end_as_one_person_in_any_order(mine: School, order: list[tuple[str, str]]) -> None:
    mine.profile.definition["record_key"] = ["course", "ended"]
    mine.profile.save()
    for day, pair in enumerate(order, 1):
        assert sent(mine, line(*pair, ended=f"2026-05-0{day}")) == (1, 1, 0, 0)
    assert humans() == 1


def test_a_person_known_by_number_alone_gets_the_identifier_that_comes_later(mine: School) -> None:
    sent(mine, line("", "A"))
    sent(mine, line("1", "A", "sorting"))
    assert Person.objects.count() == 1
    assert set(Identity.objects.values_list("scheme", flat=True)) == {"citizen", f"partner:{mine.partner.code}"}


def test_two_persons_with_one_identifier_are_merged(mine: School) -> None:
    other = mine_of(PartnerFactory(program=mine.program))
    sent(other, line("1", "X"))
    sent(mine, line("", "A"))
    assert humans() == 2
    returned = mine.send(file_of([line("1", "A", "sorting")], HEADER))
    merge = Merge.objects.get()
    assert humans() == 1
    assert (merge.reason, merge.evidence) == (Merge.Reason.NATIONAL, {"return": returned.pk})


def test_what_somebody_separated_is_not_merged_again_by_the_same_numbers(mine: School) -> None:
    other = mine_of(PartnerFactory(program=mine.program))
    sent(other, line("1", "X"))
    sent(mine, line("", "A"))
    sent(mine, line("1", "A", "sorting"))
    unmerge(Merge.objects.get(), because="two sisters", at=NOW, by=UserFactory.create())
    mine.profile.definition["record_key"] = ["staff_no", "course", "ended"]
    mine.profile.save()
    sent(mine, line("1", "A", "sorting", ended="2026-05-09"))
    assert Merge.objects.count() == 1
    assert humans() == 2


def test_a_number_beside_two_identifiers_is_put_in_quarantine_whole(mine: School) -> None:
    returned = mine.send(file_of([line("1", "A"), line("2", "A", "sorting"), line("3", "B")], HEADER))
    assert counts(returned) == (3, 1, 0, 2)
    assert {entry[3] for entry in quarantined(returned)} == {
        "the partner's number stands beside different identifiers in this file"
    }
    assert Person.objects.count() == 1


def test_a_number_that_named_somebody_else_before_is_put_in_quarantine(mine: School) -> None:
    sent(mine, line("1", "A"))
    returned = mine.send(file_of([line("2", "A", "sorting")], HEADER))
    assert counts(returned) == (1, 0, 0, 1)
    assert quarantined(returned)[0][3] == "the partner's number named somebody with another identifier before"
    assert Person.objects.count() == 1


def test_a_hostile_partner_cannot_merge_everybody_by_one_number(mine: School) -> None:
    victims = mine_of(PartnerFactory(program=mine.program))
    sent(victims, *(line(str(number), f"V{number}") for number in range(1, 10)))
    for number in range(1, 10):
        sent(mine, line(str(number), "A", ended=f"2026-05-0{number}"))
    assert humans() == 9
    assert not Merge.objects.exists()


def test_numbers_of_different_partners_are_different(mine: School) -> None:
    other = mine_of(PartnerFactory(program=mine.program))
    sent(mine, line("", "A"))
    sent(other, line("", "A"))
    assert Person.objects.count() == 2


def test_a_row_that_names_nobody_is_put_in_quarantine(mine: School) -> None:
    mine.profile.definition["record_key"] = ["course"]
    mine.profile.save()
    returned = mine.send(file_of([line("", "")], HEADER))
    assert quarantined(returned) == [(2, "citizen_no", "", "the person's identifier is missing")]


def test_one_record_of_two_persons_counts_for_the_first(mine: School) -> None:
    mine.profile.definition["record_key"] = ["course"]
    mine.profile.save()
    assert sent(mine, line("1", "A")) == (1, 1, 0, 0)
    returned = mine.send(file_of([line("2", "B")], HEADER))
    assert counts(returned) == (1, 0, 0, 1)
    assert "which has the same key" in quarantined(returned)[0][3]
    assert Achievement.objects.count() == 1


def test_what_is_said_of_a_person_is_kept_once_a_partner_as_last_said_and_contacts_stay(mine: School) -> None:
    sent(mine, line("1", "A", name=" Anna  Berg ", born="1990-02-03", email="Anna@berg.at", phone="+43 1 234"))
    person = Person.objects.get()
    kept = person.particulars.get()
    assert (kept.name, kept.born_on and kept.born_on.isoformat()) == ("Anna Berg", "1990-02-03")
    assert {len(kept.email or b""), len(kept.phone or b"")} == {16}
    assert kept.account is None
    sent(mine, line("1", "A", "sorting", name="Anna Berger", born="1990-02-03"))
    again = person.particulars.get()
    assert (again.name, again.email, again.phone) == ("Anna Berger", kept.email, kept.phone)
