"""A course as a folder that can be kept in Git. The format is described in courses/catalogue/starter/README.md."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from courses.catalogue.models import Question
from courses.catalogue.rendering import unsupported
from courses.catalogue.sections import Fault, Section, read_section, unreadable_section

STARTER = Path(__file__).parent / "starter"
LONGEST_FILE = 500_000  # bytes
CODE = r"[a-z0-9]+(-[a-z0-9]+)*"
CODE_SAYS = "may hold lower-case letters a to z, digits and single hyphens"
LANGUAGE = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"
YAML_FILES = ("course.yaml", "assessment.yaml")
RESERVED = "assessment"
LESSON_FILE = re.compile(rf"(\d\d)-({CODE})\.md")
FRONT_MATTER = re.compile(r"---\n(.*?\n)---\n(.*)", re.DOTALL)


class CourseFaultsError(Exception):
    """The folder is not a course; `faults` names everything that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True, kw_only=True)
class LessonText:
    number: int
    slug: str
    title: str
    minutes: int
    markdown: str


@dataclass(frozen=True, kw_only=True)
class QuestionText:
    """`right` are positions of the right choices, from 0."""

    kind: str
    prompt: str
    choices: list[str]
    right: list[int]
    feedback: str


@dataclass(frozen=True, kw_only=True)
class CourseText:
    """What a course folder says."""

    code: str
    title: str
    summary: str
    level: str
    minutes: int
    tags: list[str]
    position: int
    language: str
    pass_mark: int
    lessons: list[LessonText]
    questions: list[QuestionText]

    @property
    def checksum(self) -> str:
        """SHA-256 of what learners read and answer; layout of the files and the course's description leave it alone."""
        content = {key: asdict(self)[key] for key in ("language", "pass_mark", "lessons", "questions")}
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def course_folders(folder: Path) -> list[Path]:
    """The folder itself if it is a course, else the folders in it, by name.

    Raises `CourseFaultsError` if neither it nor any of them has a course.yaml.
    """
    if (folder / "course.yaml").is_file():
        return [folder]
    if not list(folder.glob("*/course.yaml")):
        raise CourseFaultsError(
            [Fault(str(folder), "holds no course: there is no course.yaml here or one folder below")]
        )
    return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def read_courses(folder: Path) -> list[CourseText]:
    """Every course of the folder. Raises `CourseFaultsError` with the faults of all of them."""
    courses: list[CourseText] = []
    faults: list[Fault] = []
    for path in course_folders(folder):
        try:
            courses.append(read_course(path))
        except CourseFaultsError as error:
            faults += error.faults
    codes = [course.code for course in courses]
    faults += [Fault(str(folder), f"two courses have the code {code}") for code in set(codes) if codes.count(code) > 1]
    if faults:
        raise CourseFaultsError(faults)
    return courses


def read_course(folder: Path) -> CourseText:
    """The course that lies in the folder. Raises `CourseFaultsError` with everything that is wrong with it."""
    faults: list[Fault] = []
    texts = read_files(folder, faults)
    lessons = [read_lesson(folder, name, texts[name], faults) for name in texts if LESSON_FILE.fullmatch(name)]
    made = read_description(
        section_of(folder, "course.yaml", texts, faults),
        lessons,
        read_questions(section_of(folder, "assessment.yaml", texts, faults)),
    )
    check_lessons(folder, made, faults)
    if faults:
        raise CourseFaultsError(sorted(faults, key=lambda fault: (fault.file, fault.line or 0)))
    return made


def section_of(folder: Path, name: str, texts: dict[str, str | None], faults: list[Fault]) -> Section:
    """The YAML file of the course folder; notes a fault if there is none."""
    file = named(folder, name)
    if name not in texts:
        faults.append(Fault(file, "is missing"))
    text = texts.get(name)
    return unreadable_section(file) if text is None else read_section(text, file, faults)


def named(folder: Path, name: str) -> str:
    return f"{folder.resolve().name}/{name}"


def read_files(folder: Path, faults: list[Fault]) -> dict[str, str | None]:
    """The text of each file of the course, `None` if unreadable; hidden files and README.md are for the authors."""
    texts = {}
    for path in sorted(folder.iterdir()):
        file = named(folder, path.name)
        if path.name.startswith(".") or path.name == "README.md":
            continue
        if path.is_file() and (path.name in YAML_FILES or LESSON_FILE.fullmatch(path.name)):
            texts[path.name] = read_text(path, file, faults)
        else:
            faults.append(Fault(file, "is not part of a course; lessons are named like 01-first-lesson.md"))
    return texts


def read_text(path: Path, file: str, faults: list[Fault]) -> str | None:
    if path.stat().st_size > LONGEST_FILE:
        faults.append(Fault(file, f"is longer than {LONGEST_FILE:,} bytes"))
        return None
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        faults.append(Fault(file, "is not UTF-8; save it as UTF-8", data[: error.start].count(b"\n") + 1))
        return None
    if "\0" in text:
        faults.append(Fault(file, "holds a NUL character", text[: text.index("\0")].count("\n") + 1))
        return None
    return text


def read_description(section: Section, lessons: list[LessonText], questions: list[QuestionText]) -> CourseText:
    section.allow_only("code", "title", "summary", "level", "language", "minutes", "tags", "pass_mark", "position")
    return CourseText(
        code=section.text("code", longest=80, pattern=CODE, says=CODE_SAYS),
        title=section.text("title", longest=200),
        summary=section.text("summary", longest=1000),
        level=section.text("level", longest=40),
        minutes=section.number("minutes", 1, 6000),
        tags=section.texts(
            "tags", pattern=rf"(?=.{{1,40}}$){CODE}", says=f"must be a list of different tags; each {CODE_SAYS}"
        ),
        position=section.number("position", 1, 1000),
        language=section.text(
            "language", longest=20, pattern=LANGUAGE, says="must be a language code such as en or cy"
        ),
        pass_mark=section.number("pass_mark", 1, 100),
        lessons=lessons,
        questions=questions,
    )


def read_lesson(folder: Path, name: str, text: str | None, faults: list[Fault]) -> LessonText:
    file, (number, slug) = named(folder, name), name.removesuffix(".md").split("-", 1)
    parts = FRONT_MATTER.fullmatch(f"{text}\n") if text is not None else None
    if text is not None and not parts:
        faults.append(Fault(file, "must start with ---, the keys title and minutes, and --- again", 1))
    front, markdown = (parts[1], parts[2].rstrip() + "\n") if parts else ("", "")
    section = read_section(front, file, faults, first_line=2) if parts else unreadable_section(file)
    section.allow_only("title", "minutes")
    if parts:
        faults.extend(faults_of_body(file, markdown, first_line=front.count("\n") + 3))
    title, minutes = section.text("title", longest=200), section.number("minutes", 1, 600)
    return LessonText(number=int(number), slug=slug, title=title, minutes=minutes, markdown=markdown)


def faults_of_body(file: str, markdown: str, *, first_line: int) -> list[Fault]:
    if not markdown.strip():
        return [Fault(file, "has no text", first_line)]
    return [Fault(file, message, first_line + line - 1) for line, message in unsupported(markdown)]


def read_questions(section: Section) -> list[QuestionText]:
    section.allow_only("questions")
    return [read_question(part) for part in section.sections("questions")]


def read_question(section: Section) -> QuestionText:
    section.allow_only("kind", "prompt", "choices", "right", "feedback")
    kind = section.text("kind", longest=20, pattern="|".join(Question.Kind.values), says="must be one or several")
    choices = section.texts("choices")
    if choices and not 2 <= len(choices) <= 10:
        section.fault("must be 2 to 10 texts", "choices")
    right = section.numbers("right", 1, max(len(choices), 1))
    if kind == Question.Kind.ONE and len(right) > 1:
        section.fault("must be one number where the kind is one", "right")
    return QuestionText(
        kind=kind,
        prompt=section.text("prompt", longest=1000),
        choices=choices,
        right=sorted(place - 1 for place in right),
        feedback=section.text("feedback", longest=2000),
    )


def check_lessons(folder: Path, course: CourseText, faults: list[Fault]) -> None:
    """What only shows when the lessons are seen together."""
    where = named(folder, "")
    if not course.lessons:
        faults.append(Fault(where, "has no lesson; lessons are named like 01-first-lesson.md"))
    for name in ("number", "slug"):
        values = [getattr(lesson, name) for lesson in course.lessons]
        twice = sorted({str(value) for value in values if values.count(value) > 1})
        faults.extend(Fault(where, f"two lessons have the {name} {value}") for value in twice)
    if any(lesson.slug == RESERVED for lesson in course.lessons):
        faults.append(Fault(where, f"a lesson cannot be named {RESERVED}: that is the address of the assessment"))
    needed = sum(lesson.minutes for lesson in course.lessons)
    if needed > course.minutes:
        faults.append(
            Fault(named(folder, "course.yaml"), f"is less than the lessons take together, {needed}", key="minutes")
        )
