from celery import shared_task
from django.utils import timezone

from courses.learning.operations import judge_overdue


@shared_task
def judge_overdue_attempts() -> None:
    judge_overdue(at=timezone.now())
