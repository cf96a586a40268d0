"""What a measure version counts, as a sentence for readers of its figures."""

from programs.models import Evidence, MeasureVersion


def definition_of(version: MeasureVersion) -> str:
    """Two sentences: who is counted, and where and when they count."""
    course = f"a course that carries the tag “{version.tag}”" if version.tag else "any course"
    sizes = f", in an employer of size {' or '.join(version.employer_sizes)}" if version.employer_sizes else ""
    evidence = Evidence(version.evidence).label
    return (
        f"People who achieved {course}, at least {evidence}{window_of(version)}{sizes}, each counted once."
        " A person counts on the day, and with the region and sector, of the first achievement that qualifies."
    )


def window_of(version: MeasureVersion) -> str:
    since = f" from {version.starts_on:%-d %B %Y}" if version.starts_on else ""
    until = f" until {version.ends_on:%-d %B %Y}" if version.ends_on else ""
    return since + until
