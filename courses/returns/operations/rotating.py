"""What a new identity key means for returns: hashes of records without a fact, and the cells of rows in quarantine."""

from courses.returns.sealing import Seal
from people.rotation import Change, rewrite
from programs.models import Partner, Program


def rotate_kept_rows(program: Program, wrap: Change) -> dict[str, int]:
    """Wraps the hashes of records without a fact, and seals the rows in quarantine under the newest key.

    Decisions on rows in quarantine wait until the transaction ends. Answers how many rows, by what they are.
    """
    list(Partner.objects.filter(program=program).select_for_update(of=("self",), no_key=True).order_by("pk"))
    return {
        "records without a fact": rewrite(program, "returns_emptyrecord", ["person"], wrap),
        "rows in quarantine": rewrite(program, "returns_heldrow", ["sealed"], Seal(program).closed_again),
    }
