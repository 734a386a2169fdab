"""What a hand-written profile may leave out: `defaults:` holds the provenance that most of its figures share."""

from __future__ import annotations

from typing import Any

from qcompile.errors import InputError
from qcompile.units import parse_seconds

__all__ = ["fill_defaults"]

_ORIGIN = ("status", "statistic", "source", "date")


def fill_defaults(data: dict[str, Any]) -> dict[str, Any]:
    """Return the data with `defaults` written into each figure and column that lacks them.

    A figure may then be text with a unit of time (`35 ns`), which becomes seconds, or a mapping without provenance. A
    bare number has no unit: it is refused, not guessed.

    Raises:
        InputError: A figure is a bare number, or the text is no duration.
    """
    if "defaults" not in data:
        defaults: dict[str, Any] = {}
    else:
        data = dict(data)
        defaults = data.pop("defaults")
        unknown = [key for key in defaults if key not in _ORIGIN] if isinstance(defaults, dict) else [repr(defaults)]
        if unknown:
            raise InputError(f"has {unknown[0]}", where="defaults", hint=f"use {', '.join(_ORIGIN)}")
    filled = dict(data)
    for group in ("figures", "control"):
        if isinstance(data.get(group), dict):
            filled[group] = {name: _figure(value, defaults, f"{group}.{name}") for name, value in data[group].items()}
    for label in ("qubit_table", "edge_table"):
        table = data.get(label)
        if defaults and isinstance(table, dict) and isinstance(table.get("columns"), list):
            columns = [{**defaults, **column} if isinstance(column, dict) else column for column in table["columns"]]
            filled[label] = {**table, "columns": columns}
    return filled


def _figure(value: Any, defaults: dict[str, Any], where: str) -> Any:
    if isinstance(value, str):
        return {**defaults, "value": parse_seconds(value, where=where), "unit": "s"}
    if isinstance(value, int | float) and not isinstance(value, bool):
        hint = "write a duration with its unit, such as '35 ns', or a mapping with value and unit"
        raise InputError(f"is the bare number {value!r}", where=where, hint=hint)
    if not isinstance(value, dict):
        return value
    figure = {**defaults, **value}
    if isinstance(figure.get("value"), str) and "unit" not in figure:
        figure |= {"value": parse_seconds(figure["value"], where=f"{where}.value"), "unit": "s"}
    if "error" in figure:
        figure.setdefault("unit", "1")
    return figure
