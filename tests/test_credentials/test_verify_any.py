import json

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jwt.utils import base64url_encode

from courses.credentials.models import Credential
from courses.credentials.verification import UnreadableError, judge_text

pytestmark = pytest.mark.django_db


def pasted(client: Client, text: str) -> tuple[int, str]:
    response = client.post("/verify/", {"credential": text})
    return response.status_code, " ".join(response.content.decode().split())


def header(**fields: object) -> str:
    return base64url_encode(json.dumps(fields).encode()).decode()


def test_the_form_asks_for_one_thing(client: Client) -> None:
    assert '<textarea id="credential"' in client.get("/verify/").content.decode()


@pytest.mark.parametrize(
    "form", ["{code}", " {code}\n", "{upper}", "http://localhost:8000/verify/{code}/", "{jwt}", "\n{jwt} "]
)
def test_a_code_an_address_and_a_signed_text_are_all_judged(client: Client, credential: Credential, form: str) -> None:
    text = form.format(code=credential.code, upper=credential.code.upper(), jwt=credential.jwt)
    status, page = pasted(client, text)
    assert status == 200
    assert "Valid." in page
    assert "Working with AI" in page


def test_a_code_may_be_typed_in_groups(client: Client, credential: Credential) -> None:
    code = credential.code
    assert "Valid." in pasted(client, f"{code[:5]} {code[5:10]}-{code[10:]}")[1]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Paste a credential"),
        ("hello", "no credential with this code"),
        ("\0", "no credential with this code"),
        ("a\0b", "no credential with this code"),
        ("https://example.org/", "no credential with this code"),
        ("x" * 25_000, "too long"),
        ("\ud83dx", "no credential with this code"),
    ],
)
def test_what_cannot_be_judged_is_answered_on_the_form(client: Client, text: str, says: str) -> None:
    with pytest.raises(UnreadableError, match=says):
        judge_text(text)
    if text.isprintable():
        assert pasted(client, text)[0] == 422


@pytest.mark.parametrize(
    "text",
    [
        "...", "a.b.c", "a.b", "é.é.é", "a\0.b.c", "eyJ9.e30.AA",
        f"{header(alg='none')}.e30.", f"{header(alg='none')}.e30.AA", f"{header(alg='EdDSA', kid=['x'])}.e30.AA",
        f"{header(alg='EdDSA', kid='did:web:example.org#other')}.e30.AA",
        f"{header(alg='EdDSA', crit=['b64'], b64=False)}.e30.AA",
        f"{base64url_encode(b'[' * 9000).decode()}.e30.AA", f"{base64url_encode(b'[1]').decode()}.e30.AA",
        f"{base64url_encode(b'1' * 9000).decode()}.e30.AA",
    ],
)  # fmt: skip
def test_a_text_that_we_did_not_sign_is_not_genuine(client: Client, credential: Credential, text: str) -> None:
    status, page = pasted(client, text)
    assert status == 200
    assert "Not genuine." in page


def test_a_huge_request_is_answered_with_a_page(client: Client) -> None:
    status, page = pasted(client, "x" * 3_000_000)
    assert status == 413
    assert "too long" in page


def test_a_file_or_nothing_in_place_of_text_is_answered(client: Client) -> None:
    assert client.post("/verify/", {}).status_code == 422
    assert client.post("/verify/", b"\xff\xfe", content_type="application/octet-stream").status_code == 422
    assert client.post("/verify/", b"{", content_type="application/json").status_code == 422


def test_pasted_text_is_shown_as_text(client: Client) -> None:
    page = pasted(client, "<script>alert(1)</script>")[1]
    assert "<script>alert" not in page


@given(st.text(max_size=200) | st.text(alphabet="eyJhbGciOiJ.-_ \0", max_size=200))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_text_breaks_the_judge(db: None, text: str) -> None:
    try:
        found = judge_text(text)
    except UnreadableError:
        return
    assert found.verdict == "not-genuine"
