from django.urls import path

from courses.credentials import views

urlpatterns = [
    path("p/<slug:program>/credentials/", views.credentials, name="credentials"),
    path("p/<slug:program>/credentials/<slug:code>/name/", views.credential_name, name="credential-name"),
    path("verify/", views.verify_any, name="verify-any"),
    path("verify/<slug:code>.jwt", views.credential_jwt, name="credential-jwt"),
    path("verify/<slug:code>.json", views.credential_json, name="credential-json"),
    path("verify/<str:code>/", views.verify, name="verify"),
    path("issuers/<slug:issuer>/did.json", views.issuer_did, name="issuer-did"),
    path("issuers/<slug:issuer>/jwks.json", views.issuer_jwks, name="issuer-jwks"),
]
