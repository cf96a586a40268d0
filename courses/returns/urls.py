from django.urls import path

from . import views

urlpatterns = [
    path("p/<slug:program>/returns/", views.returns, name="returns"),
    path("p/<slug:program>/returns/<int:pk>/", views.return_page, name="return"),
    path("p/<slug:program>/returns/template/<slug:profile>.csv", views.return_template, name="return-template"),
]
