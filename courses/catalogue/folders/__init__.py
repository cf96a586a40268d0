"""A course as a folder that can be kept in Git. The format is described in courses/catalogue/starter/README.md."""

from courses.catalogue.folders.files import CourseFiles, FilesInMemory, FolderFiles
from courses.catalogue.folders.reading import (
    STARTER,
    CourseFaultsError,
    course_folders,
    read_as_far,
    read_course,
    read_courses,
)
from courses.catalogue.folders.texts import AssessmentText, CourseText, LessonText

__all__ = [
    "STARTER", "AssessmentText", "CourseFaultsError", "CourseFiles", "CourseText", "FilesInMemory", "FolderFiles",
    "LessonText", "course_folders", "read_as_far", "read_course", "read_courses",
]  # fmt: skip
