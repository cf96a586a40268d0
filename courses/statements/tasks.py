from celery import shared_task
from django.utils import timezone

from . import operations


@shared_task
def report_waiting_statements() -> None:
    operations.report_waiting_statements(at=timezone.now())
    operations.carry_out_voidings(at=timezone.now())
