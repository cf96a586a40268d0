from celery import shared_task

from reporting.counting import operations
from reporting.counting.clock import database_now


@shared_task
def settle() -> None:
    """Rung by beat every few seconds and after facts change; the work itself is found in rows."""
    operations.settle(clock=database_now)


@shared_task
def recount_due() -> None:
    """Rung by beat every few minutes; each program is recounted once a night."""
    operations.recount_due(at=database_now())
