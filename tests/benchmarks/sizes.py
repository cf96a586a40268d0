"""How much is measured: `national` is what the project is judged by."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """`histories` in settled achievements and `changes` in people, both ascending; `nation` is one of the histories.

    `rows` are those of a return, `seconds` those in which clients send statements, `records` what is searched for
    candidates, and `new_records` what comes the next day.
    """

    name: str
    histories: tuple[int, ...]
    changes: tuple[int, ...]
    nation: int
    returning: int
    rounds: int
    rows: int
    seconds: float
    records: int
    new_records: int
    free_disk: int  # GB

    @property
    def largest_change(self) -> int:
        return self.changes[-1]


SIZES = {
    size.name: size
    for size in (
        Size(
            "small", histories=(10_000, 50_000, 200_000), changes=(1_000, 5_000, 20_000), nation=200_000,
            returning=1_000, rounds=3, rows=50_000, seconds=1.0, records=30_000, new_records=500, free_disk=3,
        ),
        Size(
            "national", histories=(100_000, 1_000_000, 5_000_000, 16_000_000), changes=(10_000, 100_000, 1_000_000),
            nation=5_000_000, returning=10_000, rounds=3, rows=1_000_000, seconds=4.0, records=1_500_000,
            new_records=5_000, free_disk=50,
        ),
        Size(
            "large", histories=(100_000, 5_000_000, 31_000_000), changes=(10_000, 100_000, 1_000_000),
            nation=31_000_000, returning=10_000, rounds=3, rows=5_000_000, seconds=4.0, records=1_500_000,
            new_records=5_000, free_disk=110,
        ),
    )
}  # fmt: skip
