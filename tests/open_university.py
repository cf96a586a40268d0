"""Real returns: seven providers, 32,593 rows (OULAD, CC BY 4.0), where the data lies beside the checkout."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from courses.returns.models import Return, ReturnProfile
from courses.returns.operations import keep_return, load_return_now
from courses.returns.profiles import SHIPPED
from programs.definitions import SHIPPED as COUNTRIES
from programs.models import Partner, Program
from tests.factories import NOW

FOLDER = Path(__file__).parents[1].parent / "shared" / "data" / "oulad" / "returns"
PROVIDERS = ["aaa", "bbb", "ccc", "ddd", "eee", "fff", "ggg"]
needs_the_data = pytest.mark.skipif(not FOLDER.exists(), reason="needs ../shared/data/oulad")


def united_kingdom() -> Program:
    call_command("load_country", str(COUNTRIES / "gb.toml"), stdout=StringIO())
    call_command("load_profile", str(SHIPPED / "gb-open-university.toml"), stdout=StringIO())
    return Program.objects.get(code="gb")


def send(program: Program, provider: str, content: bytes) -> Return:
    sent = keep_return(
        program,
        Partner.objects.get(program=program, code=f"ou-{provider}"),
        ReturnProfile.objects.get(program=program, code="gb-open-university"),
        file_name=f"provider-{provider.upper()}.csv",
        content=[content],
        received_by=None,
        received_at=NOW,
    )
    load_return_now(sent.pk, at=NOW)
    return Return.objects.get(pk=sent.pk)


def content_of(provider: str) -> bytes:
    return (FOLDER / f"provider-{provider.upper()}.csv").read_bytes()
