from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.views.decorators.http import require_safe

from programs.access import OPERATOR, ProgramRequest, for_roles
from programs.models import Role
from programs.models.program import names_in
from reporting.counting.models import counted_versions
from reporting.exports.documents import figures_document
from reporting.exports.figures_csv import figures_csv
from reporting.exports.serializers import FiguresSerializer


@require_safe
@for_roles(Role.MINISTRY, Role.PROGRAM_MANAGER, OPERATOR)
def download(request: ProgramRequest, measure: str) -> HttpResponse:
    """The published figures of a measure as CSV, as the API gives them to a token without further scopes.

    In English as there, the names of regions and sectors in the reader's language.
    """
    version = get_object_or_404(counted_versions(request.program), measure__code=measure)
    with names_in(translation.get_language() or "en"), translation.override("en"):
        document = FiguresSerializer(figures_document(request.program, version, tables=[], with_exact=False)).data
    name = f"{request.program.code}-{measure}-figures.csv"
    return HttpResponse(
        figures_csv(document),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
