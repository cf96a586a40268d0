"""How far somebody has come in a course: one definition for every page."""


def per_cent(done: int, lessons: int, *, has_assessment: bool, is_complete: bool) -> int:
    """Whole per cent, 0 to 100. Each lesson and the assessment are one step; who has completed the course is at 100,
    and nobody else is."""
    if is_complete:
        return 100
    steps = lessons + (1 if has_assessment else 0)
    return min(99, 100 * min(done, lessons) // max(1, steps))
