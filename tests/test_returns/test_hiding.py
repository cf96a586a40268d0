"""No cell that is shown in quarantine names a person, in whichever column and spelling the identifier stands."""

import pytest
from allauth.account.models import EmailAddress

from courses.returns.checking import HIDDEN
from courses.returns.models import Return
from people.models import Person
from people.operations import person_of_user
from tests.factories import NOW, PartnerFactory, ProgramFactory, UserFactory
from tests.test_returns.school import School, counts, quarantined, row, school_of

CARD = {"code": "citizen", "name": "Identity card", "pattern": r"[STFG]\d{7}[A-Z]", "is_national": True}
SWAPPED = "anna.maria@berg.at"


def school_with(scheme: str) -> School:
    """A school that knows people by identity cards, or in another way."""
    school = school_of(PartnerFactory(program=ProgramFactory(identity_schemes=[CARD])))
    school.profile.definition["person"]["scheme"] = scheme
    school.profile.save()
    return school


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("region", "S 1234567 D"),
        ("region", "s-1234567-d"),
        ("region", "S1234567D"),
        ("region", "T1111111\u200bZ"),
        ("region", "see NRIC T1111111Z, her sister"),
        ("region", "T١١١١١١١Z"),
        ("course", "S-7654321-D"),
        ("result", "T 1111111 Z"),
        ("ended", "T1111111Z"),
        ("region", "Anna <anna@berg.at>"),
    ],
)
def test_an_identity_card_is_hidden_in_any_column_and_spelling(db: None, column: str, cell: str) -> None:
    text = f'"{cell}"' if "," in cell else cell
    sent = school_with("citizen").report(row("S1234567D", **{column: text}))
    assert [(number, place, value) for number, place, value, _ in quarantined(sent)] == [(2, column, HIDDEN)]


@pytest.mark.parametrize("scheme", ["citizen", "partner", "email"])
@pytest.mark.parametrize("column", ["course", "result", "ended", "region"])
def test_swapped_columns_show_no_email_address(db: None, scheme: str, column: str) -> None:
    sender = {"citizen": "S1234567D", "partner": "P-1", "email": "b@berg.at"}[scheme]
    sent = school_with(scheme).report(row(sender, **{column: SWAPPED}))
    assert [value for _, _, value, _ in quarantined(sent)] == [HIDDEN]


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"region": "Atlantis"}, "Atlantis"),
        ({"region": "Area 51"}, "Area 51"),
        ({"ended": "2026-02-30"}, "2026-02-30"),
        ({"ended": "31/12/2025"}, "31/12/2025"),
        ({"ended": "77001234"}, HIDDEN),
        ({"region": "PRIYA-123456"}, HIDDEN),
        ({"region": "no. 12-34"}, HIDDEN),
        ({"region": "an na"}, HIDDEN),
        ({"course": "Priya Sharma"}, HIDDEN),
        ({"course": "Flying"}, "Flying"),
        ({"course": "Diging"}, "Diging"),
        ({"course": "Digging, twice over"}, HIDDEN),
        ({"course": "X-2024-0007"}, HIDDEN),
        ({"result": "Wilhelmina Smith"}, HIDDEN),
        ({"ended": "Wilhelmina Smith"}, HIDDEN),
        ({"ended": "王小明"}, HIDDEN),
        ({"region": "王小明"}, HIDDEN),
        ({"ended": "never"}, "never"),
        ({"ended": "Friday, 1st of May"}, "Friday, 1st of May"),
        ({"region": "Uper"}, "Uper"),
    ],
)
def test_of_a_partners_own_numbers_only_harmless_cells_are_shown(db: None, changes: dict[str, str], shown: str) -> None:
    quoted = {name: f'"{cell}"' for name, cell in changes.items()}
    sent = school_with("partner").report(row("an-na", **quoted))
    assert [value for _, _, value, _ in quarantined(sent)] == [shown]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("Safe  Diging 2024", "Safe  Diging 2024"),
        ("Safe Digging 2025", HIDDEN),
        ("Sofe Digging", HIDDEN),
        ("Sarah Higgins", HIDDEN),
    ],
)
def test_a_misspelt_course_of_several_words_is_shown_if_its_digits_are_right(db: None, cell: str, shown: str) -> None:
    school = school_with("partner")
    school.profile.definition["course"]["values"]["Safe Digging 2024"] = "digging"
    school.profile.save()
    assert [value for _, _, value, _ in quarantined(school.report(row("an-na", course=cell)))] == [shown]


def test_what_many_people_have_is_shown_and_what_one_person_has_is_not(db: None) -> None:
    school = school_with("partner")
    common = [row(f"p{number}", course="Flying high 2024") for number in range(5)]
    sent = school.report(*common, *(row("p9", term=f"T{number}", course="Sarah Higgins") for number in range(5)))
    assert {value for _, _, value, _ in quarantined(sent)} == {"Flying high 2024", HIDDEN}
    assert [value for _, _, value, _ in quarantined(school.report(*common[:4]))] == [HIDDEN] * 4


def test_the_number_of_the_rows_person_is_hidden_though_it_is_like_a_code(db: None) -> None:
    school = school_with("partner")
    school.profile.definition["course"]["values"]["K-2024"] = "digging"
    school.profile.save()
    assert [value for _, _, value, _ in quarantined(school.report(row("kk-2024", course="KK-2024")))] == [HIDDEN]


def test_a_number_that_looks_like_a_day_is_hidden_beside_its_person(db: None) -> None:
    sent = school_with("partner").report(row("1980-12-32", ended="1980/12/32"))
    assert [value for _, _, value, _ in quarantined(sent)] == [HIDDEN]


def test_a_forgotten_header_shows_nobodys_data(school: School) -> None:
    sent = school.send(f"{SWAPPED},Digging\n{SWAPPED},Digging\n".encode())
    assert (sent.status, SWAPPED in sent.refusal) == (Return.Status.REFUSED, False)


def test_digits_of_other_scripts_are_no_identifier_of_their_own(school: School) -> None:
    sent = school.report(row("345"), row("٣٤٥"))
    assert counts(sent) == (2, 1, 0, 1)
    assert quarantined(sent) == [(3, "citizen_no", HIDDEN, "does not look like Citizen number")]


def test_a_learner_who_proves_a_reported_email_address_is_that_person(db: None) -> None:
    school = school_with("email")
    assert counts(school.report(row("Anna-Maria@Berg.at"), row("anna"))) == (2, 1, 0, 1)
    user = UserFactory(email="anna-maria@berg.at")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    assert person_of_user(school.program, user, at=NOW) == Person.objects.get(program=school.program)


def test_a_return_finds_a_learner_who_proved_the_address_before(db: None) -> None:
    school, user = school_with("email"), UserFactory(email="anna@berg.at")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    person = person_of_user(school.program, user, at=NOW)
    school.report(row(" ANNA@berg.at"))
    assert [fact[0] for fact in school.facts()] == [person.pk]
