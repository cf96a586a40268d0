"""What a course folder says, read and checked, before anything is stored."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from courses.catalogue.questions.texts import QuestionText


@dataclass(frozen=True, kw_only=True)
class Description:
    """Title and summary of the course in one language."""

    title: str
    summary: str


@dataclass(frozen=True, kw_only=True)
class LessonWords:
    """A lesson in one language, and the line of its file on which the Markdown begins."""

    title: str
    markdown: str
    first_line: int = 1


@dataclass(frozen=True, kw_only=True)
class LessonText:
    """`words` and the practice `questions` by language; the language that the course is written in is always there."""

    number: int
    slug: str
    minutes: int
    words: dict[str, LessonWords]
    questions: list[QuestionText] = field(default_factory=list)

    @property
    def file(self) -> str:
        return f"{self.number:02}-{self.slug}.md"


@dataclass(frozen=True, kw_only=True)
class AssessmentText:
    """`draw` is how many questions are asked: of all, or by pool; `None` asks all. The other limits: `None` is none."""

    pass_mark: int
    draw: int | dict[str, int] | None = None
    attempts: int | None = None
    wait_hours: int | None = None
    minutes: int | None = None
    questions: list[QuestionText]

    def asked(self) -> int:
        """How many questions one attempt asks."""
        if isinstance(self.draw, dict):
            return sum(self.draw.values())
        return self.draw or len(self.questions)


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Whom the course is recommended to; empty means everybody."""

    sectors: list[str] = field(default_factory=list)
    occupations: list[str] = field(default_factory=list)
    largest_employer: int | None = None


@dataclass(frozen=True, kw_only=True)
class SourceFile:
    """A file of the folder; `sha256` in hexadecimal."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class CourseText:
    """What a course folder says. `descriptions` are by language, the one that it is written in first."""

    code: str
    language: str
    descriptions: dict[str, Description]
    level: str
    minutes: int
    tags: list[str]
    position: int
    audience: Audience
    lessons: list[LessonText]
    assessment: AssessmentText | None
    files: list[SourceFile]

    @property
    def title(self) -> str:
        return self.descriptions[self.language].title

    @property
    def summary(self) -> str:
        return self.descriptions[self.language].summary

    @property
    def languages(self) -> list[str]:
        """Every language that the folder has something in, the one that it is written in first."""
        return list(self.descriptions)

    @property
    def questions(self) -> list[QuestionText]:
        """Practice questions in the order of the lessons, then those of the assessment."""
        practice = [question for lesson in self.lessons for question in lesson.questions]
        return practice + (self.assessment.questions if self.assessment else [])

    @property
    def checksum(self) -> str:
        """SHA-256 of what learners read, see and answer; layout of the files and the description leave it alone."""
        content: dict[str, Any] = {
            "language": self.language,
            "languages": self.languages,
            "lessons": [lesson_content(lesson) for lesson in self.lessons],
            "assessment": asdict(self.assessment) if self.assessment else None,
            "files": [(file.path, file.sha256) for file in self.files if is_shown(file.path)],
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def lesson_content(lesson: LessonText) -> dict[str, Any]:
    """What of the lesson learners meet: not on which line it stands."""
    words = {language: (words.title, words.markdown) for language, words in lesson.words.items()}
    return {"number": lesson.number, "slug": lesson.slug, "minutes": lesson.minutes, "words": words}


def is_shown(path: str) -> bool:
    """Whether the file itself reaches learners: pictures, videos, downloads and packages."""
    return path.startswith("package/") or ("/" in path and not path.endswith((".md", ".yaml")))
