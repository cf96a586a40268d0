"""A form for a video of a lesson."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from courses.authoring.question_forms import Said, area
from courses.catalogue.folders.videos import check_video
from courses.catalogue.questions.yaml_text import dumped
from courses.catalogue.sections import Fault, read_section

FILMS, CAPTIONS = (".mp4", ".webm"), (".vtt",)


class VideoForm(forms.Form):
    """Title, where it lies, captions and transcript. `values` is what was written, once the form is valid."""

    title = Said(label=_("Title"), max_length=200)
    file = forms.ChoiceField(label=_("Video in this course"), required=False)
    captions = forms.ChoiceField(label=_("Captions"), required=False)
    embed = Said(label=_("Or its address elsewhere"), max_length=500, required=False)
    transcript = Said(label=_("Transcript: what is said and what is to be seen"), max_length=50_000, widget=area(10))

    def __init__(
        self,
        post: Mapping[str, Any] | None = None,
        *,
        paths: Collection[str],
        language: str,
        initial: Mapping[str, str] | None = None,
    ) -> None:
        """`paths` are the files of the course; `language` is that of the lesson's text."""
        super().__init__(post, initial=dict(initial or {}), label_suffix="")
        self.paths, self.language = paths, language
        for name, endings in (("file", FILMS), ("captions", CAPTIONS)):
            known = {*named(paths, endings), *filter(None, [(initial or {}).get(name)])}
            self.fields[name].choices = [("", "—"), *((path, path) for path in sorted(known))]  # type: ignore[attr-defined]
        hosts = ", ".join(settings.VIDEO_HOSTS)
        self.fields["embed"].help_text = _("With https://, at one of: %(hosts)s") % {"hosts": hosts} if hosts else ""

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if bool(said.get("file")) == bool(said.get("embed")):
            self.add_error("file", _("Choose a video in this course, or give an address elsewhere."))
        elif said.get("file") and not said.get("captions"):
            self.add_error("captions", _("A video needs captions. Upload them first."))
        if not self.errors:
            self.note_faults()
        return said

    def note_faults(self) -> None:
        """What a page could not show, beside the field."""
        faults: list[Fault] = []
        check_video(read_section(dumped(self.values()), "", faults), self.language, self.paths)
        for fault in faults:
            self.add_error(fault.key if fault.key in self.fields else None, fault.message)

    def values(self) -> dict[str, str]:
        """As the YAML of the lesson holds them. A video that lies elsewhere mostly brings its own captions."""
        names = ("title", "embed", "file", "captions", "transcript")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data[name]}


def named(paths: Collection[str], endings: tuple[str, ...]) -> set[str]:
    """The videos or captions by the paths that lessons use: the same in every language."""
    found = {path[path.find("videos/") :] for path in paths if path.endswith(endings) and "videos/" in path}
    return {path for path in found if not path[len("videos/") :].count("/")}
