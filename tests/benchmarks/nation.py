"""The program that the invented people belong to: Australia's own lists, with enough partners and courses."""

from dataclasses import dataclass, replace
from datetime import date

from courses.catalogue.models import Course
from programs.definitions import SHIPPED, PartnerDefinition, ProgramDefinition, read_country_file
from programs.models import Code, Partner, Program
from programs.operations import load_program

from .population import COURSES, FIRST_MONTH, PARTNERS


@dataclass(frozen=True)
class Lists:
    """What the positions of a population stand for in a program."""

    program: int
    partners: list[int]
    courses: list[int]
    regions: list[str]
    sectors: list[str]
    sizes: list[str]
    ages: list[str]

    @classmethod
    def of(cls, program: Program) -> "Lists":
        return cls(
            program=program.pk,
            partners=list(
                Partner.objects.that_report().filter(program=program).order_by("pk").values_list("pk", flat=True)
            ),
            courses=list(Course.objects.of(program).order_by("pk").values_list("pk", flat=True)),
            regions=codes_of(program, Code.Kind.REGION),
            sectors=codes_of(program, Code.Kind.SECTOR),
            sizes=codes_of(program, Code.Kind.EMPLOYER_SIZE),
            ages=codes_of(program, Code.Kind.AGE_BAND),
        )


def codes_of(program: Program, kind: Code.Kind) -> list[str]:
    return list(Code.objects.filter(program=program, kind=kind).order_by("position").values_list("code", flat=True))


def make_nation() -> Program:
    """A program without people, whose one measure counts from the first month of the population."""
    program = load_program(definition()).program
    Course.objects.bulk_create(
        Course(program=program, code=f"course-{number}", title=f"Course {number}", tags=["ai-foundations"])
        for number in range(COURSES)
    )
    return program


def definition() -> ProgramDefinition:
    """Australia's country file with invented partners beside its own."""
    australia = read_country_file(SHIPPED / "au.toml")
    invented = [
        PartnerDefinition(code=f"partner-{number:03}", name=f"Partner {number}", kind="provider")
        for number in range(PARTNERS - len(australia.partners))
    ]
    first_day: date = FIRST_MONTH.astype("datetime64[D]").item()
    measures = [replace(measure, starts_on=first_day) for measure in australia.measures]
    return replace(australia, partners=[*australia.partners, *invented], measures=measures)
