"""What does the lesson page cost beside a bare Django page, and an answer beside an empty view? Over HTTP, in CPU."""

import http.client
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from .cluster import Cluster
from .cost import measured
from .web import ROOT, address_of_database, web, web_seconds

CLIENTS, SECONDS, ROUNDS = 2, 4.0, 5
BARE_SETTINGS = "tests.benchmarks.bare_settings"
COURSE, LESSON, QUESTION = "ai-foundations", "language-models", "same-question-twice"


@dataclass(frozen=True)
class Rate:
    requests: int
    seconds: float
    cpu: float  # seconds, of the web processes and of the database's connections

    @property
    def microseconds(self) -> float:
        """CPU of one request."""
        return self.cpu / self.requests * 1e6


@dataclass(frozen=True)
class Lessons:
    """Rounds of each door, one after the other, and what rendering the page's template alone costs, in µs."""

    rates: dict[str, list[Rate]]
    template: list[float]

    def ratio(self, one: str, other: str) -> float:
        """How many times the requests of `other` one gets done with the same CPU."""
        pairs = zip(self.rates[one], self.rates[other], strict=True)
        return statistics.median(theirs.microseconds / ours.microseconds for ours, theirs in pairs)

    def of_template(self, name: str) -> float:
        """The CPU of a door in that of its template."""
        return statistics.median(rate.microseconds for rate in self.rates[name]) / statistics.median(self.template)


def lessons(cluster: Cluster, *, rounds: int = ROUNDS, seconds: float = SECONDS) -> Lessons:
    """In a database of its own. Every answer that was accepted must be stored, once."""
    from django.core.management import call_command

    cluster.copy("lessons")
    call_command("collectstatic", interactive=False, verbosity=0)
    learner = Learner.made()
    sign_in_to_bare_site()
    found = Lessons({name: [] for name in DOORS}, [template_alone(learner) for _ in range(rounds)])
    sent = 0
    with both_sites() as ports:
        for number in range(rounds + 1):
            for name, door in DOORS.items():
                pid, port = ports[door.site]
                rate = one_round(cluster, pid, port, door, learner, seconds)
                sent += rate.requests if name == "answer" else 0
                if number:  # the first warms up
                    found.rates[name].append(rate)
    check_all_are_there(sent)
    return found


def sign_in_to_bare_site() -> None:
    """The same session in the table that Django itself keeps sessions in."""
    environment = os.environ | {"DATABASE_URL": address_of_database(), "DJANGO_SETTINGS_MODULE": BARE_SETTINGS}
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "sessions", "-v0", "--skip-checks"],
        cwd=ROOT,
        env=environment,
        check=True,
    )
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_session SELECT session_key, session_data, expire_date FROM accounts_session")


def check_all_are_there(sent: int) -> None:
    from courses.learning.models import PracticeAnswer

    if PracticeAnswer.objects.count() != sent:
        raise AssertionError(f"{sent} answers were accepted and {PracticeAnswer.objects.count()} are stored")


@dataclass(frozen=True)
class Learner:
    """Somebody in the middle of the course, with the cookies of their browser."""

    program: str
    session: str
    token: str
    question: int  # its number

    @classmethod
    def made(cls) -> "Learner":
        from django.core.management import call_command
        from django.test import Client

        from courses.catalogue.models import Course, Question
        from courses.learning.models import Enrolment
        from courses.learning.operations import begin_course, finish_lesson
        from people.operations import person_of_user
        from tests.factories import ProgramFactory, UserFactory

        program, user = ProgramFactory.create(), UserFactory.create()
        call_command("load_courses", program=program.code, verbosity=0)
        person = person_of_user(program, user, at=timezone.now())
        begin_course(person, Course.objects.get(program=program, code=COURSE), at=timezone.now())
        enrolment = Enrolment.objects.get()
        for lesson in enrolment.version.lessons.all()[:8]:
            finish_lesson(enrolment, lesson, at=timezone.now())
        client = Client()
        client.force_login(user)
        question = Question.objects.get(program=program, version__course__code=COURSE, key=QUESTION)
        return cls(program.code, client.cookies["sessionid"].value, "x" * 32, question.pk)

    @property
    def page(self) -> str:
        return f"/p/{self.program}/courses/{COURSE}/{LESSON}/"

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Cookie": f"sessionid={self.session}; csrftoken={self.token}",
            "X-CSRFToken": self.token,
            "Content-Type": "application/x-www-form-urlencoded",
            "HX-Request": "true",
            "Host": "localhost",
        }


@dataclass(frozen=True)
class Door:
    """What is asked of which site; `status` is what it answers."""

    site: str
    method: str
    path: str
    status: int = 200
    is_part: bool = False

    def request(self, learner: Learner) -> tuple[str, str, bytes | None, dict[str, str]]:
        path = self.path.format(program=learner.program, page=learner.page, question=learner.question)
        body = f"form_key={uuid4()}&language=en&a-{QUESTION}=2".encode() if self.method == "POST" else None
        headers = learner.headers
        if not self.is_part:
            del headers["HX-Request"]
        return self.method, path, body, headers


DOORS = {
    "bare": Door("bare", "GET", f"/{{program}}/{COURSE}/"),
    "lesson": Door("uplift", "GET", "{page}"),
    "empty": Door("bare", "POST", "/empty/"),
    "answer": Door("uplift", "POST", "{page}practice/{question}/", is_part=True),
}


@contextmanager
def both_sites() -> Iterator[dict[str, tuple[int, int]]]:
    with ExitStack() as stack:
        uplift = stack.enter_context(web("config.wsgi", probe="/healthz", processes=1))
        bare = stack.enter_context(
            web("config.wsgi", probe="/empty/", processes=1, DJANGO_SETTINGS_MODULE=BARE_SETTINGS)
        )
        yield {"uplift": uplift, "bare": bare}


def one_round(cluster: Cluster, pid: int, port: int, door: Door, learner: Learner, seconds: float) -> Rate:
    """All clients ask until the time is over."""
    counts = [0] * CLIENTS
    before = web_seconds(pid)
    with measured(cluster.postmaster) as cost:
        stop = time.perf_counter() + seconds
        clients = [
            threading.Thread(target=ask, args=(port, door, learner, stop, counts, number)) for number in range(CLIENTS)
        ]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
    return Rate(sum(counts), cost.wall, cost.backends + web_seconds(pid) - before)


def ask(port: int, door: Door, learner: Learner, stop: float, counts: list[int], number: int) -> None:
    line = http.client.HTTPConnection("localhost", port)
    while time.perf_counter() < stop:
        method, path, body, headers = door.request(learner)
        line.request(method, path, body, headers)
        answer = line.getresponse()
        said = answer.read()
        if answer.status != door.status:
            raise RuntimeError(f"{path} {answer.status}: {said[:300]!r}")
        counts[number] += 1
    line.close()


def template_alone(learner: Learner, times: int = 200) -> float:
    """CPU of rendering the whole lesson page from what it was given, in µs."""
    from django.template import Context
    from django.template.loader import get_template
    from django.test import Client
    from django.test.utils import setup_test_environment, teardown_test_environment

    from courses.learning.rendering import article, outline
    from programs.kept import _rendered

    setup_test_environment()
    try:
        client = Client()
        client.cookies["sessionid"] = learner.session
        client.get(learner.page)  # what is kept is rendered only once
        answer = client.get(learner.page)
        context = {key: value for part in reversed(answer.context) for key, value in part.flatten().items()}  # type: ignore[attr-defined]
    finally:
        teardown_test_environment()
    template = get_template("learning/lesson.html").template  # type: ignore[attr-defined]
    page = context["page"]
    begin = time.process_time()
    for _ in range(times):
        _rendered.cache_clear()  # all of it, as if nothing had been kept
        parts = {"article": article(page, learner.program, token="", form_key="")}
        whole = parts | {"outline": outline(page, learner.program)}
        template.render(Context(context | whole))
    return (time.process_time() - begin) / times * 1e6
