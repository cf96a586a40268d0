"""Persons whose national identifiers differ are two people, whatever else is said of them."""

from programs.models import Program

# The schemes of a list by which a root, or anybody who stands for it, is known. `{0}` is the root's column.
KNOWN_BY = """
    SELECT scheme FROM people_identity
    WHERE program_id = %(program)s AND scheme = ANY (%(national)s) AND (person_id = {0} OR person_id IN (
        SELECT person_id FROM people_alias WHERE stands_for_id = {0}
    ))
"""
# That both are known by one scheme. Equal identifiers are one person already, so these differ.
IS_KNOWN_APART = f"EXISTS ({KNOWN_BY.format('one_root')} INTERSECT {KNOWN_BY.format('other_root')})"


def national_schemes(program: Program) -> list[str]:
    return [scheme["code"] for scheme in program.identity_schemes if scheme.get("is_national")]
