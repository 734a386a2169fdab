"""Durations with their unit: parsed once on the way in, SI seconds inside, readable on the way out."""

from __future__ import annotations

import math
import re

from qcompile.errors import InputError

__all__ = ["format_count", "format_seconds", "parse_seconds"]

_SECONDS_PER = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9, "ps": 1e-12, "min": 60.0, "h": 3600.0}
_QUANTITY = re.compile(r"\s*([0-9.]+(?:[eE][+-]?[0-9]+)?)\s*([a-zµ]+)\s*")


def parse_seconds(text: str | float, *, where: str = "duration") -> float:
    """Return seconds from `35 ns` or a plain number of seconds.

    Raises:
        InputError: The text is no duration, is negative, or is not finite.

    >>> parse_seconds("35 ns")
    3.5e-08
    """
    if isinstance(text, int | float):
        value = float(text)
    else:
        match = _QUANTITY.fullmatch(text)
        if match is None or match[2] not in _SECONDS_PER:
            raise InputError(f"is {text!r}", where=where, hint="use a number with a unit, such as '35 ns' or '1.2 us'")
        try:
            value = float(match[1]) * _SECONDS_PER[match[2]]
        except ValueError:
            raise InputError(f"is {text!r}", where=where, hint="use a number with a unit, such as '35 ns'") from None
    if not math.isfinite(value) or value < 0:
        raise InputError(f"is {text!r}", where=where, hint="use a finite duration of at least 0 s")
    return value


def format_seconds(value: float | None) -> str:
    """Return a duration in the unit that reads best, `unknown` for None or nan.

    >>> format_seconds(4.2e-08)
    '42 ns'
    """
    if value is None or math.isnan(value):
        return "unknown"
    if value == 0:
        return "0 s"
    year, day = 365.25 * 86400.0, 86400.0
    for unit, size in (("years", year), ("days", day), ("h", 3600.0), ("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if abs(value) >= size:
            return f"{value / size:.4g} {unit}"
    return f"{value / 1e-9:.4g} ns"


def format_count(value: float | None) -> str:
    """Return a count with separators, or in powers of ten when it is long.

    >>> format_count(150604)
    '150,604'
    """
    if value is None or math.isnan(value):
        return "unknown"
    return f"{value:,.0f}" if abs(value) < 1e9 else f"{value:.4g}"
