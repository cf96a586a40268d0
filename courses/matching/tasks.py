from celery import shared_task
from django.utils import timezone

from . import operations


@shared_task
def find_candidates_due() -> None:
    operations.find_candidates_due(at=timezone.now())


@shared_task
def find_candidates_asked() -> None:
    operations.find_candidates_asked(at=timezone.now())
