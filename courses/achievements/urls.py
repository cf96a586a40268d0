from django.urls import path

from . import views

urlpatterns = [
    path("p/<slug:program>/revocations/", views.revocations, name="revocations"),
    path("p/<slug:program>/revocations/<int:pk>/", views.revocation, name="revocation"),
]
