"""Names in several spellings and scripts, and what is no name."""

import pytest

from courses.matching.agreement import Frequencies, Level
from courses.matching.comparing_names import BEGINS_ALIKE, compare_names
from courses.matching.names import name_key, plain_employer, plain_words, sound, sounds

# A million sayings, in which these words are names that many bear.
COMMON = ("rajesh", "ramesh", "tan", "mary", "ann", "priya", "preeti", "smith", "jones")
KNOWN = Frequencies(1_000_000, words=dict.fromkeys(COMMON, 2_000))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("  Zoë   O’Neill-Smith ", ("zoe", "oneill", "smith")),
        ("Dr. Ahmad bin Ismail", ("ahmad", "ismail")),
        ("Ravi s/o Krishnan", ("ravi", "krishnan")),
        ("ZHANG Wei", ("zhang", "wei")),
        ("张伟", ("zhang", "wei")),
        ("राहुल शर्मा", ("rahul", "srma")),
        ("Сергей Иванов", ("sergey", "ivanov")),
        ("", ()),
        ("TEST", ()),
        ("N/A", ()),
        ("test user", ()),
        ("- ..", ()),
    ],
)
def test_a_name_becomes_plain_words(name: str, words: tuple[str, ...]) -> None:
    assert plain_words(name) == words
    assert plain_words(" ".join(words)) == words


@pytest.mark.parametrize(
    "spellings",
    [
        ("mohammed", "muhamad", "mohd", "md", "mhmd"),
        ("sharma", "sarma", "srma"),
        ("catherine", "katherine", "kathryn"),
        ("murugan", "murukn"),
        ("yevgeny", "evgeniy", "evgeny"),
        ("selvam", "celvm"),
        ("dmitry", "dmitriy", "dmitri"),
    ],
)
def test_a_sound_survives_spellings_and_scripts(spellings: tuple[str, ...]) -> None:
    assert len({sound(spelling) for spelling in spellings}) == 1


def test_a_sound_is_never_empty_and_initials_have_none() -> None:
    assert sound("yao") == "y"
    assert sounds(("j", "smith")) == [sound("smith")]


@pytest.mark.parametrize(
    ("one", "other", "level", "how"),
    [
        ("Ivan Petrov", "Ivan Petrov", Level.EXACT, ""),
        ("Ivan Petrov", "Petrov, Ivan", Level.EXACT, "in another order"),
        ("Mohammed Hussain", "Muhamad Hossain", Level.ALIKE, "another spelling"),
        ("राहुल शर्मा", "Rahul Sharma", Level.ALIKE, "another spelling"),
        ("முருகன் செல்வம்", "Murugan Selvam", Level.ALIKE, "another spelling"),
        ("محمد خان", "Mohammed Khan", Level.ALIKE, "another spelling"),
        ("陈伟明", "Chen Weiming", Level.ALIKE, "another spelling"),
        ("陈伟明", "Tan Wei Ming", Level.ALIKE, "another spelling"),
        ("Theodora Blackwood", "Theodroa Blackwood", Level.ALIKE, "another spelling"),
        ("Theodora Blackwood", "T. Blackwood", Level.ALIKE, "initials"),
        ("Theodora May Blackwood", "Theodora Blackwood", Level.ALIKE, "shorter"),
        ("Blackwood", "Theodora Blackwood", Level.ALIKE, "one word of it"),
        ("Mary Jones", "Mary Smith", Level.DIFFERENT, BEGINS_ALIKE),
        ("Rajesh Kumar", "Ramesh Kumar", Level.DIFFERENT, ""),
        ("Tan Wei Ming", "Tan Hui Ling", Level.DIFFERENT, ""),
        ("Ivan Petrov", "Olga Sidorova", Level.DIFFERENT, ""),
        ("", "Olga Sidorova", Level.UNSTATED, ""),
    ],
)
def test_two_names_agree_as_a_reader_would_say(one: str, other: str, level: Level, how: str) -> None:
    for first, second in ((one, other), (other, one)):
        found = compare_names(plain_words(first), plain_words(second), KNOWN)
        assert (found.level, found.how) == (level, how)


def test_a_rare_name_says_more_than_a_frequent_one() -> None:
    name = plain_words("Mary Smith")
    frequent = Frequencies(1_000_000, names={name_key(name): 800})

    assert compare_names(name, name, KNOWN).bits > compare_names(name, name, frequent).bits + 8


@pytest.mark.parametrize("name", ["Acme Foods Pte. Ltd.", "ACME FOODS", "The Acme-Foods Company Limited"])
def test_an_employer_is_the_same_whatever_kind_of_company_it_says(name: str) -> None:
    assert plain_employer(name) == "acme foods"
