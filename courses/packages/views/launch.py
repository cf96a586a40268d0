"""What is served of one launch, to whoever knows its token: the player, the package's files, and what it reports to."""

import json
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.http import require_POST, require_safe

from courses.packages.elements import MODELS
from courses.packages.elements.claims import MOST_CHARACTERS, ClaimRefusedError
from courses.packages.files import served_file
from courses.packages.host import origin_of, player_policy
from courses.packages.manifests import Standard
from courses.packages.models import Launch
from courses.packages.operations import Commit, LaunchEndedError, SupersededError, record_commit
from courses.packages.outcomes import PlayedItem
from courses.packages.playing import content_address, item_of, settings_of
from courses.packages.units import launch_address

PLAYER = Path(__file__).parent.parent / "player"
PLAYER_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
LONGEST_COMMIT = 2 * MOST_CHARACTERS  # bytes
MOST_COMMITS = 2**31 - 1
P = ParamSpec("P")
LaunchView = Callable[Concatenate[HttpRequest, Launch, P], HttpResponseBase]


def of_launch(view: LaunchView[P]) -> Callable[..., HttpResponseBase]:
    """Hands over the launch that the token opens; raises Http404 for no such token, and answers 410 for an old one."""

    @wraps(view)
    def opened(request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        launch = Launch.objects.by_token(token).first()
        if launch is None:
            raise Http404
        if launch.expires_at <= timezone.now():
            return HttpResponse("This has ended. Open the lesson again.", status=410, content_type="text/plain")
        with translation.override(launch.language):
            return view(request, launch, *args, **kwargs)

    return opened


def played(launch: Launch) -> tuple[str, PlayedItem]:
    found = item_of(launch.state.lesson, launch.language)
    if found is None:
        raise Http404
    return found


@require_safe
@of_launch
def player(request: HttpRequest, launch: Launch) -> HttpResponse:
    """The page that holds the interface the package looks for, and the frame in which the package runs."""
    title, item = played(launch)
    content = content_address(item.launch)
    if item.standard == Standard.CMI5:
        content = launch_address(content, launch, item, base=address_of(request))
    said = settings_of(launch, item, content=content, page=origin_of(settings.SITE_URL))
    return page("packages/player.html", {"title": title, "settings": said})


def page(template: str, context: dict[str, Any]) -> HttpResponse:
    """A page of ours: unlike what is in packages, it runs no script but our own."""
    html = render_to_string(template, {"language": translation.get_language(), **context})
    return HttpResponse(html, headers={"Content-Security-Policy": player_policy()})


def address_of(request: HttpRequest) -> str:
    """The address of the launch, to which everything else of it is relative."""
    return f"{origin_of(settings.PACKAGES_URL)}/{'/'.join(request.path.split('/')[1:3])}/"


@require_safe
@of_launch
def player_file(request: HttpRequest, launch: Launch, name: str) -> HttpResponse:
    """A script or style of the player."""
    files = {path.name: path for path in PLAYER.iterdir()}
    if name not in files or files[name].suffix not in PLAYER_TYPES:
        raise Http404
    return HttpResponse(files[name].read_bytes(), content_type=PLAYER_TYPES[files[name].suffix])


@require_safe
@of_launch
def content(request: HttpRequest, launch: Launch, path: str) -> HttpResponseBase:
    """A file of the package, or a stretch of it."""
    return served_file(request, launch.state.enrolment.version_id, path)


@require_safe
@of_launch
def ended(request: HttpRequest, launch: Launch) -> HttpResponse:
    """Where a unit of cmi5 leads to when it has ended."""
    return page("packages/ended.html", {"settings": {"page": origin_of(settings.SITE_URL)}})


@require_POST
@of_launch
def commit(request: HttpRequest, launch: Launch) -> HttpResponse:
    """Takes what the item has set.

    Answers 409 where it was opened elsewhere since, 410 where it has ended, 422 for what is refused.
    """
    item = played(launch)[1]
    sent = commit_in(request)
    if sent is None or item.standard not in MODELS:
        return JsonResponse({"problem": "This is no commit."}, status=422)
    try:
        state = record_commit(launch, item, sent, at=timezone.now())
    except SupersededError:
        return JsonResponse({"problem": "This was opened again elsewhere."}, status=409)
    except LaunchEndedError:
        return JsonResponse({"problem": "This session has ended."}, status=410)
    except ClaimRefusedError as refusal:
        return JsonResponse({"problem": str(refusal)}, status=422)
    return JsonResponse({"sequence": sent.sequence, "done": state.done_at is not None})


def commit_in(request: HttpRequest) -> Commit | None:
    """The commit that was sent; `None` for anything else."""
    length = request.headers.get("Content-Length") or ""
    if not length.isdecimal() or int(length) > LONGEST_COMMIT:
        return None
    try:
        sent = json.loads(request.read(int(length)))
    except (ValueError, RecursionError):
        return None
    if not isinstance(sent, dict):
        return None
    sequence, values, is_finished = sent.get("sequence"), sent.get("values"), sent.get("finished")
    if type(sequence) is not int or not 0 < sequence <= MOST_COMMITS or type(is_finished) is not bool:
        return None
    return Commit(sequence=sequence, values=values, is_finished=is_finished) if isinstance(values, dict) else None
