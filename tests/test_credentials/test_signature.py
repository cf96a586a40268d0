"""The signature is checked as a stranger would: from the published keys alone."""

import json
import string
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from jwt.utils import base64url_encode
from pytest_django import Settings

from accounts.models import User
from courses.credentials.keys import key_id, signing_keys
from courses.credentials.models import Credential
from courses.credentials.statement import payload
from courses.credentials.verification import Judgement, Verdict, judge, judge_text
from tests.factories import NOW
from tests.test_credentials.cast import EMAIL, NAME


def published(client: Client, token: str) -> dict[str, Any]:
    keys = jwt.PyJWKSet.from_dict(client.get("/issuers/rur/jwks.json").json())
    return jwt.decode(token, keys[jwt.get_unverified_header(token)["kid"]], algorithms=["EdDSA"])


def signed_by(key: Ed25519PrivateKey, credential: Credential, changes: dict[str, object] | None = None) -> Judgement:
    kid = key_id(credential.program, signing_keys(credential.program)[0])
    return judge_text(jwt.encode(payload(credential) | (changes or {}), key, algorithm="EdDSA", headers={"kid": kid}))


def test_the_published_keys_verify_the_downloaded_file(client: Client, credential: Credential) -> None:
    response = client.get(f"/verify/{credential.code}.jwt")
    assert response["Content-Type"] == "application/vc+jwt"
    assert published(client, response.content.decode())["name"] == "Working with AI"


def test_the_claims_repeat_the_credentials_properties(client: Client, credential: Credential) -> None:
    claims = published(client, credential.jwt)
    subject = claims["credentialSubject"]
    assert (claims["iss"], claims["jti"], claims["sub"]) == (claims["issuer"]["id"], claims["id"], subject["id"])
    assert datetime.fromisoformat(claims["validFrom"]) == datetime.fromtimestamp(claims["nbf"], UTC) == NOW
    assert claims["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert subject["achievement"]["criteria"]["narrative"] == "Complete the course and pass its assessment."


def test_the_header_has_only_what_open_badges_allows(credential: Credential) -> None:
    header = jwt.get_unverified_header(credential.jwt)
    assert header == {"alg": "EdDSA", "typ": "JWT", "kid": header["kid"]}


def test_the_did_document_lies_where_did_web_looks_and_names_the_key(client: Client, credential: Credential) -> None:
    issuer = published(client, credential.jwt)["iss"]
    response = client.get("/issuers/rur/did.json")
    document = json.loads(response.content)
    assert response["Content-Type"] == "application/did+json"
    assert issuer == document["id"] == "did:web:localhost%3A8000:issuers:rur"
    assert document["assertionMethod"] == [jwt.get_unverified_header(credential.jwt)["kid"]]


def test_the_published_documents_hold_no_private_key(client: Client, credential: Credential) -> None:
    for document in ("did", "jwks"):
        assert '"d"' not in client.get(f"/issuers/rur/{document}.json").content.decode()
    assert client.get("/issuers/nobody/did.json").status_code == 404


def test_the_signed_text_names_nobody(client: Client, credential: Credential, learner: User) -> None:
    text = json.dumps(published(client, credential.jwt), ensure_ascii=False)
    assert not [secret for secret in (NAME, EMAIL, "nightingale") if secret.lower() in text.lower()]


def test_a_change_anywhere_is_noticed(credential: Credential) -> None:
    token = credential.jwt
    for place in range(0, len(token), 11):
        changed = token[:place] + ("b" if token[place] == "a" else "a") + token[place + 1 :]
        assert judge_text(changed).verdict == Verdict.NOT_GENUINE, place


def test_another_spelling_of_the_same_signature_is_noticed(credential: Credential) -> None:
    last = credential.jwt[-1]  # of its six bits, four are spare
    for letter in set(string.ascii_letters + string.digits + "-_=") - {last}:
        assert judge_text(credential.jwt[:-1] + letter).verdict == Verdict.NOT_GENUINE, letter


def test_no_algorithm_and_a_shared_secret_are_refused(credential: Credential) -> None:
    kid = jwt.get_unverified_header(credential.jwt)["kid"]
    header = base64url_encode(json.dumps({"alg": "none", "kid": kid}).encode()).decode()
    body = credential.jwt.split(".")[1]
    secret = signing_keys(credential.program)[0].public.public_bytes_raw()
    shared = jwt.encode(payload(credential), secret, algorithm="HS256", headers={"kid": kid})
    for token in (f"{header}.{body}.", f"{header}.{body}.AA", shared):
        assert judge_text(token).verdict == Verdict.NOT_GENUINE


def test_another_key_under_our_keys_name_is_refused(credential: Credential) -> None:
    found = signed_by(Ed25519PrivateKey.generate(), credential)
    assert (found.verdict, found.why) == (Verdict.NOT_GENUINE, "Its text was changed after it was signed.")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"iss": "did:web:example.org:issuers:other"}, "differs from our records"),
        ({"jti": "http://localhost:8000/verify/22222222222222222222/"}, "no such credential"),
        ({"validFrom": "2020-01-01T00:00:00Z"}, "differs from our records"),
        ({"credentialSubject": []}, "not a credential"),
    ],
)
def test_what_we_signed_must_agree_with_our_records(
    credential: Credential, changes: dict[str, object], why: str
) -> None:
    found = signed_by(signing_keys(credential.program)[0].private, credential, changes)
    assert found.verdict == Verdict.NOT_GENUINE
    assert why in found.why


def test_an_old_key_still_verifies_after_a_change_of_key(credential: Credential, settings: Settings) -> None:
    settings.SIGNING_KEYS = ["n" * 40, *settings.SIGNING_KEYS]
    assert judge(credential).verdict == Verdict.VALID
    settings.SIGNING_KEYS = ["n" * 40]
    assert judge(credential).verdict == Verdict.NOT_GENUINE


def test_a_move_to_another_address_keeps_credentials_valid(credential: Credential, settings: Settings) -> None:
    settings.SITE_URL = "https://skills.example.org/uplift"
    assert judge(credential).verdict == Verdict.VALID
    assert payload(credential)["iss"] == "did:web:skills.example.org:uplift:issuers:rur"
