"""Questions that give their answer away, or that learners hardly ever meet."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from courses.catalogue.checking.plain import Remark, places
from courses.catalogue.folders import CourseText
from courses.catalogue.folders.texts import AssessmentText
from courses.catalogue.questions.texts import Kind, QuestionText, Words

FILE = "assessment.yaml"
ENOUGH = 5  # questions from which a habit shows
HABIT = 0.6  # share of them; with four choices of equal merit a quarter would be expected
CLEARLY = 1.2  # times as long as the next longest


def assessment_remarks(course: CourseText) -> list[Remark]:
    found = [*twice(course), *longest_is_right(course)]
    if course.assessment is None:
        return [*found, Remark("course.yaml", "there is no assessment: who has read the last lesson has completed it")]
    return [*found, *draws(course.assessment), *one_sided(course.assessment)]


def twice(course: CourseText) -> Iterator[Remark]:
    """Questions with the same words."""
    seen: dict[str, list[str]] = defaultdict(list)
    for _file, _lesson, question in places(course):
        words = first(question)
        seen[repr((words.prompt, sorted(words.choices)))].append(question.key)
    for keys in seen.values():
        if len(keys) > 1:
            yield Remark("", f"the same question stands {len(keys)} times: {', '.join(keys)}")


def longest_is_right(course: CourseText) -> Iterator[Remark]:
    """Learners soon find out that the longest choice is the right one."""
    told: dict[str, list[bool]] = defaultdict(list)
    for file, lesson, question in places(course):
        if question.kind == Kind.ONE:
            told["the lessons" if lesson else file].append(is_longest(question))
    for where, longest in told.items():
        if len(longest) >= ENOUGH and sum(longest) / len(longest) >= HABIT:
            yield Remark(
                FILE if where == FILE else "",
                f"in {sum(longest)} of {len(longest)} questions of {where} the right choice is clearly the longest",
            )


def is_longest(question: QuestionText) -> bool:
    choices = first(question).choices
    right = question.right[0] if isinstance(question.right, list) and question.right else 0
    others = [len(choice) for place, choice in enumerate(choices) if place != right]
    return bool(others) and len(choices[right]) >= CLEARLY * max(others)


def first(question: QuestionText) -> Words:
    return next(iter(question.words.values()))


def draws(assessment: AssessmentText) -> Iterator[Remark]:
    """What drawing at random leaves without effect."""
    pools = Counter(question.pool for question in assessment.questions)
    if not isinstance(assessment.draw, dict) and len(pools) > 1:
        yield Remark(
            FILE, "there are pools, and draw does not say how many questions come from each: they are one pool"
        )
    if assessment.draw is None:
        return
    drawn = assessment.draw if isinstance(assessment.draw, dict) else {"": assessment.draw}
    sizes = pools if isinstance(assessment.draw, dict) else Counter({"": len(assessment.questions)})
    for name, number in drawn.items():
        if number == sizes[name]:
            where = f"the pool {name}" if name else "the assessment"
            yield Remark(FILE, f"all {number} questions of {where} are drawn: every attempt asks the same")


def one_sided(assessment: AssessmentText) -> Iterator[Remark]:
    truths = [question.right for question in assessment.questions if question.kind == Kind.TRUE_FALSE]
    if len(truths) >= ENOUGH and len(set(map(str, truths))) == 1:
        yield Remark(FILE, f"all {len(truths)} statements are {str(truths[0]).lower()}")
