"""An invented nation of `matching_world` as persons of a program, each with what one partner says of them."""

from datetime import datetime
from hashlib import sha256

from django.db import connection

from programs.models import Partner, Program
from tests.matching_world import World


def load_world(program: Program, partners: list[Partner], world: World, *, at: datetime) -> int:
    """Adds a person and a saying for each record, in order; answers the number of the first person."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('people_person', 'id'))")
        first = int(cursor.fetchone()[0])
        persons = (
            "COPY people_person (id, program_id, name, region, sector, employer_size, age_band, created_at) FROM STDIN"
        )
        with cursor.copy(persons) as copy:
            for row in range(len(world)):
                copy.write_row((first + row, program.pk, "", "", "", "", "", at))
        said = (
            "COPY people_particulars (program_id, person_id, partner_id, name, born_on, employer, email, phone,"
            " account, said_at) FROM STDIN"
        )
        with cursor.copy(said) as copy:
            for row in range(len(world)):
                partner = partners[world.employer[row] % len(partners)].pk
                copy.write_row((program.pk, first + row, partner, *_said(world, row), at))
        cursor.execute("SELECT setval(pg_get_serial_sequence('people_person', 'id'), %s)", [first + len(world)])
    return first


def _said(world: World, row: int) -> tuple[object, ...]:
    contacts = [_digest(kind, getattr(world, kind)[row]) for kind in ("email", "phone", "account")]
    return world.name[row], world.born[row], world.employer_name(row), *contacts


def _digest(kind: str, number: int) -> bytes | None:
    return None if number < 0 else sha256(f"{kind} {number}".encode()).digest()
