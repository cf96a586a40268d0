"""The bare pages: one with session, user and three queries, and one that is empty."""

from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from courses.catalogue.models import Course
from courses.learning.models import Enrolment
from programs.models import Program

PAGE = Template(
    "<!DOCTYPE html><html lang='en'><head><title>{{ course.title }}</title></head><body><h1>{{ course.title }}</h1>"
    "<p>{{ user.email }} in {{ program.name }}, begun {{ enrolment.started_at }}</p></body></html>"
)


def three_queries(request: HttpRequest, program: str, course: str) -> HttpResponse:
    found = Program.objects.get(code=program)
    taken = Course.objects.get(program=found, code=course)
    begun = Enrolment.objects.get(course=taken, person__user=request.user)  # type: ignore[misc]
    context = {"program": found, "course": taken, "enrolment": begun, "user": request.user}
    return HttpResponse(PAGE.render(Context(context)))


@csrf_exempt
def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [path("empty/", empty), path("<slug:program>/<slug:course>/", three_queries)]
