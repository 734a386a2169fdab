"""What a report is made of: sections of tables and remarks, free of any output format."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen

from qcompile.units import format_count

__all__ = ["Section", "Table", "number", "percent"]


def _cells(rows: Iterable[Iterable[object]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(str(cell) for cell in row) for row in rows)


@frozen
class Table:
    """Columns and rows of text; the first column names the row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = field(converter=_cells)


def _tables(tables: Iterable[Table]) -> tuple[Table, ...]:
    return tuple(tables)


def _lines(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(lines)


@frozen
class Section:
    """A titled part of a report."""

    title: str
    tables: tuple[Table, ...] = field(default=(), converter=_tables)
    remarks: tuple[str, ...] = field(default=(), converter=_lines)


def number(value: object) -> str:
    """Return a count or measure for reading; `unknown` for None."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return format_count(value)
    if isinstance(value, float):
        return f"{value:.4g}"
    return str(value)


def percent(value: float | None) -> str:
    """Return a fraction as per cent, with enough digits to be worth reading."""
    return "unknown" if value is None else f"{100 * value:.3g} %"
