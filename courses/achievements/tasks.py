from celery import shared_task
from django.utils import timezone

from . import operations


@shared_task
def carry_out_mass_revocation(order_id: int) -> None:
    operations.carry_out_mass_revocation(order_id, at=timezone.now(), wait=False)


@shared_task
def carry_out_waiting_mass_revocations() -> None:
    operations.carry_out_waiting_mass_revocations(at=timezone.now())
