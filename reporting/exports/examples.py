"""Examples in the OpenAPI document: an invented program."""

from drf_spectacular.utils import OpenApiExample

RULE = {
    "code": "round-5",
    "explanation": [
        "Each figure is rounded to the nearest 5.",
        "One to four people read “fewer than 5”; 0 means that there is nobody.",
        "Every figure and every total is rounded on its own, so the rows need not add up to the total.",
    ],
}
TARGET = {
    "code": "thousand",
    "name": "Twenty thousand workers by 2027",
    "value": 20000,
    "kind": "national",
    "starts_on": "2026-01-01",
    "due_on": "2027-12-31",
    "source": "The ministry's plan of 1 December 2025",
    "grade": "P",
    "seen_on": "2026-01-05",
    "measure_version": 1,
}
FIGURES_JSON = {
    "program": "xr",
    "measure": {
        "code": "people",
        "name": "People with an assessed completion",
        "version": 1,
        "definition": "People who achieved any course, at least assessed, each counted once. A person counts on the"
        " day, and with the region and sector, of the first achievement that qualifies.",
        "unit": "person",
        "tag": "",
        "evidence": "assessed",
        "starts_on": None,
        "ends_on": None,
        "employer_sizes": [],
        "geography": "where the person lived on the day of the first achievement that counts",
    },
    "targets": [
        {
            "target": TARGET,
            "pace": {
                "stage": "running",
                "share_of_target": 0.729,
                "share_of_time": 0.446,
                "planned_people": 8915,
                "people_ahead": 5665,
                "days_left": 404,
                "needed_a_day": 13.4,
                "is_on_track": True,
            },
        }
    ],
    "rule": RULE,
    "freshness": {
        "as_of": "2026-11-22T09:00:00Z",
        "counted_until": "2026-11-22T09:00:00Z",
        "changed_at": "2026-11-22T08:59:00Z",
    },
    "figures": [
        {"table": "total", "code": "", "name": "Everyone", "people": 14580, "shown": "14,580"},
        {"table": "by-region", "code": "N", "name": "North", "people": 14575, "shown": "14,575"},
        {"table": "by-region", "code": "S", "name": "South", "people": None, "shown": "fewer than 5"},
    ],
}
FIGURES_CSV = (
    "program,measure,measure_version,table,code,name,people,shown,rule,as_of\r\n"
    'xr,people,1,total,,Everyone,14580,"14,580",round-5,2026-11-22T09:00:00Z\r\n'
    'xr,people,1,by-region,N,North,14575,"14,575",round-5,2026-11-22T09:00:00Z\r\n'
    "xr,people,1,by-region,S,South,,fewer than 5,round-5,2026-11-22T09:00:00Z\r\n"
)
FIGURES = [
    OpenApiExample(
        "Figures as JSON",
        value=FIGURES_JSON,
        response_only=True,
        status_codes=["200"],
        media_type="application/json",
    ),
    OpenApiExample(
        "Figures as CSV",
        value=FIGURES_CSV,
        response_only=True,
        status_codes=["200"],
        media_type="text/csv",
    ),
]
