"""Saved views as text: what is written is read back, and what is wrong is told with its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.core.errors import InvalidParameterValue
from assay.service import page_rules
from assay.service.view_text import View, Views, format_views, parse_views

TEXT = """# the team's views
experiment wine

view Best runs
  default
  q metrics.val_acc > 0.9 and params.model = 'a b'
  sort -metrics.val_acc

view  Losses
tab charts
"""

printable = st.text(min_size=1, max_size=50).filter(lambda text: text.isprintable() and text == text.strip())
parts = st.from_regex(page_rules._PART, fullmatch=True).filter(lambda name: name not in page_rules._WORDS_OF_FILES)
addresses = st.dictionaries(parts, st.text(min_size=1, max_size=50), max_size=4)


def test_a_file_is_read():
    assert parse_views(TEXT) == Views(
        "wine",
        [
            View(
                "Best runs",
                {"q": "metrics.val_acc > 0.9 and params.model = 'a b'", "sort": "-metrics.val_acc"},
                is_default=True,
            ),
            View("Losses", {"tab": "charts"}),
        ],
    )


@given(
    experiment=st.text(min_size=1, max_size=50).filter(lambda text: text.strip() != ""),
    names=st.lists(printable, max_size=3, unique=True),
    address=addresses,
    default=st.integers(0, 3),
)
def test_what_is_written_is_read(experiment, names, address, default):
    views = [View(name, address, is_default=number == default) for number, name in enumerate(names)]
    assert parse_views(format_views(Views(experiment, views))) == Views(experiment, views)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "name no experiment"),
        ("experiment a\nexperiment b", "Line 2 of the views"),
        ("experiment a\nq x", "Line 2 .* stands below its name"),
        ("experiment a\nview v\nview v", "Line 3 .* is a view 'v' above already"),
        ("experiment a\nview v\nq 1\nq 2", "Line 4 .* stands twice"),
        ("experiment a\nview v\ndefault\nview w\ndefault", "Line 5 .* 'v' already"),
        ("experiment a\nview v\n9 x", "Line 3 .* no part of a page's address"),
        ('experiment a\nview v\nq "open', "Line 3 .* no quoted text"),
        ("experiment a\nview " + "v" * 201, "Line 2 .* at most 200"),
        ("experiment a\nview v\nq " + "v" * 20_001, "Line 3 .* at most 20000"),
        ("#" * 1_000_001, "at most 1000000"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text, told):
    with pytest.raises(InvalidParameterValue, match=told):
        parse_views(text)


def test_indented_words_are_parts_of_the_address():
    text = "experiment wine\n\nview Curves\n  experiment 7\n  view charts\n"
    views = parse_views(text)
    assert [(view.name, view.address) for view in views.views] == [("Curves", {"view": "charts", "experiment": "7"})]
    assert format_views(views) == text
