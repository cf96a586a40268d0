"""How fast are statements taken in over HTTP, a hundred a request and one a request, as partners' systems send them?"""

import base64
import http.client
import json
import random
import statistics
import threading
import time
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from .cluster import Cluster
from .cost import measured
from .web import web, web_seconds

MANY = 100  # statements of a request
CLIENTS, SECONDS, ROUNDS = 4, 4.0, 5


@dataclass(frozen=True)
class Rate:
    """What one round took in."""

    statements: int
    seconds: float
    cpu: float  # seconds, of the web processes and of the database's connections

    @property
    def a_second(self) -> float:
        return self.statements / self.seconds

    @property
    def microseconds(self) -> float:
        return self.cpu / self.statements * 1e6


@dataclass(frozen=True)
class Sending:
    """Rounds of many a request and of one a request, each after the other."""

    many: list[Rate]
    one: list[Rate]

    @property
    def ratio(self) -> float:
        return statistics.median(many.a_second / one.a_second for many, one in zip(self.many, self.one, strict=True))

    @property
    def cpu_ratio(self) -> float:
        pairs = zip(self.many, self.one, strict=True)
        return statistics.median(one.microseconds / many.microseconds for many, one in pairs)


def sending(cluster: Cluster, *, rounds: int = ROUNDS, seconds: float = SECONDS) -> Sending:
    """In a database of its own. Every statement that was answered must be stored, once."""
    cluster.copy("statements")
    secret = token_of_a_partner()
    found = Sending([], [])
    sent = 0
    with web("config.wsgi", probe="/xapi/about") as (pid, port):
        chance = random.Random(7)
        for number in range(rounds + 1):
            for size, rates in ((MANY, found.many), (1, found.one)):
                rate = one_round(cluster, pid, port, secret, size=size, seconds=seconds, chance=chance)
                sent += rate.statements
                if number:  # the first warms up
                    rates.append(rate)
    check_all_are_there(sent)
    return found


def check_all_are_there(sent: int) -> None:
    from courses.statements.models import Statement

    stored = Statement.objects.count()
    if stored != sent:
        raise AssertionError(f"{sent} statements were answered and {stored} are stored")


def token_of_a_partner() -> str:
    from programs.models import Partner
    from programs.operations import create_partner_token
    from tests.factories import PartnerFactory

    partner: Partner = PartnerFactory.create()
    return create_partner_token(partner, name="bench", at=timezone.now())[1]


def one_round(
    cluster: Cluster, pid: int, port: int, secret: str, *, size: int, seconds: float, chance: random.Random
) -> Rate:
    """All clients send until the time is over; what they send was written before."""
    enough = int(seconds * (100 if size > 1 else 1000))
    requests = [[request_of(size, chance) for _ in range(enough)] for _ in range(CLIENTS)]
    counts = [0] * CLIENTS
    before = web_seconds(pid)
    with measured(cluster.postmaster) as cost:
        stop = time.perf_counter() + seconds
        clients = [
            threading.Thread(target=send, args=(port, secret, requests[number], stop, counts, number))
            for number in range(CLIENTS)
        ]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
    return Rate(sum(counts) * size, cost.wall, cost.backends + web_seconds(pid) - before)


def send(port: int, secret: str, requests: list[bytes], stop: float, counts: list[int], number: int) -> None:
    basic = base64.b64encode(f"bench:{secret}".encode()).decode()
    headers = {
        "Authorization": f"Basic {basic}",
        "X-Experience-API-Version": "1.0.3",
        "Content-Type": "application/json",
    }
    line = http.client.HTTPConnection("localhost", port)
    for content in requests:
        if time.perf_counter() > stop:
            break
        line.request("POST", "/xapi/statements", content, headers)
        answer = line.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {said[:300]!r}")
        counts[number] += 1
    line.close()


def request_of(size: int, chance: random.Random) -> bytes:
    statements = [statement(chance) for _ in range(size)]
    return json.dumps(statements if size > 1 else statements[0]).encode()


def statement(chance: random.Random) -> dict[str, object]:
    """About 1,000 bytes, as a learning system says that somebody completed a course."""
    person, course = chance.randrange(1_500_000), chance.randrange(50)
    home = "https://lms.example"
    return {
        "id": str(UUID(int=chance.getrandbits(128), version=4)),
        "actor": {
            "objectType": "Agent",
            "name": f"Person {person}",
            "account": {"homePage": home, "name": f"user-{person}"},
        },
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"en-GB": "completed"}},
        "object": {
            "objectType": "Activity",
            "id": f"{home}/courses/{course}",
            "definition": {
                "type": "http://adlnet.gov/expapi/activities/course",
                "name": {"en-GB": f"Course {course}"},
                "description": {"en-GB": "A course about something that many people want to learn"},
            },
        },
        "result": {
            "score": {"scaled": 0.8, "raw": 80, "min": 0, "max": 100},
            "success": True,
            "completion": True,
            "duration": "PT1H2M3S",
        },
        "context": {
            "registration": str(UUID(int=chance.getrandbits(128), version=4)),
            "platform": "LMS",
            "language": "en-GB",
            "contextActivities": {"parent": [{"id": f"{home}/programmes/1"}], "grouping": [{"id": home}]},
            "extensions": {f"{home}/region": "N"},
        },
        "timestamp": "2026-11-20T10:00:00.000Z",
    }
