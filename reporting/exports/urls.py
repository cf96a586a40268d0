from django.urls import path

from reporting.exports import api, docs, tokens, views

urlpatterns = [
    path("p/<slug:program>/tokens/", tokens.tokens, name="tokens"),
    path("p/<slug:program>/tokens/partner/", tokens.make_partner_token, name="make-partner-token"),
    path("p/<slug:program>/tokens/<int:pk>/revoke/", tokens.revoke, name="revoke-token"),
    path("p/<slug:program>/figures/<slug:measure>.csv", views.download, name="figures-csv"),
    path("api/v1/programs/<slug:program>/", api.ProgramDetail.as_view(), name="api-program"),
    path(
        "api/v1/programs/<slug:program>/measures/<slug:measure>/figures/",
        api.MeasureFigures.as_view(),
        name="api-figures",
    ),
    path("api/schema/", docs.SchemaView.as_view(), name="api-schema"),
    path("api/docs/", docs.DocsView.as_view(), name="api-docs"),
]
