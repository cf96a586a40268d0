"""The quality of a partner's returns is a number that can be recalculated from its reasons."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from courses.returns.operations import load_return_now
from courses.returns.quality import DEDUCTIONS, LATE, PERIOD, Place, places_of, qualities_of, quality_of
from tests.factories import NOW, PartnerFactory
from tests.test_returns.school import School, file_of, row, school_of


def reasons(school: School) -> dict[str, tuple[int, int, float]]:
    found = quality_of(school.partner, at=NOW).reasons
    return {reason.deduction.code: (reason.found, reason.of, reason.points) for reason in found}


def test_who_sent_nothing_has_no_score(school: School) -> None:
    assert quality_of(school.partner, at=NOW).score is None


def test_a_good_return_scores_a_hundred(school: School) -> None:
    school.send(file_of(row(n, ended="2026-11-01") for n in range(1, 11)))
    school.send(file_of(row(n, ended="2026-11-01") for n in range(1, 11)))
    assert (quality_of(school.partner, at=NOW).score, reasons(school)) == (100, {})


def test_every_reason_takes_its_points(school: School) -> None:
    good = [row(n, ended="2026-11-01") for n in range(1, 7)]
    bad = [
        row(7, ended="2026-11-01", region="Atlantis"),
        row(8, ended="2026-11-01"), row(8, ended="2026-11-02"),
        row("00000000", ended="2026-11-01"),
    ]  # fmt: skip
    school.send(file_of([*good, *bad]))
    school.send(b"nothing,of,ours\n1,2,3\n")
    assert reasons(school) == {
        "refused": (1, 10, 20.0), "contradicted": (2, 10, 15), "flagged": (1, 10, 30), "files": (1, 2, 15),
    }  # fmt: skip
    assert quality_of(school.partner, at=NOW).score == 20


def test_late_and_vague_achievements_take_points(school: School) -> None:
    school.send(
        file_of([row(1, ended="2026-11-01"), row(2, ended="2026-11-01", region=""), row(3, ended="2025-01-01")])
    )
    found = reasons(school)
    assert found["late"][:2] == (1, 3)
    assert found["vague"][:2] == (1, 3)
    assert quality_of(school.partner, at=NOW).score == pytest.approx(100 - 100 / 3 * 0.25 - 100 / 3 * 0.2, abs=0.5)


def test_days_of_lateness_are_the_program_s_not_those_of_utc(school: School) -> None:
    school.program.time_zone = "Australia/Sydney"
    school.program.save()
    kept = school.keep(file_of([row(1, ended="2026-08-22")]))
    load_return_now(kept.pk, at=datetime(2026, 11, 20, 20, tzinfo=UTC))  # the 21st in Sydney, 91 days later
    assert reasons(school)["late"][:2] == (1, 1)


def test_dry_runs_and_old_files_do_not_count(school: School) -> None:
    school.send(file_of([row(region="Atlantis")]), is_trial=True)
    assert quality_of(school.partner, at=NOW).score is None
    school.report(row(region="Atlantis"))
    assert quality_of(school.partner, at=NOW).score == 70
    assert quality_of(school.partner, at=NOW + PERIOD + timedelta(days=1)).score is None


def test_many_partners_at_once_are_judged_as_each_alone(school: School, django_assert_num_queries: Any) -> None:
    others = [school_of(PartnerFactory(program=school.program)) for _ in range(3)]
    for number, each in enumerate([school, *others[:2]]):
        each.send(file_of(row(1000 * number + n, region="" if n % 9 == number else "Upper") for n in range(100)))
        each.send(file_of([row(9000 + number), row(9000 + number, ended="2026-05-02"), row("0" * 8), "1,2"]))
        each.send(b"nonsense")
    others[0].send(file_of(row(8000 + n, region="Atlantis") for n in range(5)))
    partners = [each.partner for each in (school, *others)]
    with django_assert_num_queries(2):
        together = qualities_of(partners, at=NOW)
    assert together == {partner.pk: quality_of(partner, at=NOW) for partner in partners}
    assert len({quality.score for quality in together.values()}) == 3
    assert together[others[2].partner.pk].score is None


def test_each_reason_names_the_returns_with_most_of_it(school: School) -> None:
    few = school.send(file_of([row(1, region="Atlantis"), row(2, ended="2024-01-01")]), file_name="few.csv")
    many = school.send(file_of(row(n, region="Atlantis") for n in range(10, 13)), file_name="many.csv")
    broken = school.send(b"nonsense", file_name="broken.csv")
    found = places_of(school.partner, at=NOW)
    assert found["refused"] == [Place(many.pk, "many.csv", 3), Place(few.pk, "few.csv", 1)]
    assert found["late"] == [Place(few.pk, "few.csv", 1)]
    assert found["files"] == [Place(broken.pk, "broken.csv", 1)]
    assert "flagged" not in found


def test_late_is_said_as_it_is_counted() -> None:
    [late] = [one for one in DEDUCTIONS if one.code == "late"]
    assert f" {LATE} days " in str(late.words)
