"""What a country file says. Everything that differs between nations is here as data; no code knows a country."""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from programs import disclosure
from programs.models import Evidence, MeasureVersion, Partner, Target

from . import checks
from .checks import at_most, between, one_of

LARGEST = 2**31 - 1
Slug = Annotated[str, checks.slug, at_most(40)]
Name = Annotated[str, checks.text, at_most(200)]
Names = dict[str, Annotated[str, checks.text, at_most(200)]]
Country = Annotated[str, checks.country]
KINDS_OF_PARTNER = [kind for kind in Partner.Kind.values if kind != Partner.Kind.OWN]
EVIDENCE = [evidence.name.lower() for evidence in Evidence]


@dataclass(frozen=True, kw_only=True)
class CodeDefinition:
    """`most` is for employer sizes alone: the most people whom such an employer has, none where the size is open.

    `isic` is for sectors alone: the section of ISIC Rev. 4 that it is closest to, if that is not its code."""

    code: Annotated[str, checks.code, at_most(20)]
    names: Names
    most: Annotated[int | None, between(0, LARGEST)] = None
    isic: Annotated[str, checks.isic] = ""


@dataclass(frozen=True, kw_only=True)
class CheckSeries:
    """What a first letter adds to the sum, and the check characters by remainder."""

    start: Annotated[int, between(0, 1000)]
    characters: Annotated[str, checks.text, at_most(40)]


@dataclass(frozen=True, kw_only=True)
class CheckDefinition:
    """How the last character follows from the digits before it: `programs.check_digits`."""

    weights: list[Annotated[int, between(1, 1000)]]
    characters: Annotated[str, at_most(40)] = ""
    series: dict[str, CheckSeries] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class IdentityScheme:
    """`pattern` fits the whole identifier, `check` says what its last character must be.

    A national one marks the same human being whoever reports them.
    """

    code: Annotated[str, checks.slug, at_most(40), checks.own_scheme]
    name: Name
    pattern: Annotated[str, checks.pattern]
    is_national: bool
    check: Annotated[CheckDefinition, checks.one_kind_of_series] | None = None


@dataclass(frozen=True, kw_only=True)
class PartnerDefinition:
    code: Annotated[str, checks.slug, at_most(40), checks.own_partner]
    name: Name
    kind: Annotated[str, one_of(KINDS_OF_PARTNER)]
    committed_people: Annotated[int | None, between(1, LARGEST)] = None
    note: Annotated[str, checks.text] = ""


@dataclass(frozen=True, kw_only=True)
class MeasureDefinition:
    """What counts; the words are those of `MeasureVersion`."""

    code: Slug
    name: Name
    evidence: Annotated[str, one_of(EVIDENCE)]
    tag: Annotated[str, checks.slug, at_most(40)] = ""
    unit: Annotated[str, one_of(MeasureVersion.Unit.values)] = MeasureVersion.Unit.PERSON.value
    starts_on: date | None = None
    ends_on: date | None = None
    employer_sizes: Annotated[list[str], checks.not_empty, checks.different] = field(default_factory=list)
    geography: Annotated[str, one_of(MeasureVersion.Geography.values)] = (
        MeasureVersion.Geography.FIRST_ACHIEVEMENT.value
    )


@dataclass(frozen=True, kw_only=True)
class TargetDefinition:
    """A target without `due_on` has none: nobody guesses one."""

    code: Slug
    name: Name
    measure: str
    value: Annotated[int, between(1, LARGEST)]
    kind: Annotated[str, one_of(Target.Kind.values)]
    source: Annotated[str, checks.text]
    grade: Annotated[str, one_of(Target.Grade.values)]
    seen_on: date
    starts_on: date | None = None
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class ProgramDefinition:
    """A national program as its country file defines it; codes, measures and targets stand on pages in its order."""

    code: Annotated[str, checks.slug, at_most(20)]
    country: Country
    names: Names
    languages: Annotated[list[Annotated[str, checks.language]], checks.not_empty, checks.different]
    time_zone: Annotated[str, checks.time_zone]
    financial_year_month: Annotated[int, between(1, 12)]
    number_locale: Annotated[str, checks.number_locale, at_most(20)]
    residency: Country
    disclosure_rule: Annotated[str, one_of(disclosure.RULES)]
    summary: Annotated[str, checks.text]
    source: Annotated[str, checks.text]
    regions: Annotated[list[CodeDefinition], checks.not_empty, checks.different_codes]
    sectors: Annotated[list[CodeDefinition], checks.not_empty, checks.different_codes]
    employer_sizes: Annotated[list[CodeDefinition], checks.not_empty, checks.different_codes]
    age_bands: Annotated[list[CodeDefinition], checks.not_empty, checks.different_codes]
    identity_schemes: Annotated[list[IdentityScheme], checks.different_codes]
    partners: Annotated[list[PartnerDefinition], checks.different_codes]
    measures: Annotated[list[MeasureDefinition], checks.not_empty, checks.different_codes]
    targets: Annotated[list[TargetDefinition], checks.different_codes]
