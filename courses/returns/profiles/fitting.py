"""Whether a profile fits a program: its codes, identity schemes, partners and courses. Nothing is written here."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from courses.catalogue.models import Course
from courses.returns.models import ReturnProfile
from people.identities import EMAIL
from programs.models import Code, Partner, Program

from .definition import DESCRIBING, LISTED, Definition
from .shape import ProfileRefusedError
from .statements import statement_faults

# Besides the codes of the program's own schemes.
PARTNERS_OWN, NATIONAL = "partner", "national"


def fitted(content: dict[str, Any], program: Program) -> dict[str, Any]:
    """The definition to keep for this program. Raises `ProfileRefusedError` with everything that does not fit."""
    checks = (
        _program_faults,
        _scheme_faults,
        _code_faults,
        _constant_faults,
        _reference_faults,
        _course_faults,
        _course_value_faults,
        _statement_faults,
        _statement_partner_faults,
    )
    if faults := [fault for check in checks for fault in check(content, program)]:
        raise ProfileRefusedError(faults)
    definition = {key: value for key, value in content.items() if key not in ("code", "name", "program")}
    definition["person"] = {"column": content["person"]["column"], "scheme": _scheme(content, program)}
    return definition


def _program_faults(content: dict[str, Any], program: Program) -> Iterator[str]:
    wanted = content.get("program", program.code)
    if wanted != program.code:
        yield f"program: this profile is for {wanted}, not for {program.code}"


def _scheme(content: dict[str, Any], program: Program) -> str | None:
    """The first of the profile's schemes that the program has."""
    available = _schemes(program)
    return next((available[wanted] for wanted in content["person"]["schemes"] if wanted in available), None)


def _schemes(program: Program) -> dict[str, str]:
    national = [scheme["code"] for scheme in program.identity_schemes if scheme["is_national"]]
    own = {scheme["code"]: scheme["code"] for scheme in program.identity_schemes}
    return own | ({NATIONAL: national[0]} if national else {}) | {PARTNERS_OWN: PARTNERS_OWN, EMAIL: EMAIL}


def _scheme_faults(content: dict[str, Any], program: Program) -> Iterator[str]:
    if _scheme(content, program) is None:
        wanted = ", ".join(content["person"]["schemes"])
        yield f"person.schemes: {program.code} has none of {wanted}; it has {', '.join(_schemes(program))}"


def _code_faults(content: dict[str, Any], program: Program) -> Iterator[str]:
    for kind in LISTED:
        known = set(Code.objects.of(program, kind).values_list("code", flat=True))
        for cell, code in content.get(kind, {}).get("values", {}).items():
            if code not in known:
                yield f"{kind}.values.{cell}: {code!r} is no {kind} of {program.code}"
        constant = content.get("constants", {}).get(kind)
        if constant is not None and constant not in known:
            yield f"constants.{kind}: {constant!r} is no {kind} of {program.code}"


def _constant_faults(content: dict[str, Any], program: Program) -> Iterator[str]:
    for name in DESCRIBING:
        if name in content and name in content.get("constants", {}):
            yield f"constants.{name}: there is a column for it as well; keep one of the two"


def _reference_faults(content: dict[str, Any], program: Program) -> Iterator[str]:
    if "reference" in content and _scheme(content, program) == PARTNERS_OWN:
        yield "reference: the person's column holds the partner's own numbers already; keep one of the two"


def _course_faults(content: dict[str, Any], program: Program) -> Iterator[str]:
    brought = content.get("courses", [])
    partners = set(Partner.objects.filter(program=program).that_report().values_list("code", flat=True))
    there = {course.code: course for course in Course.objects.of(program).select_related("partner")}
    for code, times in Counter(course["code"] for course in brought).items():
        if times > 1:
            yield f"courses: {code} stands there {times} times"
    for position, course in enumerate(brought, 1):
        if course.get("partner", "") not in {"", *partners}:
            yield f"courses[{position}].partner: {course['partner']!r} is no partner of {program.code} that reports"
        known = there.get(course["code"])
        if known and (known.tags, _partner_code(known)) != (course["tags"], course.get("partner", "")):
            yield (
                f"courses[{position}]: {course['code']} exists with other tags or another partner, which never change;"
                " give the new course a code of its own"
            )


def _partner_code(course: Course) -> str:
    return course.partner.code if course.partner else ""


def _course_value_faults(content: dict[str, Any], program: Program) -> Iterator[str]:
    known = {course["code"] for course in content.get("courses", [])}
    known |= set(Course.objects.of(program).values_list("code", flat=True))
    for cell, code in content["course"].get("values", {}).items():
        if code not in known:
            yield f"course.values.{cell}: there is no course {code!r}; add it under [[courses]]"


def _statement_faults(content: dict[str, Any], program: Program) -> Iterator[str]:
    person = {"column": content["person"]["column"], "scheme": PARTNERS_OWN}
    return statement_faults(content, Definition.of(content | {"person": person}).columns)


def _statement_partner_faults(content: dict[str, Any], program: Program) -> Iterator[str]:
    """Of a partner's statements it must be plain which profile reads them."""
    if "statements" not in content:
        return
    code = content["statements"].get("partner", "")
    if code and not Partner.objects.filter(program=program, code=code).that_report().exists():
        yield f"statements.partner: {code!r} is no partner of {program.code} that reports"
    others = ReturnProfile.objects.of(program).reading_statements().exclude(code=content["code"])
    if other := next((other for other in others if other.statements_partner == code), None):
        whose = f"the statements of {code}" if code else "the statements of every partner without a profile of its own"
        yield f"statements: the profile {other.code} reads {whose} already; only one can"
