"""Questions from forms and from question banks, written into the texts of a draft."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from courses.authoring.appending import CannotAppendError, with_fence, with_practice, with_questions
from courses.authoring.models import Draft, DraftFiles, Revision
from courses.authoring.operations.editing import FileRefusedError, add_text, hold, put_file, save_text
from courses.authoring.reading import Reading
from courses.catalogue.banks.bank import Bank
from courses.catalogue.banks.written import assessment_text
from courses.catalogue.folders import CourseText
from courses.catalogue.questions.texts import QuestionText
from courses.catalogue.questions.yaml_text import dumped

ASSESSMENT = "assessment.yaml"
LONGEST_KEY = 60


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What came of a bank: how many questions were added, and how many were in the course already."""

    added: int
    known: int


@transaction.atomic
def append_question(draft: Draft, path: str, question: QuestionText, *, by: User, at: datetime) -> Revision:
    """Writes the question at the end of the lesson or assessment; its key gets a number if it is taken.

    Raises `FileRefusedError` for a draft that is not being written, a file that is not there or holds no questions.
    """
    hold(draft)
    file = DraftFiles(draft).current.get(path)
    if file is None or file.text is None:
        raise FileRefusedError(_("%(path)s is not in the draft any more.") % {"path": path})
    named = replace(question, key=free_key(question.key, keys_in(Reading.of(draft).judged.readable)))
    language = next(iter(question.words))
    with refused():
        if path == ASSESSMENT:
            text = with_questions(file.text, [named], language)
        else:
            text = with_practice(file.text, named, language)
    return save_text(draft, path, text, seen=file.number, by=by, at=at)


@transaction.atomic
def append_video(draft: Draft, path: str, values: Mapping[str, str], *, by: User, at: datetime) -> Revision:
    """Writes the video at the end of the lesson; raises as `append_question`."""
    hold(draft)
    file = DraftFiles(draft).current.get(path)
    if file is None or file.text is None:
        raise FileRefusedError(_("%(path)s is not in the draft any more.") % {"path": path})
    with refused():
        text = with_fence(file.text, "video", dumped(dict(values)))
    return save_text(draft, path, text, seen=file.number, by=by, at=at)


@contextmanager
def refused() -> Iterator[None]:
    try:
        yield
    except CannotAppendError as refusal:
        raise FileRefusedError(str(refusal)) from refusal


def keys_in(course: CourseText) -> set[str]:
    return {question.key for question in course.questions}


def free_key(key: str, taken: Collection[str]) -> str:
    found, number = key, 2
    while found in taken:
        ending = f"-{number}"
        found, number = f"{key[: LONGEST_KEY - len(ending)].rstrip('-')}{ending}", number + 1
    return found


@transaction.atomic
def append_bank(draft: Draft, bank: Bank, language: str, *, pool: str = "", by: User, at: datetime) -> Taken:
    """Writes the bank's questions into the assessment and its pictures into the draft; again, it adds nothing.

    `pool` takes the place of the bank's own pools. Raises `FileRefusedError` for a draft that is not being written, an
    assessment.yaml to which nothing can be added, and where another picture has the name of one in the bank.
    """
    hold(draft)
    course = Reading.of(draft).judged.readable
    known = {same(question) for question in course.questions}
    pooled = [replace(question, pool=pool) if pool else question for question in bank.questions]
    new = renamed([one for one in pooled if same(one) not in known], keys_in(course))
    bring_pictures(draft, bank, by, at)
    if new:
        write(draft, replace(bank, questions=new), language, by, at)
    return Taken(added=len(new), known=len(bank.questions) - len(new))


def same(question: QuestionText) -> str:
    """What makes two questions the same one: what is asked and what is right, not how it is called."""
    words = next(iter(question.words.values()))
    return repr((question.kind, question.right, replace(words, feedback="", choice_feedback=[])))


def renamed(questions: Sequence[QuestionText], taken: set[str]) -> list[QuestionText]:
    done, used = [], set(taken)
    for question in questions:
        done.append(replace(question, key=free_key(question.key, used)))
        used.add(done[-1].key)
    return done


def bring_pictures(draft: Draft, bank: Bank, by: User, at: datetime) -> None:
    current = DraftFiles(draft).current
    for path, data in bank.pictures.items():
        if path in current and current[path].data() != data:
            raise FileRefusedError(_("%(path)s is in the draft already and is another picture.") % {"path": path})
        put_file(draft, path, data, by=by, at=at)


def write(draft: Draft, bank: Bank, language: str, by: User, at: datetime) -> None:
    file = DraftFiles(draft).current.get(ASSESSMENT)
    if file is None:
        add_text(draft, ASSESSMENT, assessment_text(bank, language), by=by, at=at)
        return
    with refused():
        text = with_questions(file.text or "", bank.questions, language)
    save_text(draft, ASSESSMENT, text, seen=file.number, by=by, at=at)
