"""States by a tree of multiplexed Ry: at most 2^n - n - 1 CNOT when real; complex ones take a diagonal after it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from qcompile.synthesis.emit import add_rotation
from qcompile.synthesis.multiplexed import add_diagonal, parity_steps
from qcompile.tape import Angle, Op, TapeBuilder

__all__ = ["add_complex_tree", "add_real_tree"]

FloatArray = npt.NDArray[np.float64]


def add_real_tree(builder: TapeBuilder, state: FloatArray, qubits: Sequence[int]) -> None:
    """Append the preparation of a real normalised state, signs included: at most 2^n - n - 1 CZ.

    Level k turns qubit k by 2 atan2(norm where it is 1, norm where it is 0), chosen by the qubits before it (Mottonen
    et al.
    2005); the last level's angles carry the signs. Ry changes sign under CZ as it does under CX, and the closing CZ
    of each
    level commutes with all that follows: they are left out, and the signs they would give are taken from the state.
    """
    n = len(qubits)
    if n == 0:
        if state[0] < 0:
            builder.phase = builder.phase + np.pi
        return
    levels: list[list[tuple[int, Angle]]] = []
    flips: list[tuple[int, int]] = []
    for k in range(n - 1):
        norms = np.sqrt((state.reshape(1 << (k + 1), -1) ** 2).sum(axis=1)).reshape(-1, 2)
        steps, closing = parity_steps(2.0 * np.arctan2(norms[:, 1], norms[:, 0]))
        levels.append(steps)
        flips.append((closing, k))
    best: tuple[int, list[tuple[int, Angle]], int] | None = None
    # The closing mask of the last level depends on the signs it itself decides: try none, and the generic one.
    for guess in (0, 1 << max(n - 2, 0)) if n > 1 else (0,):
        signed = state * _signs(n, [*flips, (guess, n - 1)])
        pairs = signed.reshape(-1, 2)
        steps, closing = parity_steps(2.0 * np.arctan2(pairs[:, 1], pairs[:, 0]))
        left = closing ^ guess
        cost = sum(mask.bit_count() for mask, _ in steps) + left.bit_count()
        if best is None or cost < best[0]:
            best = (cost, steps, left)
    assert best is not None
    levels.append(best[1])
    for k, steps in enumerate(levels):
        for mask, angle in steps:
            _toggle(builder, qubits, k, mask)
            add_rotation(builder, "y", qubits[k], angle)
    _toggle(builder, qubits, n - 1, best[2])


def _toggle(builder: TapeBuilder, qubits: Sequence[int], k: int, mask: int) -> None:
    """Append CZ between qubit k and the masked ones of the k qubits before it (the first is the mask's top bit)."""
    for bit in range(k):
        if mask >> bit & 1:
            builder.add(Op.CZ, qubits[k - 1 - bit], qubits[k])


def _signs(n: int, flips: Sequence[tuple[int, int]]) -> FloatArray:
    """Return the signs that the closing CZ of (mask, level) pairs give to the 2^n basis states."""
    index = np.arange(1 << n)
    parity = np.zeros(1 << n, dtype=np.int64)
    for mask, k in flips:
        for bit in range(k):
            if mask >> bit & 1:
                control = k - 1 - bit
                parity ^= (index >> (n - 1 - control)) & (index >> (n - 1 - k)) & 1
    return np.asarray(1.0 - 2.0 * parity, dtype=np.float64)


def add_complex_tree(builder: TapeBuilder, state: npt.NDArray[np.complex128], qubits: Sequence[int]) -> None:
    """Append the preparation of a normalised state as its moduli, then its phases: at most 2^(n+1) - n - 3 CNOT."""
    moduli = np.abs(state)
    add_real_tree(builder, moduli, qubits)
    add_diagonal(builder, np.where(moduli > 0, np.angle(state), 0.0), qubits)
