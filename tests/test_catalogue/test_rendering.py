from html.parser import HTMLParser

import pytest

from courses.catalogue.rendering import rendered


class Seen(HTMLParser):
    """What a browser would make of the HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name: value or "" for name, value in attrs}


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[click](javascript:alert(1))",
        "[click](data:text/html;base64,PHNjcmlwdD4=)",
        "<img src=x onerror=alert(1)>",
        '[a](https://example.org "title\\" onclick=\\"x")',
        "<https://example.org/?q='onmouseover='x>",
    ],
)
def test_hostile_markdown_brings_no_markup_of_its_own(hostile: str) -> None:
    seen = Seen()
    seen.feed(rendered(hostile))
    assert seen.tags <= {"p", "a"}
    assert seen.attributes.keys() <= {"href", "rel", "title"}
    assert seen.attributes.get("href", "https://").startswith("https://")


def test_plain_formatting_passes() -> None:
    html = rendered("## Head\n\n1. *a* **b** `c`\n\n> q\n\n[l](https://example.org/)\n")
    assert "<h2>Head</h2>" in html
    assert "<li><em>a</em> <strong>b</strong> <code>c</code></li>" in html
    assert '<a href="https://example.org/" rel="noopener noreferrer">l</a>' in html


def test_a_table_can_be_scrolled_by_keyboard_and_is_named_by_the_words_before_it() -> None:
    html = rendered("## What **it** is\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n")
    assert '<div class="table-wrap" tabindex="0" role="region" aria-label="What it is"><table>' in html
    assert '<th scope="col">a</th>' in html
    assert "</table></div>" in html
