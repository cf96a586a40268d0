"""Which sayings share enough to be compared at all: blocks of sayings with one key, and the pairs within them.

A key is a hash of a rule's name and of what the rule takes. Every rule survives other mistakes than the others do. The
functions here work in temporary tables of the transaction that searches.
"""

from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext_noop

from programs.models import Program

from .comparing import EARLIEST

FEW = 0.1  # of the sayings; where no more have changed, their keys are looked for, else all are sorted
MOST_IN_A_BLOCK = 200  # sayings; a larger block says nothing of anybody, and is reported
SAYINGS = """
    SELECT said.id, coalesce(alias.stands_for_id, said.person_id) AS root,
        comparable.words, comparable.sounds, comparable.employer,
        nullif(array_to_string(comparable.sounds, '+'), '') AS name_sound, said.email, said.phone, said.account,
        CASE WHEN said.born_on >= %(earliest)s THEN said.born_on END AS born_on, changed.id IS NOT NULL AS is_changed
    FROM people_particulars said
    JOIN matching_comparable comparable ON comparable.particulars_id = said.id
    LEFT JOIN people_alias alias ON alias.person_id = said.person_id
    LEFT JOIN matching_changed changed ON changed.id = said.id
    WHERE said.program_id = %(program)s
"""
# What a rule takes, and of which sayings; where that is null, the saying has no such key.
RULES = {
    gettext_noop("birth date and one word that sounds alike"): (
        "born_on::text || sound",
        "matching_said, unnest(sounds) AS sound",
    ),
    gettext_noop("whole name by sound, and year of birth"): (
        "name_sound || date_part('year', born_on)::text",
        "matching_said",
    ),
    gettext_noop("whole name by sound, and day and month of birth"): (
        "name_sound || to_char(born_on, 'MMDD')",
        "matching_said",
    ),
    gettext_noop("whole name by sound, and employer"): ("name_sound || nullif(employer, '')", "matching_said"),
    gettext_noop("e-mail"): ("email::text", "matching_said"),
    gettext_noop("telephone"): ("phone::text", "matching_said"),
    gettext_noop("account"): ("account::text", "matching_said"),
}


@dataclass(frozen=True)
class Cut:
    """Blocks of one rule that were too large to be compared: how many, and how many sayings the largest has."""

    rule: str
    blocks: int
    largest: int


def _keys() -> str:
    """Each saying's keys, of every rule."""
    return " UNION ALL ".join(
        f"SELECT {number} AS rule, hashtextextended({takes}, {number}) AS key, id, is_changed FROM {source}"  # noqa: S608
        for number, (takes, source) in enumerate(RULES.values())
    )


def make_sayings(program: Program) -> int:
    """Makes the temporary table of all that is said in the program, as it is compared; answers how many sayings."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE matching_said ON COMMIT DROP AS {SAYINGS}",
            {"program": program.pk, "earliest": EARLIEST},
        )
        made = int(cursor.rowcount)
        cursor.execute("ALTER TABLE matching_said ADD PRIMARY KEY (id)")
        cursor.execute("ANALYZE matching_said")
    return made


def make_blocks(*, changed: int, sayings: int) -> list[Cut]:
    """Makes the temporary table of blocks in which something has changed; answers what was too large for it."""
    wanted = f"key IN (SELECT key FROM ({_keys()}) own WHERE is_changed)" if changed < FEW * sayings else "true"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            CREATE TEMPORARY TABLE matching_block ON COMMIT DROP AS
            SELECT rule, array_agg(id) FILTER (WHERE is_changed) AS changed,
                array_agg(id) FILTER (WHERE NOT is_changed) AS others
            FROM ({_keys()}) keyed
            WHERE key IS NOT NULL AND {wanted}
            GROUP BY rule, key HAVING count(*) > 1 AND bool_or(is_changed)
            """  # noqa: S608 - our own rules
        )
    return _cut_blocks()


def _cut_blocks() -> list[Cut]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH cut AS (
                DELETE FROM matching_block WHERE cardinality(changed) + coalesce(cardinality(others), 0) > %s
                RETURNING rule, cardinality(changed) + coalesce(cardinality(others), 0) AS size
            )
            SELECT rule, count(*), max(size) FROM cut GROUP BY rule ORDER BY rule
            """,
            [MOST_IN_A_BLOCK],
        )
        names = list(RULES)
        return [Cut(names[rule], blocks, largest) for rule, blocks, largest in cursor.fetchall()]


def make_pairs() -> int:
    """Makes the temporary table of pairs of sayings that share a block, of which one has changed; answers how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE TEMPORARY TABLE matching_pair ON COMMIT DROP AS
            SELECT one, other FROM matching_block, unnest(changed) AS one, unnest(changed) AS other WHERE one < other
            UNION
            SELECT least(one, other), greatest(one, other)
            FROM matching_block, unnest(changed) AS one, unnest(others) AS other
            """
        )
        return int(cursor.rowcount)
