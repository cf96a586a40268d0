from django.urls import path

from . import api, partner_views, quarantine_views, views

urlpatterns = [
    path("p/<slug:program>/returns/", views.returns, name="returns"),
    path("p/<slug:program>/returns/<int:pk>/", views.return_page, name="return"),
    path("p/<slug:program>/returns/<int:pk>/load/", views.load_tried, name="load-tried"),
    path("p/<slug:program>/returns/<int:pk>/rejected.csv", views.rejected_rows, name="rejected-rows"),
    path("api/v1/programs/<slug:program>/returns/", api.Returns.as_view(), name="api-returns"),
    path("api/v1/programs/<slug:program>/returns/<int:pk>/", api.ReturnDetail.as_view(), name="api-return"),
    path(
        "api/v1/programs/<slug:program>/returns/<int:pk>/rejected.csv",
        api.RejectedRows.as_view(),
        name="api-rejected-rows",
    ),
    path("p/<slug:program>/returns/template/<slug:profile>.csv", views.return_template, name="return-template"),
    path("p/<slug:program>/returns/template/<slug:profile>.xlsx", views.return_workbook, name="return-workbook"),
    path("p/<slug:program>/partners/", partner_views.partners, name="partners"),
    path("p/<slug:program>/partners/<slug:code>/", partner_views.partner, name="partner"),
    path("p/<slug:program>/partners/<slug:code>/nothing/", partner_views.nothing_to_report, name="nothing-to-report"),
    path(
        "p/<slug:program>/partners/<slug:code>/nothing/<int:pk>/undo/",
        partner_views.undo_nothing_to_report,
        name="undo-nothing-to-report",
    ),
    path("p/<slug:program>/quarantine/", quarantine_views.quarantine, name="quarantine"),
    path("p/<slug:program>/quarantine/decide/", quarantine_views.decide, name="quarantine-decide"),
    path("p/<slug:program>/quarantine/undo/<int:pk>/", quarantine_views.undo, name="quarantine-undo"),
    path("p/<slug:program>/quarantine/rules/", quarantine_views.rules, name="quarantine-rules"),
]
