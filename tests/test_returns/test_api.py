"""A partner's machine sends returns: once, whatever happens to the connection."""

import gzip
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse

from courses.returns.models import Piece, Return
from courses.returns.operations import load_waiting_returns
from programs.models import Scope
from programs.operations import create_partner_token
from tests.factories import NOW, PartnerFactory
from tests.test_returns.school import School, counts, file_of, row, school_of

FILE = file_of([row("1"), row("2"), row("3", region="Atlantis")])


def token_of(school: School, **given: Any) -> str:
    return create_partner_token(school.partner, name="LMS", at=NOW, scopes=[Scope.SEND_RETURNS], **given)[1]


@pytest.fixture
def token(school: School) -> str:
    return token_of(school)


def post(school: School, token: str, content: bytes = FILE, *, key: str = "may", **query: str) -> Any:
    address = reverse("api-returns", args=[school.program.code])
    given = {"profile": "school"} | query
    return Client().post(
        address, content, content_type="application/octet-stream", query_params=given,
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key},
    )  # fmt: skip


def get(address: str, token: str) -> Any:
    return Client().get(address, headers={"Authorization": f"Bearer {token}"})


def test_a_file_is_kept_loaded_and_answered_for(school: School, token: str) -> None:
    answer = post(school, token, file_name="may.csv")
    assert (answer.status_code, answer.json()["status"]) == (202, "received")
    load_waiting_returns(at=NOW)
    seen = get(answer["Location"], token).json()
    assert (seen["status"], seen["sent"], seen["accepted"], seen["quarantined"]) == ("loaded", 3, 2, 1)
    assert (seen["file_name"], seen["partner"], seen["profile"]) == ("may.csv", "school", "school")
    assert seen["url"] == answer["Location"]


def test_the_same_key_again_is_the_same_return(school: School, token: str) -> None:
    first = post(school, token)
    load_waiting_returns(at=NOW)
    again = post(school, token)
    assert (first.status_code, again.status_code) == (202, 200)
    assert (again.json()["id"], again.json()["status"]) == (first.json()["id"], "loaded")
    assert Return.objects.count() == 1


def test_the_same_key_with_another_file_is_refused(school: School, token: str) -> None:
    post(school, token)
    answer = post(school, token, FILE + b"\n")
    assert answer.status_code == 422
    assert "was used for another file" in answer.json()["detail"]
    assert Return.objects.count() == 1


def test_another_partner_may_use_the_same_key(school: School, token: str) -> None:
    other = school_of(PartnerFactory(program=school.program))
    post(school, token)
    assert post(other, token_of(other)).status_code == 202


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sent", [0, 1, 100, len(FILE) - 1])
def test_a_file_that_was_cut_off_leaves_nothing(live_server: Any, sent: int) -> None:
    school = school_of(PartnerFactory())
    token = token_of(school)
    address = reverse("api-returns", args=[school.program.code])
    head = (
        f"POST {address}?profile=school HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
        f"Idempotency-Key: cut\r\nContent-Type: text/csv\r\nContent-Length: {len(FILE)}\r\n\r\n"
    )
    with socket.create_connection((live_server.thread.host, live_server.thread.port)) as line:
        line.sendall(head.encode() + FILE[:sent])
        line.shutdown(socket.SHUT_WR)
        answer = line.makefile("rb").read()
    assert b" 400 " in answer.partition(b"\r\n")[0]
    assert b"cut off on its way" in answer
    assert (Return.objects.count(), Piece.objects.count()) == (0, 0)
    assert post(school, token, key="cut").status_code == 202


@pytest.mark.parametrize(
    ("change", "name"),
    [({"key": ""}, "Idempotency-Key"), ({"profile": "other"}, "profile"), ({"dry_run": "perhaps"}, "dry_run")],
)
def test_what_is_wrong_is_named(school: School, token: str, change: dict[str, str], name: str) -> None:
    answer = post(school, token, **change)  # type: ignore[arg-type]
    assert answer.status_code == 400
    assert [fault["name"] for fault in answer.json()["invalid_params"]] == [name]


def test_a_file_that_is_too_large_is_not_kept(school: School, token: str, settings: LazySettings) -> None:
    settings.MAX_RETURN_BYTES = 10
    answer = post(school, token)
    assert (answer.status_code, Return.objects.count()) == (413, 0)


def test_a_dry_run_changes_nothing(school: School, token: str) -> None:
    answer = post(school, token, gzip.compress(FILE), dry_run="true")
    load_waiting_returns(at=NOW)
    seen = get(answer["Location"], token).json()
    assert (seen["status"], seen["dry_run"], seen["accepted"], seen["quarantined"]) == ("tried", True, 2, 1)
    assert school.facts() == []


def test_rejected_rows_are_fetched_mended_and_sent_again(school: School, token: str) -> None:
    answer = post(school, token)
    load_waiting_returns(at=NOW)
    rejected = get(get(answer["Location"], token).json()["rejected_rows"], token)
    content = b"".join(rejected.streaming_content)
    mended = post(school, token, content.replace(b"Atlantis", b"Lower"), key="mended")
    load_waiting_returns(at=NOW)
    assert counts(Return.objects.get(pk=mended.json()["id"])) == (1, 1, 0, 0)


def test_a_partner_sees_its_own_returns_only(school: School, token: str) -> None:
    other = school_of(PartnerFactory(program=school.program))
    theirs = other.send(FILE)
    own = post(school, token).json()["id"]
    assert [entry["id"] for entry in get(reverse("api-returns", args=[school.program.code]), token).json()] == [own]
    for name in ("api-return", "api-rejected-rows"):
        assert get(reverse(name, args=[school.program.code, theirs.pk]), token).status_code == 404


def test_returns_are_paged_by_the_last_one_seen(school: School, token: str) -> None:
    ids = [post(school, token, FILE + b"\n" * n, key=str(n)).json()["id"] for n in range(3)]
    address = reverse("api-returns", args=[school.program.code])
    assert [entry["id"] for entry in get(f"{address}?before={ids[2]}", token).json()] == [ids[1], ids[0]]
    assert get(f"{address}?before=x", token).status_code == 400


def test_a_token_without_the_scope_or_of_another_program_is_refused(school: School) -> None:
    reader = create_partner_token(school.partner, name="reader", at=NOW, scopes=[Scope.READ_STATEMENTS])[1]
    assert post(school, reader).status_code == 403
    assert post(school, token_of(school_of(PartnerFactory()))).status_code == 404


@pytest.mark.parametrize(
    ("query", "used"),
    [
        ({"profile": "other"}, "for this file with the profile school"),
        ({"dry_run": "true"}, "to send this file in earnest"),
    ],
)
def test_the_same_key_for_something_else_is_refused(
    school: School, token: str, query: dict[str, str], used: str
) -> None:
    school.profile.pk, school.profile.code = None, "other"
    school.profile.save()
    post(school, token)
    answer = post(school, token, **query)  # type: ignore[arg-type]
    assert (answer.status_code, Return.objects.count()) == (422, 1)
    assert used in answer.json()["detail"]


def test_a_dry_run_s_key_does_not_send_the_file(school: School, token: str) -> None:
    post(school, token, dry_run="true")
    assert post(school, token, dry_run="true").status_code == 200
    answer = post(school, token)
    assert answer.status_code == 422
    assert "for a dry run of this file" in answer.json()["detail"]


def test_an_empty_file_is_refused_and_uses_no_key(school: School, token: str) -> None:
    answer = post(school, token, b"")
    assert answer.status_code == 400
    assert "The file is empty" in answer.json()["detail"]
    assert post(school, token).status_code == 202


def test_a_form_is_refused_with_a_word_how_to_send(school: School, token: str) -> None:
    address = reverse("api-returns", args=[school.program.code])
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "form"}
    given = {"file": SimpleUploadedFile("may.csv", FILE)}
    answer = Client().post(f"{address}?profile=school", given, headers=headers)
    assert (answer.status_code, Return.objects.count()) == (415, 0)
    assert "--data-binary" in answer.json()["detail"]


def test_a_parameter_with_nul_is_an_unknown_profile(school: School, token: str) -> None:
    assert post(school, token, profile="\0").status_code == 400


def test_another_rule_of_the_database_is_not_taken_for_a_known_key(school: School, token: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE returns_return ADD CONSTRAINT nothing_is_sent CHECK (size < 0)")
    with pytest.raises(IntegrityError, match="nothing_is_sent"):
        post(school, token)


@pytest.mark.django_db(transaction=True)
def test_eight_clients_with_one_key_make_one_return() -> None:
    school = school_of(PartnerFactory())
    token = token_of(school)

    def send(_: int) -> int:
        try:
            return int(post(school, token).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        codes = sorted(pool.map(send, range(8)))
    assert codes == [200] * 7 + [202]
    assert Return.objects.count() == 1
