"""The SQL of settling that knows of merges: who is counted as whom, and what came or went by merging and separating.

A person who stands for another is due nothing; what is due for a root are the facts of all who stand for it. Hardly
anybody is ever merged, so all this begins with those of a batch who were: where there are none, it costs a look into an
index. The rules and why they are so: docs/decisions/0013-merging.md
"""

# `touched` are those of the batch who were ever merged or merged into. Of the aliases, `gone` are in the batch
# themselves, `joined` stand for somebody in it. The facts of `members` are those that count for people of the batch.
# The program is left out on purpose: its index would be taken for the small one, and the batch be searched row by row.
MEMBERS = """
touched AS MATERIALIZED (
    SELECT array_agg(person_id) AS ids FROM (
        SELECT person_id FROM people_merge WHERE person_id = ANY ((SELECT ids FROM people)::bigint[])
        UNION
        SELECT into_id FROM people_merge WHERE into_id = ANY ((SELECT ids FROM people)::bigint[])
    ) merged
), gone AS MATERIALIZED (
    SELECT person_id, stands_for_id FROM people_alias WHERE person_id = ANY ((SELECT ids FROM touched)::bigint[])
), joined AS MATERIALIZED (
    SELECT person_id, stands_for_id, since FROM people_alias
    WHERE stands_for_id = ANY ((SELECT ids FROM touched)::bigint[])
), members AS MATERIALIZED (
    SELECT CASE WHEN EXISTS (SELECT FROM gone) OR EXISTS (SELECT FROM joined) THEN ARRAY(
        (SELECT unnest(ids) FROM people EXCEPT SELECT person_id FROM gone) UNION SELECT person_id FROM joined ORDER BY 1
    ) ELSE ids END AS ids FROM people
)"""


def forward_sql(neighbours: int) -> str:
    """A CTE that marks those dirty for whom people of the batch stand, unless they are in it: their facts may be new.

    Whoever marks an alias need not know that it is one, even if it becomes one at the same moment.
    """
    return f"""
forwarded AS (
    INSERT INTO achievements_dirtypeople (program_id, people, marked_at)
    SELECT %(program)s, array_agg(DISTINCT stands_for_id), (SELECT min(marked_at) FROM taken)
    FROM gone WHERE stands_for_id NOT IN (SELECT unnest(ids) FROM touched) GROUP BY stands_for_id / {neighbours}
)"""  # noqa: S608 - a number of our own


# The changes of those who were ever merged, with the achievement that is lost: the one with which they stood with the
# partner, or, where only the whole moves, in the whole.
_THEIR_FACTS = "SELECT lost_id FROM merged_change UNION SELECT achievement_id FROM merged_change"
_CHANGES = f"""
merged_change AS MATERIALIZED (
    SELECT change.person_id, change.measure_version_id, change.partner_id, change.achievement_id, change.turn,
           change.is_first, change.leaves, change.enters, whole.achievement_id IS NOT NULL AS stood, stands.cause,
           CASE WHEN change.leaves THEN change.was_achievement_id WHEN NOT change.enters THEN whole.achievement_id END
               AS lost_id
    FROM change JOIN (SELECT unnest(ids) AS person_id FROM touched) merged USING (person_id)
    LEFT JOIN whole USING (person_id, measure_version_id)
    LEFT JOIN stands USING (person_id, measure_version_id, partner_id)
), said AS MATERIALIZED (
    SELECT fact.id, fact.person_id, later.turn, greatest(fact.recorded_at, later.recorded_at) AS said_at
    FROM achievements_achievement fact
    LEFT JOIN (
        SELECT refers_to_id, max(turn) AS turn, max(recorded_at) AS recorded_at FROM achievements_achievement
        WHERE refers_to_id = ANY (ARRAY({_THEIR_FACTS}))
        GROUP BY refers_to_id
    ) later ON later.refers_to_id = fact.id
    WHERE fact.id = ANY (ARRAY({_THEIR_FACTS}))
)"""  # noqa: S608 - our own SQL
# When people were last separated, and from whom: as that person is counted now.
_SEPARATED = """
separated AS MATERIALIZED (
    SELECT DISTINCT ON (undone.person_id) undone.person_id, undone.undone_at,
           coalesce(alias.stands_for_id, undone.into_id) AS from_id
    FROM people_merge undone
    LEFT JOIN (
        SELECT person_id, stands_for_id FROM people_alias WHERE person_id = ANY (ARRAY(
            SELECT into_id FROM people_merge WHERE person_id = ANY (ARRAY(SELECT person_id FROM merged_change))
        ))
    ) alias ON alias.person_id = undone.into_id
    WHERE undone.person_id = ANY (ARRAY(SELECT person_id FROM merged_change)) AND undone.undone_at IS NOT NULL
    ORDER BY undone.person_id, undone.undone_at DESC
)"""
# With what others came in before: those who stand for a person now, and the one whom the person stood for last.
_HELD = """
held_entry AS MATERIALIZED (
    SELECT person_id, measure_version_id, achievement_id, posting_id FROM counting_ledgerentry
    WHERE part = 1 AND program_id = %(program)s AND person_id = ANY (ARRAY(
        SELECT joined.person_id FROM joined JOIN merged_change ON merged_change.person_id = joined.stands_for_id
        UNION SELECT from_id FROM separated
    ))
), held AS MATERIALIZED (
    SELECT kin.person_id, entry.measure_version_id, entry.achievement_id, kin.is_alias,
           NOT kin.is_alias AND posting.posted_at <= kin.until AS was_before
    FROM (
        SELECT stands_for_id AS person_id, person_id AS holder_id, true AS is_alias, since AS until FROM joined
        UNION ALL SELECT person_id, from_id, false, undone_at FROM separated
    ) kin
    JOIN held_entry entry ON entry.person_id = kin.holder_id
    JOIN (
        SELECT id, posted_at FROM counting_posting WHERE id = ANY (ARRAY(SELECT posting_id FROM held_entry))
    ) posting ON posting.id = entry.posting_id
), had AS (
    SELECT person_id, measure_version_id, achievement_id, bool_or(is_alias) AS alias_had_it FROM held GROUP BY 1, 2, 3
), counted_before AS (
    SELECT DISTINCT person_id, measure_version_id FROM held WHERE was_before
)"""
# `lost`: why the achievement is no longer theirs, if it is not. `came_at`: since when the person of the achievement to
# which they come is counted with them; `by_merge`, that it was not by their own separation, in which aliases go along.
_CAME = """
came AS MATERIALIZED (
    SELECT merged_change.*,
           CASE WHEN lost.turn %% 2 = 1 THEN 'revoked'
                WHEN gone.person_id IS NOT NULL THEN 'merge'
                WHEN lost.person_id <> merged_change.person_id AND lost_as.person_id IS NULL THEN 'unmerge' END AS lost,
           found.said_at, coalesce(found_as.since, separated.undone_at) AS came_at,
           coalesce(found_as.since <> separated.undone_at, found_as.since IS NOT NULL) AS by_merge,
           had.person_id IS NOT NULL AS was_had, coalesce(had.alias_had_it, false) AS alias_had_it,
           counted_before.person_id IS NOT NULL OR bool_or(merged_change.cause IS NOT NULL) OVER (
               PARTITION BY merged_change.person_id, merged_change.measure_version_id
           ) AS was_counted
    FROM merged_change
    LEFT JOIN gone ON gone.person_id = merged_change.person_id
    LEFT JOIN separated ON separated.person_id = merged_change.person_id
    LEFT JOIN said lost ON lost.id = merged_change.lost_id
    LEFT JOIN joined lost_as ON lost_as.person_id = lost.person_id AND lost_as.stands_for_id = merged_change.person_id
    LEFT JOIN said found ON found.id = merged_change.achievement_id
    LEFT JOIN joined found_as
        ON found_as.person_id = found.person_id AND found_as.stands_for_id = merged_change.person_id
    LEFT JOIN had ON (had.person_id, had.measure_version_id, had.achievement_id) =
        (merged_change.person_id, merged_change.measure_version_id, merged_change.achievement_id)
    LEFT JOIN counted_before ON (counted_before.person_id, counted_before.measure_version_id) =
        (merged_change.person_id, merged_change.measure_version_id)
)"""
# What was said of an achievement after it came is its own cause. One that came with an alias came by the merge if the
# alias had counted with it before: otherwise nobody has lost it, and it is new.
_CAUSE_OF_COMING = """CASE
        WHEN came_at IS NULL OR said_at > came_at OR (said_at = came_at AND turn > 0 AND cause = 'revoked')
            THEN CASE WHEN turn > 0 AND was_had THEN 'restored' END
        WHEN by_merge THEN CASE WHEN alias_had_it THEN 'merge' END
        WHEN was_counted AND NOT stood THEN 'unmerge' END"""
_MOVED = f"""
moved AS MATERIALIZED (
    SELECT person_id, measure_version_id, partner_id,
           coalesce(lost, CASE WHEN enters THEN coming ELSE max(coming) FILTER (WHERE is_first AND enters) OVER (
               PARTITION BY person_id, measure_version_id
           ) END) AS cause
    FROM (SELECT came.*, CASE WHEN enters THEN {_CAUSE_OF_COMING} END AS coming FROM came) came
)"""  # noqa: S608
# CTEs ending in `moved`: the causes of changes that came about by merging or separating, where they did.
MOVED = ",".join((_CHANGES, _SEPARATED, _HELD, _CAME, _MOVED))
