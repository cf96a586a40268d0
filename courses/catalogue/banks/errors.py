"""What may go wrong with a bank as a whole, and with one question."""


class BankRefusedError(Exception):
    """The file is no question bank, or is damaged, hostile or too large. The message says what to do about it."""


class LeftOutError(Exception):
    """The question cannot be what it is in the bank. The message says why, as the end of a sentence."""
