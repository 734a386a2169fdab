"""Rotations about short Paulis as rotations about long ones, before the Clifford that their pi/2 parts make.

Paulis are int8 codes a qubit: 0 I, 1 X, 2 Y, 3 Z.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from qcompile.kernels.jit import jit

__all__ = ["fold_rotations", "frame_of_rotations", "turn_later"]

Int8Array = npt.NDArray[np.int8]
IntArray = npt.NDArray[np.int32]
BoolArray = npt.NDArray[np.bool_]

#: Product of two Paulis is i**_PHASE times _PRODUCT.
_PRODUCT = np.array([[0, 1, 2, 3], [1, 0, 3, 2], [2, 3, 0, 1], [3, 2, 1, 0]], dtype=np.int8)
_PHASE = np.array([[0, 0, 0, 0], [0, 0, 1, 3], [0, 3, 0, 1], [0, 1, 3, 0]], dtype=np.int8)


@jit
def _multiply(a: Int8Array, b: Int8Array, out: Int8Array) -> int:
    """Write the product of two Pauli strings to `out`; return the power of i."""
    power = 0
    for q in range(a.size):
        x, y = a[q], b[q]
        out[q] = _PRODUCT[x, y]
        power += _PHASE[x, y]
    return int(power % 4)


@jit
def _anticommute(a: Int8Array, b: Int8Array) -> bool:
    odd = False
    for q in range(a.size):
        if a[q] != 0 and b[q] != 0 and a[q] != b[q]:
            odd = not odd
    return odd


@jit
def frame_of_rotations(
    first: IntArray, second: IntArray, axes: Int8Array, steps: Int8Array, listed: BoolArray, n: int
) -> tuple[Int8Array, Int8Array, Int8Array, Int8Array]:
    """Pull all rotations before the Clifford that their pi/2 parts make.

    Args:
        first, second: int32[m], qubits of each rotation in order of execution, second -1 for one qubit.
        axes: int8[m, 2], Pauli on each.
        steps: int8[m], how often pi/2 is turned (0 to 3), after what is left of the angle.
        listed: bool[m], whether something is left of the angle.
        n: Number of qubits.

    Returns:
        Paulis int8[k, n] and signs int8[k] (1 for minus) of the listed rotations; int8[2n, n] and int8[2n], what the
        Clifford F behind them makes of X_q (row 2 q) and Z_q (row 2 q + 1): F^-1 X_q F.
    """
    image = np.zeros((2 * n, n), np.int8)
    sign = np.zeros(2 * n, np.int8)
    for q in range(n):
        image[2 * q, q] = 1
        image[2 * q + 1, q] = 3
    count = 0
    for k in range(first.size):
        count += 1 if listed[k] else 0
    paulis = np.zeros((count, n), np.int8)
    signs = np.zeros(count, np.int8)
    at = 0
    p = np.zeros(n, np.int8)
    work = np.zeros(n, np.int8)
    for k in range(first.size):
        p[:] = 0
        power = 0
        for side in range(2):
            q = first[k] if side == 0 else second[k]
            if q < 0:
                continue
            axis = axes[k, side]
            if axis != 3:
                power += _multiply(p, image[2 * q], work) + 2 * sign[2 * q]
                p[:] = work
            if axis != 1:
                power += _multiply(p, image[2 * q + 1], work) + 2 * sign[2 * q + 1]
                p[:] = work
            if axis == 2:
                power += 1  # Y = i X Z
        minus = (power % 4) // 2
        if listed[k]:
            paulis[at] = p
            signs[at] = minus
            at += 1
        for _ in range(steps[k]):
            for side in range(2):
                q = first[k] if side == 0 else second[k]
                if q < 0:
                    continue
                for row in (2 * q, 2 * q + 1):
                    own = 1 if row % 2 == 0 else 3
                    if axes[k, side] != own:
                        # exp(i pi/4 P) Q exp(-i pi/4 P) = i P Q for Q that anticommutes with P.
                        power = 1 + _multiply(p, image[row], work) + 2 * minus + 2 * sign[row]
                        image[row] = work
                        sign[row] = (power % 4) // 2
    return paulis, signs, image, sign


@jit
def fold_rotations(paulis: Int8Array, reach: int) -> IntArray:
    """Return int32[m]: the earlier rotation that each one can join, past those it commutes with, or itself."""
    m = paulis.shape[0]
    out = np.arange(m).astype(np.int32)
    for k in range(m):
        for j in range(k - 1, max(-1, k - 1 - reach), -1):
            if out[j] != j:
                continue
            same = True
            for q in range(paulis.shape[1]):
                if paulis[j, q] != paulis[k, q]:
                    same = False
                    break
            if same:
                out[k] = j
                break
            if _anticommute(paulis[j], paulis[k]):
                break
    return out


@jit
def turn_later(pauli: Int8Array, sign: int, steps: int, paulis: Int8Array, signs: Int8Array) -> None:
    """Replace each Pauli Q by R^-1 Q R for R = exp(-i steps pi/4 P), in place."""
    work = np.zeros(pauli.size, np.int8)
    for k in range(paulis.shape[0]):
        if not _anticommute(pauli, paulis[k]):
            continue
        for _ in range(steps):
            power = 1 + _multiply(pauli, paulis[k], work) + 2 * sign + 2 * signs[k]
            paulis[k] = work
            signs[k] = (power % 4) // 2
