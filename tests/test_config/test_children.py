import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.children import PATIENCE, Child
from config.console import Console
from config.trouble import CannotRunError

from .conftest import until


@pytest.fixture
def output() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def children(output: io.StringIO) -> Iterator[list[Child]]:
    children: list[Child] = []
    yield children
    for child in children:
        child.stop(lambda: True)


def python(children: list[Child], output: io.StringIO, program: str, patience: float = 10) -> Child:
    child = Child("clock", (sys.executable, "-c", program), Console(output), 35, patience=patience)
    children.append(child)
    return child


def ended(child: Child) -> bool:
    return child.process is not None and child.process.poll() is not None


def test_each_line_bears_the_name_of_who_says_it(children: list[Child], output: io.StringIO) -> None:
    python(children, output, "print('tick'); print(); print('tock')").start()
    until(lambda: "tock" in output.getvalue())
    assert output.getvalue() == "clock   | tick\nclock   | tock\n"


def test_a_child_that_dies_is_started_again_with_a_line(children: list[Child], output: io.StringIO) -> None:
    child = python(children, output, "import os; os.kill(os.getpid(), 9)")
    child.start()
    until(lambda: ended(child))
    child.revive()
    assert "clock was killed (SIGKILL): starting it again." in output.getvalue()


def test_a_living_child_is_left_alone(children: list[Child], output: io.StringIO) -> None:
    child = python(children, output, "import time; time.sleep(600)")
    child.start()
    process = child.process
    child.revive()
    assert child.process is process


def test_a_child_that_dies_again_and_again_is_given_up(children: list[Child], output: io.StringIO) -> None:
    child = python(children, output, "raise SystemExit(3)")
    child.start()
    for _ in range(PATIENCE - 1):
        until(lambda: ended(child))
        child.revive()
    until(lambda: ended(child))
    with pytest.raises(CannotRunError, match="clock ended with code 3 5 times in a row"):
        child.revive()


def test_a_child_that_others_kill_is_never_given_up(children: list[Child], output: io.StringIO) -> None:
    child = python(children, output, "import time; time.sleep(600)")
    child.start()
    for _ in range(PATIENCE + 1):
        assert child.process
        child.process.kill()
        until(lambda: ended(child))
        child.revive()
    assert output.getvalue().count("starting it again") == PATIENCE + 1


def test_stopping_ends_also_what_the_child_started(children: list[Child], output: io.StringIO) -> None:
    program = "import subprocess; p = subprocess.Popen(['sleep', '600']); print(p.pid, flush=True); p.wait()"
    child = python(children, output, program)
    child.start()
    until(lambda: output.getvalue().endswith("\n"))
    grandchild = int(output.getvalue().split("|")[1])
    child.stop(lambda: False)
    until(lambda: not _lives(grandchild))


def test_a_child_that_does_not_want_to_end_is_ended_by_force(children: list[Child], output: io.StringIO) -> None:
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
    child = python(children, output, stubborn, patience=0.1)
    child.start()
    until(lambda: "deaf" in output.getvalue())
    process = child.process
    child.stop(lambda: False)
    assert process is not None
    assert process.returncode == -9
    assert "is ended by force" in output.getvalue()


class Gone(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError


def test_a_terminal_that_is_gone_silences_the_console_and_breaks_nothing() -> None:
    console = Console(Gone())
    console.say("nobody hears this")
    console.say("nor this")


def test_lines_are_coloured_on_a_terminal_only(output: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    Console(output).say("plain", "web", 36)
    monkeypatch.setattr(output, "isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    Console(output).say("blue", "web", 36)
    assert output.getvalue() == "web     | plain\n\033[36mweb     | \033[0mblue\n"


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


SUPERVISOR = """
import time, django
django.setup()
from config.children import Child
from config.console import Console
child = Child("clock", ("sleep", "600"), Console(), 0)
child.start()
print(child.process.pid, flush=True)
time.sleep(600)
"""


def test_a_child_dies_with_a_supervisor_that_is_killed() -> None:
    surroundings = {**os.environ, "PYTHONPATH": "platform"}
    with subprocess.Popen([sys.executable, "-c", SUPERVISOR], stdout=subprocess.PIPE, env=surroundings) as supervisor:
        assert supervisor.stdout is not None
        child = int(supervisor.stdout.readline())
        until(lambda: Path(f"/proc/{child}/comm").read_text() == "sleep\n")
        supervisor.kill()
    until(lambda: not _lives(child))
