"""`Condition` records as Cirq's classical conditions, given how measured bits were grouped into keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import cirq
import sympy

from qcompile.errors import InputError
from qcompile.tape.records import Condition

__all__ = ["Bits", "conditions_for", "key_object"]

# (key, bit) -> Cirq's key, the place of the bit in it (0 is the most significant), and its number of bits.
Bits = Mapping[tuple[str, int], tuple[str, int, int]]


def key_object(name: str) -> cirq.MeasurementKey:
    """Return a key of Cirq; a colon separates its path."""
    return cirq.MeasurementKey.parse_serialized(name) if ":" in name else cirq.MeasurementKey(name)


def conditions_for(condition: Condition, bits: Bits, keys: Mapping[str, Sequence[str]]) -> list[Any]:
    """Return Cirq conditions that hold together exactly when `condition` does.

    Args:
        condition: What must hold.
        bits: Where each measured bit is.
        keys: The keys of Cirq that make up each key of the tape.

    Raises:
        InputError: It reads a bit that was not measured.
    """
    if condition.kind == "cirq":
        if condition.negate:
            raise InputError("negates a condition of Cirq", where="circuit", hint="negate it in Cirq")
        return list(condition.payload)
    if condition.kind == "nonzero":
        parts = [name for key in condition.keys for name in keys.get(key, ())]
        if not parts:
            raise _unmeasured(condition)
        if len(parts) == 1 and not condition.negate:
            return [cirq.KeyCondition(key_object(parts[0]))]
        if condition.negate:  # all of them zero
            return [cirq.BitMaskKeyCondition(key_object(p), target_value=0, equal_target=True) for p in parts]
        return [cirq.SympyCondition(sympy.Or(*(sympy.Ne(sympy.Symbol(p), 0) for p in parts)))]
    masks: dict[str, tuple[int, int]] = {}  # Cirq's key -> mask, target
    widths: dict[str, int] = {}
    for k, bit in enumerate(condition.bits):
        if bit not in bits:
            raise _unmeasured(condition)
        name, place, width = bits[bit]
        wanted = condition.value >> (len(condition.bits) - 1 - k) & 1
        mask, target = masks.get(name, (0, 0))
        masks[name] = (mask | 1 << (width - 1 - place), target | wanted << (width - 1 - place))
        widths[name] = width
    if condition.negate and len(masks) > 1:
        equal = []
        for name, (mask, target) in masks.items():
            digits = sympy.IndexedBase(name)
            for place in range(widths[name]):
                if mask >> (widths[name] - 1 - place) & 1:
                    equal.append(sympy.Eq(digits[place], target >> (widths[name] - 1 - place) & 1))
        return [cirq.SympyCondition(sympy.Not(sympy.And(*equal)))]
    return [
        cirq.BitMaskKeyCondition(
            key_object(name),
            target_value=target,
            equal_target=not condition.negate,
            bitmask=None if mask == (1 << widths[name]) - 1 else mask,
        )
        for name, (mask, target) in masks.items()
    ]


def _unmeasured(condition: Condition) -> InputError:
    return InputError(
        f"holds a condition on {', '.join(condition.keys)}, which is not measured before", where="circuit"
    )
