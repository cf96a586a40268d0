from allauth.account.views import LogoutView
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from accounts.languages import is_offered
from accounts.operations import choose_language


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Shows `next` in the language chosen, and everything else from then on; signed in, on other devices too."""
    chosen = request.POST.get("language", "")
    if request.user.is_authenticated and is_offered(chosen):
        choose_language(request.user, chosen)
    return set_language(request)


def sign_out(request: HttpRequest) -> HttpResponse:
    """Signs out, and tells the browser to forget what it kept of the reader's pages."""
    response: HttpResponse = LogoutView.as_view()(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"cache", "storage"'
    return response
