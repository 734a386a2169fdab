"""Sizes: whole numbers that may still be sympy symbols, and the symbols that formulas share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import sympy

from qcompile.errors import InputError

__all__ = ["SYMBOLS", "Size", "as_size", "ceil_log2", "concrete", "same_size", "substitute_size"]

Size: TypeAlias = int | sympy.Expr

# One symbol per meaning; the paper's colliding letters (its section numbers differ) are split by name here.
SYMBOLS: Mapping[str, sympy.Symbol] = {
    name: sympy.Symbol(name, integer=True, positive=True)
    for name in ("n", "L", "E", "d_model", "seq", "layers", "heads", "top", "dims", "shots", "m")
}


def as_size(value: Any, *, where: str = "size", least: int = 0) -> Size:
    """Return an int where the value is known, else the sympy expression.

    Raises:
        InputError: Not a whole number, or below `least`.
    """
    if isinstance(value, sympy.Expr) and not value.is_Integer:
        if value.is_number:
            raise InputError(f"is {value}", where=where, hint=f"use a whole number >= {least}")
        return value
    if isinstance(value, bool) or (not isinstance(value, int | sympy.Integer) and not hasattr(value, "__index__")):
        raise InputError(f"is {value!r}", where=where, hint=f"use a whole number >= {least}")
    number = int(value)
    if number < least:
        raise InputError(f"is {number}", where=where, hint=f"use a whole number >= {least}")
    return number


def concrete(value: Size, *, where: str = "size") -> int:
    """Return the size as an int.

    Raises:
        InputError: A symbol is still free.
    """
    if isinstance(value, int):
        return value
    if value.is_Integer:
        return int(value)
    free = ", ".join(sorted(str(s) for s in value.free_symbols))
    raise InputError(
        f"is {value}", where=where, hint=f"bind the size {free} first: block.with_sizes({{'{free}': ...}})"
    )


def substitute_size(value: Size, sizes: Mapping[str, Size]) -> Size:
    """Return the size with named symbols replaced."""
    if isinstance(value, int):
        return value
    found = {s: sizes[str(s)] for s in value.free_symbols if str(s) in sizes}
    return as_size(value.subs(found)) if found else value


def same_size(left: Size, right: Size) -> bool:
    """Return whether two sizes are equal for every value of their symbols."""
    if isinstance(left, int) and isinstance(right, int):
        return left == right
    return bool(sympy.simplify(sympy.sympify(left) - sympy.sympify(right)) == 0)


def ceil_log2(value: Size) -> Size:
    """Return the number of bits that label `value` things.

    >>> ceil_log2(160)
    8
    """
    if isinstance(value, int):
        return max(0, (value - 1).bit_length())
    return sympy.ceiling(sympy.log(value, 2))
