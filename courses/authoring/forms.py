"""The forms of authors."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from courses.catalogue.folders.files import CODE, LANGUAGE
from courses.catalogue.models import Course

Files = MultiValueDict[str, UploadedFile[Any]]
TAG = rf"(?=.{{1,40}}$){CODE}"


class NewCourseForm(forms.Form):
    """What must be known of a course before anything of it is written. Code and tags never change afterwards."""

    code = forms.RegexField(rf"^{CODE}\Z", label=_("Code"), max_length=80)
    title = forms.CharField(label=_("Title"), max_length=200)
    language = forms.RegexField(rf"^{LANGUAGE}\Z", label=_("Language it is written in"), max_length=20, initial="en")
    level = forms.ChoiceField(label=_("Level"), choices=Course.Level.choices)
    minutes = forms.IntegerField(label=_("Learning time in minutes"), min_value=5, max_value=6000, initial=30)
    tags = forms.CharField(label=_("Tags"), max_length=200)

    def __init__(self, post: QueryDict | None = None) -> None:
        super().__init__(post, label_suffix="", prefix="new")
        self.fields["code"].help_text = _("Lower-case letters, digits and hyphens; for ever.")
        self.fields["language"].help_text = _("Such as en, cy or zh-hans.")
        self.fields["tags"].help_text = _("With spaces between them. They decide which figures count it; for ever.")

    def clean_tags(self) -> list[str]:
        return tags_in(self.cleaned_data["tags"])


def tags_in(text: str) -> list[str]:
    """The tags, with spaces or commas between them. Raises `ValidationError` for one that is none."""
    tags = sorted(set(text.replace(",", " ").split()))
    for tag in tags:
        forms.RegexField(rf"^{TAG}\Z").clean(tag)
    return tags


class ImportForm(forms.Form):
    """A course as an archive, and what only a course folder says itself."""

    archive = forms.FileField(label=_("Archive (ZIP)"))
    code = forms.RegexField(rf"^{CODE}\Z", label=_("Code"), max_length=80, required=False)
    language = forms.RegexField(
        rf"^{LANGUAGE}\Z", label=_("Language it is written in"), max_length=20, required=False, initial="en"
    )
    minutes = forms.IntegerField(
        label=_("Learning time in minutes"), min_value=1, max_value=6000, required=False, initial=30
    )
    tags = forms.CharField(label=_("Tags"), max_length=200, required=False)

    def __init__(self, post: QueryDict | None = None, files: Files | None = None) -> None:
        super().__init__(post, files, label_suffix="", prefix="import")
        self.fields["archive"].help_text = _("A course folder, or a SCORM, cmi5 or Common Cartridge package.")
        self.fields["code"].help_text = _("What follows is asked for a package only: a course folder says it itself.")
        self.fields["tags"].help_text = _("With spaces between them. They decide which figures count it; for ever.")

    def clean_tags(self) -> list[str]:
        return tags_in(self.cleaned_data["tags"])


class TextForm(forms.Form):
    """A text of the draft, and the number of the revision that was edited."""

    text = forms.CharField(label=_("Text"), strip=False, widget=forms.Textarea(attrs={"rows": 28}))
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, text: str = "", seen: int = 0, *, post: QueryDict | None = None) -> None:
        super().__init__(post, initial={"text": text, "seen": seen}, label_suffix="")


class UploadForm(forms.Form):
    """A picture, video, captions or a download, and the folder that it belongs into."""

    folder = forms.ChoiceField(
        label=_("What it is"),
        choices=[("pictures", _("Picture")), ("videos", _("Video or captions")), ("files", _("Download"))],
    )
    language = forms.RegexField(
        rf"^{LANGUAGE}\Z", label=_("Language, if it is for one only"), max_length=20, required=False
    )
    file = forms.FileField(label=_("File"))

    def __init__(self, post: QueryDict | None = None, files: Files | None = None) -> None:
        super().__init__(post, files, label_suffix="", prefix="upload")

    def path(self) -> str:
        """Where the file belongs in the course's folder; spaces in its name become hyphens."""
        name = "-".join(self.cleaned_data["file"].name.split())
        parts = [self.cleaned_data["language"], self.cleaned_data["folder"], name]
        return "/".join(part for part in parts if part)


class NewFileForm(forms.Form):
    """A new text: captions, a translation, or the assessment."""

    path = forms.CharField(label=_("Name of the new text"), max_length=200)

    def __init__(self, post: QueryDict | None = None) -> None:
        super().__init__(post, label_suffix="", prefix="text")
        self.fields["path"].help_text = _("Such as hi/01-first-lesson.md, videos/tour.en.vtt or assessment.yaml.")


class LessonForm(forms.Form):
    """A new lesson, after the last one."""

    title = forms.CharField(label=_("Title of the lesson"), max_length=200)

    def __init__(self, post: QueryDict | None = None) -> None:
        super().__init__(post, label_suffix="", prefix="lesson")


class LanguageForm(forms.Form):
    """Another language of the course."""

    language = forms.RegexField(rf"^{LANGUAGE}\Z", label=_("Code of the language"), max_length=20)

    def __init__(self, post: QueryDict | None = None) -> None:
        super().__init__(post, label_suffix="", prefix="other")
        self.fields["language"].help_text = _("Such as hi, cy or zh-hans. All texts are copied, to be translated.")


class BankForm(forms.Form):
    """A question bank for the assessment."""

    bank = forms.FileField(label=_("Question bank"))
    pool = forms.RegexField(rf"^{TAG}\Z", label=_("Pool for all of them"), max_length=40, required=False)

    def __init__(self, post: QueryDict | None = None, files: Files | None = None) -> None:
        super().__init__(post, files, label_suffix="", prefix="bank")
        self.fields["bank"].help_text = _("Moodle XML, GIFT, or QTI 1.2 to 3.0, also packed.")
