import hashlib
import hmac

from people.identities import digest, normalised

KEYS = [b"k" * 32]


def test_spellings_of_one_identifier_are_one_sign() -> None:
    spellings = ["ABC 123", "abc-123", "ＡＢＣ１２３", " aBc123\t"]
    assert {digest(KEYS, "citizen", spelling) for spelling in spellings} == {digest(KEYS, "citizen", "abc123")}


def test_the_same_identifier_in_another_scheme_is_another_sign() -> None:
    assert digest(KEYS, "citizen", "123") != digest(KEYS, "student", "123")


def test_each_key_hashes_what_the_one_before_has_made() -> None:
    first = hmac.digest(KEYS[0], b"citizen\0" + b"123", hashlib.sha256)[:16]
    assert digest(KEYS, "citizen", "123") == first
    assert digest([*KEYS, b"second"], "citizen", "123") == hmac.digest(b"second", first, hashlib.sha256)[:16]


def test_digits_of_other_scripts_are_not_taken_for_ascii_ones() -> None:
    assert normalised("citizen", "１２") == "12"
    assert normalised("citizen", "١٢") == "١٢"


def test_a_hyphen_tells_people_apart_in_addresses_and_partners_own_numbers() -> None:
    for scheme, one, other in (("email", "anna-lee@x.org", "annalee@x.org"), ("partner:college", "1-23", "12-3")):
        assert digest(KEYS, scheme, one) != digest(KEYS, scheme, other)
