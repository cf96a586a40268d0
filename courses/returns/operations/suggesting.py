"""Which kind of file a file is that does not fit the profile by which it was sent."""

from contextlib import suppress

from courses.returns.content import Content
from courses.returns.formats import FileRefusedError, open_sheet
from courses.returns.models import Return, ReturnProfile
from courses.returns.profiles import Definition


def advice_on_profile(refused: Return) -> str:
    """What to do with a file whose columns are not those of its profile: the profiles that it fits, if there are any.

    The file must be kept still. Only its beginning is read.
    """
    others = ReturnProfile.objects.of_files(refused.program).exclude(pk=refused.profile_id)
    fitting = [f"“{profile}”" for profile in others if _fits(refused, profile)]
    if not fitting:
        return "Name the columns as the profile does, or choose another profile."
    if len(fitting) == 1:
        return f"It fits {fitting[0]}: send it again as that kind of file."
    return f"It fits these kinds of file: {', '.join(fitting)}. Send it again as one of them."


def _fits(refused: Return, profile: ReturnProfile) -> bool:
    with (
        suppress(FileRefusedError),
        Content(refused.pk) as content,
        open_sheet(content, Definition.of(profile.definition)) as sheet,
    ):
        return next(iter(sheet.blocks), None) is not None
    return False
