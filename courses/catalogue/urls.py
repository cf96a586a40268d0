from django.urls import path

from courses.catalogue import views

urlpatterns = [
    path("media/<slug:program>/<slug:sha256>/<str:name>", views.course_file, name="course-file"),
]
