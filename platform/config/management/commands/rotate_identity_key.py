from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.rotation import Rotation, RotationRefusedError, rotate_identity_key
from people.keys import IdentityKeyError
from programs.models import Program

NO_NEW_KEY = (
    "The identities of {program} are under the newest key already ({keys} so far). To rotate, put a new key before the"
    " others in UPLIFT_IDENTITY_KEY, or in the file secrets/identity-key, with a comma between them; start everything"
    " again, and then run this."
)


class Command(BaseCommand):
    help = "Hashes a program's identities once more, under the newest key. Killed or run again, it does no harm."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("program", help="code of the program")
        parser.add_argument(
            "--wait", type=float, default=60, metavar="SECONDS",
            help="how long to wait until nobody takes in a return (default: 60)",
        )  # fmt: skip

    def handle(self, *, program: str, wait: float, **options: Any) -> None:  # noqa: ANN401
        chosen = Program.objects.filter(code=program).first()
        if chosen is None:
            raise CommandError(f"There is no program {program!r}.")
        begun = monotonic()
        try:
            done = rotate_identity_key(chosen, patience=wait)
        except (IdentityKeyError, RotationRefusedError) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.say(chosen, done, seconds=monotonic() - begun)

    def say(self, program: Program, done: Rotation, *, seconds: float) -> None:
        if not done.added:
            self.stdout.write(NO_NEW_KEY.format(program=program.code, keys=done.keys))
            return
        self.stdout.write(f"{program.code}: now under {done.keys} keys, {done.added} of them new ({seconds:.1f} s)")
        for kind, number in done.rewritten.items():
            self.stdout.write(f"  {kind}: {number:,}")
