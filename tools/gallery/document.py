"""The page of the documentation that shows every picture: made from the table of pages, without a browser."""

from __future__ import annotations

from tools.gallery.pages import PAGES, SCHEMES, WIDTHS, Page, Shot

NOTE = "<!-- Made by `make gen`, its pictures by `make pictures`; edits are lost. -->\n"
HEAD = """# The pages of the web UI

Every page on a wide screen and on a telephone, light and dark, with data and, where that is a page of its own, without.
How they are used: [The web UI](guide/ui.md). `tests/ui/test_pictures.py` holds the pages to these pictures.
"""


def text() -> str:
    """The page, in Markdown."""
    links = " \u00b7 ".join(f"[{page.title}](#{_anchor(page.title)})" for page in PAGES)
    return "\n".join([NOTE + HEAD, links + "\n", *[_section(page) for page in PAGES]])


def _anchor(title: str) -> str:
    return "".join(letter for letter in title.lower().replace(" ", "-") if letter.isalnum() or letter == "-")


def _section(page: Page) -> str:
    rows = [_row(page, width, empty=empty) for empty in ((False, True) if page.empty else (False,)) for width in WIDTHS]
    return "\n".join(
        [f"## {page.title}\n", f"| | {' | '.join(SCHEMES)} |", "| --- " * (1 + len(SCHEMES)) + "|", *rows, ""]
    )


def _row(page: Page, width: int, *, empty: bool) -> str:
    head = f"{width} pixels{', without data' if empty else ''}"
    cells = [
        f"![{page.title}, {head}, {scheme}](pictures/{Shot(page, width, scheme, empty).name}.webp)"
        for scheme in SCHEMES
    ]
    return f"| {' | '.join([head, *cells])} |"
