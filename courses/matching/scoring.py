"""A comparison as a score that people read, the evidence that is kept with it, and its pattern."""

from dataclasses import asdict
from math import exp2
from typing import Any

from django.utils.translation import gettext_lazy as _

from .comparing import Comparison

FIELDS = {
    "name": _("Name"),
    "born_on": _("Birth date"),
    "employer": _("Employer"),
    "email": _("E-mail"),
    "phone": _("Telephone"),
    "account": _("Account"),
}
LEAST = 50  # the score of even odds: what is less likely is no candidate
MOST = 99
ALONE = 49  # the most that name and birth date alone can score, however rare the name
ENOUGH_ALONE = 3.0  # bits; by chance many people have the same name and birth date, so even odds are too little


def is_candidate(comparison: Comparison) -> bool:
    """Whether both are likelier one human being than two; much likelier, where only name and birth date agree."""
    least = 0 if comparison.has_further_agreement else ENOUGH_ALONE
    return comparison.is_possible and comparison.bits >= least


def score_of(comparison: Comparison) -> int:
    """The probability of one human being in percent; at most `ALONE` where nothing but name and birth date agree.

    So every candidate with further agreement, which has at least `LEAST`, comes before every one without.
    """
    probability = 1 / (1 + exp2(-min(comparison.bits, 60)))
    if not comparison.has_further_agreement:
        return round(ALONE * probability)
    return min(max(round(100 * probability), LEAST), MOST)


def evidence_of(comparison: Comparison) -> dict[str, Any]:
    """Each field's level, bits, how and similarity, and the sum of all bits. No value of anything."""
    found: dict[str, Any] = {}
    for name in FIELDS:
        said = asdict(getattr(comparison, name))
        found[name] = {key: value for key, value in said.items() if value not in ("", None)}
        found[name]["bits"] = round(said["bits"], 1)
    return found | {"bits": round(comparison.bits, 1)}


def pattern_of(comparison: Comparison) -> str:
    """Equal for candidates whose evidence is the same: the same agreement in every field."""
    agreements = (getattr(comparison, name) for name in FIELDS)
    return "; ".join(f"{said.level} ({said.how})" if said.how else str(said.level) for said in agreements)
