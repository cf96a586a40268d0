from celery import shared_task
from django.utils import timezone

from . import operations


@shared_task
def load_return(return_id: int) -> None:
    operations.load_return_now(return_id, at=timezone.now(), wait=False)


@shared_task
def load_waiting_returns() -> None:
    operations.load_waiting_returns(at=timezone.now())


@shared_task
def forget_trials() -> None:
    operations.forget_trials(at=timezone.now())


@shared_task
def release_waiting_rows() -> None:
    operations.release_waiting_rows(at=timezone.now())


@shared_task
def forget_cells() -> None:
    operations.forget_cells(at=timezone.now())
