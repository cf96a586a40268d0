from django.urls import path

from accounts import views

urlpatterns = [
    path("language/", views.language, name="language"),
    path("accounts/logout/", views.sign_out, name="account_logout"),
]
