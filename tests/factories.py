"""A valid world with no arguments: each factory makes what it needs. The program is invented."""

import itertools
from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from accounts.models import User
from courses.achievements.models import Achievement, DirtyPeople
from courses.achievements.operations import fact_key
from courses.catalogue.models import Course, CourseVersion, Lesson, LessonTranslation, Question
from courses.catalogue.operations import reserved_ids
from people.models import Person
from programs.models import Code, Evidence, Measure, MeasureVersion, Membership, Partner, Program, Role, Target

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
PASSWORD = "correct horse battery"
_keys = itertools.count(1)


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"user{n}@example.org")
    password = factory.django.Password(PASSWORD)


class ProgramFactory(DjangoModelFactory[Program]):
    """Ruritania: two languages, own codes, with its own-courses partner and code lists."""

    class Meta:
        model = Program
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"rur{n}")
    country = "XR"
    names = {"en": "Ruritania Learns", "cy": "Ruritania yn Dysgu"}
    languages = ["en", "cy"]
    time_zone = "Europe/Vienna"
    financial_year_month = 4
    number_locale = "en_GB"
    identity_schemes = [{"code": "citizen", "name": "Citizen number", "pattern": r"\d{1,10}", "is_national": True}]
    disclosure_rule = "round-5"
    residency = "XR"

    @factory.post_generation
    def lists(self: Program, create: bool, extracted: object, **kwargs: object) -> None:
        Partner.objects.create(program=self, code="uplift", name="Uplift courses", kind=Partner.Kind.OWN)
        lists = {
            "region": {"N": "North", "S": "South"},
            "sector": {"A": "Farming", "B": "Mining"},
            "employer_size": {"small": "Small", "large": "Large"},
            "age_band": {"young": "Under 35", "old": "35 and over"},
        }
        for kind, entries in lists.items():
            for position, (code, name) in enumerate(entries.items()):
                Code.objects.create(program=self, kind=kind, code=code, names={"en": name}, position=position)


class PartnerFactory(DjangoModelFactory[Partner]):
    class Meta:
        model = Partner

    program = factory.SubFactory(ProgramFactory)
    code = factory.Sequence(lambda n: f"partner{n}")
    name = factory.Sequence(lambda n: f"Partner {n}")
    kind = Partner.Kind.PROVIDER


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    program = factory.SubFactory(ProgramFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.PROGRAM_MANAGER


class MeasureFactory(DjangoModelFactory[Measure]):
    class Meta:
        model = Measure

    program = factory.SubFactory(ProgramFactory)
    code = factory.Sequence(lambda n: f"measure{n}")
    name = "People with an assessed completion"


class MeasureVersionFactory(DjangoModelFactory[MeasureVersion]):
    class Meta:
        model = MeasureVersion

    program = factory.SubFactory(ProgramFactory)
    measure = factory.SubFactory(MeasureFactory, program=factory.SelfAttribute("..program"))
    number = 1
    evidence = Evidence.ASSESSED


class TargetFactory(DjangoModelFactory[Target]):
    class Meta:
        model = Target

    measure_version = factory.SubFactory(MeasureVersionFactory)
    program = factory.SelfAttribute("measure_version.program")
    code = factory.Sequence(lambda n: f"target{n}")
    name = "A thousand people"
    value = 1000
    kind = Target.Kind.ILLUSTRATIVE
    starts_on = date(2026, 1, 1)
    due_on = date(2027, 12, 31)
    source = "the tests"
    grade = "P"
    seen_on = TODAY


class PersonFactory(DjangoModelFactory[Person]):
    class Meta:
        model = Person

    program = factory.SubFactory(ProgramFactory)
    created_at = NOW


def marked_dirty() -> list[int]:
    """The numbers of the people who wait to be settled, as often as they were marked, in that order."""
    rows = DirtyPeople.objects.order_by("marked_at", "pk").values_list("people", flat=True)
    return [person for people in rows for person in people]


class CourseFactory(DjangoModelFactory[Course]):
    class Meta:
        model = Course

    program = factory.SubFactory(ProgramFactory)
    code = factory.Sequence(lambda n: f"course{n}")
    title = "A course"
    tags = ["skills"]


class CourseVersionFactory(DjangoModelFactory[CourseVersion]):
    """A course taken here, with two lessons and an assessment of two questions whose right choice is the first."""

    class Meta:
        model = CourseVersion
        skip_postgeneration_save = True

    class Params:
        lessons = 2

    program = factory.SubFactory(ProgramFactory)
    course = factory.LazyAttribute(
        lambda o: CourseFactory(program=o.program, partner=Partner.objects.own_courses_of(o.program))
    )
    number = 1
    language = "en"
    languages = factory.LazyAttribute(lambda o: [o.language])
    checksum = "0" * 64
    pass_mark = 50
    asks = factory.LazyAttribute(lambda o: None if o.pass_mark is None else 2)
    published_at = NOW
    outline = factory.LazyAttribute(
        lambda o: [
            {"id": pk, "slug": f"lesson-{n}", "minutes": 5, "titles": {o.language: f"Lesson {n}"}}
            for n, pk in enumerate(reserved_ids(o.lessons), start=1)
        ]
    )

    @factory.post_generation
    def content(self: CourseVersion, create: bool, extracted: object, **kwargs: object) -> None:
        for n, entry in enumerate(self.outline, start=1):
            lesson = Lesson.objects.create(
                pk=entry["id"], program=self.program, version=self, number=n, slug=entry["slug"], minutes=5
            )
            LessonTranslation.objects.create(
                program=self.program, lesson=lesson, language=self.language, title=f"Lesson {n}",
                blocks=[{"html": "<p>Text</p>"}],
            )  # fmt: skip
        for n in (1, 2) if self.has_assessment else ():
            QuestionFactory.create(version=self, number=n, key=f"question-{n}")


class QuestionFactory(DjangoModelFactory[Question]):
    """A question of the assessment with two choices, the first of which is right."""

    class Meta:
        model = Question

    version = factory.SubFactory(CourseVersionFactory)
    program = factory.SelfAttribute("version.program")
    number = factory.Sequence(lambda n: 100 + n)
    key = factory.LazyAttribute(lambda o: f"question-{o.number}")
    kind = "one"
    right = factory.LazyFunction(lambda: [0])
    texts = factory.LazyAttribute(
        lambda o: {
            "en": {"prompt": f"<p>Prompt {o.number}?</p>", "choices": ["right", "wrong"], "feedback": "Because."}
        }
    )


class AchievementFactory(DjangoModelFactory[Achievement]):
    """A fact as a return brings it; marking its person dirty is the test's own choice."""

    class Meta:
        model = Achievement

    person = factory.SubFactory(PersonFactory)
    program = factory.SelfAttribute("person.program")
    course = factory.SubFactory(CourseFactory, program=factory.SelfAttribute("..program"))
    partner = factory.SubFactory(PartnerFactory, program=factory.SelfAttribute("..program"))
    kind = Achievement.Kind.ACHIEVED
    evidence = Evidence.ASSESSED
    achieved_on = date(2026, 3, 1)
    recorded_at = NOW
    source = Achievement.Source.RETURN
    source_id = 1
    source_row = 2
    fact_key = factory.LazyFunction(lambda: fact_key("factory", next(_keys)))
    region = "N"
    sector = "A"
