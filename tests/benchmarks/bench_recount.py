"""What does recounting a nation cost, against reading the same table once?"""

from dataclasses import dataclass, field

from .cluster import Cluster, print_line
from .cost import Cost, measured
from .indexes import fetch
from .nations import History, assert_recount_finds_nothing
from .sizes import Size

# The least that any recount must find out: the first day of each person with each partner.
READ_ONCE = """
    SELECT count(*) FROM (
        SELECT person_id, partner_id, min(achieved_on) FROM achievements_achievement GROUP BY person_id, partner_id
    ) first
"""


@dataclass(frozen=True)
class Recounting:
    reading: list[Cost] = field(default_factory=list)
    recount: list[Cost] = field(default_factory=list)


def recounting(cluster: Cluster, size: Size, nation: History) -> Recounting:
    cluster.use(nation.database)
    fetch(READ_ONCE)
    found = Recounting()
    for _ in range(size.rounds):
        with measured(cluster.postmaster) as cost:
            fetch(READ_ONCE)
        found.reading.append(cost)
        with measured(cluster.postmaster) as cost:
            assert_recount_finds_nothing()
        found.recount.append(cost)
    print_line(f"{nation.achievements:,} achievements were recounted")
    return found
