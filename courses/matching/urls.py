from django.urls import path

from . import views

urlpatterns = [
    path("p/<slug:program>/candidates/", views.candidates, name="candidates"),
    path("p/<slug:program>/candidates/search/", views.search, name="candidates-search"),
    path("p/<slug:program>/candidates/<int:pk>/", views.candidate, name="candidate"),
    path("p/<slug:program>/candidates/<int:pk>/alike/", views.alike, name="candidates-alike"),
    path("p/<slug:program>/candidates/undo/<int:pk>/", views.undo, name="candidates-undo"),
]
