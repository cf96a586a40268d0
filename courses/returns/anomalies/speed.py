"""Courses completed faster than people learn, and at hours at which few do."""

from typing import Any

from django.db import connection
from django.db.models import Q

from courses.catalogue.models import Course

# Either is how long it took; a negative time is shorter than any.
FAST = """
INSERT INTO staged_flag
SELECT number, %(place)s, 'fast', 'course-' || course.id, 0,
       jsonb_build_object('course', course.code, 'minutes', taken.minutes, 'shortest', plausible.minutes)
FROM staged JOIN catalogue_course course ON course.id = staged.course_id
CROSS JOIN LATERAL (
    SELECT coalesce(shortest_minutes, course.minutes * %(percent)s / 100.0) AS minutes
) plausible
CROSS JOIN LATERAL (
    SELECT coalesce(staged.minutes, floor(extract(epoch FROM finished_at - started_at) / 60)) AS minutes
) taken
WHERE outcome = 'accepted' AND evidence > 0 AND taken.minutes < plausible.minutes
"""
DAY_COURSE = 8 * 60  # minutes: a longer course was not all taken on the day on which it ended
# Rows that say the same are one course, and so is what they are levels of.
FULL_DAYS = """
WITH courses AS (
    SELECT id, CASE WHEN minutes <= %(day_course)s THEN minutes
                    ELSE coalesce(shortest_minutes, minutes * %(percent)s / 100.0) END AS minutes
    FROM catalogue_course WHERE program_id = %(program)s AND coalesce(minutes, shortest_minutes) > 0
), busy AS MATERIALIZED (
    SELECT coalesce(person, reference) AS unit, achieved_on FROM staged
    WHERE evidence > 1 AND outcome IN ('accepted', 'recorded')
    GROUP BY 1, 2 HAVING count(*) * (SELECT max(minutes) FROM courses) > %(hours)s * 60
), taken AS (
    SELECT DISTINCT unit, staged.achieved_on, course_id
    FROM busy JOIN staged ON coalesce(person, reference) = unit AND staged.achieved_on = busy.achieved_on
    WHERE evidence > 1 AND outcome IN ('accepted', 'recorded')
      AND (started_at IS NULL OR started_at >= staged.achieved_on)
), full_days AS MATERIALIZED (
    SELECT unit, achieved_on, count(*) AS courses, sum(courses.minutes) AS minutes
    FROM taken JOIN courses ON courses.id = taken.course_id
    GROUP BY unit, achieved_on HAVING sum(courses.minutes) > %(hours)s * 60
)
INSERT INTO staged_flag
SELECT number, %(place)s, 'full-day', 'day-' || staged.achieved_on, 0,
       jsonb_build_object('day', staged.achieved_on, 'courses', courses, 'hours', round(full_days.minutes / 60))
FROM staged
JOIN full_days ON unit = coalesce(person, reference) AND full_days.achieved_on = staged.achieved_on
WHERE outcome = 'accepted' AND evidence > 1 AND (started_at IS NULL OR started_at >= staged.achieved_on)
"""
# Exactly midnight is how a day without a time is written by spreadsheets, and is no time.
NIGHTS = """
WITH timed AS (
    SELECT number, employer, finished_at::date AS day, outcome,
           CASE WHEN %(from_hour)s <= %(to_hour)s
                THEN extract(hour FROM finished_at) >= %(from_hour)s AND extract(hour FROM finished_at) < %(to_hour)s
                ELSE extract(hour FROM finished_at) >= %(from_hour)s OR extract(hour FROM finished_at) < %(to_hour)s
           END AS is_night
    FROM staged
    WHERE finished_at <> date_trunc('day', finished_at) AND evidence > 0 AND outcome IN ('accepted', 'recorded')
), bursts AS MATERIALIZED (
    SELECT employer, day, count(*) AS rows, count(*) FILTER (WHERE is_night) AS at_night FROM timed
    GROUP BY employer, day
    HAVING count(*) FILTER (WHERE is_night) >= %(rows)s
       AND count(*) FILTER (WHERE is_night) * 100 > count(*) * %(percent)s
)
INSERT INTO staged_flag
SELECT number, %(place)s, 'night',
       'night-' || left(encode(sha256(convert_to(day || employer, 'UTF8')), 'hex'), 12), at_night,
       jsonb_build_object('employer', employer, 'day', day, 'rows', rows, 'at_night', at_night)
FROM timed JOIN bursts USING (employer, day) WHERE is_night AND outcome = 'accepted'
"""


def flag_fast(parameters: dict[str, Any], given: dict[str, Any]) -> None:
    """Flags rows that took less than `Course.shortest_minutes`, or than `percent` of the course's minutes.

    A course that states neither is never completed too fast.
    """
    _run(FAST, given | parameters)


def flag_full_days(parameters: dict[str, Any], given: dict[str, Any]) -> None:
    """Flags what one person completed on one day if it takes more than `hours`.

    A course of at most eight hours is taken whole. Of a longer one only the shortest plausible time is, since it was
    begun on an earlier day; whatever says that it was begun on an earlier day is left out. Only what this file says is
    added up. Where no course of the program says how long it takes, nothing is looked at.
    """
    timed = Course.objects.filter(Q(minutes__gt=0) | Q(shortest_minutes__gt=0), program=given["program"])
    if not timed.exists():
        return
    _run(FULL_DAYS, given | parameters | {"day_course": DAY_COURSE})


def flag_nights(parameters: dict[str, Any], given: dict[str, Any]) -> None:
    """Flags what an employer's people completed in one night if more than `percent` of the day's rows are of it.

    Rows that name no employer are the partner's, together. It takes `rows` of them: a few who learn on their night
    shift are none.
    """
    _run(NIGHTS, given | parameters)


def _run(statement: str, given: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
