"""Costs of a flat list of gates: pulses after fusing, depths, idle time. Compiler-neutral, for benchmarks and scores.

A run of one-qubit gates between two-qubit gates is one pulse, or nothing when its product is diagonal (virtual Z).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from qcompile.kernels.jit import jit

__all__ = ["ONE", "SKIP", "STOP", "TWO", "two_qubit_levels", "walk"]

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]

#: Kinds of rows: nothing, one-qubit gate, two-qubit gate, end of a run (measurement or reset) that costs nothing.
SKIP, ONE, TWO, STOP = 0, 1, 2, 3


@jit
def two_qubit_levels(kind: Ints, qubits: Ints, n_qubits: int) -> Ints:
    """Return the level of each row in the circuit of two-qubit gates alone, from 1; 0 for other rows."""
    level = np.zeros(kind.size, np.int32)
    last = np.zeros(n_qubits, np.int32)
    for row in range(kind.size):
        if kind[row] == TWO:
            a, b = qubits[row, 0], qubits[row, 1]
            level[row] = max(last[a], last[b]) + 1
            last[a] = level[row]
            last[b] = level[row]
    return level


@jit
def walk(
    kind: Ints, qubits: Ints, slot: Ints, matrices: Complex, n_qubits: int, t1q: float, t2q: float, atol: float
) -> tuple[Longs, Floats]:
    """Run through a circuit as soon as possible.

    Args:
        kind: int32[n], see above.
        qubits: int32[n, 2].
        slot: int32[n], row of `matrices` for one-qubit gates.
        matrices: complex128[m, 2, 2].
        n_qubits: Width.
        t1q: Length of a pulse.
        t2q: Length of a two-qubit gate.
        atol: Largest off-diagonal entry of a product that counts as diagonal.

    Returns:
        (two-qubit gates, two-qubit depth, depth of pulses and two-qubit gates, pulses) and (makespan, idle time summed
        over qubits from each one's first gate to the end).
    """
    depth = np.zeros(n_qubits, np.int64)
    depth2 = np.zeros(n_qubits, np.int64)
    free = np.zeros(n_qubits, np.float64)
    first = np.full(n_qubits, -1.0)
    busy = np.zeros(n_qubits, np.float64)
    pending = np.zeros(n_qubits, np.bool_)
    product = np.zeros((n_qubits, 4), np.complex128)
    n2 = 0
    pulses = 0
    for row in range(kind.size + n_qubits):
        # After the last row every qubit's open run is closed.
        last = row >= kind.size
        what = STOP if last else kind[row]
        if what == SKIP:
            continue
        if what == ONE:
            q = qubits[row, 0]
            m = matrices[slot[row]]
            if not pending[q]:
                product[q, 0], product[q, 1], product[q, 2], product[q, 3] = m[0, 0], m[0, 1], m[1, 0], m[1, 1]
                pending[q] = True
            else:
                a, b, c, d = product[q, 0], product[q, 1], product[q, 2], product[q, 3]
                product[q, 0] = m[0, 0] * a + m[0, 1] * c
                product[q, 1] = m[0, 0] * b + m[0, 1] * d
                product[q, 2] = m[1, 0] * a + m[1, 1] * c
                product[q, 3] = m[1, 0] * b + m[1, 1] * d
            continue
        for side in range(2 if what == TWO else 1):
            q = row - kind.size if last else qubits[row, side]
            if pending[q]:
                pending[q] = False
                if abs(product[q, 1]) > atol or abs(product[q, 2]) > atol:
                    pulses += 1
                    depth[q] += 1
                    if first[q] < 0:
                        first[q] = free[q]
                    free[q] += t1q
                    busy[q] += t1q
        if what == TWO:
            a2, b2 = qubits[row, 0], qubits[row, 1]
            n2 += 1
            start = max(free[a2], free[b2])
            level = max(depth[a2], depth[b2]) + 1
            level2 = max(depth2[a2], depth2[b2]) + 1
            for side in range(2):
                q = qubits[row, side]
                if first[q] < 0:
                    first[q] = start
                free[q] = start + t2q
                busy[q] += t2q
                depth[q] = level
                depth2[q] = level2
    makespan = 0.0
    deepest = np.int64(0)
    deepest2 = np.int64(0)
    for q in range(n_qubits):
        makespan = max(makespan, free[q])
        deepest = max(deepest, depth[q])
        deepest2 = max(deepest2, depth2[q])
    idle = 0.0
    for q in range(n_qubits):
        if first[q] >= 0:
            idle += makespan - first[q] - busy[q]
    counts = np.array([n2, deepest2, deepest, pulses], np.int64)
    return counts, np.array([makespan, idle], np.float64)


@jit
def log10_esp(pulses: int, n2: int, idle: float, f1: float, f2: float, coherence: float) -> float:
    """Return log10 of f1^pulses f2^n2 exp(-idle / coherence)."""
    if (f1 <= 0.0 and pulses > 0) or (f2 <= 0.0 and n2 > 0):
        return -math.inf
    gates = (pulses * math.log10(f1) if pulses > 0 else 0.0) + (n2 * math.log10(f2) if n2 > 0 else 0.0)
    return gates - idle / coherence / math.log(10.0)
