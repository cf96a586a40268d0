"""The header says how many drafts wait for its reader, to those who can publish them."""

import re

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from courses.authoring.operations import save_text, send_back, submit
from programs.models import Membership, Role
from programs.navigation import links_for
from programs.waiting import said_behind
from tests.factories import NOW, MembershipFactory
from tests.test_authoring.world import World, ruritania


def said_in(world: World, user: User, page: str = "drafts") -> tuple[str, str]:
    """The number beside "Authoring" and its words; empty where there is none."""
    html = world.browser(user).get(world.path(page)).content.decode()
    nav = html.split('class="site-nav"')[1].split("</nav>")[0]
    found = re.search(
        r'Authoring&nbsp;\s*<span class="badge warning"><span[^>]*>(\d+)</span><span[^>]*>, ([^<]*)<', nav
    )
    return (found[1], found[2]) if found else ("", "")


def test_who_can_publish_a_draft_reads_of_it_on_every_page(world: World) -> None:
    draft = submit(world.draft(), by=world.ana, at=NOW)
    said = ("1", "1 draft waits for a second person")
    assert said_in(world, world.ana) == ("", "")
    assert said_in(world, world.ben) == said
    assert said_in(world, world.rita, "dashboard") == said
    submit(world.new(), by=world.ana, at=NOW)
    assert said_in(world, world.ben) == ("2", "2 drafts wait for a second person")
    send_back(draft, note="Shorter.", by=world.ben, at=NOW)
    save_text(draft, "01-one.md", "x", seen=0, by=world.ben, at=NOW)
    assert said_in(world, world.ben) == said


def test_who_has_written_in_a_draft_is_not_asked_to_publish_it(world: World) -> None:
    draft = world.draft()
    save_text(draft, "02-two.md", draft.revisions.get(path="02-two.md").text or "", seen=0, by=world.ben, at=NOW)
    save_text(draft, "README.md", "More.", seen=0, by=world.ben, at=NOW)
    submit(draft, by=world.ana, at=NOW)
    assert said_in(world, world.ben) == ("", "")
    assert said_in(world, world.rita)[0] == "1"


def test_drafts_of_other_programs_are_not_counted_here(world: World) -> None:
    other = ruritania()
    submit(other.draft(), by=other.ana, at=NOW)
    MembershipFactory.create(program=other.program, user=world.ben, role=Role.AUTHOR)
    assert said_in(world, world.ben) == ("", "")
    assert said_in(other, world.ben)[0] == "1"


def test_somebody_with_two_roles_has_each_draft_counted_once(world: World) -> None:
    submit(world.draft(), by=world.ana, at=NOW)
    MembershipFactory.create(program=world.program, user=world.ben, role=Role.PROGRAM_MANAGER)
    assert said_in(world, world.ben)[0] == "1"


@pytest.mark.parametrize("role", [Role.LEARNER, Role.MINISTRY])
def test_nobody_else_has_a_number(world: World, role: Role) -> None:
    submit(world.draft(), by=world.ana, at=NOW)
    user = MembershipFactory.create(program=world.program, role=role).user
    assert said_behind("drafts", Membership.objects.of_user(user)) is None


def test_a_part_of_a_page_does_not_ask_for_it(world: World, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    submit(world.draft(), by=world.ana, at=NOW)
    memberships = list(Membership.objects.of_user(world.ben))
    with django_assert_num_queries(0):
        links = links_for([Role.AUTHOR], world.program, memberships=memberships)
    with django_assert_num_queries(1):
        assert [link.waiting.number for link in links if link.waiting] == [1]


def test_the_first_page_says_it_too(world: World) -> None:
    submit(world.draft(), by=world.ana, at=NOW)
    html = world.browser(world.ben).get("/").content.decode()
    assert ", 1 draft waits for a second person</span>" in html
    assert "waits for a second person" not in world.browser(world.ana).get("/").content.decode()
