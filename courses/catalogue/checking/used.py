"""Pictures, videos and downloads: those that no lesson uses, and those that say too little."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import yaml

from courses.catalogue.checking.plain import Remark, path_in, places
from courses.catalogue.folders import CourseText
from courses.catalogue.folders.files import DOWNLOADS, PICTURES, VIDEOS
from courses.catalogue.folders.links import in_language
from courses.catalogue.folders.markdown import look
from courses.catalogue.questions.texts import Words
from courses.catalogue.sections import Fault

FILES = re.compile(r"(?:[a-z-]+/)?(?:pictures|videos|files)/")
NAME_OF_A_FILE = re.compile(rf"\S+({'|'.join(re.escape(one) for one in (*PICTURES, *VIDEOS, *DOWNLOADS))})", re.I)
SAYS_NOTHING = re.compile(r"(image|img|picture|photo|screenshot|dsc|scan)[\s_-]*\d*", re.I)


class Video(NamedTuple):
    """A video in a lesson, with what its fence says; `line` is where that begins in the lesson's file."""

    file: str
    language: str
    line: int
    said: dict[str, object]


def used_remarks(course: CourseText) -> list[Remark]:
    videos = list(videos_of(course))
    return [*unused(course, videos), *captions(course, videos), *alternatives(course)]


def videos_of(course: CourseText) -> Iterator[Video]:
    for lesson in course.lessons:
        for language, words in lesson.words.items():
            for piece in look(words.markdown).pieces:
                if piece.kind == "video":
                    file, line = path_in(language, course, lesson.file), words.first_line + piece.line - 1
                    yield Video(file, language, line, yaml.safe_load(piece.content))


def unused(course: CourseText, videos: list[Video]) -> Iterator[Remark]:
    paths = {file.path for file in course.files}
    used = {in_language(path, language, paths) for language, path in addressed(course, videos)}
    for path in sorted(paths - used):
        if FILES.match(path):
            yield Fault(path, "is used by no lesson and no question")


def addressed(course: CourseText, videos: list[Video]) -> Iterator[tuple[str, str]]:
    """Every address of a file in a text of the course, with the language of the text."""
    for language, markdown in every_markdown(course, videos):
        yield from ((language, address) for _line, address, _is_picture in look(markdown).addresses)
    for video in videos:
        yield from ((video.language, str(video.said[key])) for key in ("file", "captions") if key in video.said)


def every_markdown(course: CourseText, videos: list[Video]) -> Iterator[tuple[str, str]]:
    for lesson in course.lessons:
        yield from ((language, words.markdown) for language, words in lesson.words.items())
    for _file, _lesson, question in places(course):
        for language, said in question.words.items():
            yield from ((language, text) for text in texts_of(said))
    yield from ((video.language, str(video.said.get("transcript", ""))) for video in videos)


def texts_of(words: Words) -> list[str]:
    return [words.prompt, words.feedback, *words.choices, *words.choice_feedback]


def captions(course: CourseText, videos: list[Video]) -> Iterator[Remark]:
    """Videos whose captions are in the language that the course is written in, and are shown in another."""
    original = [video.said for video in videos if video.language == course.language]
    first = {str(said["captions"]) for said in original if "captions" in said}
    paths = {file.path for file in course.files}
    for video in videos:
        path = str(video.said.get("captions", ""))
        is_other = video.language != course.language and path in first
        if is_other and in_language(path, video.language, paths) == path:
            yield Fault(video.file, f"the captions {path} are those in {course.language}", video.line)


def alternatives(course: CourseText) -> Iterator[Remark]:
    """Pictures whose words do not say what they show."""
    for lesson in course.lessons:
        for language, words in lesson.words.items():
            for line, said in look(words.markdown).pictures:
                if says_nothing(said):
                    file, line = path_in(language, course, lesson.file), words.first_line + line - 1
                    yield Fault(file, f"“{said}” does not say what the picture shows", line)


def says_nothing(words: str) -> bool:
    said = words.strip()
    return bool(NAME_OF_A_FILE.fullmatch(said) or SAYS_NOTHING.fullmatch(said))
