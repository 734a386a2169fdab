"""Wide regions of CNOT, SWAP and diagonal gates, compared as phase polynomials.

Such a region maps x to exp(i phi(x)) L x with L linear over two elements and phi(x) = c + sum_p a_p (-1)^(p x). Equal L
and equal a_p, each up to multiples of pi (which only add to c), are enough for equality up to a phase.
"""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from qcompile.tape import Op, Tape
from qcompile.tape.opcodes import ARITY, AXES
from qcompile.tape.simulate import row_matrices

__all__ = ["compare_parities"]

_ATOL = 1e-12
#: Rows of a Walsh transform: how the phases of a diagonal of two or four entries depend on the parities of its qubits.
_SIGNS = {1: np.array([[1, 1], [1, -1]]), 2: np.array([[1, 1, 1, 1], [1, 1, -1, -1], [1, -1, 1, -1], [1, -1, -1, 1]])}


def compare_parities(old: Tape, new: Tape) -> tuple[float, float] | None:
    """Return (phase of old over new, bound on the distance left), or None when this does not prove them equal.

    Args:
        old: A tape without symbols.
        new: The same.
    """
    found = []
    for tape in (old, new):
        one = _polynomial(tape)
        if one is None:
            return None
        found.append(one)
    (wires, terms, phase), (other_wires, other_terms, other_phase) = found
    if wires != other_wires:
        return None
    gap, error = phase - other_phase, 0.0
    for parity in terms.keys() | other_terms.keys():
        left = terms.get(parity, 0.0) - other_terms.get(parity, 0.0)
        turns = round(left / math.pi)
        gap += turns * math.pi
        error += abs(left - turns * math.pi)
    return (math.remainder(gap, 2 * math.pi), error) if error <= 1e-6 else None


def _polynomial(tape: Tape) -> tuple[list[int], dict[int, float], float] | None:
    """Return the parity on each wire at the end (as bits of a number), the coefficients a_p, and c."""
    linear = (tape.opcode == Op.CX) | (tape.opcode == Op.SWAP)
    rest = np.flatnonzero(~linear)
    arity = ARITY[tape.opcode]
    looked_into = np.isin(tape.opcode, (Op.MAT1, Op.MAT2, Op.U3, Op.PHXZ))
    if ((arity[rest] != 1) & (arity[rest] != 2)).any():
        return None
    maybe = looked_into[rest] | np.isin(AXES[tape.opcode[rest], 0], (3, 4))
    if not maybe.all():
        return None
    weights: dict[int, NDArray[np.float64]] = {}
    for k in (1, 2):
        rows = rest[arity[rest] == k]
        if not len(rows):
            continue
        matrices = row_matrices(tape, rows)
        diagonal = np.diagonal(matrices, axis1=1, axis2=2)
        if (np.abs(matrices).sum(axis=(1, 2)) - np.abs(diagonal).sum(axis=1) > _ATOL).any():
            return None
        values = np.angle(diagonal) @ _SIGNS[k].T / 2**k
        weights.update(zip(rows.tolist(), values, strict=True))
    wires = [1 << q for q in range(tape.n_qubits)]
    terms: defaultdict[int, float] = defaultdict(float)
    phase = 0.0
    for row, (code, (a, b)) in enumerate(zip(tape.opcode.tolist(), tape.qubits.tolist(), strict=True)):
        if code == Op.CX:
            wires[b] ^= wires[a]
        elif code == Op.SWAP:
            wires[a], wires[b] = wires[b], wires[a]
        else:
            value = weights[row].tolist()
            phase += value[0]
            terms[wires[a]] += value[1]
            if b >= 0:
                terms[wires[b]] += value[2]
                terms[wires[a] ^ wires[b]] += value[3]
    return wires, dict(terms), phase
