"""Converters of attrs fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from qcompile.errors import InputError
from qcompile.ir.angles import Angles
from qcompile.ir.sizes import Size, as_size, concrete
from qcompile.ir.vectors import Vector
from qcompile.tape.expr import Expr

__all__ = [
    "as_tuple",
    "family_or_angles",
    "to_angles",
    "to_axes",
    "to_axis",
    "to_controls",
    "to_expr",
    "to_index",
    "to_layers",
    "to_pairs",
    "to_qubits",
    "to_runs",
    "to_times",
    "to_vector",
    "to_width",
]


def as_tuple(value: Iterable[Any]) -> tuple[Any, ...]:
    """Return a sequence as a tuple, so that the value that holds it can be hashed."""
    return tuple(value)


def to_pairs(value: Any) -> tuple[tuple[str, Any], ...]:
    """Return a mapping as a tuple of its items."""
    return tuple(dict(value).items())


def to_width(value: Any) -> Size:
    """Return a number of qubits; 0 asks for the least that fits where a block allows it."""
    return as_size(value, where="n_qubits")


def to_qubits(value: Any) -> Size:
    """Return a number of qubits from 1."""
    return as_size(value, where="n_qubits", least=1)


def to_layers(value: Any) -> Size:
    """Return a number of layers."""
    return as_size(value, where="layers", least=1)


def to_times(value: Any) -> Size:
    """Return a number of repetitions."""
    return as_size(value, where="times")


def to_runs(value: Any) -> Size:
    """Return how many circuits a forward pass needs."""
    return as_size(value, where="runs")


def to_controls(value: Any) -> int:
    """Return a known number of control qubits."""
    return concrete(as_size(value, where="n_controls", least=1))


def to_index(value: Any) -> int:
    """Return a known index."""
    return concrete(as_size(value, where="index"))


def to_axes(value: Any) -> tuple[str, ...]:
    """Return axes as ("x", "y", ...); `rx` is read as x.

    Raises:
        InputError: An axis that is not x, y or z.
    """
    axes = tuple(str(v).lower().removeprefix("r") for v in value)
    for axis in axes:
        if axis not in ("x", "y", "z"):
            raise InputError(f"is {axis!r}", where="rotation axis", hint="use x, y or z")
    return axes


def to_axis(value: Any) -> str:
    """Return one axis."""
    return to_axes([value])[0]


def to_angles(value: Any) -> Angles:
    """Return angles, given as such or as nested lists."""
    return Angles.of(value)


def family_or_angles(value: Any) -> Angles:
    """Return angles; a name stands for a family whose shape the block fills in."""
    return Angles.symbols(value) if isinstance(value, str) else Angles.of(value)


def to_expr(value: Any) -> Expr:
    """Return one angle as an expression."""
    return Expr.of(value)


def to_vector(value: Any) -> Vector:
    """Return data to encode."""
    return Vector.of(value)
