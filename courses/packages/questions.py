"""The questions of a Common Cartridge as the assessment of the course."""

import posixpath
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from courses.catalogue.archives import Archive
from courses.catalogue.banks.errors import BankRefusedError
from courses.catalogue.banks.qti12 import read_qti12
from courses.catalogue.folders.files import FOLDERS
from courses.catalogue.questions.right_answers import with_feedback
from courses.catalogue.questions.texts import QuestionText
from courses.catalogue.questions.yaml_text import questions_yaml
from courses.packages.manifests import Manifest
from courses.packages.manifests.places import Places
from courses.packages.slugs import slug_of

MOST_ASKED = 20  # by one attempt, where there are more questions
MOST_QUESTIONS = 1000
LONGEST_BANK = 20_000_000  # bytes
LONGEST_POOL, LONGEST_KEY = 40, 60  # characters
FILE_BASE = "$IMS-CC-FILEBASE$/"
PICTURES, LONGEST_PICTURE = FOLDERS["pictures"]


@dataclass
class Assessment:
    """Each bank is a pool, named like it. `pictures` are names in the archive by their path in the course."""

    language: str
    questions: list[QuestionText] = field(default_factory=list)
    pictures: dict[str, str] = field(default_factory=dict)

    def files(self, pass_mark: int) -> dict[str, bytes]:
        """assessment.yaml, if there is a question."""
        if not self.questions:
            return {}
        draw = f"draw: {MOST_ASKED}\n" if len(self.questions) > MOST_ASKED else ""
        text = f"pass_mark: {pass_mark}\n{draw}questions:\n{questions_yaml(self.questions, self.language)}"
        return {"assessment.yaml": text.encode()}


def assessment_of(manifest: Manifest, archive: Archive, *, language: str) -> Assessment:
    """The questions of all banks; what cannot be asked here is noted in `manifest.left_out`."""
    made, places, started = Assessment(language), Places(archive.names), time.thread_time()
    for bank in manifest.banks:
        shown = Shown(archive, places, made, posixpath.dirname(bank.path))
        xml, known = archive.read(bank.path, most=LONGEST_BANK), len(manifest.left_out)
        try:
            questions = read_qti12(
                xml, manifest.left_out, name=bank.path, language=language, held=shown.path, started=started
            )
        except BankRefusedError as refusal:
            manifest.leave_out(f"questions “{bank.title}”", str(refusal))
            continue
        if not questions and len(manifest.left_out) == known:
            manifest.leave_out(f"questions “{bank.title}”", "there are none in their file")
        pool = slug_of(bank.title, ())[:LONGEST_POOL].strip("-")
        made.questions += [with_feedback(replace(question, pool=pool)) for question in questions]
    if len(made.questions) > MOST_QUESTIONS:
        manifest.leave_out(
            f"{len(made.questions) - MOST_QUESTIONS} questions", f"a course has at most {MOST_QUESTIONS}"
        )
    made.questions = with_own_keys(made.questions[:MOST_QUESTIONS])
    return made


@dataclass
class Shown:
    """Pictures that questions show: found in the archive, and given a place in the course."""

    archive: Archive
    places: Places
    assessment: Assessment
    folder: str

    def path(self, address: str) -> str | None:
        """Where the picture of this address lies in the course; `None` if there is none."""
        name = self.find(unquote(address.partition("?")[0]))
        if name is None or not name.lower().endswith(PICTURES or ()) or self.archive.size_of(name) > LONGEST_PICTURE:
            return None
        known = self.assessment.pictures
        for path, other in known.items():
            if other == name:
                return path
        stem, _, ending = posixpath.basename(name).rpartition(".")
        taken = {path.removeprefix("pictures/").rpartition(".")[0] for path in known}
        path = f"pictures/{slug_of(stem, taken)}.{ending.lower()}"
        known[path] = name
        return path

    def find(self, address: str) -> str | None:
        bare = address.removeprefix(FILE_BASE)
        for base in ("web_resources/", "") if bare != address else (f"{self.folder}/" if self.folder else "", ""):
            if place := self.places.find(bare, [base] if base else []):
                return place.path
        return None


def with_own_keys(questions: list[QuestionText]) -> list[QuestionText]:
    """Keys are unique within a bank; two banks may use the same."""
    seen, made = Counter[str](), list[QuestionText]()
    taken = {question.key for question in questions}
    for question in questions:
        seen[question.key] += 1
        key, number = question.key, seen[question.key]
        while number > 1 and key in taken:
            key, number = f"{question.key[: LONGEST_KEY - 6].strip('-')}-{number}", number + 1
        taken.add(key)
        made.append(replace(question, key=key))
    return made
