"""Pages of credentials: the learner's own, and the public ones that verify, which need no account."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.credentials.keys import did_document, key_set
from courses.credentials.models import Credential
from courses.credentials.operations import show_name
from courses.credentials.verification import LONGEST_TOKEN, Judgement, UnreadableError, Verdict, judge, judge_text
from programs.access import ProgramRequest, for_roles
from programs.models import Program, Role

# A form field of the longest token, percent-encoded at worst.
LONGEST_REQUEST = 3 * LONGEST_TOKEN + 1_000
# A revocation must be seen at once, and the header of the page belongs to who is signed in.
fresh = cache_control(private=True, no_cache=True)


@for_roles(Role.LEARNER)
def credentials(request: ProgramRequest) -> HttpResponse:
    """The learner's own credentials in this program."""
    own = Credential.objects.of_user(request.program, request.user)
    return render(request, "credentials/credentials.html", {"credentials": own})


@require_POST
@for_roles(Role.LEARNER)
def credential_name(request: ProgramRequest, code: str) -> HttpResponse:
    """The learner agrees, or no longer agrees, that the public page shows their name."""
    own = Credential.objects.of_user(request.program, request.user)
    credential = get_object_or_404(own, code=code)
    shows = request.POST.get("shows_name") == "yes"
    show_name(credential, shows=shows)
    said = _("The public page shows your name.") if shows else _("The public page does not show your name.")
    messages.success(request, said)
    return redirect("credentials", program=request.program.code)


@require_safe
@fresh
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """The public page of a credential: what it says and whether it stands."""
    credential = Credential.objects.find(code)
    if credential is None:
        return _hidden(render(request, "credentials/unknown.html", status=404))
    context = {"judgement": judge(credential), "program": credential.program}
    return _hidden(render(request, "credentials/verify.html", context))


@csrf_exempt  # it changes nothing, and must answer a file of any size with a page
@require_http_methods(["GET", "HEAD", "POST"])
@fresh
def verify_any(request: HttpRequest) -> HttpResponse:
    """A form for any credential: its code, its address or its signed text."""
    if request.method != "POST":
        return render(request, "credentials/verify_any.html")
    if int(request.headers.get("content-length") or 0) > LONGEST_REQUEST:
        too_long = _("This is too long to be a credential. Paste the signed text alone.")
        return _unreadable(request, "", too_long, status=413)
    text = request.POST.get("credential", "")
    try:
        judgement = judge_text(text)
    except UnreadableError as error:
        return _unreadable(request, text[:LONGEST_TOKEN], str(error), status=422)
    program = judgement.credential.program if judgement.credential else None
    context = {"judgement": judgement, "program": program, "text": text, "is_pasted": True}
    return render(request, "credentials/verify.html", context)


def _unreadable(request: HttpRequest, text: str, error: str, *, status: int) -> HttpResponse:
    return render(request, "credentials/verify_any.html", {"text": text, "error": error}, status=status)


@require_safe
@fresh
def credential_jwt(request: HttpRequest, code: str) -> HttpResponse:
    """The signed text. One that does not stand is not handed out: away from this site it would still look valid."""
    judgement = judge(_public(code))
    if judgement.verdict != Verdict.VALID or judgement.credential is None:
        text = f"This credential is {judgement.verdict.value.replace('-', ' ')}. See its page for the reason.\n"
        return _hidden(_open(HttpResponse(text, content_type="text/plain; charset=utf-8", status=410)))
    response = HttpResponse(judgement.credential.jwt, content_type="application/vc+jwt")
    response["Content-Disposition"] = f'attachment; filename="credential-{judgement.credential.code}.jwt"'
    return _hidden(_open(response))


@require_safe
@fresh
def credential_json(request: HttpRequest, code: str) -> HttpResponse:
    """The verdict and what was signed, for people and programs to read, in English. It is not signed itself."""
    with translation.override("en"):
        found = _as_json(judge(_public(code)))
    return _hidden(_open(JsonResponse(found, json_dumps_params={"indent": 2, "ensure_ascii": False})))


def _as_json(judgement: Judgement) -> dict[str, Any]:
    revoked_at = judgement.revoked_at.isoformat() if judgement.revoked_at else None
    return {
        "status": judgement.verdict.value,
        "reason": judgement.why or None,
        "revoked_at": revoked_at,
        "credential": judgement.claims,
    }


@require_safe
@cache_control(public=True, max_age=3600)
def issuer_did(request: HttpRequest, issuer: str) -> HttpResponse:
    """The program's DID document, where did:web looks for it."""
    document = did_document(get_object_or_404(Program, code=issuer))
    return _open(JsonResponse(document, content_type="application/did+json"))


@require_safe
@cache_control(public=True, max_age=3600)
def issuer_jwks(request: HttpRequest, issuer: str) -> HttpResponse:
    """The program's public keys."""
    return _open(
        JsonResponse(key_set(get_object_or_404(Program, code=issuer)), content_type="application/jwk-set+json")
    )


def _public(code: str) -> Credential:
    credential = Credential.objects.find(code)
    if credential is None:
        raise Http404("There is no such credential.")
    return credential


def _hidden(response: HttpResponse) -> HttpResponse:
    """Kept out of search engines: the learner decides who gets the address."""
    response["X-Robots-Tag"] = "noindex"
    return response


def _open(response: HttpResponse) -> HttpResponse:
    """Readable by verifiers that run in any web page."""
    response["Access-Control-Allow-Origin"] = "*"
    return response
