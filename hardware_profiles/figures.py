"""Single figures and tables of figures, each with its unit, status, statistic, source and date."""

from __future__ import annotations

from statistics import median
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from hardware_profiles.rates import ErrorKind, ErrorRate

__all__ = ["UNITS", "Column", "Figure", "Frozen", "Name", "Source", "Statistic", "Status", "Table"]

Status = Literal["measured", "datasheet", "assumed", "derived"]
Statistic = Literal["per_element", "median", "mean", "typical", "best", "bound", "exact"]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.\-]*$", max_length=80)]
Text = Annotated[str, StringConstraints(max_length=4000)]
Cell = int | float | str | bool | None

#: Units that a file may use: SI, and dimensionless ones.
UNITS = ("s", "Hz", "1", "1/s", "rad", "m", "m/s^2", "K", "bit", "count", "ISO date")


class Frozen(BaseModel):
    """Base of everything in a file: immutable, no unknown fields, no silent conversions, finite numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Source(Frozen):
    """Where figures come from, and how far it was read."""

    title: Text
    ref: Text
    date: str
    kind: Text
    read: Text
    licence: str | None = None
    note: Text | None = None


class _Origin(Frozen):
    unit: Literal["s", "Hz", "1", "1/s", "rad", "m", "m/s^2", "K", "bit", "count", "ISO date"]
    status: Status
    statistic: Statistic
    source: str
    date: str
    error: ErrorKind | None = None
    metric: Text | None = None
    note: Text | None = None


class Figure(_Origin):
    """One number.

    Attributes:
        value: The number as the source has it, in `unit`.
        unit: SI unit, `1` for dimensionless.
        status: Measured, from a data sheet, assumed, or derived from other figures.
        statistic: What it is the statistic of.
        source: Key into `HardwareProfile.sources`.
        date: ISO date, month or year.
        error: For gate errors and fidelities: the metric, arity and scope.
        metric: For other probabilities: the source's words for what was measured.
        std_err: Standard error or spread as the source gives it.
    """

    value: float
    std_err: float | None = Field(default=None, ge=0)

    @property
    def rate(self) -> ErrorRate | None:
        """The figure as an error rate, or None when it is no gate error."""
        return None if self.error is None else self.error.rate(float(self.value), std_err=self.std_err)


class Column(_Origin):
    """Head of a table column; the provenance holds for every cell.

    Attributes:
        name: How `operations` and `qubit_figures` refer to it.
        dates: Name of the column with the date of each cell.
    """

    name: Name
    dates: str | None = None


class Table(Frozen):
    """Figures per qubit or per coupling: row k belongs to qubit k, or to `topology.edges[k]`. null is unknown."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def find(self, name: str) -> Column | None:
        """Return the head of the column, or None when there is none of that name."""
        return next((column for column in self.columns if column.name == name), None)

    def cells(self, name: str) -> tuple[Any, ...]:
        """Return the cells of the column from first row to last.

        Raises:
            KeyError: There is no such column.
        """
        for index, column in enumerate(self.columns):
            if column.name == name:
                return tuple(row[index] for row in self.rows)
        raise KeyError(name)

    def median(self, name: str) -> float | None:
        """Return the median of the known cells, or None when none is known."""
        known = [float(cell) for cell in self.cells(name) if cell is not None]
        return median(known) if known else None
