"""What a report is made of: sections of tables and remarks, free of any output format."""

from __future__ import annotations

from attrs import field, frozen

from qcompile.units import format_count

__all__ = ["Section", "Table", "number", "percent"]


@frozen
class Table:
    """Columns and rows of text; the first column names the row."""

    columns: tuple[str, ...] = field(converter=tuple)
    rows: tuple[tuple[str, ...], ...] = field(converter=lambda rows: tuple(tuple(map(str, row)) for row in rows))


@frozen
class Section:
    """A titled part of a report."""

    title: str
    tables: tuple[Table, ...] = field(default=(), converter=tuple)
    remarks: tuple[str, ...] = field(default=(), converter=tuple)


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
