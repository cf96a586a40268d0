from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from programs.access import OPERATOR, ProgramRequest, for_roles
from programs.models import Role
from reporting.counting.models import counted_versions
from reporting.exports.documents import figures_document
from reporting.exports.figures_csv import figures_csv
from reporting.exports.forms import TokenForm
from reporting.exports.models import ApiToken, ApiTokenQuerySet
from reporting.exports.operations import TokenRefusedError, create_token, revoke_token
from reporting.exports.serializers import FiguresSerializer

MAY_GRANT_EXACT = (Role.PROGRAM_MANAGER, OPERATOR)


@never_cache
@for_roles(Role.PROGRAM_MANAGER, Role.MINISTRY, OPERATOR)
def tokens(request: ProgramRequest) -> HttpResponse:
    """The answer to a form shows the new secret at once, and only then: there is no address to see it again."""
    form = TokenForm(request.POST or None, program=request.program, may_grant_exact=request.has_role(*MAY_GRANT_EXACT))
    made, secret = make_token(request, form)
    if secret:
        form = TokenForm(program=request.program, may_grant_exact=request.has_role(*MAY_GRANT_EXACT))
    context = {
        "form": form,
        "made": made,
        "secret": secret,
        "tokens": tokens_seen_by(request),
        "now": timezone.now(),
        "address": request.build_absolute_uri(reverse("api-program", args=[request.program.code])),
    }
    return render(request, "exports/tokens.html", context, status=422 if form.errors else 200)


def make_token(request: ProgramRequest, form: TokenForm) -> tuple[ApiToken | None, str]:
    """The token that the form asked for and its secret; nothing when there was no valid form."""
    if request.method != "POST" or not form.is_valid():
        return None, ""
    try:
        return create_token(
            request.program,
            name=form.cleaned_data["name"],
            at=timezone.now(),
            created_by=request.user,
            sees_exact=form.cleaned_data.get("sees_exact", False),
            expires_at=form.expires_at(),
        )
    except TokenRefusedError as error:
        form.add_error(None, str(error))
        return None, ""


def tokens_seen_by(request: ProgramRequest) -> ApiTokenQuerySet:
    """A ministry sees and revokes the tokens that it could make itself."""
    rows = ApiToken.objects.of(request.program)
    return rows if request.has_role(*MAY_GRANT_EXACT) else rows.with_published_figures_only()


@require_POST
@for_roles(Role.PROGRAM_MANAGER, Role.MINISTRY, OPERATOR)
def revoke(request: ProgramRequest, pk: int) -> HttpResponse:
    revoke_token(get_object_or_404(tokens_seen_by(request), pk=pk), at=timezone.now())
    return redirect("tokens", request.program.code)


@require_safe
@for_roles(Role.MINISTRY, Role.PROGRAM_MANAGER, OPERATOR)
def download(request: ProgramRequest, measure: str) -> HttpResponse:
    """The published figures of a measure as CSV, as the API gives them to a token without further scopes."""
    version = get_object_or_404(counted_versions(request.program), measure__code=measure)
    document = figures_document(request.program, version, tables=[], with_exact=False)
    name = f"{request.program.code}-{measure}-figures.csv"
    return HttpResponse(
        figures_csv(FiguresSerializer(document).data),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
