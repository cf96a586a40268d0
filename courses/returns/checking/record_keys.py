"""By what each record of a return is known again, made of its cells: see `courses/returns/records.py`."""

import hashlib

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from courses.returns.profiles import Definition
from people.identities import DIGEST, Hasher
from programs.models import Partner

from .cells import Cells, encoded_once

SEPARATOR = "\x1f"  # between the cells of a record's key
PLACES = 1 << 16  # for the level of evidence beside a cell's place


class RecordKeys:
    """Makes the keys of a partner's records under one profile."""

    def __init__(self, definition: Definition, partner: Partner, hasher: Hasher) -> None:
        self.partner, self.hasher = f"{partner.pk}:".encode(), hasher
        self.columns = [column for column in definition.record_key if column != definition.person_column]

    def of(self, trimmed: dict[str, Cells], evidence: pa.Int16Array) -> pa.StringArray:
        """A key for every row, as PostgreSQL reads it; none where the level of evidence is not known.

        Rows of one record and level are many in a profile whose key is person and course, so each is made once.
        """
        digests, at = self._records(trimmed, len(evidence))
        levels = pc.fill_null(evidence, -1).to_numpy(zero_copy_only=False)
        different, where = np.unique(at.astype(np.int64) * PLACES + (levels + 1), return_inverse=True)
        keys = [self._key(digests[which // PLACES], which % PLACES - 1) for which in different.tolist()]
        return pa.array(keys, pa.string()).take(pa.array(where))

    def _key(self, record: bytes, level: int) -> str | None:
        if level < 0:
            return None
        digest = hashlib.sha256(self.partner + level.to_bytes(2) + record).digest()
        return f"\\x{digest[:DIGEST].hex()}"

    def _records(self, trimmed: dict[str, Cells], rows: int) -> tuple[list[bytes], npt.NDArray[np.int32]]:
        """A keyed hash of each different record's cells besides the person's identifier, and which one a row is of."""
        cells = [trimmed[name] for name in self.columns]
        if not cells:
            return [b""], np.zeros(rows, np.int32)
        if len(cells) == 1:
            return self.hasher.digests(cells[0].different.to_pylist()), cells[0].at.to_numpy()
        joined = encoded_once(pc.binary_join_element_wise(*(column.texts() for column in cells), SEPARATOR))
        return self.hasher.digests(joined.dictionary.to_pylist()), joined.indices.to_numpy()
