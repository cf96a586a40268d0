"""Every address. Pages of a program lie under /p/<program>/, its API under /api/v1/programs/<program>/."""

from django.contrib import admin
from django.urls import include, path

from config.metrics import metrics

urlpatterns = [
    path("", include("courses.learning.urls")),  # first what is asked most: addresses are tried in this order
    path("", include("accounts.urls")),
    path("", include("programs.urls")),
    path("", include("courses.catalogue.urls")),
    path("", include("courses.authoring.urls")),
    path("", include("courses.packages.urls")),
    path("", include("courses.returns.urls")),
    path("", include("courses.statements.urls")),
    path("", include("courses.credentials.urls")),
    path("", include("courses.achievements.urls")),
    path("", include("courses.matching.urls")),
    path("", include("reporting.dashboards.urls")),
    path("", include("reporting.publishing.urls")),
    path("", include("reporting.exports.urls")),
    path("metrics", metrics, name="metrics"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
