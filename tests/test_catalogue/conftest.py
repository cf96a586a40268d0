from pathlib import Path

import pytest

COURSE = """\
code: first
title: "First"
summary: "A course."
level: beginner
language: en
minutes: 10
tags: [skills]
position: 1
"""
LESSON = """\
---
title: "One"
minutes: 5
---
Some *text*.
"""
ASSESSMENT = """\
pass_mark: 50
questions:
  - id: which
    kind: one
    prompt: "Which?"
    choices: [this, that]
    right: 2
    feedback: "That."
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A course folder without fault."""
    course = tmp_path / "first"
    course.mkdir()
    (course / "course.yaml").write_text(COURSE)
    (course / "01-one.md").write_text(LESSON)
    (course / "assessment.yaml").write_text(ASSESSMENT)
    return course
