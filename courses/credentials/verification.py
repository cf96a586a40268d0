"""Judges credentials: is the signature ours, does it say what our records say, and does it still stand?"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.credentials.keys import signing_keys
from courses.credentials.models import LONGEST_CODE, Credential
from courses.credentials.statement import Statement, read_statement, recorded_facts
from programs.models import Program
from programs.templatetags.figures import number

LONGEST_TOKEN = 20_000
COMPACT_JWS = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


class Verdict(models.TextChoices):
    VALID = "valid", gettext_lazy("Valid")
    REVOKED = "revoked", gettext_lazy("Revoked")
    NOT_GENUINE = "not-genuine", gettext_lazy("Not genuine")


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What the checks found: `statement` and `claims` are what was signed, absent when it is not genuine."""

    verdict: Verdict
    why: str = ""
    credential: Credential | None = None
    claims: dict[str, Any] | None = None
    statement: Statement | None = None
    revoked_at: datetime | None = None


class NotGenuineError(Exception):
    """The text is no credential of ours; the message says in a sentence why."""


class UnreadableError(Exception):
    """Nothing that could be judged was given; the message says what to do."""


def judge(credential: Credential) -> Judgement:
    """Judges a credential of our records by its stored text."""
    return _judge_token(credential.jwt, [credential.program], credential)


def judge_text(text: str) -> Judgement:
    """Judges what somebody gives us: the code of a credential, its address, or its signed text.

    Raises `UnreadableError` for anything else.
    """
    given = text.strip()
    if not given:
        raise UnreadableError(_("Paste a credential or type its code first."))
    if len(given) > LONGEST_TOKEN:
        raise UnreadableError(
            _("This is too long to be a credential: ours have fewer than %(number)s characters.")
            % {"number": number(LONGEST_TOKEN)}
        )
    if "." in given and not given.startswith(("http://", "https://")):
        return _judge_token(given, Program.objects.all(), None)
    credential = Credential.objects.find(code_in(given))
    if credential is None:
        raise UnreadableError(
            _("There is no credential with this code here. Compare it with the original, character by character.")
        )
    return judge(credential)


def code_in(text: str) -> str:
    """The code in what somebody typed or pasted: a code with spaces, hyphens or capitals, or the page's address."""
    last = text.rstrip("/").rpartition("/")[2]
    return re.sub(r"[\s-]", "", last).lower()[: LONGEST_CODE + 1]


def _judge_token(token: str, issuers: Iterable[Program], expected: Credential | None) -> Judgement:
    try:
        keys = {key.thumbprint: key.public for program in issuers for key in signing_keys(program)}
        claims = signed_claims(token, keys)
        statement = _statement(claims)
        credential = _on_record(statement, expected)
    except NotGenuineError as error:
        return Judgement(verdict=Verdict.NOT_GENUINE, why=str(error), credential=expected)
    found = credential.revocation
    return Judgement(
        verdict=Verdict.REVOKED if found else Verdict.VALID,
        why=found[1] if found else "",
        revoked_at=found[0] if found else None,
        credential=credential,
        claims=claims,
        statement=statement,
    )


def signed_claims(token: str, keys: Mapping[str, Ed25519PublicKey]) -> dict[str, Any]:
    """What the token says, if one of the keys (by thumbprint) signed exactly this; raises `NotGenuineError` if not."""
    header = _header(token)
    if header.get("alg") != "EdDSA":
        raise NotGenuineError(_("It is not signed in the way in which our credentials are signed."))
    key = keys.get(str(header.get("kid")).rpartition("#")[2])
    if key is None:
        raise NotGenuineError(_("It is not signed with a key of this issuer. If somebody else issued it, ask them."))
    try:
        # Our own clock says nothing about whether we signed it: only the signature is checked here.
        options = {"verify_nbf": False, "verify_exp": False, "verify_iat": False, "verify_aud": False}
        return jwt.decode(token, key, algorithms=["EdDSA"], options=options)  # type: ignore[arg-type]
    except jwt.InvalidSignatureError as error:
        raise NotGenuineError(_("Its text was changed after it was signed.")) from error
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise NotGenuineError(_("Its signed text cannot be read.")) from error


def _header(token: str) -> dict[str, Any]:
    """The token's header, unverified."""
    unreadable = _("It does not have the form of a signed credential (JWT): three parts with dots between them.")
    if not COMPACT_JWS.fullmatch(token):
        raise NotGenuineError(unreadable)
    try:
        return jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise NotGenuineError(unreadable) from error


def _statement(claims: dict[str, Any]) -> Statement:
    try:
        return read_statement(claims)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotGenuineError(_("It is signed, but it is not a credential.")) from error


def _on_record(statement: Statement, expected: Credential | None) -> Credential:
    credential = expected or Credential.objects.find(statement.facts.code)
    if credential is None:
        raise NotGenuineError(_("It is signed with our key, but our records have no such credential."))
    if statement.facts != recorded_facts(credential):
        raise NotGenuineError(_("What it says differs from our records."))
    return credential
