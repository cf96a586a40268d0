from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from reporting.counting.operations import settle


class Command(BaseCommand):
    help = "Settles all dirty people now, as the workers do every few seconds."

    def handle(self, **options: Any) -> None:  # noqa: ANN401
        self.stdout.write(f"{settle(clock=timezone.now):,} people settled")
