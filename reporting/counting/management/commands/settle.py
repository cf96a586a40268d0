from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reporting.counting.clock import database_now
from reporting.counting.operations import LaneFailedError, settle


class Command(BaseCommand):
    help = "Settles all dirty people now, as the workers do every few seconds."

    def handle(self, **options: Any) -> None:  # noqa: ANN401
        try:
            self.stdout.write(f"{settle(clock=database_now):,} people settled")
        except LaneFailedError as failure:
            raise CommandError(f"{failure}: {failure.__cause__}") from failure
