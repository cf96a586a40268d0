"""Names and texts that people write, in any script."""

# Format characters that are part of spelling in Indian scripts and in Persian.
JOINERS = "\u200c\u200d"


def unprintable(text: str) -> str | None:
    """The first character that cannot be shown or stored, such as a control character; None if there is none."""
    return next((character for character in text if not character.isprintable() and character not in JOINERS), None)
