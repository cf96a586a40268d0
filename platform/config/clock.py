"""What the clock (Celery beat) rings, and how often, in seconds."""

from typing import Any


def ring(task: str, every: float, *, let_go: float | None = None) -> dict[str, Any]:
    """A ring that nobody hears before the next one, or in `let_go` seconds, is let go: the next finds the same work."""
    return {"task": task, "schedule": every, "options": {"expires": let_go or every}}


def rings(*, publish_seconds: float) -> dict[str, dict[str, Any]]:
    """The schedule, by names that nothing else knows."""
    return {
        "settle": ring("reporting.counting.tasks.settle", 2.0),
        # Each program once a night; rung often, so that a lost ring delays it by minutes.
        "recount": ring("reporting.counting.tasks.recount_due", 600.0),
        "load-waiting-returns": ring("courses.returns.tasks.load_waiting_returns", 5.0),
        "release-waiting-rows": ring("courses.returns.tasks.release_waiting_rows", 5.0),
        # No ring on arrival: statements are gathered, so that a partner who sends one a second has no return a second.
        "report-waiting-statements": ring("courses.statements.tasks.report_waiting_statements", 5.0),
        "judge-overdue-attempts": ring("courses.learning.tasks.judge_overdue_attempts", 30.0),
        "forget-cells": ring("courses.returns.tasks.forget_cells", 3600.0),
        "forget-expired-sessions": ring("accounts.tasks.forget_expired_sessions", 3600.0),
        "forget-trials": ring("courses.returns.tasks.forget_trials", 3600.0),
        "carry-out-waiting-mass-revocations": ring(
            "courses.achievements.tasks.carry_out_waiting_mass_revocations", 5.0
        ),
        # The same: once a night, rung often.
        "find-candidates": ring("courses.matching.tasks.find_candidates_due", 600.0),
        "find-candidates-asked": ring("courses.matching.tasks.find_candidates_asked", 5.0),
        # How often published figures may move; how to choose it: docs/decisions/0007-disclosure-rules.md
        "publish": ring("reporting.publishing.tasks.publish", publish_seconds, let_go=60.0),
    }
