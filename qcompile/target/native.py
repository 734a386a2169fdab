"""Native two-qubit gates of a machine: which there are, where they work, what they cost."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from attrs import field, frozen, validators
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "NATIVE_NAMES",
    "ONE_QUBIT_SETS",
    "PARAMETRIC",
    "SYMMETRIC",
    "NativeGate",
    "flags",
    "numbers",
    "read_only",
    "signs",
]

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int32]
SignArray = NDArray[np.int8]
FloatArray = NDArray[np.float64]

#: Two-qubit gates that a target may call native.
NATIVE_NAMES = ("cz", "ecr", "cx", "sqrtiswap", "syc", "iswap", "rzz", "rxx", "fsim")
#: Gates that commute with exchanging their qubits; a direction means nothing for them.
SYMMETRIC = frozenset({"cz", "sqrtiswap", "syc", "iswap", "rzz", "rxx", "fsim"})
#: Gates with an angle.
PARAMETRIC = frozenset({"rzz", "rxx", "fsim"})
#: One-qubit gate sets: PhasedXZ; rz, sx and x; GPI and GPI2.
ONE_QUBIT_SETS = ("phxz", "zsx", "gpi")


def read_only(values: Any, dtype: Any) -> NDArray[Any]:
    """Return a contiguous read-only copy of `values`, so that a frozen value cannot change under its hash."""
    array = np.array(values, dtype=dtype, order="C", copy=True)
    array.setflags(write=False)
    return array


def flags(values: ArrayLike) -> BoolArray:
    """Return a read-only `bool` copy."""
    return read_only(values, np.bool_)


def signs(values: ArrayLike) -> SignArray:
    """Return a read-only `int8` copy."""
    return read_only(values, np.int8)


def numbers(values: ArrayLike) -> FloatArray:
    """Return a read-only `float64` copy."""
    return read_only(values, np.float64)


@frozen(kw_only=True, eq=False)
class NativeGate:
    """A native two-qubit gate. The arrays are aligned with `Target.edges`, whose rows are `(a, b)` with `a < b`.

    Attributes:
        name: One of `NATIVE_NAMES`. `rzz` is exp(-i t ZZ / 2), `rxx` exp(-i t XX / 2), `syc` FSim(pi/2, pi/6),
            `ecr` (IX - XY) / sqrt(2) with the first qubit as control.
        parametric: Whether the gate takes an angle.
        angle_range: Lowest and highest angle t in rad; None when the gate takes none or any.
        available: `bool[m]`, whether the gate works on the edge.
        direction: `int8[m]`; 0 either way, +1 only as `(a, b)`, -1 only as `(b, a)`.
        error: `float[m]`, process infidelity e_F, its own qubits' decoherence included; nan when unknown.
        duration_s: `float[m]`, length of the gate in seconds; nan when unknown.
    """

    name: str = field(validator=validators.in_(NATIVE_NAMES))
    parametric: bool = False
    angle_range: tuple[float, float] | None = None
    available: BoolArray = field(converter=flags)
    direction: SignArray = field(converter=signs)
    error: FloatArray = field(converter=numbers)
    duration_s: FloatArray = field(converter=numbers)

    def __attrs_post_init__(self) -> None:
        m = self.available.shape
        if len(m) != 1 or any(v.shape != m for v in (self.direction, self.error, self.duration_s)):
            raise ValueError(f"native gate {self.name}: the per-edge arrays differ in length")

    @property
    def symmetric(self) -> bool:
        """Whether exchanging the two qubits gives the same gate."""
        return self.name in SYMMETRIC

    def allows_angle(self, angle: float, *, atol: float = 1e-12) -> bool:
        """Return whether the gate may be played with `angle` (rad, taken as it is, not modulo a period)."""
        if not self.parametric:
            return False
        if self.angle_range is None:
            return math.isfinite(angle)
        return self.angle_range[0] - atol <= angle <= self.angle_range[1] + atol

    def columns(self) -> tuple[tuple[str, NDArray[Any]], ...]:
        """Return name and array of every per-edge column, in a fixed order."""
        return (
            ("available", self.available),
            ("direction", self.direction),
            ("error", self.error),
            ("duration_s", self.duration_s),
        )
