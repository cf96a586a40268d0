"""What many pairs of persons come to: who of each set that hangs together is merged into whom."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Edge(NamedTuple):
    """A merge to make."""

    person: int
    into: int
    evidence: str  # JSON


def edges_of(
    pairs: Sequence[tuple[int, int, str]],
    rank: Mapping[int, tuple[bool, bool, int]],
    known_by: Mapping[int, set[str]],
) -> list[Edge]:
    """From every root that hangs together with others to the one of least rank, with the first pair that names it.

    `pairs` are of roots, in the order in which they are taken, with their evidence. One that would join two who are
    known by a scheme in common (`known_by`), themselves or by whoever was joined to them before, is left out.
    """
    leads_to, evidence, known = {root: root for root in rank}, dict[int, str](), dict(known_by)

    def end(root: int) -> int:
        while leads_to[root] != root:
            leads_to[root] = leads_to[leads_to[root]]
            root = leads_to[root]
        return root

    for one, other, said in pairs:
        survives, ends = sorted((end(one), end(other)), key=rank.__getitem__)
        by_one, by_other = known.get(survives, set()), known.get(ends, set())
        if survives != ends and by_one & by_other:
            continue
        evidence.setdefault(one, said)
        evidence.setdefault(other, said)
        leads_to[ends], known[survives] = survives, by_one | by_other
    return [Edge(root, end(root), evidence[root]) for root in sorted(leads_to) if end(root) != root]
