"""How many of something, in words: "1 person", "1,50,000 people". For sentences that speak of two numbers or more;
a sentence with one number has a form for each of its own."""

from django import template
from django.utils.translation import ngettext

from programs.models import Program
from programs.templatetags.figures import number

register = template.Library()


@register.filter
def people(many: int, program: Program | None = None) -> str:
    return ngettext("%(number)s person", "%(number)s people", many) % {"number": number(many, program)}


@register.filter
def achievements(many: int, program: Program | None = None) -> str:
    return ngettext("%(number)s achievement", "%(number)s achievements", many) % {"number": number(many, program)}


@register.filter
def rows(many: int, program: Program | None = None) -> str:
    return ngettext("%(number)s row", "%(number)s rows", many) % {"number": number(many, program)}


@register.filter
def days(many: int, program: Program | None = None) -> str:
    return ngettext("%(number)s day", "%(number)s days", many) % {"number": number(many, program)}


@register.filter
def periods(many: int, program: Program | None = None) -> str:
    return ngettext("%(number)s period", "%(number)s periods", many) % {"number": number(many, program)}


@register.filter
def differences(many: int, program: Program | None = None) -> str:
    return ngettext("%(number)s difference", "%(number)s differences", many) % {"number": number(many, program)}
