from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.test import Client

from programs.models import ApiToken, Program
from programs.operations import create_token
from tests.factories import NOW

PROGRAM = "/api/v1/programs/rur/"
FIGURES = f"{PROGRAM}measures/people/figures/"


@dataclass
class Ask:
    """A machine that holds a token."""

    token: ApiToken
    secret: str

    @classmethod
    def with_token(cls, program: Program, *, sees_exact: bool = False, expires_at: datetime | None = None) -> "Ask":
        return cls(*create_token(program, name="Ministry", at=NOW, sees_exact=sees_exact, expires_at=expires_at))

    def __call__(self, address: str = FIGURES, **headers: str) -> Any:
        bearer = {"Authorization": f"Bearer {self.secret}"}
        return Client(raise_request_exception=False).get(address, headers=bearer | headers)
