"""Questions and videos of a text as forms change them; what cannot be changed without loss is refused."""

from collections.abc import Mapping
from dataclasses import replace

from courses.authoring.passages import CannotChangeError, Passage, passages, values_of
from courses.authoring.question_forms import FORMS, QuestionForm
from courses.catalogue.folders.questions import read_question, read_words
from courses.catalogue.questions.texts import QuestionText, Words
from courses.catalogue.questions.yaml_text import entry
from courses.catalogue.sections import MISREAD, Fault, Section

VIDEO_KEYS = ("title", "file", "embed", "captions", "transcript")


def passage_in(path: str, text: str, kind: str, key: str) -> Passage | None:
    return next((one for one in passages(path, text) if (one.kind, one.key) == (kind, key)), None)


def section_of(passage: Passage) -> Section:
    section = Section("", 1, 1, list[Fault]())
    section.fill(passage.node)
    return section


def question_in(passage: Passage, language: str, *, has_pool: bool) -> QuestionText:
    """The question as it stands there. Raises `CannotChangeError` for one with a fault."""
    section = section_of(passage)
    found = read_question(section, language=language, has_pool=has_pool)
    if found is None or section.faults:
        raise CannotChangeError
    return found


def form_of(question: QuestionText, language: str, *, has_pool: bool) -> QuestionForm:
    """The form filled with the question. Raises `CannotChangeError` if saving it as it is would change something."""
    words = question.words[language]
    kind = FORMS[question.kind]
    shown = kind.shown(question, words)
    again = kind(shown, has_pool=has_pool)
    if not again.is_valid() or plain(again.question(language)) != plain(question):
        raise CannotChangeError
    return kind(initial=shown, has_pool=has_pool)


def plain(question: QuestionText) -> QuestionText:
    """Without what the form does not show."""
    words = {language: replace(one, choice_feedback=[]) for language, one in question.words.items()}
    return replace(question, key="", words=words)


def with_question(path: str, passage: Passage, old: QuestionText, new: QuestionText) -> str:
    """The text in which the question is `new`; both have their words in one language, that of the text.

    Raises `CannotChangeError` if the text would not say exactly that.
    """
    [language], has_pool = new.words, not passage.is_fence
    before, after = (entry(one, one.words[language], False) for one in (old, new))
    text = with_values(passage, before, after)
    again = passage_in(path, text, "question", new.key)
    if again is None or question_in(again, language, has_pool=has_pool) != new:
        raise CannotChangeError
    return text


def with_translation(path: str, passage: Passage, question: QuestionText, before: Words, after: Words) -> str:
    """The text of another language in which the question has the words `after`; raises as `with_question`."""
    old, new = (entry(question, words, True) for words in (before, after))
    text = with_values(passage, old, new)
    again = passage_in(path, text, "question", question.key)
    if again is None or translation_in(again, question) != after:
        raise CannotChangeError
    return text


def translation_in(passage: Passage, question: QuestionText) -> Words | None:
    """The words of the question in another language; none if they have a fault."""
    section = section_of(passage)
    words = read_words(section, question.kind)
    return None if section.faults else words


def video_in(passage: Passage) -> dict[str, str]:
    found = values_of(passage.node)
    return {key: text for key in VIDEO_KEYS if isinstance(text := found.get(key), str) and text}


def with_video(path: str, passage: Passage, new: Mapping[str, str]) -> str:
    """The lesson in which the video has these values; raises as `with_question`."""
    text = with_values(passage, video_in(passage), new)
    again = passage_in(path, text, "video", passage.key)
    if again is None or video_in(again) != new:
        raise CannotChangeError
    return text


def with_values(passage: Passage, before: Mapping[str, object], after: Mapping[str, object]) -> str:
    differing = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    try:
        return passage.with_values(after, differing)
    except (*MISREAD, StopIteration) as error:
        raise CannotChangeError from error
