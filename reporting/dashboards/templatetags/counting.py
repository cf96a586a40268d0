"""What the pages of learners say of the count. Learning knows nothing of reports, so its page includes this."""

from typing import Any

from django import template
from django.template import Context

from people.models import Person
from reporting.dashboards.counted import AmICounted

register = template.Library()


@register.inclusion_tag("dashboards/_am_i_counted.html", takes_context=True)
def am_i_counted(context: Context, person: Person) -> dict[str, Any]:
    """Whether the person counts, since when and through whom; for that person's own page only."""
    return {"answer": AmICounted.of(person), "program": context["program"]}
