"""What a question bank becomes: questions, pictures, and everything that was left out, each with the reason."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from courses.catalogue.banks.errors import BankRefusedError, LeftOutError
from courses.catalogue.banks.formats import Texts
from courses.catalogue.banks.markup import Markup
from courses.catalogue.banks.names import Names, slug
from courses.catalogue.banks.pictures import Pictures, embedded
from courses.catalogue.banks.sketches import Sketch, check
from courses.catalogue.questions.texts import QuestionText
from courses.catalogue.sections import Fault

LONGEST_KEY, LONGEST_POOL = 60, 40  # characters
MOST_QUESTIONS = 20_000
MOST_FAULTS = 100_000
MOST_SECONDS = 30  # of a processor


@dataclass(frozen=True, kw_only=True)
class Bank:
    """`found` is how many questions the bank holds; those that are not among `questions` are in `left_out`.

    `pictures` are files by their path in a course folder, all under pictures/. `left_out` names every question that was
    left out, every part of a question that was, and what the author should mend; with the name of the question.
    """

    questions: list[QuestionText]
    pictures: dict[str, bytes]
    left_out: list[Fault]
    found: int


@dataclass
class Collection:
    """Takes what a reader finds and names it so that it can stand in one course folder."""

    file: str
    language: str
    faults: list[Fault] = field(default_factory=list)
    questions: list[QuestionText] = field(default_factory=list)
    pictures: Pictures = field(default_factory=Pictures)
    found: int = 0
    started: float = field(default_factory=time.thread_time)
    keys: Names = field(default_factory=lambda: Names(LONGEST_KEY))
    pool_names: Names = field(default_factory=lambda: Names(LONGEST_POOL))
    pools: dict[tuple[str, ...], str] = field(default_factory=dict)

    def note(self, message: str, line: int | None, name: str = "", file: str = "") -> None:
        """Adds what was left out, of the bank or a `file` in it. Raises `BankRefusedError` for far too much."""
        if len(self.faults) >= MOST_FAULTS:
            raise BankRefusedError(f"{self.file} has more than {MOST_FAULTS:,} faults. Is it the right file?")
        where = f"{self.file}/{file}" if file else self.file
        self.faults.append(Fault(where, message, line, f'question "{name}"' if name else ""))

    def add(self, sketch: Sketch, file: str = "") -> None:
        """Takes the question, or notes why it cannot be taken; `file` is where in the bank it lies."""
        try:
            check(sketch)
        except LeftOutError as error:
            self.leave_out(sketch.shown_name, sketch.line, str(error), file)
            return
        self.count()
        self.questions.append(sketch.finished(self.language, self.key_for(sketch), self.pool_for(sketch.category)))
        for message, line in sketch.dropped.items():
            self.note(message, line, sketch.shown_name, file)

    def leave_out(self, name: str, line: int | None, reason: str, file: str = "") -> None:
        self.count()
        self.note(f"is left out: {reason}", line, name, file)

    def count(self) -> None:
        self.go_on()
        self.found += 1
        if self.found > MOST_QUESTIONS:
            raise BankRefusedError(f"{self.file} holds more than {MOST_QUESTIONS:,} questions. Split it.")

    def key_for(self, sketch: Sketch) -> str:
        """Of its identifier, name or prompt, what can be said in letters a to z; different for each question."""
        tried = (slug(text, LONGEST_KEY) for text in (sketch.identifier, sketch.name, sketch.prompt))
        return self.keys.unused(next(filter(None, tried), "question"))

    def pool_for(self, category: tuple[str, ...]) -> str:
        """The pool of a category, named by its last part; two categories are never one pool. None for no category."""
        if category and category not in self.pools:
            self.pools[category] = self.pool_names.unused(slug(category[-1], LONGEST_POOL) or "pool")
        return self.pools.get(category, "")

    def go_on(self) -> None:
        """To be called again and again. Raises `BankRefusedError` once reading has taken too much of a processor."""
        if time.thread_time() - self.started > MOST_SECONDS:
            raise BankRefusedError(f"{self.file} takes more than {MOST_SECONDS} seconds to read. Split it.")

    def texts_of(self, sketch: Sketch, held: Callable[[str], str | None] = lambda address: None) -> Texts:
        """What turns the texts of the question into Markdown and notes what they lose.

        `held` answers the path of a picture that the bank holds; those in addresses themselves need no answer.
        """

        def path_of(address: str) -> str | None:
            data = embedded(address)
            return held(address) if data is None else self.pictures.add("picture", data)

        return Texts(Markup(sketch.drop, sketch.mend, path_of, self.go_on, self.language))

    def bank(self) -> Bank:
        return Bank(questions=self.questions, pictures=self.pictures.files, left_out=self.faults, found=self.found)
