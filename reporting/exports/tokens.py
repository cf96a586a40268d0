"""The page of tokens: who makes which, and who sees and revokes which."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from programs.access import OPERATOR, ProgramRequest, for_roles
from programs.models import ApiToken, ApiTokenQuerySet, Partner, PartnerQuerySet, Role
from programs.operations import TokenRefusedError, create_partner_token, create_token, revoke_token
from reporting.exports.forms import PartnerTokenForm, TokenForm

MANAGERS = (Role.PROGRAM_MANAGER, OPERATOR)  # they grant exact figures, and tokens to any partner
READERS = (*MANAGERS, Role.MINISTRY)


@never_cache
@for_roles(*READERS, Role.PARTNER_MANAGER)
def tokens(request: ProgramRequest) -> HttpResponse:
    """Every token that the user may see, and a form for each kind that they may make."""
    if request.method != "POST":
        return page(request)
    if not request.has_role(*READERS):
        raise Http404
    form = figures_form(request)
    made, secret = made_by(
        form,
        lambda given: create_token(
            request.program,
            name=given["name"],
            at=timezone.now(),
            created_by=request.user,
            sees_exact=given.get("sees_exact", False),
            expires_at=form.expires_at(),
        ),
    )
    return page(request, form=form, made=made, secret=secret)


@never_cache
@require_POST
@for_roles(*MANAGERS, Role.PARTNER_MANAGER)
def make_partner_token(request: ProgramRequest) -> HttpResponse:
    """A token of a partner; a partner manager makes those of the own partner only."""
    form = partner_tokens_form(request)
    made, secret = made_by(
        form,
        lambda given: create_partner_token(
            given["partner"],
            name=given["name"],
            at=timezone.now(),
            scopes=given["scopes"],
            created_by=request.user,
            expires_at=form.expires_at(),
        ),
    )
    return page(request, partner_form=form, made=made, secret=secret)


@require_POST
@for_roles(*READERS, Role.PARTNER_MANAGER)
def revoke(request: ProgramRequest, pk: int) -> HttpResponse:
    revoke_token(get_object_or_404(tokens_seen_by(request), pk=pk), at=timezone.now())
    return redirect("tokens", request.program.code)


def page(
    request: ProgramRequest,
    *,
    form: TokenForm | None = None,
    partner_form: PartnerTokenForm | None = None,
    made: ApiToken | None = None,
    secret: str = "",
) -> HttpResponse:
    """The page, with the form that was sent. A new secret is shown at once, and only then: no address has it."""
    refused = (form or partner_form) and not secret
    context = {
        "form": form if refused and form else figures_form(request, is_sent=False),
        "partner_form": partner_form if refused and partner_form else partner_tokens_form(request, is_sent=False),
        "may_read": request.has_role(*READERS),
        "may_send": request.has_role(*MANAGERS, Role.PARTNER_MANAGER),
        "made": made,
        "secret": secret,
        "tokens": tokens_seen_by(request),
        "now": timezone.now(),
        "address": request.build_absolute_uri(reverse("api-program", args=[request.program.code])),
    }
    return render(request, "exports/tokens.html", context, status=422 if refused else 200)


def figures_form(request: ProgramRequest, *, is_sent: bool = True) -> TokenForm:
    sent = request.POST if is_sent else None
    return TokenForm(sent, program=request.program, may_grant_exact=request.has_role(*MANAGERS))


def partner_tokens_form(request: ProgramRequest, *, is_sent: bool = True) -> PartnerTokenForm:
    sent = request.POST if is_sent else None
    return PartnerTokenForm(sent, program=request.program, partners=partners_of(request))


def partners_of(request: ProgramRequest) -> PartnerQuerySet:
    """The partners for which the user may make a token."""
    reporting = Partner.objects.filter(program=request.program).that_report()
    return reporting if request.has_role(*MANAGERS) else reporting.filter(memberships__in=request.memberships)


def made_by(form: TokenForm, make: Callable[[dict[str, Any]], tuple[ApiToken, str]]) -> tuple[ApiToken | None, str]:
    """The token that the form asked for and its secret; nothing when the form is not valid, which then says why."""
    if not form.is_valid():
        return None, ""
    try:
        return make(form.cleaned_data)
    except TokenRefusedError as error:
        form.add_error(None, str(error))
        return None, ""


def tokens_seen_by(request: ProgramRequest) -> ApiTokenQuerySet:
    """Whoever is no manager sees and revokes the tokens that they could make themselves."""
    rows = ApiToken.objects.of(request.program)
    if request.has_role(*MANAGERS):
        return rows
    seen = rows.none()
    if request.has_role(Role.MINISTRY):
        seen = seen | rows.with_published_figures_only()
    return seen | rows.of_partners(request.partners)
