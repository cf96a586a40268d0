"""Names as they are compared: words in plain letters, and for each word the sounds that every spelling keeps."""

import re
import unicodedata
from functools import lru_cache

# What stands between names or before them and is often left out: A bin B, A s/o B, Dr A B.
_PARTICLES = """
bin binti binte bint bt bte ibn ibnu al el anak mr mrs ms miss mdm madam master dr prof sir datuk dato datin haji hajah
hj hjh tuan puan shri smt kumari sri de dos della di van von der den la"""
# What somebody types who has to type something.
_PLACEHOLDERS = """
test tester testing unknown na nil none null name surname firstname lastname fullname anonymous anon dummy xxx xx x
user student learner employee sample example asdf qwerty tba tbc abc"""
_COMPANY_FORMS = "ltd limited inc corp co company plc llp llc pte pvt pty private sdn bhd gmbh sa the"
PARTICLES, PLACEHOLDERS = frozenset(_PARTICLES.split()), frozenset(_PLACEHOLDERS.split())
COMPANY_FORMS = frozenset(_COMPANY_FORMS.split())
# Chinese family names in Mandarin and as other dialects spell them.
DIALECTS = (
    "chen tan chan", "lin lim lam", "huang ng wong ooi", "wang ong wong heng", "zhang teo teoh cheung chong",
    "wu goh ng", "cai chua choy tsai", "liu low lau lew", "yang yeo yeoh", "zheng tay teh cheng", "xu koh khoo hsu hui",
    "hong ang hung", "he ho", "xie chia cheah tse", "zhou chew chow chou", "su soh soo", "ye yap yip", "lu loo loh",
    "guo kwek quek kwok kuok", "zeng chan tsang", "luo loh law", "liang leong neo", "hu oh woo", "zhu choo chu",
    "gao koh kao", "zhao chiu chao", "sun soon suen", "ma mah", "deng teng tang", "li lee lei",
)  # fmt: skip
# Sounds that spellings and scripts confuse fall together; vowels, h and y do not count. The classes are Soundex's
# (R. C. Russell, 1918), with w beside v, and with nothing kept of the first letter.
SOUNDS = str.maketrans("bfpvwcgjkqsxzdtlmnr", "1111122222222334556", "aeiouhy")
LONGEST = 8  # words of a name; more are an address or a mistake
_WORD_OR_NUMBER = re.compile(r"[a-z0-9]+")
_WORD = re.compile(r"[a-z]+")
_PARTICLE = re.compile(r"\b[sdw]/o\b|\ba/[lp]\b")
_REPEATED = re.compile(r"(.)\1+")


def plain_words(name: str) -> tuple[str, ...]:
    """The words of a name in small plain letters, from whatever script, without titles and particles.

    Nothing at all for a placeholder. A sign of Chinese is a word of its own. The same name answers the same words.
    """
    text = _PARTICLE.sub(" ", transliterated(name).casefold()).replace("'", "").replace("`", "").replace("’", "")
    words = [word for word in _WORD.findall(text) if word not in PARTICLES][:LONGEST]
    is_said = any(len(word) > 1 and word not in PLACEHOLDERS for word in words)
    return tuple(words) if is_said else ()


def transliterated(name: str) -> str:
    """The name in the letters of ASCII. Scripts that leave vowels out, or imply them, are left without."""
    if name.isascii():
        return name
    from anyascii import anyascii  # its tables load when first used

    composed = unicodedata.normalize("NFKC", name)
    return str(anyascii("".join(f" {sign} " if _is_han(sign) else sign for sign in composed)))


def _is_han(sign: str) -> bool:
    return "一" <= sign <= "鿿" or "㐀" <= sign <= "䶿"


def name_key(words: tuple[str, ...]) -> str:
    """Equal for the same words in any order."""
    return " ".join(sorted(words))


def plain_employer(name: str) -> str:
    """An employer's name in small plain letters and digits, without the words that say what kind of company it is."""
    words = _WORD_OR_NUMBER.findall(transliterated(name).casefold())
    return " ".join(word for word in words if word not in COMPANY_FORMS)


@lru_cache(maxsize=200_000)
def sound(word: str) -> str:
    """What is left of a word in every spelling: "53" for Mohammed, Muhamad and Mohd. Never empty."""
    return _REPEATED.sub(r"\1", word.translate(SOUNDS)) or word[:1]


def sounds(words: tuple[str, ...]) -> list[str]:
    """Each sound once, in order; those of initials are none."""
    return sorted({sound(word) for word in words if len(word) > 1})


def _by_spelling() -> dict[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    for number, spellings in enumerate(DIALECTS):
        for spelling in spellings.split():
            groups.setdefault(spelling, set()).add(number)
    return {spelling: frozenset(numbers) for spelling, numbers in groups.items()}


_DIALECTS_OF = _by_spelling()


def is_one_name_in_two_dialects(one: str, other: str) -> bool:
    """Whether two words write the same Chinese family name: Chen and Tan."""
    return bool(_DIALECTS_OF.get(one, frozenset()) & _DIALECTS_OF.get(other, frozenset()))


def is_family_name_that_stands_first(word: str) -> bool:
    """Whether the first word of a name is most likely its family name, as in Chinese."""
    return word in _DIALECTS_OF
