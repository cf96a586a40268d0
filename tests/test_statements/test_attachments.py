"""Attachments with their bytes, and signatures among them."""

import base64
import hashlib
import json
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from courses.statements.models import Attachment, Statement
from courses.statements.multipart import parts_of
from programs.models import Partner
from tests.factories import PartnerFactory
from tests.test_statements.lms import BEN, STATEMENTS, LearningSystem, full, new_id, small

BOUNDARY = "-------314159265358979323846"
TEXT, PICTURE = b"here is a simple attachment", bytes(range(256)) * 3 + b"\r\n--"
CRLF = "\r\n"


def sha2(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def described(content: bytes, **changes: Any) -> dict[str, Any]:
    return {
        "usageType": "https://academy.example/certificate",
        "display": {"en-GB": "Certificate"},
        "contentType": "text/plain",
        "length": len(content),
        "sha2": sha2(content),
    } | changes


def part(content: bytes, **headers: str) -> bytes:
    head = "".join(f"{name.replace('_', '-')}: {value}{CRLF}" for name, value in headers.items())
    return f"--{BOUNDARY}{CRLF}{head}{CRLF}".encode() + content + CRLF.encode()


def raw(content: bytes, **changes: str) -> bytes:
    headers = {"Content_Type": "text/plain", "Content_Transfer_Encoding": "binary"}
    return part(content, **headers | {"X_Experience_API_Hash": sha2(content)} | changes)


def json_part(value: Any) -> bytes:
    return part(json.dumps(value).encode(), Content_Type="application/json")


END = f"--{BOUNDARY}--{CRLF}".encode()


def send(lms: LearningSystem, *parts: bytes, boundary: str = BOUNDARY, **params: Any) -> Any:
    kind = f"multipart/mixed; boundary={boundary}" if boundary else "multipart/mixed;"
    return lms.ask("PUT" if params else "POST", STATEMENTS, b"".join(parts), content_type=kind, **params)


def test_attachments_come_with_their_statements_and_go_back_with_them(either: LearningSystem) -> None:
    statement = small(attachments=[described(TEXT), described(PICTURE, contentType="image/jpeg")])
    answer = send(either, json_part(statement), raw(TEXT), raw(PICTURE, Content_Type="image/jpeg"), END)
    assert answer.status_code == 200
    back = either.get(statementId=answer.json()[0], attachments=True)
    assert back["Content-Type"].startswith("multipart/mixed; boundary=")
    first, *others = parts_of(back.content, back["Content-Type"])
    assert json.loads(first.content)["attachments"] == statement["attachments"]
    assert {(row.headers["x-experience-api-hash"], row.headers["content-type"]): row.content for row in others} == {
        (sha2(TEXT), "text/plain"): TEXT,
        (sha2(PICTURE), "image/jpeg"): PICTURE,
    }


def test_a_list_goes_back_with_its_attachments(lms: LearningSystem) -> None:
    send(lms, json_part([small(attachments=[described(TEXT)]), small()]), raw(TEXT), END)
    back = lms.get(attachments=True)
    first, second = parts_of(back.content, back["Content-Type"])
    assert len(json.loads(first.content)["statements"]) == 2
    assert second.content == TEXT


@pytest.mark.parametrize("params", [{}, {"attachments": False}])
def test_attachments_stay_here_unless_they_are_asked_for(lms: LearningSystem, params: dict[str, Any]) -> None:
    send(lms, json_part(small(attachments=[described(TEXT)])), raw(TEXT), END)
    assert lms.get(**params)["Content-Type"] == "application/json"


def test_an_answer_without_attachments_has_one_part(lms: LearningSystem) -> None:
    back = lms.get(attachments=True)
    assert [json.loads(row.content) for row in parts_of(back.content, back["Content-Type"])] == [
        {"statements": [], "more": ""}
    ]


def test_put_takes_attachments_too(lms: LearningSystem) -> None:
    statement = small(attachments=[described(TEXT)])
    assert send(lms, json_part(statement), raw(TEXT), END, statementId=new_id()).status_code == 204


def test_an_attachment_may_lie_elsewhere(either: LearningSystem) -> None:
    statement = small(attachments=[described(TEXT, fileUrl="https://academy.example/file.txt")])
    assert either.post(statement).status_code == 200
    assert send(either, json_part(statement), END).status_code == 200
    assert send(either, json_part(small()), END).status_code == 200


def test_the_same_bytes_are_kept_once_a_partner(lms: LearningSystem) -> None:
    other = LearningSystem.of(PartnerFactory.create(program=lms.token.program))
    for sender in (lms, lms, other):
        assert send(sender, json_part(small(attachments=[described(TEXT)])), raw(TEXT), END).status_code == 200
    assert Attachment.objects.count() == 2


def test_another_partner_does_not_get_the_bytes_by_naming_their_hash(lms: LearningSystem) -> None:
    send(lms, json_part(small(attachments=[described(TEXT)])), raw(TEXT), END)
    other = LearningSystem.of(PartnerFactory.create(program=lms.token.program))
    other.store(small(attachments=[described(TEXT, fileUrl="https://x.example")]))
    assert TEXT not in other.get(attachments=True).content


GOOD = small(attachments=[described(TEXT)])
TWO = small(attachments=[described(TEXT), described(PICTURE)])
WRONG = {
    "bytes are missing": [json_part(GOOD), END],
    "bytes of one of two are missing": [json_part(TWO), raw(TEXT), END],
    "bytes that nobody names": [json_part(GOOD), raw(TEXT), raw(PICTURE), END],
    "no hash": [json_part(GOOD), part(TEXT, Content_Type="text/plain", Content_Transfer_Encoding="binary"), END],
    "a hash of other bytes": [json_part(GOOD), raw(TEXT, X_Experience_API_Hash=sha2(PICTURE)), END],
    "bytes of another hash": [json_part(GOOD), raw(PICTURE, X_Experience_API_Hash=sha2(TEXT)), END],
    "a hash of no kind": [json_part(GOOD), raw(TEXT, X_Experience_API_Hash="x"), END],
    "another encoding": [json_part(GOOD), raw(TEXT, Content_Transfer_Encoding="base64"), END],
    "statements in two parts": [json_part(GOOD), json_part(GOOD), raw(TEXT), END],
    "statements of another type": [part(json.dumps(GOOD).encode(), Content_Type="text/plain"), raw(TEXT), END],
    "attachments first": [raw(TEXT), json_part(GOOD), END],
    "no boundary before the first part": [json_part(GOOD).partition(b"\r\n")[2], raw(TEXT), END],
    "no boundary between": [json_part(GOOD), raw(TEXT).partition(b"\r\n")[2], END],
    "no last boundary": [json_part(GOOD), raw(TEXT)],
    "cut in the middle": [json_part(GOOD), raw(TEXT)[:-20]],
    "no empty line": [f"--{BOUNDARY}\r\nContent-Type: application/json\r\n".encode(), END],
    "text after a boundary": [f"--{BOUNDARY}x\r\n\r\n{{}}\r\n".encode(), END],
    "nothing": [b""],
    "the end alone": [END],
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_message_that_is_not_whole_is_refused(either: LearningSystem, name: str) -> None:
    assert send(either, *WRONG[name]).status_code == 400
    assert not Statement.objects.exists()


def test_a_message_may_begin_with_an_empty_line_and_end_without_one(either: LearningSystem) -> None:
    boundary = f"-------------__{new_id()}__123__456"
    message = b"".join([b"\r\n", json_part(GOOD), raw(TEXT), END.rstrip()]).replace(b": ", b":", 3)
    address = {"content_type": f"multipart/mixed; boundary={boundary}"}
    sent = message.replace(BOUNDARY.encode(), boundary.encode())
    assert either.ask("POST", STATEMENTS, sent, **address).status_code == 200
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("kind", ["multipart/form-data", "text/plain", "multipart/mixed+json", ""])
def test_statements_of_another_media_type_are_refused(either: LearningSystem, kind: str) -> None:
    message = b"".join([json_part(GOOD), raw(TEXT), END])
    assert either.ask("POST", STATEMENTS, message, content_type=f"{kind}; boundary={BOUNDARY}").status_code == 400
    assert either.ask("POST", STATEMENTS, json.dumps(small()), content_type=kind).status_code == 400
    assert not Statement.objects.exists()


@pytest.mark.parametrize("boundary", ["", '""', "x" * 71, "ü"])
def test_a_message_without_a_boundary_is_refused(lms: LearningSystem, boundary: str) -> None:
    assert send(lms, json_part(GOOD), raw(TEXT), END, boundary=boundary).status_code == 400


def test_json_alone_brings_no_bytes(either: LearningSystem) -> None:
    rows = [described(TEXT, fileUrl="https://academy.example/file.txt"), described(PICTURE)]
    assert either.post(small(attachments=rows)).status_code == 400


def test_attachments_of_a_sub_statement_come_along(lms: LearningSystem) -> None:
    statement = small(object=full(objectType="SubStatement", attachments=[described(TEXT)]))
    assert send(lms, json_part(statement), END).status_code == 400
    assert send(lms, json_part(statement), raw(TEXT), END).status_code == 200


KEY = generate_private_key(65537, 2048)
OTHER_KEY = generate_private_key(65537, 2048)
ALGORITHMS: dict[str, Any] = {"RS256": SHA256, "RS384": SHA384, "RS512": SHA512}


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def jws(payload: str, *, alg: str = "RS256", key: RSAPrivateKey = KEY, **header: Any) -> bytes:
    signed = f"{encoded(json.dumps({'alg': alg} | header).encode())}.{encoded(payload.encode())}"
    algorithm = ALGORITHMS.get(alg, SHA256)()
    return f"{signed}.{encoded(key.sign(signed.encode(), PKCS1v15(), algorithm))}".encode()


def certificate(key: RSAPrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Academy")])
    now = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=3650))
    return base64.b64encode(builder.sign(key, SHA256()).public_bytes(Encoding.DER)).decode()


def send_signed(lms: LearningSystem, statement: dict[str, Any], signature: bytes, **changes: str) -> int:
    row = described(
        signature,
        usageType="http://adlnet.gov/expapi/attachments/signature",
        contentType="application/octet-stream",
    )
    sent = deepcopy(statement) | {"attachments": [*statement.get("attachments", []), row | changes]}
    code: int = send(lms, json_part(sent), raw(signature), END).status_code
    return code


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_a_signed_statement_is_stored(either: LearningSystem, alg: str) -> None:
    statement = full(id=new_id())
    assert send_signed(either, statement, jws(json.dumps(statement), alg=alg)) == 200


def test_a_signature_fits_its_certificate(lms: LearningSystem) -> None:
    statement = small(id=new_id())
    payload = json.dumps(statement)
    assert send_signed(lms, statement, jws(payload, x5c=[certificate(KEY)])) == 200
    for chain in ([certificate(OTHER_KEY)], ["x"], [], "x", [1], [base64.b64encode(b"x").decode()]):
        assert send_signed(lms, statement, jws(payload, x5c=chain)) == 400


def test_what_was_signed_may_be_written_in_another_way(lms: LearningSystem) -> None:
    statement = small(id=new_id(), result={"duration": "P1DT12H36M0.12S"}, timestamp="2026-11-20T10:00:00Z")
    signed = deepcopy(statement) | {"timestamp": "2026-11-20T11:00:00.000+01:00"}
    signed["result"]["duration"] = "P1DT12H36M0.1237S"
    payload = json.dumps(dict(reversed(signed.items())), indent=2)
    assert send_signed(lms, statement, jws(payload)) == 200


@pytest.mark.parametrize(
    "signature",
    [
        lambda payload: jws(payload, alg="HS256"),
        lambda payload: jws(payload, alg="none"),
        lambda payload: jws(payload.replace('"', "'", 1)),
        lambda payload: jws(payload.replace("anna", "otto")),
        lambda payload: encoded(b'{"alg": ["RS256"]}').encode() + jws(payload)[len(encoded(b'{"alg": "RS256"}')) :],
        lambda payload: jws(payload.replace("}", ', "timestamp": "soon"}', 1)),
        lambda payload: jws("[]"),
        lambda payload: jws('"x"'),
        lambda payload: jws(payload).replace(b".", b"", 1),
        lambda payload: b"!" + jws(payload),
        lambda payload: b"",
        lambda payload: TEXT,
    ],
)
def test_a_wrong_signature_is_refused(either: LearningSystem, signature: Any) -> None:
    statement = small(id=new_id())
    assert send_signed(either, statement, signature(json.dumps(statement))) == 400
    assert not Statement.objects.exists()


def test_a_signature_has_its_content_type(lms: LearningSystem) -> None:
    statement = small(id=new_id())
    assert send_signed(lms, statement, jws(json.dumps(statement)), contentType="text/plain") == 400


def test_a_signature_must_come_along(lms: LearningSystem, partner: Partner) -> None:
    row = described(
        TEXT,
        usageType="http://adlnet.gov/expapi/attachments/signature",
        contentType="application/octet-stream",
        fileUrl="https://academy.example/signature",
    )
    assert lms.post(small(attachments=[row])).status_code == 400


def test_other_attachments_belong_to_what_is_signed(lms: LearningSystem) -> None:
    statement = small(id=new_id(), actor=BEN, attachments=[described(TEXT, fileUrl="https://academy.example/x")])
    assert send_signed(lms, statement, jws(json.dumps(statement))) == 200
