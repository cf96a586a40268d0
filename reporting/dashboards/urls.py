from django.urls import path

from reporting.dashboards.views import dashboard

urlpatterns = [path("p/<slug:program>/", dashboard, name="dashboard")]
