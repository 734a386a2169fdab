"""State preparation by trees of multiplexed rotations, and uniform superpositions: exact, without ancillas."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qcompile.tape import Tape, TapeBuilder

__all__ = ["add_multiplexed_rotation", "tree_preparation", "uniform_preparation"]

Complex = NDArray[np.complex128]
Floats = NDArray[np.float64]


def add_multiplexed_rotation(b: TapeBuilder, axis: str, controls: list[int], target: int, angles: Floats) -> None:
    """Append R_axis(angles[j]) on `target` for control value j (first control most significant).

    2^k rotations and 2^k CNOT for k >= 1 controls, in Gray code order (Mottonen et al. 2004). Axis y or z.
    """
    k = len(controls)
    size = 2**k
    gray = np.arange(size) ^ (np.arange(size) >> 1)
    parity = np.array([[(int(g) & j).bit_count() & 1 for j in range(size)] for g in gray])
    turned = (1 - 2 * parity) @ np.asarray(angles, dtype=np.float64) / size
    for i in range(size):
        b.add(f"r{axis}", target, angles=[float(turned[i])])
        if k:
            flip = int(gray[i] ^ gray[(i + 1) % size])
            b.add("cx", controls[k - flip.bit_length()], target)


def tree_preparation(state: Complex, *, is_real: bool) -> Tape:
    """Return a circuit for a normalised state, shape [2**n].

    Real: 2^n - 2 CNOT and 2^n - 1 Ry, signs in the angles of the last level. Complex: that for the moduli, then a
    diagonal of as many CNOT and Rz; its global phase is kept.
    """
    n = len(state).bit_length() - 1
    b = TapeBuilder(n)
    leaves = state.real.copy() if is_real else np.abs(state)
    levels = [leaves]
    while len(levels[-1]) > 2:
        pairs = levels[-1].reshape(-1, 2)
        levels.append(np.hypot(pairs[:, 0], pairs[:, 1]))
    for q, values in enumerate(reversed(levels)):
        pairs = values.reshape(-1, 2)
        add_multiplexed_rotation(b, "y", list(range(q)), q, 2 * np.arctan2(pairs[:, 1], pairs[:, 0]))
    if not is_real:
        add_diagonal(b, np.angle(state))
    return b.build()


def add_diagonal(b: TapeBuilder, phases: Floats) -> None:
    """Append diag(exp(i phases)) on all qubits: 2^n - 2 CNOT, 2^n - 1 Rz and a global phase."""
    values = np.asarray(phases, dtype=np.float64)
    n = len(values).bit_length() - 1
    for q in reversed(range(n)):
        pairs = values.reshape(-1, 2)
        add_multiplexed_rotation(b, "z", list(range(q)), q, pairs[:, 1] - pairs[:, 0])
        values = pairs.mean(axis=1)
    b.phase = b.phase + float(values[0])


def uniform_preparation(size: int, n_qubits: int) -> Tape:
    """Return a circuit for the uniform superposition of the first `size` basis states.

    Recursive split over the 1 bits of `size` (Shukla and Vedula 2024): X, H, one Ry, controlled H and Ry only.
    """
    b = TapeBuilder(n_qubits)
    ones = [k for k in range(size.bit_length()) if size >> k & 1]  # from least significant

    def q(bit: int) -> int:
        return n_qubits - 1 - bit

    for bit in range(ones[0]):
        b.add("h", q(bit))
    if len(ones) == 1:
        return b.build()
    for bit in ones[1:]:
        b.add("x", q(bit))
    done = 1 << ones[0]
    b.add("ry", q(ones[1]), angles=[-2 * np.arccos(np.sqrt(done / size))])
    for m in range(1, len(ones)):
        here = q(ones[m])
        b.add("x", here)
        for bit in range(ones[m - 1], ones[m]):
            b.add("ch", here, q(bit))
        if m + 1 < len(ones):
            share = (1 << ones[m]) / (size - done)
            b.add("cry", here, q(ones[m + 1]), angles=[-2 * np.arccos(np.sqrt(share))])
            done += 1 << ones[m]
        b.add("x", here)
    return b.build()
