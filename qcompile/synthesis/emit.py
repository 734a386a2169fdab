"""Numeric unitaries on one and two qubits as named gates on a tape under construction, global phase exact."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from qcompile.kernels.euler import ATOL, zyz_angles
from qcompile.synthesis.two_qubit import decompose
from qcompile.tape import Angle, Expr, Op, TapeBuilder

__all__ = ["add_one_qubit", "add_rotation", "add_two_qubit", "is_zero", "n_two_qubit"]

ComplexArray = npt.NDArray[np.complex128]


def is_zero(angle: Angle, atol: float = ATOL) -> bool:
    """Return whether an angle is a number within `atol` of zero."""
    if isinstance(angle, Expr):
        return angle.is_number and abs(angle.const) <= atol
    return abs(float(angle)) <= atol


def add_rotation(builder: TapeBuilder, axis: str, qubit: int, angle: Angle) -> None:
    """Append R_axis(angle), `axis` one of x, y, z, unless the angle is zero."""
    if not is_zero(angle):
        builder.add({"x": Op.RX, "y": Op.RY, "z": Op.RZ}[axis], qubit, angles=[angle])


def add_one_qubit(builder: TapeBuilder, qubit: int, matrix: ComplexArray) -> None:
    """Append a 2x2 unitary as nothing, RZ, RY or U3, and its phase to the tape's."""
    angles, phases = zyz_angles(np.ascontiguousarray(matrix, dtype=np.complex128)[None])
    (a, b, c), phase = (float(v) for v in angles[0]), float(phases[0])
    if b == 0.0:
        add_rotation(builder, "z", qubit, a + c)
    elif a == 0.0 and c == 0.0:
        builder.add(Op.RY, qubit, angles=[b])
    else:
        # Rz(a) Ry(b) Rz(c) = exp(-i (a + c)/2) U3(b, a, c).
        builder.add(Op.U3, qubit, angles=[b, a, c])
        phase -= 0.5 * (a + c)
    builder.phase = builder.phase + phase


def add_two_qubit(builder: TapeBuilder, first: int, second: int, matrices: Sequence[ComplexArray]) -> None:
    """Append 4x4 unitaries one after the other, each as at most 3 CX and one-qubit gates."""
    blocks = decompose(np.array(matrices), Op.CX)
    for k, n in enumerate(blocks.n_native):
        for slot in range(int(n) + 1):
            add_one_qubit(builder, first, blocks.local[k, slot, 0])
            add_one_qubit(builder, second, blocks.local[k, slot, 1])
            if slot < n:
                builder.add(Op.CX, first, second)
        builder.phase = builder.phase + float(blocks.phase[k])


def n_two_qubit(builder: TapeBuilder) -> int:
    """Return the number of two-qubit gates of the tape built so far."""
    return int(builder.build().is_two_qubit.sum())
