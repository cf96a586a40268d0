"""How much is measured: `national` is what the project is judged by."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """`histories` in settled achievements and `changes` in people, both ascending; `nation` is one of the histories."""

    name: str
    histories: tuple[int, ...]
    changes: tuple[int, ...]
    nation: int
    returning: int
    rounds: int
    free_disk: int  # GB

    @property
    def largest_change(self) -> int:
        return self.changes[-1]


SIZES = {
    size.name: size
    for size in (
        Size("small", (10_000, 50_000, 200_000), (1_000, 5_000, 20_000), 200_000, 1_000, 3, 3),
        Size(
            "national",
            (100_000, 1_000_000, 5_000_000, 16_000_000),
            (10_000, 100_000, 1_000_000),
            5_000_000,
            10_000,
            3,
            50,
        ),
        Size("large", (100_000, 5_000_000, 31_000_000), (10_000, 100_000, 1_000_000), 31_000_000, 10_000, 3, 110),
    )
}
