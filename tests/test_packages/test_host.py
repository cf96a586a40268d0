"""What is served on the packages' host, what elsewhere, and under which rules."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver, reverse
from pytest_django.fixtures import Settings

from courses.packages.host import LAUNCH_URLS, origin_of, packages_origin
from courses.packages.models import Launch, PackageState
from tests.factories import NOW, UserFactory
from tests.test_packages.making import PAGE, scorm_12, scorm_2004
from tests.test_packages.world import Player, Visitor, player

pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> Player:
    return player(scorm_12(("index.html", PAGE)))


@pytest.fixture
def visitor(who: Player) -> Visitor:
    launch, token = who.open()
    Launch.objects.filter(pk=launch.pk).update(expires_at="2999-01-01T00:00:00Z")
    return Visitor(token)


def test_the_player_and_its_files_are_served(visitor: Visitor) -> None:
    page = visitor.get()
    assert page.status_code == 200
    assert b'id="launch"' in page.content
    for name in ("player.js", "api.js", "model.js", "kinds.js", "saving.js", "player.css", "ended.js"):
        assert visitor.get(f"player/{name}").status_code == 200
    for name in ("../host.py", "%2e%2e/host.py", "nothing.js", ".."):
        assert visitor.get(f"player/{name}").status_code == 404


def test_every_answer_says_how_the_browser_keeps_the_package_in(visitor: Visitor) -> None:
    for path in ("", "content/index.html", "content/nothing.html", "player/player.js", "xapi/about", "elsewhere"):
        response = visitor.get(path)
        policy = response.headers["Content-Security-Policy"]
        assert "worker-src 'none'" in policy
        assert "form-action 'self'" in policy
        assert "connect-src 'self'" in policy
        assert "frame-ancestors 'self' http://localhost:8000" in policy
        assert "allow-top-navigation" not in policy
        assert "allow-popups-to-escape-sandbox" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "camera=()" in response.headers["Permissions-Policy"]
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "private" in response.headers["Cache-Control"]
        assert not response.cookies


def test_an_answer_to_what_breaks_says_so_too(visitor: Visitor) -> None:
    visitor.client.raise_request_exception = False
    with transaction.atomic():
        connection.cursor().execute("ALTER TABLE packages_launch RENAME TO gone")
        response = visitor.get()
        transaction.set_rollback(True)
    assert response.status_code == 500
    assert "sandbox allow-scripts" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "gone" not in response.content.decode()


def test_an_answer_to_what_is_too_large_says_so_too(visitor: Visitor) -> None:
    token = visitor.post("fetch/", "").json()
    whole = '{"actor": "' + "x" * 3_000_000 + '"}'
    secret = f"Basic {token.get('auth-token', '')}"
    response = visitor.post("xapi/statements", whole, authorization=secret, **{"x-experience-api-version": "1.0.3"})
    assert response.status_code == 413
    assert "sandbox allow-scripts" in response.headers["Content-Security-Policy"]


def test_our_own_page_runs_no_script_but_ours(visitor: Visitor) -> None:
    policy = visitor.get().headers["Content-Security-Policy"]
    assert "default-src 'self';" in policy
    assert "unsafe" not in policy


def every_address() -> Iterator[str]:
    for pattern in get_resolver(LAUNCH_URLS).url_patterns:
        yield (
            str(pattern.pattern)
            .replace("<str:token>", "{token}")
            .replace("<str:name>", "player.js")
            .replace("<path:path>", "index.html")
            .replace("<path:resource>", "statements")
        )


@pytest.mark.parametrize("address", list(every_address()))
@pytest.mark.parametrize("method", ["get", "post", "put"])
def test_without_a_right_token_there_is_nothing(who: Player, address: str, method: str) -> None:
    _, token = who.open()
    for wrong in ("x", token[:-1], token + "x", token.swapcase(), "../" + token):
        response = getattr(Visitor("x").client, method)("/" + address.format(token=wrong))
        assert response.status_code in (404, 405)


@pytest.mark.parametrize("address", list(every_address()))
def test_an_expired_launch_serves_nothing(who: Player, address: str) -> None:
    launch, token = who.open()
    Launch.objects.filter(pk=launch.pk).update(made_at=NOW - timedelta(days=9), expires_at=NOW - timedelta(days=8))
    client = Visitor(token).client
    answers = {client.get("/" + address.format(token=token)), client.post("/" + address.format(token=token))}
    assert {answer.status_code for answer in answers} <= {410, 405}


@pytest.mark.parametrize(
    "path", ["/", "/accounts/login/", "/admin/", "/healthz", "/static/uplift.css", "/p/rur/learn/"]
)
def test_nothing_else_is_served_on_the_packages_host(who: Player, path: str) -> None:
    visitor = Visitor("x")
    visitor.client.cookies = who.client.cookies
    response = visitor.client.get(path)
    assert (response.status_code, response.headers["Content-Type"]) == (404, "text/plain; charset=utf-8")
    assert b"http://localhost:8000" in response.content


def test_the_page_of_a_lesson_is_not_served_on_the_packages_host(who: Player) -> None:
    visitor = Visitor("x")
    visitor.client.cookies = who.client.cookies
    assert visitor.client.get(who.page()).status_code == 404


@pytest.mark.parametrize("host", ["localhost:8000", "testserver", "127.0.0.2:8000", "", "[", "a b"])
def test_no_launch_is_served_on_another_host(who: Player, settings: Settings, host: str) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    _, token = who.open()
    assert Client(headers={"host": host}).get(f"/launch/{token}/content/index.html").status_code in (400, 404)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "127.0.0.1", "127.0.0.1:9999", "127.0.0.1.:8000"])
def test_no_page_of_the_site_is_served_on_the_packages_host_at_whatever_port(who: Player, host: str) -> None:
    assert who.client.get(who.page(), headers={"host": "localhost:8000"}).status_code == 200
    assert who.client.get(who.page(), headers={"host": host}).status_code == 404


def test_commits_are_taken_and_answered(visitor: Visitor) -> None:
    sent = {"sequence": 1, "values": {"cmi.core.lesson_status": "passed"}, "finished": True}
    for _ in range(2):
        response = visitor.post("commit", sent)
        assert (response.status_code, response.json()) == (200, {"sequence": 1, "done": True})
    assert visitor.post("commit", sent | {"sequence": 2}).status_code == 410


def test_a_commit_of_an_older_launch_is_told_that_it_is_superseded(who: Player) -> None:
    launch, token = who.open()
    Launch.objects.filter(pk=launch.pk).update(expires_at="2999-01-01T00:00:00Z")
    who.open()
    assert Visitor(token).post("commit", {"sequence": 1, "values": {}, "finished": False}).status_code == 409


@pytest.mark.parametrize(
    "sent",
    [
        b"", b"{", b"[]", b"null", b"[" * 100_000, b'{"sequence": 1}',
        {"sequence": 0, "values": {}, "finished": False},
        {"sequence": True, "values": {}, "finished": False},
        {"sequence": 2**40, "values": {}, "finished": False},
        {"sequence": 1.5, "values": {}, "finished": False},
        {"sequence": 1, "values": [], "finished": False},
        {"sequence": 1, "values": {}, "finished": "yes"},
        {"sequence": 1, "values": {"cmi.core.student_id": "x"}, "finished": False},
        {"sequence": 1, "values": {"cmi.suspend_data": "x" * 3_000_000}, "finished": False},
    ],
)  # fmt: skip
def test_what_is_no_commit_is_refused(visitor: Visitor, sent: object) -> None:
    assert visitor.post("commit", sent).status_code == 422
    assert PackageState.objects.get().values == {}


def test_the_page_of_a_lesson_frames_the_packages_host_and_nothing_else(who: Player) -> None:
    response = who.client.get(who.page())
    html = response.content.decode()
    assert response.status_code == 200
    assert 'src="http://127.0.0.1:8000/launch/' in html
    sandbox = html.split('sandbox="')[1].split('"')[0].split()
    assert "allow-same-origin" in sandbox
    assert not {"allow-top-navigation", "allow-top-navigation-by-user-activation"} & set(sandbox)
    assert "http://127.0.0.1:8000" in response.headers["Content-Security-Policy"].split("frame-src")[1].split(";")[0]
    token = html.split("/launch/")[1].split("/")[0]
    assert Visitor(token).get().status_code == 200


def test_asking_how_it_stands_opens_nothing(who: Player) -> None:
    who.client.get(who.page())
    response = who.client.get(who.page(), headers={"HX-Request": "true"})
    assert b"iframe" not in response.content
    assert b"Begun" in response.content
    assert PackageState.objects.get().launched == 1


def test_the_part_is_what_the_page_holds(who: Player) -> None:
    who.play({"cmi.core.lesson_status": "passed", "cmi.core.score.raw": "87.5"})
    part = who.client.get(who.page(), headers={"HX-Request": "true"}).content.decode()
    assert "Done" in part
    assert "87.5" in part
    assert part.strip() in who.client.get(who.page()).content.decode()


def test_outsiders_do_not_learn_that_there_is_a_lesson(who: Player) -> None:
    client = Client()
    assert client.get(who.page()).status_code == 302
    client.force_login(UserFactory.create())
    assert client.get(who.page()).status_code == 404


def test_who_has_not_begun_the_course_is_led_to_it(who: Player) -> None:
    other = player(scorm_12(("index.html", PAGE)))
    from programs.models import Membership, Role

    user = other.enrolment.person.user
    assert user
    Membership.objects.create(program=who.enrolment.program, user=user, role=Role.LEARNER)
    response = other.client.get(who.page())
    course = who.enrolment.course
    assert response.headers["Location"] == reverse("course", args=[course.program.code, course.code])


@pytest.mark.parametrize("address", ["", "http://localhost:9000", "ftp://x", "nonsense"])
def test_without_a_safe_origin_packages_are_not_played_and_the_page_says_so(
    who: Player, settings: Settings, address: str
) -> None:
    settings.PACKAGES_URL = address
    response = who.client.get(who.page())
    assert response.status_code == 503
    assert b"iframe" not in response.content
    assert b"no second address" in response.content
    assert not PackageState.objects.exists()


@pytest.mark.parametrize(
    ("site", "packages", "identity"),
    [
        ("http://localhost:8000", "", "packages.W001"),
        ("https://a.example", "nonsense", "packages.E001"),
        ("https://a.example", "https://b.example/path", "packages.E001"),
        ("https://a.example", "https://a.example:8443", "packages.E002"),
        ("https://a.example", "https://A.EXAMPLE", "packages.E002"),
        ("https://a.example", "http://b.example", "packages.E003"),
        ("https://a.example", "https://b.example", None),
        ("http://localhost:8000", "http://127.0.0.1:8000", None),
    ],
)
def test_a_wrong_origin_is_found_by_the_checks(
    settings: Settings, site: str, packages: str, identity: str | None
) -> None:
    settings.SITE_URL, settings.PACKAGES_URL = site, packages
    found = [message.id for message in run_checks() if (message.id or "").startswith("packages.")]
    assert found == ([identity] if identity else [])


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://a.example", "https://a.example"),
        ("https://a.example:443/x", "https://a.example"),
        ("HTTP://A.example:80", "http://a.example"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("a.example", ""),
        ("http://", ""),
        ("http://a:99999", ""),
    ],
)
def test_origins_are_what_browsers_compare(address: str, origin: str) -> None:
    assert origin_of(address) == origin


def test_a_site_that_is_no_address_has_no_packages(settings: Settings) -> None:
    settings.SITE_URL = "nonsense"
    assert packages_origin() == ""


def test_a_lesson_without_a_package_has_nothing_to_play(who: Player) -> None:
    path = who.page().replace("item-1", "item-9")
    assert who.client.get(path).status_code == 404


def test_the_number_of_queries_is_fixed(who: Player, django_assert_max_num_queries: Any) -> None:
    who.client.get(who.page())
    with django_assert_max_num_queries(20):
        who.client.get(who.page())


def test_the_player_knows_what_the_item_set_before() -> None:
    who = player(scorm_2004(("index.html", PAGE)))
    who.play({"cmi.location": "page 3"}, finished=False)
    launch, token = who.open()
    Launch.objects.filter(pk=launch.pk).update(expires_at="2999-01-01T00:00:00Z")
    page = Visitor(token).get().content.decode()
    assert '"cmi.location": "page 3"' in page
    assert '"cmi.entry": "resume"' in page
    assert "<script>alert" not in page
