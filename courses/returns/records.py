"""By what a record of a partner is known again, within a file and for good: its key, and the person that it names.

Facts are never edited, and keys of identities rotate. So the key of a fact holds nothing of the person's identifier,
which could be tried out once such a key has leaked: a record whose key names the person is known by the person,
whichever of their identifiers it names. Besides that its key is made of the partner, the level of evidence and a keyed
hash of the other cells: of content alone, so that the order of arrival plays no part where it breaks a tie.
"""

from courses.returns.profiles import Definition


def is_of_person(definition: Definition) -> bool:
    """Whether the partner's key of a record has the person's identifier in it."""
    return definition.person_column in definition.record_key


def record_sql(definition: Definition) -> str:
    """By what the rows of a file are rows of one record."""
    return "key || person" if is_of_person(definition) else "key"


def person_sql(definition: Definition) -> str:
    """Whom a record without a fact names: nobody is made for it, so it keeps the hash, which gets further layers."""
    return "staged.person" if is_of_person(definition) else "NULL::bytea"
