from celery import shared_task
from django.utils import timezone

from reporting.counting import operations


@shared_task
def settle() -> None:
    """Rung by beat every few seconds and after facts change; the work itself is found in rows."""
    operations.settle(clock=timezone.now)
