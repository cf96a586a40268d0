from django.urls import path

from reporting.dashboards.views import dashboard, ledger, postings, revision

urlpatterns = [
    path("p/<slug:program>/", dashboard, name="dashboard"),
    path("p/<slug:program>/ledger/", ledger, name="ledger"),
    path("p/<slug:program>/ledger/revision/", revision, name="ledger-revision"),
    path("p/<slug:program>/ledger/postings/", postings, name="ledger-postings"),
]
