"""A small course with everything that can be asked: two lessons, practice, and an assessment of all seven kinds."""

from collections.abc import Mapping
from pathlib import Path

from django.core.management import call_command

COURSE = "/p/gb/courses/bakery/"
FILES = {
    "course.yaml": """\
code: bakery
title: The bakery
summary: How bread is made.
level: beginner
language: en
minutes: 10
tags: [bread]
position: 9
""",
    "01-dough.md": """\
---
title: Dough
minutes: 5
---
Flour and water make dough.

| Flour | Grams |
| --- | --- |
| Rye | 100 |

```question
id: warm
kind: true-false
prompt: Dough likes warmth.
right: true
feedback: Yeast works faster when it is warm.
```
""",
    "02-oven.md": "---\ntitle: Oven\nminutes: 5\n---\n## How hot\n\nThe oven is hot.\n",
    "ta/course.yaml": "title: ரொட்டிக் கடை\nsummary: ரொட்டி எப்படிச் செய்யப்படுகிறது.\n",
    "ta/01-dough.md": """\
---
title: மாவு
---
மாவும் தண்ணீரும்.

```question
id: warm
prompt: மாவுக்கு வெப்பம் பிடிக்கும்.
feedback: வெப்பத்தில் ஈஸ்ட் வேகமாக வேலை செய்கிறது.
```
""",
    "assessment.yaml": """\
pass_mark: 100
minutes: 30
questions:
  - { id: q-one, kind: one, prompt: "Which is a grain?", choices: [Rye, Salt], right: 1, feedback: Rye. }
  - { id: q-several, kind: several, prompt: "What is in it?", choices: [Rye, Sand, Milk], right: [1, 3], feedback: "2" }
  - { id: q-true, kind: true-false, prompt: "Bread is baked.", right: true, feedback: It is. }
  - { id: q-number, kind: number, prompt: "How many grams?", right: 500, tolerance: 5, unit: g, feedback: About 500. }
  - { id: q-text, kind: text, prompt: "What makes it rise?", accepts: [yeast], feedback: Yeast. }
  - id: q-matching
    kind: matching
    prompt: Which belongs to which?
    pairs: [{ left: Rye, right: dark }, { left: Wheat, right: light }]
    feedback: By colour.
  - id: q-ordering
    kind: ordering
    prompt: |
      Put the steps in order.

      Begin with what is done first.
    choices: [Mix, Wait, Bake]
    feedback: Mix, wait, bake.
""",
}


def publish(folder: Path, files: Mapping[str, str] = FILES) -> None:
    for name, text in files.items():
        path = folder / "bakery" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    call_command("load_courses", str(folder / "bakery"), verbosity=0)
