"""Does settling cost by the number of changed people, whatever the history?"""

from dataclasses import dataclass

from .cluster import Cluster, print_line
from .nations import History, bring, the_program, warm_up
from .sizes import Size
from .work import Settling, drawn, mark, return_again, settle_alone


@dataclass(frozen=True)
class Change:
    """So many changed people, settled over each history in each round."""

    people: int
    are_new: bool
    rounds: dict[int, list[Settling]]  # by achievements of the history


def returning(cluster: Cluster, size: Size, histories: list[History]) -> Change:
    """People of the history, drawn at random, who get one new achievement each."""
    rounds = {history.achievements: list[Settling]() for history in histories}
    for number in range(size.rounds):
        for history in turned(histories, number):
            cluster.use(history.database)
            warm_up(cluster, history.loaded)
            let_return(cluster, drawn(history.loaded, size.returning, seed=number))
            rounds[history.achievements].append(settle_alone(cluster))
    print_line(f"{size.returning:,} people who returned were settled over each history")
    return Change(size.returning, are_new=False, rounds=rounds)


def let_return(cluster: Cluster, people: list[int]) -> None:
    return_again(the_program(), people)
    mark(people)
    cluster.rest()


def new(cluster: Cluster, size: Size, histories: list[History], people: int) -> Change:
    """So many people who are new, with achievements of their own."""
    rounds = {history.achievements: list[Settling]() for history in histories}
    for number in range(size.rounds):
        for history in turned(histories, number):
            with history.room_for(cluster, people):
                warm_up(cluster, history.loaded)
                bring(cluster, people, seed=people + number)
                rounds[history.achievements].append(settle_alone(cluster))
        print_line(f"{people:,} new people were settled over each history, round {number + 1}")
    return Change(people, are_new=True, rounds=rounds)


def turned(histories: list[History], number: int) -> list[History]:
    """Each round begins with another history."""
    start = number % len(histories)
    return [*histories[start:], *histories[:start]]
