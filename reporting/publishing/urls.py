from django.urls import path

from reporting.publishing import views

urlpatterns = [path("p/<slug:program>/figures/", views.figures, name="figures")]
