from django.urls import path

from courses.learning import views

urlpatterns = [
    path(
        "p/<slug:program>/courses/<slug:course>/<slug:lesson>/practice/<int:question>/",
        views.practice,
        name="practice",
    ),
    path("sw.js", views.worker, name="worker"),
    path("start/<slug:program>/", views.start, name="start"),
    path("p/<slug:program>/learn/", views.learn, name="learn"),
    path("p/<slug:program>/learn/search/", views.find, name="find"),
    path("p/<slug:program>/learn/about-me/", views.describe, name="describe"),
    path("p/<slug:program>/courses/<slug:course>/", views.course, name="course"),
    path("p/<slug:program>/courses/<slug:course>/assessment/", views.assessment, name="assessment"),
    path("p/<slug:program>/courses/<slug:course>/assessment/<uuid:form_key>/", views.attempt, name="attempt"),
    path("p/<slug:program>/courses/<slug:course>/<slug:lesson>/", views.lesson, name="lesson"),
]
