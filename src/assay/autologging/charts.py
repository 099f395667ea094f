"""What a picture shows, as data that can wait or travel; Matplotlib draws it when it is time."""

from __future__ import annotations

from typing import Any

import msgspec

POINTS = 2000
"""A line is drawn with no more; a picture is a few hundred pixels wide."""
CELLS_WITH_NUMBERS = 20


class Line(msgspec.Struct, omit_defaults=True):
    """A line of a chart: `steps` keeps each value to the next point, `faint` is for comparison only."""

    x: list[float]
    y: list[float]
    label: str = ""
    steps: bool = False
    faint: bool = False


class Curves(msgspec.Struct, tag=True):
    """Lines over one pair of axes."""

    title: str
    across: str
    up: str
    lines: list[Line]


class Matrix(msgspec.Struct, tag=True):
    """Shares between 0 and 1 of rows and columns with the same labels."""

    title: str
    across: str
    up: str
    cells: list[list[float]]
    labels: list[str]


class Bars(msgspec.Struct, tag=True):
    """A bar for each name, the first on top."""

    title: str
    across: str
    names: list[str]
    values: list[float]


Chart = Curves | Matrix | Bars


def line(x: Any, y: Any, *, label: str = "", steps: bool = False, faint: bool = False) -> Line:
    """A line through points, thinned evenly where they are more than a picture can show.

    Args:
        x: array of floats, shape (n,).
        y: array of floats, shape (n,).
        label: what the legend says.
        steps: whether a value stays until the next point.
        faint: whether it is for comparison only.
    """
    count = min(len(x), POINTS)
    places = range(count) if count == len(x) else [round(one * (len(x) - 1) / (count - 1)) for one in range(count)]
    return Line([float(x[one]) for one in places], [float(y[one]) for one in places], label, steps, faint)


def draw(chart: Chart) -> Any:
    """A figure of Matplotlib, of its own: pyplot, its backend and its list of figures are the user's."""
    from matplotlib.figure import Figure

    tall = max(4.8, 0.28 * len(chart.names) + 1) if isinstance(chart, Bars) else 4.8
    figure = Figure(figsize=(6.4, tall), layout="constrained")
    axes = figure.subplots()
    axes.set(title=chart.title, xlabel=chart.across)
    if isinstance(chart, Bars):
        axes.barh(chart.names, chart.values)
        axes.invert_yaxis()
        return figure
    axes.set(ylabel=chart.up)
    if isinstance(chart, Matrix):
        figure.colorbar(axes.imshow(chart.cells, cmap="Blues", vmin=0, vmax=1))
        _write_cells(axes, chart)
        return figure
    for one in chart.lines:
        drawn = axes.plot(one.x, one.y, drawstyle="steps-post" if one.steps else "default", label=one.label)
        if one.faint:
            drawn[0].set(linestyle="--", color="0.6")
    axes.legend()
    return figure


def _write_cells(axes: Any, chart: Matrix) -> None:
    places = range(len(chart.labels))
    if len(chart.labels) > CELLS_WITH_NUMBERS:
        return
    axes.set_xticks(places, labels=chart.labels, rotation=45 if len(chart.labels) > 8 else 0)
    axes.set_yticks(places, labels=chart.labels)
    for row in places:
        for column in places:
            share = chart.cells[row][column]
            axes.text(column, row, f"{share:.2f}", ha="center", va="center", color="white" if share > 0.5 else "k")
