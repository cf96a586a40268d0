"""Languages of content, by BCP 47 codes in lower case."""

from babel import Locale, UnknownLocaleError
from django.conf import settings

# Languages that are written from right to left, and scripts (CLDR: scriptMetadata and likelySubtags).
RIGHT_TO_LEFT = frozenset(
    {
        "ar", "arc", "arz", "azb", "bal", "bgn", "bqi", "ckb", "dv", "fa", "glk", "he", "khw", "ks", "lrc", "mzn",
        "nqo", "pnb", "prs", "ps", "sd", "sdh", "skr", "syr", "ug", "ur", "yi",
    }
)  # fmt: skip
RIGHT_TO_LEFT_SCRIPTS = frozenset({"adlm", "arab", "aran", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"})


def direction(language: str) -> str:
    """The HTML `dir` of texts in the language: that of its script where it names one."""
    first, *rest = language.split("-")
    script = next((part for part in rest if len(part) == 4 and part.isalpha()), None)
    is_rtl = script in RIGHT_TO_LEFT_SCRIPTS if script else first in RIGHT_TO_LEFT
    return "rtl" if is_rtl else "ltr"


def own_name(language: str) -> str:
    """The language's name in itself, such as हिन्दी, as the pages name it elsewhere; its code where CLDR has none."""
    if language in (offered := dict(settings.LANGUAGES)):
        return offered[language]
    first, *rest = language.split("-")
    script = next((part.title() for part in rest if len(part) == 4), None)
    territory = next((part.upper() for part in rest if len(part) == 2), None)
    try:
        name = Locale(first, territory=territory, script=script).get_display_name()
    except (UnknownLocaleError, ValueError):
        return language
    return name or language
