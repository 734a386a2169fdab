"""Formulas without a closed form: sympy functions that stay symbols until their argument is a number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy

from qcompile.ir.sizes import Size, as_size

__all__ = ["tabulated"]


def tabulated(name: str, value: Callable[[int], int], *, last: int | None = None) -> Callable[[Size], Size]:
    """Return a formula that is `value(n)` for a known n and the symbol `name(n)` for a free one.

    Beyond `last` the symbol stays for good.

    >>> ones = tabulated("ones", int.bit_count)
    >>> n = sympy.Symbol("n")
    >>> ones(7), ones(n + 1), ones(n + 1).subs(n, 4)
    (3, ones(n + 1), 2)
    """

    def evaluate(_: Any, n: Any) -> Any:
        return sympy.Integer(value(int(n))) if n.is_Integer and (last is None or n <= last) else None

    function: Any = type(name, (sympy.Function,), {"eval": classmethod(evaluate), "is_integer": True})

    def formula(n: Size) -> Size:
        return value(n) if isinstance(n, int) else as_size(function(n))

    return formula
