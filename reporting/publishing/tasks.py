from celery import shared_task
from django.utils import timezone

from programs.models import Program
from reporting.publishing.operations import publish_figures


@shared_task
def publish() -> None:
    """Rung by beat. Each program is a task of its own, so that one that cannot be published holds up no other."""
    for pk in Program.objects.values_list("pk", flat=True):
        publish_program.delay(pk)


@shared_task
def publish_program(program_id: int) -> None:
    publish_figures(Program.objects.get(pk=program_id), at=timezone.now())
