"""Where a file that was renamed is now: who has its page open still must find it."""

from courses.authoring.models import Revision

MOST_NAMES = 100  # that are followed


def whereabouts(removal: Revision) -> Revision | None:
    """The newest revision of the file that the removed one was renamed to; `None` if it was taken out altogether."""
    found = removal
    for _ in range(MOST_NAMES):
        begun = begun_as(found)
        if begun is None:
            return None
        found = Revision.objects.newest(removal.draft).get(path=begun.path)
        if not found.is_removed:
            return found
    return None


def begun_as(removal: Revision) -> Revision | None:
    """The first revision under the new name: of the same moment and person, with the text that was removed."""
    before = Revision.objects.filter(draft=removal.draft_id, path=removal.path, number=removal.number - 1).first()
    if before is None or before.text is None:
        return None
    same = Revision.objects.filter(draft=removal.draft_id, text=before.text).exclude(path=removal.path)
    return same.filter(saved_at=removal.saved_at, by=removal.by_id).order_by("pk").first()
