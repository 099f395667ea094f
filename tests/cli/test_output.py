"""Tables, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json

import pytest

from assay.cli import output

COLUMNS = {"name": "Name", "loss": "Loss"}
ROWS = [{"name": "first", "loss": 0.5}, {"name": "2", "loss": 12}, {"name": None, "loss": None}]


def test_numbers_stand_to_the_right_and_texts_to_the_left():
    assert output.table(ROWS, columns=COLUMNS, width=None) == [
        "Name   Loss",
        "-----  ----",
        "first   0.5",
        "2        12",
        "",
    ]


def test_no_rows_are_a_head():
    assert output.table([], columns=COLUMNS, width=None) == ["Name  Loss", "----  ----"]


def test_a_table_is_cut_to_the_width_and_the_widest_column_gives_way():
    rows = [{"name": "x" * 100, "loss": 0.25}]
    lines = output.table(rows, columns=COLUMNS, width=40)
    assert max(map(len, lines)) == 40
    assert lines[2] == "x" * 33 + "…  0.25"


def test_wide_characters_take_two_columns():
    lines = output.table([{"name": "漢字", "loss": 1}, {"name": "abcd", "loss": 2}], columns=COLUMNS, width=None)
    assert lines[2] == "漢字     1"
    assert lines[3] == "abcd     2"
    assert output.display_width("e\u0301") == 1


def test_names_cannot_steer_the_terminal():
    lines = output.table([{"name": "a\x1b[31m\nb", "loss": 1}], columns=COLUMNS, width=None)
    assert len(lines) == 3
    assert "\x1b" not in lines[2]
    assert r"a\x1b[31m\nb" in lines[2]


@pytest.mark.parametrize(
    ("value", "shown"), [(float("nan"), "NaN"), (float("inf"), "Infinity"), (float("-inf"), "-Infinity")]
)
def test_json_stays_json(capsys, value, shown):
    output.show_json({"loss": [value], "name": "ü"})
    printed = capsys.readouterr().out
    assert json.loads(printed, parse_constant=pytest.fail) == {"loss": [shown], "name": "ü"}
    assert "ü" in printed


def test_csv_comes_back():
    rows = [{"name": 'a,"b"\nc', "loss": 0.1 + 0.2, "tags": {"k": "v"}}, {"name": "", "loss": None}]
    text = output.csv_text(rows, ["name", "loss", "tags"])
    first, second = csv.DictReader(io.StringIO(text))
    assert first["name"] == 'a,"b"\nc'
    assert float(first["loss"]) == 0.1 + 0.2
    assert json.loads(first["tags"]) == {"k": "v"}
    assert second == {"name": "", "loss": "", "tags": ""}


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "\r=1", "-", "--x", '=HYPERLINK("x")']
)
def test_s62_no_cell_of_a_csv_is_a_formula(text):
    header, row = csv.reader(io.StringIO(output.csv_text([{text: text}], [text]), newline=""))
    assert [header, row] == [[f"'{text}"]] * 2


@pytest.mark.parametrize("text", ["-1", "+2.5e-3", "-.5", "1=1", "a-b", "", "-Infinity"])
def test_numbers_and_other_texts_are_cells_as_they_are(text):
    _, row = csv.reader(io.StringIO(output.csv_text([{"a": text, "b": -1.5}], ["a", "b"])))
    assert row == [text, "-1.5"]


def test_moments_are_utc():
    assert output.moment(1_700_000_000_123) == "2023-11-14 22:13:20"
    assert output.moment(None) == ""
