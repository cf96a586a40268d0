from django.urls import path

from courses.packages import views

urlpatterns = [
    path("p/<slug:program>/courses/<slug:course>/<slug:lesson>/play/", views.play, name="package-play"),
]
