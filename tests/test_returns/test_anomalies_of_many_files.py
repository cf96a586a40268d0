"""What a rule holds in one file it holds in many: employers and contacts over all that a partner reported."""

from datetime import timedelta

import pytest

from courses.returns.models import AnomalyRule, Return
from courses.returns.operations import dismiss_rows, release_rows, release_waiting_rows, undo_quarantine_decision
from people.models import Particulars
from programs.models import Employer
from tests.factories import PartnerFactory
from tests.test_returns.anomaly_world import DAY, academy_of, at, dormant_firms, file_of_lines, line
from tests.test_returns.decisions import LATER, WHY, group_of, manager_of
from tests.test_returns.school import School, counts

Kind = AnomalyRule.Kind
LONG_AGO = "2020-01-01 10:00"


def send(school: School, *lines: str, is_trial: bool = False) -> Return:
    return school.send(file_of_lines(lines), is_trial=is_trial)


def learners(name: str, number: int, **changes: object) -> list[str]:
    return [line(f"{name}{n}", **changes) for n in range(number)]


def ends(sent: Return) -> tuple[int, int]:
    return sent.accepted, sent.quarantined


def test_few_learners_in_each_of_many_files_wake_a_dormant_employer_too(academy: School) -> None:
    (asleep,) = dormant_firms(academy, 1)
    assert ends(send(academy, *learners("A", 9, employer=asleep))) == (9, 0)
    for name in "BC":
        sent = send(academy, *learners(name, 9, employer=asleep))
        assert ends(sent) == (0, 9)
        assert sent.held_rows.earliest("number").evidence["dormant"]["learners"] == 18


@pytest.mark.parametrize("spelled", ["{}.", "“{}”", " {} ", "{},", "SLEEPING-company 0"])
def test_an_employer_is_known_again_by_its_words(academy: School, spelled: str) -> None:
    (asleep,) = dormant_firms(academy, 1)
    lines = learners("A", 10, employer=f'"{spelled.format(asleep)}"')
    assert ends(send(academy, *lines)) == (0, 10)


def test_spellings_that_change_from_file_to_file_are_one_employer(academy: School) -> None:
    Employer.objects.create(program=academy.program, code="7", name="Known Works", employees=13, source="a register")
    send(academy, *learners("A", 19, employer="Known Works"))
    assert ends(send(academy, line("B", employer="KNOWN  WORKS."))) == (0, 1)


def test_names_of_signs_alone_are_different_employers(academy: School) -> None:
    send(academy, *learners("A", 15, employer="...", employees=13))
    assert ends(send(academy, *learners("B", 15, employer="---", employees=13))) == (15, 0)


def test_one_row_does_not_wake_an_employer_for_those_who_follow(academy: School) -> None:
    send(academy, line("A", employer="Old", ended=LONG_AGO))
    assert ends(send(academy, line("B", employer="Old"))) == (1, 0)
    sent = send(academy, *learners("C", 50, employer="Old", ended=at(DAY + timedelta(days=1), 9)))
    assert ends(sent) == (0, 50)
    found = sent.held_rows.earliest("number").evidence["dormant"]
    assert (found["learners"], found["last_known_on"]) == (51, "2020-01-01")


def test_a_silence_within_one_file_is_found_as_it_is_between_two(academy: School) -> None:
    sent = send(academy, line("A", employer="Old", ended=LONG_AGO), *learners("B", 10, employer="Old"))
    assert ends(sent) == (1, 10)


def test_an_employer_that_woke_slowly_more_than_a_year_ago_is_awake(academy: School) -> None:
    send(academy, line("A", employer="Old", ended=LONG_AGO))
    send(academy, line("B", employer="Old", ended=at(DAY - timedelta(days=366), 9)))
    assert ends(send(academy, *learners("C", 20, employer="Old"))) == (20, 0)


def test_an_employer_is_awake_when_somebody_has_let_many_in_and_asleep_when_that_was_undone(academy: School) -> None:
    alice = manager_of(academy)
    send(academy, line("A", employer="Old", ended=LONG_AGO))
    sent = send(academy, *learners("B", 10, employer="Old"))
    made = release_rows(academy.program, group_of(sent), because=WHY, at=LATER, by=alice)
    release_waiting_rows(at=LATER)
    assert ends(send(academy, *learners("C", 10, employer="Old"))) == (10, 0)

    undo_quarantine_decision(made, because="invented", at=LATER, by=alice)
    assert ends(send(academy, line("D", employer="Old"))) == (1, 0)
    Employer.objects.create(
        program=academy.program, code="7", name="Old", dormant_since="2021-01-01", source="a register"
    )
    sent = send(academy, line("E", employer="Old"))
    assert sent.held_rows.get().evidence["dormant"]["learners"] == 12


def test_rows_that_were_dismissed_wake_nobody(academy: School) -> None:
    alice = manager_of(academy)
    send(academy, line("A", employer="Old", ended=LONG_AGO))
    sent = send(academy, *learners("B", 10, employer="Old"))
    dismiss_rows(academy.program, group_of(sent), because="invented", at=LATER, by=alice)
    assert ends(send(academy, *learners("C", 10, employer="Old"))) == (0, 10)


def test_a_record_without_an_account_does_not_free_the_account_for_others(academy: School) -> None:
    assert ends(send(academy, line("A", account="GB01"))) == (1, 0)
    assert ends(send(academy, line("A", course="welding"))) == (1, 0)
    assert Particulars.objects.get().account is not None
    assert ends(send(academy, line("B", account="GB01"))) == (0, 1)


def test_the_same_within_one_file_whichever_record_comes_first(academy: School) -> None:
    first = [line("A", account="GB01", phone="0044123456"), line("A", course="welding", email="a@post.test")]
    assert ends(send(academy, *first)) == (2, 0)
    kept = Particulars.objects.get()
    assert None not in (kept.account, kept.phone, kept.email)
    assert ends(send(academy, line("B", account="GB01"))) == (0, 1)


def test_another_account_is_the_one_that_was_said_last(academy: School) -> None:
    send(academy, line("A", account="GB01"))
    send(academy, line("A", account="GB02", course="welding"))
    assert ends(send(academy, line("B", account="GB02"))) == (0, 1)


def test_a_dry_run_tells_nothing_of_other_partners_persons(academy: School) -> None:
    other = academy_of(PartnerFactory(program=academy.program))
    send(other, line("X", account="GB01"))
    send(academy, line("Y", account="GB02"))
    tried = send(academy, line("A", account="GB01"), line("B", account="GB02"), is_trial=True)
    assert list(tried.held_rows.values_list("number", flat=True)) == [3]
    assert counts(send(academy, line("A", account="GB01"), line("B", account="GB02"))) == (2, 0, 0, 2)
