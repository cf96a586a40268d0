"""Folder, archive, draft, published version, archive again: the same bytes, whatever is in them."""

import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from courses.authoring.models import Draft
from courses.authoring.operations import approve, submit
from courses.authoring.reading import Reading
from courses.catalogue.folders import STARTER, FolderFiles
from courses.catalogue.models import Course
from tests.factories import NOW
from tests.test_authoring.world import PNG, World, zipped

KINDS = """\
  - {id: q-one, kind: one, prompt: "`---` or `{}`?", choices: ["# 1", "a: b"], right: 2, feedback: "|"}
  - id: q-several
    kind: several
    prompt: |
      Which?

      ---

      | a | b |
      |---|---|
      | 1 | \\| |
    choices: ["yes", "no", "2026-01-01"]
    choice_feedback: ["", "", "So."]
    right: [1, 3]
    feedback: >-
      folded
      text
  - {id: q-true, kind: true-false, prompt: "\\u0905?", right: off, feedback: "No"}
  - {id: q-number, kind: number, prompt: n, right: -0.50, tolerance: 0.05, unit: "%", feedback: n}
  - {id: q-text, kind: text, prompt: t, accepts: ["été", "007"], feedback: t}
  - id: q-matching
    kind: matching
    prompt: m
    pairs: [{left: "=", right: "a = b"}, {left: "*", right: "-"}]
    others: ["~"]
    feedback: m
  - {id: q-ordering, kind: ordering, prompt: o, choices: [c, b, a], feedback: o}
"""
LESSON = """\
---
title: "Urdu: \u0627\u0631\u062f\u0648 \U0001f600"
minutes: 5
---
Text\twith a tab,  two spaces at the end  \n<script>alert(1)</script> <!-- not seen -->

---

````markdown
```question
id: not-one
```
````

| a | b |
|:--|--:|
| `x` | ![A desk](<pictures/my d\u00e9sk (1).png>) |

> > - 1\\. [down](<files/\u0939.txt>) \u202eback\u202c

~~~question
id: practice
kind: true-false
prompt: "Is `~~~` a fence?"
right: yes
feedback: "It is."
~~~

```video
title: "A: tour"
file: videos/a.mp4
captions: videos/a.vtt
transcript: "Words."
```
"""
HEAD = "code: nasty\ntitle: 'Nasty: \"it\"'\nsummary: >\n  Over\n  lines\nlevel: beginner\nlanguage: en # comment\n"
NASTY = {
    "course.yaml": f"\ufeff{HEAD}minutes: 9\ntags: [b, a]\nposition: 1\n".replace("\n", "\r\n").encode(),
    "01-one.md": LESSON.encode(),
    "assessment.yaml": f"# first\npass_mark: 50\ndraw: 3\nquestions:\n{KINDS}# last, without a line end".encode(),
    "README.md": b"\xff\xfe no UTF-8",
    "pictures/my d\u00e9sk (1).png": PNG,
    "files/\u0939.txt": b"",
    "videos/a.mp4": b"....ftyp",
    "videos/a.vtt": b"WEBVTT\r\n\r\n00:01.000 --> 00:02.000\r\nHi\r\n",
    "ur/course.yaml": "title: \u0627\u0631\u062f\u0648\nsummary: \u0627\n".encode(),
    "zh-hans/course.yaml": "title: 中文\nsummary: 中\n".encode(),
    "zh-hans/pictures/my d\u00e9sk (1).png": PNG + b"2",
}


def shipped(code: str) -> dict[str, bytes]:
    files = FolderFiles(Path(STARTER) / code)
    return {path: files.read(path) for path in files.paths()}


@pytest.mark.parametrize("code", ["nasty", "ai-foundations", "ai-public-service", "ai-small-business"])
def test_a_course_comes_out_as_it_went_in(world: World, code: str) -> None:
    files = NASTY if code == "nasty" else shipped(code)
    upload = SimpleUploadedFile("any.zip", zipped({f"{code}/{path}": data for path, data in files.items()}).read())
    world.browser(world.ana).post(world.path("drafts"), {"import": 1, "import-archive": upload})
    draft = Draft.objects.get()
    assert Reading.of(draft).faults == []
    before = archive(world, world.path("draft-export", draft.pk))
    approve(submit(draft, by=world.ana, at=NOW), submission=NOW, by=world.ben, at=NOW)
    after = archive(world, world.path("course-export", code))
    assert before == after == {f"{code}/{path}": data for path, data in files.items()}
    assert Course.objects.get().code == code


def archive(world: World, path: str) -> dict[str, bytes]:
    whole = b"".join(world.browser(world.ana).get(path).streaming_content)  # type: ignore[attr-defined]
    with zipfile.ZipFile(io.BytesIO(whole)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}
