"""Operators read the catalogue; courses change by `manage.py load_courses`, which checks the whole folder."""

from django.contrib import admin

from courses.catalogue.models import Course, CourseVersion, Lesson, Question
from programs.readonly import ReadOnlyAdmin


@admin.register(Course)
class CourseAdmin(ReadOnlyAdmin):
    list_display = ("code", "title", "program", "partner", "minutes")
    list_filter = ("program",)
    list_select_related = ("program", "partner")
    search_fields = ("code", "title")


@admin.register(CourseVersion)
class CourseVersionAdmin(ReadOnlyAdmin):
    list_display = ("course", "number", "program", "language", "pass_mark", "published_at")
    list_filter = ("program",)
    list_select_related = ("program", "course")


@admin.register(Lesson)
class LessonAdmin(ReadOnlyAdmin):
    list_display = ("slug", "version", "number", "minutes")
    list_filter = ("program",)
    list_select_related = ("version__course",)


@admin.register(Question)
class QuestionAdmin(ReadOnlyAdmin):
    list_display = ("key", "version", "number", "kind")
    list_filter = ("program",)
    list_select_related = ("version__course",)
