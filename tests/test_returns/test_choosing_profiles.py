"""Which kind of file a file is: what the form offers first, and what a refusal advises."""

import json
from typing import Any

import pytest
from django.test import Client

from courses.returns.models import Return, ReturnProfile
from courses.returns.operations import load_profile
from courses.returns.profiles import parsed
from programs.models import Role
from tests.factories import MembershipFactory
from tests.test_returns.school import HEADER, School, counts, file_of, row

OTHERS = """
code = "{code}"
name = "{name}"
record_key = ["trainee", "module"]
[person]
column = "trainee"
schemes = ["partner"]
[course]
column = "module"
[day]
column = "finished"
[result]
column = "grade"
values = {{ A = "assessed" }}
"""
THEIRS = "trainee,module,finished,grade"
ROWS = ["t-1,digging,2026-05-01,A"]


def another(school: School, code: str = "academy", name: str = "Academy's file") -> ReturnProfile:
    load_profile(parsed(OTHERS.format(code=code, name=name)), school.program)
    return ReturnProfile.objects.get(program=school.program, code=code)


def offered(school: School, client: Client) -> Any:
    page = client.get(f"/p/{school.program.code}/returns/")
    return page.context["form"].fields["profile"].queryset[0].pk


@pytest.mark.parametrize(
    "content",
    [file_of(ROWS, THEIRS), b"\n".join(json.dumps(dict(zip(THEIRS.split(","), r.split(","), strict=True))).encode()
                                       for r in ROWS)],
    ids=["CSV", "JSON Lines"],
)  # fmt: skip
def test_a_refusal_names_the_kind_of_file_that_it_is(school: School, content: bytes) -> None:
    another(school)
    refused = school.send(content)
    assert refused.status == Return.Status.REFUSED
    assert refused.refusal.endswith("It fits “Academy's file”: send it again as that kind of file.")


def test_a_refusal_names_all_kinds_of_file_that_it_may_be(school: School) -> None:
    another(school)
    another(school, "works", "Works' file")
    refusal = school.send(file_of(ROWS, THEIRS)).refusal
    assert refusal.endswith(
        "It fits these kinds of file: “Academy's file”, “Works' file”. Send it again as one of them."
    )


def test_a_file_that_fits_nothing_is_told_to_name_its_columns_as_the_profile_does(school: School) -> None:
    another(school)
    refusal = school.send(file_of(["1,2"], "one,two")).refusal
    assert refusal.endswith("Name the columns as the profile does, or choose another profile.")


def test_a_file_with_a_header_alone_is_no_other_kind_of_file(school: School) -> None:
    another(school)
    assert "no rows" in school.send(HEADER.encode()).refusal


def test_the_form_offers_what_the_partner_sent_last(school: School, client: Client) -> None:
    other = another(school)
    standard = another(school, "standard", "Zulu's file")
    client.force_login(
        MembershipFactory(program=school.program, role=Role.PARTNER_MANAGER, partner=school.partner).user
    )
    assert offered(school, client) == standard.pk
    assert counts(school.send(file_of([row()]))) == (1, 1, 0, 0)
    assert offered(school, client) == school.profile.pk
    School(school.program, school.partner, other).send(file_of(ROWS, THEIRS))
    assert offered(school, client) == other.pk
