"""What the tests of question banks share: reading a bank, and saying shortly what came of it."""

from courses.catalogue.banks.bank import Bank
from courses.catalogue.banks.reading import read_bank
from courses.catalogue.questions.texts import QuestionText, Words

# A picture of one point.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6364f8cf500f000306018017946f5c0000000049454e44ae426082"
)


def read(text: str | bytes, *, name: str = "bank", language: str = "en") -> Bank:
    return read_bank(text.encode() if isinstance(text, str) else text, name=name, language=language)


def only(bank: Bank) -> QuestionText:
    (question,) = bank.questions
    return question


def words(bank: Bank) -> Words:
    return next(iter(only(bank).words.values()))


def said(bank: Bank) -> list[str]:
    """What was left out, without its place, and without the wish for feedback that many short examples bring up."""
    return [fault.message for fault in bank.left_out if fault.message != "has no general feedback; write one"]
