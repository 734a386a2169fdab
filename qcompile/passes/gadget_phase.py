"""The phase between two circuits of Pauli rotations and Cliffords that are equal up to it, at any width."""

from __future__ import annotations

import math

import numpy as np

from qcompile.kernels.pauli_frame import frame_phase, match_rotations, reduce_rotations
from qcompile.passes.gadget_rows import Turns, turns_of
from qcompile.tape import Tape
from qcompile.tape.matrices import gate_matrix
from qcompile.tape.opcodes import ARITY, Op
from qcompile.tape.simulate import row_matrices

__all__ = ["phase_between"]

_ATOL = 1e-9
_PAULI = np.array([np.eye(2), *(gate_matrix(op) for op in (Op.X, Op.Y, Op.Z))])
_PAIR = np.array([[np.kron(p, q) for q in _PAULI] for p in _PAULI])


def phase_between(old: Tape, new: Tape) -> float | None:
    """Return the phase of `old` over `new` in radians, or None when their normal forms are not the same.

    Args:
        old, new: Numeric tapes of gadget rows, of one width.
    """
    frames = []
    for tape in (old, new):
        turns = turns_of(tape)
        reduced = reduce_rotations(
            turns.first.astype(np.int64),
            turns.second.astype(np.int64),
            turns.axes.astype(np.int64),
            turns.angle,
            tape.n_qubits,
        )
        frames.append((reduced, float(tape.phase.const) + _left_out(tape, turns)))
    (one, phase), (other, other_phase) = frames
    if any(np.any(one[k] != other[k]) for k in (3, 4)) or ((one[5] - other[5]) % 4).any():
        return None
    gap = match_rotations(*one[:3], *other[:3], _ATOL)
    eighths = frame_phase(*one[3:6], *one[6:8], *other[6:8])
    if gap < 0 or eighths < 0:
        return None
    return math.remainder(phase - other_phase + eighths * math.pi / 4, 2 * math.pi)


def _left_out(tape: Tape, turns: Turns) -> float:
    """Return the phases of the rows of a tape over their rotations, summed."""
    total = 0.0
    start = np.searchsorted(turns.row, np.arange(len(tape) + 1))
    for arity in (1, 2):
        rows = np.flatnonzero(ARITY[tape.opcode] == arity)
        if not len(rows):
            continue
        product = np.broadcast_to(np.eye(2**arity, dtype=np.complex128), (len(rows), 2**arity, 2**arity)).copy()
        for slot in range(3):  # a gate is at most three rotations
            at = start[rows] + slot
            some = np.flatnonzero(at < start[rows + 1])
            if len(some):
                at = at[some]
                crossed = turns.first[at] != tape.qubits[rows[some], 0]
                axes = np.where(crossed[:, None], turns.axes[at][:, ::-1], turns.axes[at])
                pauli = _PAULI[axes[:, 0]] if arity == 1 else _PAIR[axes[:, 0], axes[:, 1]]
                half = turns.angle[at, None, None] / 2
                turn = np.cos(half) * np.eye(2**arity) - 1j * np.sin(half) * pauli
                product[some] = turn @ product[some]
        overlap = np.einsum("kij,kij->k", product.conj(), row_matrices(tape, rows))
        total += float(np.angle(overlap).sum())
    return total
