"""Two names side by side: which words belong together, and how likely that is by chance."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import log2

from django.utils.translation import gettext_noop
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.fuzz import token_sort_ratio

from .agreement import UNSTATED, Agreement, Frequencies, Level
from .names import is_family_name_that_stands_first, is_one_name_in_two_dialects, name_key, sound

ALIKE = 0.7  # Jaro-Winkler similarity of words that sound the same
NEARLY = 0.93  # of words that need not sound the same
LONG = 8  # letters of a word in which two slips are one word still
RARE = 2e-5  # of the sayings; a word that more of them have is a name of its own and no slip of the pen
DEPENDENCE = 10  # names of one language come together so much more often than by chance
MOST_BY_CHANCE = 0.3
# How often two records of one human being agree like this.
SAME, RESPELT, SHORTENED, ONE_WORD, PARTLY = 0.7, 0.2, 0.1, 0.02, 0.03
MOST_FOR_A_PART = 8.0  # bits
AGAINST = -7.0  # bits
BEGINS_ALIKE = gettext_noop("begins the same")


def compare_names(one: tuple[str, ...], other: tuple[str, ...], known: Frequencies) -> Agreement:
    """The same words; alike, by another spelling, script or slip; shorter; or another name, perhaps begun alike."""
    if not one or not other:
        return UNSTATED
    key, other_key = name_key(one), name_key(other)
    if key == other_key:
        how = "" if one == other else gettext_noop("in another order")
        return Agreement(Level.EXACT, log2(SAME / known.chance_of(known.names, key)), how, 100)
    fit, similarity = fitted(one, other, known), round(token_sort_ratio(key, other_key))
    if not fit.matched:
        return Agreement(Level.DIFFERENT, AGAINST, "", similarity)
    if fit.left and fit.left_other:
        bits = min(log2(PARTLY / fit.by_chance), MOST_FOR_A_PART)
        return Agreement(Level.DIFFERENT, bits, BEGINS_ALIKE if begin_alike(one, other) else "", similarity)
    how, often = _how(fit)
    return Agreement(Level.ALIKE, log2(often / fit.by_chance), how, similarity)


def _how(fit: "Fit") -> tuple[str, float]:
    if not (fit.left or fit.left_other or fit.initials):
        return gettext_noop("another spelling"), RESPELT
    if fit.matched + fit.initials < 2:
        return gettext_noop("one word of it"), ONE_WORD
    return (gettext_noop("initials") if fit.initials else gettext_noop("shorter")), SHORTENED


def begin_alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two names begin with the same given name: somebody may have taken another family name."""
    return are_alike(one[0], other[0]) and not is_family_name_that_stands_first(one[0])


@dataclass(slots=True)
class Fit:
    """Which words of two names belong together: how many, how many more as initials, how likely, and what is left."""

    known: Frequencies
    left: list[str]
    left_other: list[str]
    matched: int = 0
    initials: int = 0
    chance: float = 1.0

    @property
    def by_chance(self) -> float:
        """How likely two people have names that fit like this."""
        return max(min(DEPENDENCE * self.chance, MOST_BY_CHANCE), self.known.share(1))

    def match_all(self, belong: Callable[[str, str], bool]) -> None:
        for word in tuple(self.left):
            partner = next((other for other in self.left_other if belong(word, other)), None)
            if partner is not None:
                self._match(word, partner)

    def _match(self, word: str, partner: str) -> None:
        self.left.remove(word)
        self.left_other.remove(partner)
        if len(word) == 1 or len(partner) == 1:
            self.initials += 1
            self.chance /= 12
        else:
            self.matched += 1
            often = max(self.known.of_word(word), self.known.of_word(partner))
            self.chance *= often * (1 if word == partner else 3)

    def match_what_is_joined(self) -> None:
        """Wei Ming and Weiming: what is left of both is one word in the one."""
        if self.left and self.left_other and are_alike("".join(self.left), "".join(self.left_other)):
            self.matched += 1
            self.chance *= max(map(self.known.of_word, (*self.left, *self.left_other)))
            self.left, self.left_other = [], []


def fitted(one: tuple[str, ...], other: tuple[str, ...], known: Frequencies) -> Fit:
    """Equal words belong together first, then spellings, slips of the pen, initials, and words written as one."""
    fit = Fit(known, list(one), list(other))
    for belong in (are_equal, are_alike, slips(known), is_initial):
        if fit.left and fit.left_other:
            fit.match_all(belong)
    fit.match_what_is_joined()
    return fit


def are_equal(word: str, other: str) -> bool:
    return word == other and len(word) > 1


@lru_cache(maxsize=200_000)
def are_alike(word: str, other: str) -> bool:
    """Whether two words are spellings of one name: they sound the same and look alike, or are known to be one."""
    if word == other or is_one_name_in_two_dialects(word, other):
        return True
    same_sound = len(word) > 1 and len(other) > 1 and sound(word) == sound(other)
    return same_sound and JaroWinkler.similarity(word, other) >= ALIKE


def slips(known: Frequencies) -> Callable[[str, str], bool]:
    """Whether one word is the other mistyped: the rarer one is no name of its own, borne by many."""

    def is_slip(word: str, other: str) -> bool:
        rarer = min(known.words.get(word, 1), known.words.get(other, 1))
        return rarer <= max(RARE * known.sayings, 3) and are_a_slip_apart(word, other)

    return is_slip


@lru_cache(maxsize=200_000)
def are_a_slip_apart(word: str, other: str) -> bool:
    """Whether one word becomes the other by a letter that is wrong, missing, added or changed round; two if long."""
    shorter = min(len(word), len(other))
    if shorter < 3:
        return False
    return OSA.distance(word, other) <= 1 + (shorter >= LONG) or JaroWinkler.similarity(word, other) >= NEARLY


def is_initial(word: str, other: str) -> bool:
    return word[0] == other[0] and (len(word) == 1 or len(other) == 1)
