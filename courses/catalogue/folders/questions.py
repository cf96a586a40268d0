"""Questions in YAML: what is right is said once, the texts in every language."""

from decimal import Decimal

from courses.catalogue.questions.texts import Kind, QuestionText, Right, Words
from courses.catalogue.sections import Section

KEY = r"(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*"
KEY_SAYS = "may hold lower-case letters a to z, digits and single hyphens, 60 at most"
LONGEST_PROMPT, LONGEST_CHOICE, LONGEST_FEEDBACK = 4000, 500, 4000
MOST_CHOICES = 10
COMMON = ("id", "kind", "prompt", "feedback")
WORDS: dict[str, tuple[str, ...]] = {
    Kind.ONE: ("choices", "choice_feedback"),
    Kind.SEVERAL: ("choices", "choice_feedback"),
    Kind.TRUE_FALSE: ("choice_feedback",),
    Kind.NUMBER: ("unit",),
    Kind.TEXT: ("accepts",),
    Kind.MATCHING: ("pairs", "others"),
    Kind.ORDERING: ("choices",),
}
RIGHT: dict[str, tuple[str, ...]] = {
    Kind.ONE: ("right",), Kind.SEVERAL: ("right",), Kind.TRUE_FALSE: ("right",), Kind.NUMBER: ("right", "tolerance"),
    Kind.TEXT: (), Kind.MATCHING: (), Kind.ORDERING: (),
}  # fmt: skip


def read_question(section: Section, *, language: str, has_pool: bool) -> QuestionText | None:
    """The question with its texts in the language that the course is written in; `None` if it has no kind or id."""
    kind = section.text("kind", longest=20, pattern="|".join(Kind), says=f"must be one of {', '.join(Kind)}")
    key = section.text("id", longest=60, pattern=KEY, says=KEY_SAYS)
    if kind not in WORDS:
        return None
    pool = ("pool",) if has_pool else ()
    section.allow_only(*COMMON, *pool, *RIGHT[kind], *WORDS[kind])
    words = read_words(section, kind)
    named = section.text("pool", longest=40, pattern=KEY, says=KEY_SAYS) if has_pool and section.has("pool") else ""
    return QuestionText(
        key=key, kind=Kind(kind), pool=named, right=read_right(section, kind, words), words={language: words}
    )


def read_words(section: Section, kind: str) -> Words:
    pairs = section.pairs("pairs", 2, MOST_CHOICES) if kind == Kind.MATCHING else []
    others = optional_texts(section, "others") if kind == Kind.MATCHING else []
    choices = read_choices(section) if "choices" in WORDS[kind] else [left for left, _ in pairs]
    matches = [right for _, right in pairs] + others
    if len(set(matches)) != len(matches) or len(set(choices)) != len(choices):
        section.fault("must be different texts", "pairs" if kind == Kind.MATCHING else "choices")
    return Words(
        prompt=section.text("prompt", longest=LONGEST_PROMPT),
        feedback=section.text("feedback", longest=LONGEST_FEEDBACK),
        choices=choices,
        matches=matches,
        choice_feedback=read_choice_feedback(section, kind, choices),
        accepts=section.texts("accepts") if kind == Kind.TEXT else [],
        unit=section.text("unit", longest=40) if kind == Kind.NUMBER and section.has("unit") else "",
    )


def read_choices(section: Section) -> list[str]:
    choices = section.texts("choices")
    if choices and not 2 <= len(choices) <= MOST_CHOICES:
        section.fault(f"must be 2 to {MOST_CHOICES} texts", "choices")
    if any(len(choice) > LONGEST_CHOICE for choice in choices):
        section.fault(f"must be texts of at most {LONGEST_CHOICE} characters", "choices")
    return choices


def optional_texts(section: Section, key: str) -> list[str]:
    return section.texts(key) if section.has(key) else []


def read_choice_feedback(section: Section, kind: str, choices: list[str]) -> list[str]:
    if not section.has("choice_feedback") or "choice_feedback" not in WORDS[kind]:
        return []
    found = section.any_texts("choice_feedback")
    needed = 2 if kind == Kind.TRUE_FALSE else len(choices)
    if found and needed and len(found) != needed:
        section.fault(f"must be {needed} texts, one for each choice", "choice_feedback")
    return found


def read_right(section: Section, kind: str, words: Words) -> Right:
    if kind in (Kind.ONE, Kind.SEVERAL):
        return read_positions(section, kind, len(words.choices))
    if kind == Kind.TRUE_FALSE:
        return section.truth("right")
    if kind == Kind.NUMBER:
        tolerance = section.decimal("tolerance") if section.has("tolerance") else Decimal(0)
        if tolerance < 0:
            section.fault("must not be less than 0", "tolerance")
        return {"value": str(section.decimal("right")), "tolerance": str(tolerance)}
    return None


def read_positions(section: Section, kind: str, choices: int) -> list[int]:
    right = section.numbers("right", 1, max(choices, 1))
    if kind == Kind.ONE and len(right) > 1:
        section.fault("must be one number where the kind is one", "right")
    return sorted(place - 1 for place in right)


def read_translation(section: Section, known: dict[str, QuestionText], language: str) -> Words | None:
    """Adds the texts of another language to the question with the same id; `None` if there is no such question."""
    key = section.text("id", longest=60, pattern=KEY, says=KEY_SAYS)
    question = known.get(key)
    if question is None:
        if key:
            section.fault("is not the id of a question in the language that the course is written in", "id")
        return None
    section.allow_only("id", "prompt", "feedback", *WORDS[question.kind])
    words = read_words(section, question.kind)
    fault_of_translation(section, question, words)
    if language in question.words:
        section.fault("stands twice", "id")
    question.words[language] = words
    return words


def fault_of_translation(section: Section, question: QuestionText, words: Words) -> None:
    first = next(iter(question.words.values()))
    for name, key in (("choices", "pairs" if question.kind == Kind.MATCHING else "choices"), ("matches", "others")):
        ours, theirs = getattr(words, name), getattr(first, name)
        if ours and len(ours) != len(theirs):
            section.fault(f"must be {len(theirs)} in all, as in the language that the course is written in", key)
    if first.choice_feedback and not words.choice_feedback:
        section.fault("is missing", "choice_feedback")
