"""A learning system that speaks xAPI, and what it says."""

import base64
import json
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.test import Client

from programs.models import PARTNER_SCOPES, ApiToken, Partner
from programs.operations import create_partner_token
from tests.factories import NOW

STATEMENTS = "/xapi/statements"
COURSE = "https://academy.example/courses/first-steps"
COMPLETED = "http://adlnet.gov/expapi/verbs/completed"
VOIDED = "http://adlnet.gov/expapi/verbs/voided"
SOME_ID = "5d61334d-b69e-49c3-bb2c-af39e553f0b9"
REGISTRATION = "8c5e4f0a-6a4c-4d7b-9a41-6f0f4f3a1c11"
ANNA = {"objectType": "Agent", "name": "Anna", "account": {"homePage": "https://academy.example", "name": "anna"}}
BEN = {"objectType": "Agent", "name": "Ben", "mbox": "mailto:ben@example.org"}
TEAM = {"objectType": "Group", "name": "Team", "member": [BEN]}
SMALL: dict[str, Any] = {"actor": ANNA, "verb": {"id": COMPLETED}, "object": {"id": COURSE}}
FULL: dict[str, Any] = {
    "actor": ANNA,
    "verb": {"id": COMPLETED, "display": {"en-GB": "completed", "de": "abgeschlossen"}},
    "object": {
        "objectType": "Activity",
        "id": COURSE,
        "definition": {
            "name": {"en-GB": "First steps", "de": "Erste Schritte"},
            "description": {"en-GB": "How to begin", "de": "Wie man anfängt"},
            "type": "http://adlnet.gov/expapi/activities/course",
            "moreInfo": "https://academy.example/more",
            "interactionType": "choice",
            "correctResponsesPattern": ["a"],
            "choices": [{"id": "a", "description": {"en-GB": "Yes", "de": "Ja"}}, {"id": "b"}],
            "extensions": {"https://academy.example/x": None},
        },
    },
    "result": {
        "score": {"scaled": 0.8, "raw": 80, "min": 0, "max": 100},
        "success": True,
        "completion": True,
        "response": "a",
        "duration": "PT1H2M3.5S",
        "extensions": {},
    },
    "context": {
        "registration": REGISTRATION,
        "instructor": {"objectType": "Agent", "mbox": "mailto:carla@example.org"},
        "team": TEAM,
        "contextActivities": {
            "parent": [{"id": "https://academy.example/programmes/1"}],
            "category": {"id": "https://academy.example/profile"},
        },
        "revision": "3",
        "platform": "Academy LMS",
        "language": "en-GB",
        "statement": {"objectType": "StatementRef", "id": "1b4c8f7e-95a5-4f5a-8d1e-2a3b4c5d6e7f"},
        "extensions": {"https://academy.example/region": "N"},
    },
    "timestamp": "2026-11-20T10:00:00.000Z",
}


def small(**changes: Any) -> dict[str, Any]:
    return deepcopy(SMALL) | changes


def full(**changes: Any) -> dict[str, Any]:
    return deepcopy(FULL) | changes


def new_id() -> str:
    return str(uuid4())


def reference_to(number: str, **changes: Any) -> dict[str, Any]:
    return small(object={"objectType": "StatementRef", "id": number}) | changes


def voiding(number: str) -> dict[str, Any]:
    return reference_to(number, verb={"id": VOIDED})


@dataclass
class LearningSystem:
    """Speaks with a token, as user name and password unless told otherwise."""

    token: ApiToken
    secret: str
    version: str = "1.0.3"

    @classmethod
    def of(cls, partner: Partner, *, version: str = "1.0.3", scopes: tuple[str, ...] = PARTNER_SCOPES) -> Any:
        name = f"LMS {ApiToken.objects.count()}"
        return cls(*create_partner_token(partner, name=name, at=NOW, scopes=scopes), version)

    def headers(self, **others: str) -> dict[str, str]:
        basic = base64.b64encode(f"lms:{self.secret}".encode()).decode()
        return {"Authorization": f"Basic {basic}", "X-Experience-API-Version": self.version} | others

    def ask(
        self,
        method: str,
        address: str,
        content: bytes | str = b"",
        *,
        content_type: str = "application/json",
        headers: Any = None,
        **params: Any,
    ) -> Any:
        said = {name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()}
        query = f"?{urlencode(said)}" if said else ""
        return Client().generic(method, address + query, content, content_type, headers=self.headers(**(headers or {})))

    def get(self, address: str = STATEMENTS, *, headers: Any = None, **params: Any) -> Any:
        return self.ask("GET", address, headers=headers, **params)

    def post(self, value: Any, address: str = STATEMENTS, **others: Any) -> Any:
        return self.ask("POST", address, json.dumps(value), **others)

    def put(self, value: Any, address: str = STATEMENTS, **others: Any) -> Any:
        return self.ask("PUT", address, json.dumps(value), **others)

    def store(self, *statements: dict[str, Any]) -> list[str]:
        """Posts the statements and gives back their ids."""
        answer = self.post(list(statements))
        assert answer.status_code == 200, answer.content
        ids: list[str] = answer.json()
        return ids

    def found(self, **params: Any) -> list[str]:
        """The ids of the statements that this question finds, in order."""
        answer = self.get(**params)
        assert answer.status_code == 200, answer.content
        return [statement["id"] for statement in answer.json()["statements"]]
