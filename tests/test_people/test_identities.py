from pytest_django import Settings

from people.identities import digest, identity_key, normalised
from programs.models import Program

KEY = b"k" * 32


def test_spellings_of_one_identifier_are_one_sign() -> None:
    spellings = ["ABC 123", "abc-123", "ＡＢＣ１２３", " aBc123\t"]
    assert {digest(KEY, "citizen", spelling) for spelling in spellings} == {digest(KEY, "citizen", "abc123")}


def test_the_same_identifier_in_another_scheme_is_another_sign() -> None:
    assert digest(KEY, "citizen", "123") != digest(KEY, "student", "123")


def test_equal_identifiers_of_two_programs_cannot_be_compared() -> None:
    one, other = Program(code="one"), Program(code="other")
    assert digest(identity_key(one), "citizen", "123") != digest(identity_key(other), "citizen", "123")


def test_a_sign_depends_on_the_instances_key(settings: Settings) -> None:
    program = Program(code="one")
    before = identity_key(program)
    settings.IDENTITY_KEY = "another"
    assert identity_key(program) != before


def test_digits_of_other_scripts_are_not_taken_for_ascii_ones() -> None:
    assert normalised("citizen", "１２") == "12"
    assert normalised("citizen", "١٢") == "١٢"


def test_a_hyphen_tells_people_apart_in_addresses_and_partners_own_numbers() -> None:
    for scheme, one, other in (("email", "anna-lee@x.org", "annalee@x.org"), ("partner:college", "1-23", "12-3")):
        assert digest(KEY, scheme, one) != digest(KEY, scheme, other)
