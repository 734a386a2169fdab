"""Cirq's classical conditions as `Condition` records: bits of keys where possible, else kept as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import cirq
import sympy

from qcompile.tape.records import Condition

__all__ = ["condition_of"]


def condition_of(found: Sequence[cirq.Condition], widths: Mapping[str, int]) -> Condition:
    """Return the condition that all of `found` hold.

    Args:
        found: Cirq conditions on earlier measurements.
        widths: How many bits the latest measurement of each key has.
    """
    if len(found) == 1:
        simple = _simple(found[0], widths)
        if simple is not None:
            return simple
    keys = tuple(dict.fromkeys(str(key) for one in found for key in one.keys))
    return Condition(keys, "cirq", payload=tuple(found))


def _simple(one: cirq.Condition, widths: Mapping[str, int]) -> Condition | None:
    if isinstance(one, cirq.KeyCondition) and one.index == -1:
        return Condition((str(one.key),))
    if isinstance(one, cirq.BitMaskKeyCondition) and one.index == -1 and str(one.key) in widths:
        name, width = str(one.key), widths[str(one.key)]
        mask = (1 << width) - 1 if one.bitmask is None else one.bitmask
        if one.target_value == 0 and one.bitmask is None and not one.equal_target:
            return Condition((name,))
        return _bits(name, width, mask, one.target_value, not one.equal_target)
    if isinstance(one, cirq.SympyCondition) and isinstance(one.expr, sympy.Eq | sympy.Ne):
        left, right = one.expr.args
        if isinstance(right, sympy.Symbol):
            left, right = right, left
        if isinstance(left, sympy.Symbol) and isinstance(right, sympy.Integer) and left.name in widths:
            width = widths[left.name]
            return _bits(left.name, width, (1 << width) - 1, int(right), isinstance(one.expr, sympy.Ne))
    return None


def _bits(name: str, width: int, mask: int, target: int, negate: bool) -> Condition | None:
    """Return `key & mask == target`; the first measured bit is the most significant."""
    if target & ~mask or target < 0 or mask >= 1 << width or mask <= 0:
        return None  # always or never true: Cirq's own condition says it best
    offsets = [k for k in range(width) if mask >> (width - 1 - k) & 1]
    value = 0
    for k in offsets:
        value = value << 1 | (target >> (width - 1 - k) & 1)
    return Condition((name,), "bits", tuple((name, k) for k in offsets), value, negate)
