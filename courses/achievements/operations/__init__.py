"""Every write of facts. Each one marks its people dirty in the same transaction, so that they will be settled."""

from .changing import change_chosen
from .marking import mark_dirty, mark_everybody_dirty
from .mass_revocation import (
    MAY_ORDER,
    MassRevocationRefusedError,
    NumberChangedError,
    approve_mass_revocation,
    carry_out_mass_revocation,
    carry_out_waiting_mass_revocations,
    check_proposal,
    propose_mass_revocation,
    propose_undo,
    refuse_mass_revocation,
    withdraw_mass_revocation,
)
from .merging import (
    STAGED_PAIR_COLUMNS,
    IdentifiersDifferError,
    MergeRefusedError,
    merge_between,
    merge_persons,
    merge_staged,
    merging_order,
    unmerge,
)
from .recording import Codes, fact_key, record_achievement, record_staged
from .revoking import RevocationRefusedError, restore_achievement, revoke_achievement

__all__ = [
    "MAY_ORDER",
    "STAGED_PAIR_COLUMNS",
    "Codes",
    "IdentifiersDifferError",
    "MassRevocationRefusedError",
    "MergeRefusedError",
    "NumberChangedError",
    "RevocationRefusedError",
    "approve_mass_revocation",
    "carry_out_mass_revocation",
    "carry_out_waiting_mass_revocations",
    "change_chosen",
    "check_proposal",
    "fact_key",
    "mark_dirty",
    "mark_everybody_dirty",
    "merge_between",
    "merge_persons",
    "merge_staged",
    "merging_order",
    "propose_mass_revocation",
    "propose_undo",
    "record_achievement",
    "record_staged",
    "refuse_mass_revocation",
    "restore_achievement",
    "revoke_achievement",
    "unmerge",
    "withdraw_mass_revocation",
]
