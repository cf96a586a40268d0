from datetime import date

from courses.achievements.models import Achievement
from courses.returns.models import Return
from courses.returns.operations import load_return_now
from people.models import Identity, Person
from programs.models import Evidence
from tests.factories import NOW, PartnerFactory, marked_dirty
from tests.test_returns.school import School, counts, file_of, quarantined, row, school_of


def test_a_row_becomes_a_fact(school: School) -> None:
    sent = school.report(row("77", region="Middle"))

    assert counts(sent) == (1, 1, 0, 0)
    fact = Achievement.objects.get()
    assert (fact.evidence, fact.achieved_on, fact.region, fact.sector) == (
        Evidence.ASSESSED,
        date(2026, 5, 1),
        "S",
        "B",
    )
    assert (fact.source, fact.source_id, fact.source_row, fact.partner) == ("return", sent.pk, 2, school.partner)
    assert marked_dirty() == [fact.person_id]
    assert sent.facts_by_evidence() == [("assessed", 1)]


def test_the_file_is_forgotten_once_it_is_loaded(school: School) -> None:
    kept = school.keep(file_of([row("5550123")]))
    assert b"5550123" in bytes(kept.pieces.get().content)
    load_return_now(kept.pk, at=NOW)
    kept.refresh_from_db()
    assert (kept.status, kept.pieces.count(), kept.loaded_at) == (Return.Status.LOADED, 0, NOW)


def test_loading_twice_is_once(school: School) -> None:
    sent = school.report(row())
    load_return_now(sent.pk, at=NOW)
    assert Achievement.objects.count() == 1


def test_a_person_reported_by_two_partners_is_one_person(school: School) -> None:
    other = school_of(PartnerFactory(program=school.program, code="other-school"))
    school.report(row("1"), row("2"))
    other.report(row("2"), row("3"))
    assert Person.objects.count() == 3
    assert Achievement.objects.count() == 4


def test_another_spelling_of_an_identifier_is_the_same_record(school: School) -> None:
    assert counts(school.report(row("12345"), row("123-45"), row("  １２345 "))) == (3, 1, 2, 0)


def test_the_same_file_again_is_all_duplicates(school: School) -> None:
    rows = [row("1"), row("2", result="Seen"), row("3")]
    school.report(*rows)
    before = school.facts()
    assert counts(school.report(*reversed(rows))) == (3, 0, 3, 0)
    assert school.facts() == before


def test_a_result_that_is_no_achievement_is_accepted_and_makes_nobody(school: School) -> None:
    sent = school.report(row(result="Absent"))
    assert counts(sent) == (1, 1, 0, 0)
    assert sent.accepted_without_fact == 1
    assert not Person.objects.exists()
    assert not Identity.objects.exists()


def test_a_better_result_of_the_same_record_is_a_new_fact(school: School) -> None:
    school.report(row(result="Seen"))
    assert counts(school.report(row(result="Pass", ended="2026-06-01"))) == (1, 1, 0, 0)
    assert [fact[2] for fact in school.facts()] == [Evidence.OPENED, Evidence.ASSESSED]


def test_rows_that_contradict_each_other_are_all_put_in_quarantine(school: School) -> None:
    sent = school.report(row("1"), row("2"), row("2", region="Lower"), row("2"))
    assert counts(sent) == (4, 1, 0, 3)
    assert [(number, reason) for number, _, _, reason in quarantined(sent)] == [
        (3, "differs from row 4 of this file, which has the same key"),
        (4, "differs from row 3 of this file, which has the same key"),
        (5, "differs from row 4 of this file, which has the same key"),
    ]


def test_a_row_that_contradicts_an_earlier_return_names_it(school: School) -> None:
    first = school.report(row("1"), row("2"))
    sent = school.report(row("2", ended="2026-05-02"), row("2"))
    assert counts(sent) == (2, 0, 1, 1)
    assert quarantined(sent)[0][3] == f"differs from row 3 of return {first.pk}, which has the same key"


def test_a_repeated_row_is_accepted_once(school: School) -> None:
    sent = school.report(row(), row(), row())
    assert counts(sent) == (3, 1, 2, 0)
    assert Achievement.objects.count() == 1


def test_columns_that_the_profile_does_not_read_may_change(school: School) -> None:
    school.report(row())
    wider = school.send(f"mood,citizen_no,course,term,ended,result,region\nglad,{row()}\n".encode())
    assert counts(wider) == (1, 0, 1, 0)


def test_a_row_mended_after_quarantine_is_accepted(school: School) -> None:
    assert counts(school.report(row(region="Atlantis"))) == (1, 0, 0, 1)
    assert counts(school.report(row(region="Lower"))) == (1, 1, 0, 0)


def test_a_row_of_another_partner_is_no_duplicate(school: School) -> None:
    other = school_of(PartnerFactory(program=school.program, code="other-school"))
    school.report(row())
    assert counts(other.report(row())) == (1, 1, 0, 0)
