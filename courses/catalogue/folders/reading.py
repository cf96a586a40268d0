"""A course folder, read whole: everything that is wrong with it is found at once."""

from pathlib import Path

from courses.catalogue.folders.assessment import read_assessment, translate_assessment
from courses.catalogue.folders.files import CODE, LANGUAGE, CourseFiles, FolderFiles, Sorted, sorted_files
from courses.catalogue.folders.lessons import faults_together, read_lessons
from courses.catalogue.folders.other_courses import course_links, dead_course_links, lessons_of
from courses.catalogue.folders.texts import AssessmentText, Audience, CourseText, Description
from courses.catalogue.folders.videos import faults_of_captions
from courses.catalogue.sections import Fault, Section, read_section, unreadable_section

STARTER = Path(__file__).parent.parent / "starter"
CODE_SAYS = "may hold lower-case letters a to z, digits and single hyphens"
LEVELS = ("beginner", "intermediate", "advanced")
KEYS = ("code", "title", "summary", "level", "language", "minutes", "tags", "position", "for")


class CourseFaultsError(Exception):
    """The folder is not a course; `faults` names everything that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


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


def read_courses(folder: Path) -> list[tuple[CourseText, FolderFiles]]:
    """Every course of the folder with its files. Raises `CourseFaultsError` with the faults of all of them."""
    courses: list[tuple[CourseText, FolderFiles]] = []
    faults: list[Fault] = []
    for path in course_folders(folder):
        try:
            courses.append((read_course(FolderFiles(path)), FolderFiles(path)))
        except CourseFaultsError as error:
            faults += error.faults
    codes = [course.code for course, _ in courses]
    known = lessons_of(course for course, _ in courses)
    for course, files in courses:
        faults += dead_course_links(course_links(course), files.name, known)
    faults += [Fault(str(folder), f"two courses have the code {code}") for code in set(codes) if codes.count(code) > 1]
    if faults:
        raise CourseFaultsError(faults)
    return courses


def read_course(files: CourseFiles) -> CourseText:
    """The course that the files are. Raises `CourseFaultsError` with everything that is wrong with it."""
    made, faults = read_as_far(files)
    if faults:
        raise CourseFaultsError(faults)
    return made


def read_as_far(files: CourseFiles) -> tuple[CourseText, list[Fault]]:
    """The course as far as it can be read, and everything that is wrong with it.

    With faults it is no course yet: texts may be empty, and lessons and questions may be missing.
    """
    found = sorted_files(files)
    made = read_description(section_of(found, "course.yaml"), found)
    check_captions(files, found)
    return made, sorted(dict.fromkeys(found.faults), key=lambda fault: (fault.file, fault.line or 0))


def section_of(found: Sorted, path: str) -> Section:
    """The YAML file of the course folder; notes a fault if there is none."""
    if path not in found.texts:
        found.fault(path, "is missing")
    text = found.texts.get(path)
    return (
        unreadable_section(found.named(path)) if text is None else read_section(text, found.named(path), found.faults)
    )


def read_description(section: Section, found: Sorted) -> CourseText:
    section.allow_only(*KEYS)
    language = section.text("language", longest=20, pattern=LANGUAGE, says="must be a language code such as en or cy")
    others = read_other_languages(found, language)
    lessons = read_lessons(found, language, list(others))
    made = CourseText(
        code=section.text("code", longest=80, pattern=CODE, says=CODE_SAYS),
        language=language,
        descriptions={language: read_words(section), **others},
        level=section.text("level", longest=40, pattern="|".join(LEVELS), says=f"must be one of {', '.join(LEVELS)}"),
        minutes=section.number("minutes", 1, 6000),
        tags=section.texts(
            "tags", pattern=rf"(?=.{{1,40}}$){CODE}", says=f"must be a list of different tags; each {CODE_SAYS}"
        ),
        position=section.number("position", 1, 1000),
        audience=read_audience(section),
        lessons=lessons,
        assessment=read_whole_assessment(found, language, list(others)),
        files=found.sources,
    )
    check_together(found, section, made)
    return made


def read_words(section: Section) -> Description:
    return Description(title=section.text("title", longest=200), summary=section.text("summary", longest=1000))


def read_other_languages(found: Sorted, language: str) -> dict[str, Description]:
    others = {}
    for other in found.languages():
        path = f"{other}/course.yaml"
        if other == language:
            found.fault(path, "stands in the folder itself: it is the language that the course is written in")
            continue
        section = section_of(found, path)
        section.allow_only("title", "summary")
        others[other] = read_words(section)
    return others


def read_audience(section: Section) -> Audience:
    part = section.optional_section("for")
    if part is None:
        return Audience()
    part.allow_only("sectors", "occupations", "largest_employer")
    listed = {
        "sectors": ("[A-U]", "must be a list of different sections of ISIC Rev. 4, A to U"),
        "occupations": ("[0-9]", 'must be a list of different major groups of ISCO-08, "0" to "9", in quotes'),
    }
    found = {
        key: part.texts(key, pattern=pattern, says=says) for key, (pattern, says) in listed.items() if part.has(key)
    }
    largest = part.number("largest_employer", 1, 1_000_000) if part.has("largest_employer") else None
    return Audience(
        sectors=found.get("sectors", []), occupations=found.get("occupations", []), largest_employer=largest
    )


def read_whole_assessment(found: Sorted, language: str, others: list[str]) -> AssessmentText | None:
    translated = [other for other in others if f"{other}/assessment.yaml" in found.texts]
    if "assessment.yaml" not in found.texts:
        for other in translated:
            found.fault(f"{other}/assessment.yaml", "translates no assessment: there is no assessment.yaml")
        return None
    made = read_assessment(section_of(found, "assessment.yaml"), language, found.paths)
    for other in translated:
        translate_assessment(section_of(found, f"{other}/assessment.yaml"), made, other, found.paths)
    return made


def check_together(found: Sorted, section: Section, course: CourseText) -> None:
    """What only shows when the parts are seen together."""
    found.faults.extend(faults_together(found, course.lessons))
    check_ids(found, course)
    needed = sum(lesson.minutes for lesson in course.lessons)
    if needed > course.minutes:
        section.fault(f"is less than the lessons take together, {needed}", "minutes")


def check_ids(found: Sorted, course: CourseText) -> None:
    places: dict[str, list[str]] = {}
    for lesson in course.lessons:
        for question in lesson.questions:
            places.setdefault(question.key, []).append(lesson.file)
    for question in course.assessment.questions if course.assessment else []:
        places.setdefault(question.key, []).append("assessment.yaml")
    for key, files in places.items():
        if key and len(files) > 1:
            found.fault(files[-1], f"two questions have the id {key} (in {', '.join(dict.fromkeys(files))})")


def check_captions(files: CourseFiles, found: Sorted) -> None:
    """Captions are read by the browser; a file that is none would be silence to whoever needs them."""
    for path in sorted(path for path in found.paths if path.endswith(".vtt")):
        fault = faults_of_captions(files.read(path).decode("utf-8-sig", errors="replace"))
        if fault:
            found.fault(path, fault)
