"""The phase between two circuits of Pauli rotations and Cliffords that are equal up to it, at any width."""

from __future__ import annotations

import cmath
import math

import numpy as np
from numpy.typing import NDArray

from qcompile.kernels.pauli_frame import frame_phase, match_rotations, reduce_rotations
from qcompile.passes.gadget_rows import Turn, turns_by_row
from qcompile.tape import Tape
from qcompile.tape.matrices import gate_matrix
from qcompile.tape.opcodes import Op
from qcompile.tape.simulate import row_matrices

__all__ = ["phase_between"]

Complex = NDArray[np.complex128]
_ATOL = 1e-9
_PAULI = np.array([np.eye(2), *(gate_matrix(op) for op in (Op.X, Op.Y, Op.Z))])


def phase_between(old: Tape, new: Tape) -> float | None:
    """Return the phase of `old` over `new` in radians, or None when their normal forms are not the same.

    Args:
        old, new: Numeric tapes of gadget rows, of one width.
    """
    frames = []
    for tape in (old, new):
        turns = turns_by_row(tape)
        m = len(turns)
        reduced = reduce_rotations(
            np.array([t.first for _, t in turns], dtype=np.int64),
            np.array([t.second for _, t in turns], dtype=np.int64),
            np.array([t.axes for _, t in turns], dtype=np.int64).reshape(m, 2),
            np.array([t.angle for _, t in turns], dtype=np.float64),
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


def _left_out(tape: Tape, turns: list[tuple[int, Turn]]) -> float:
    """Return the phases of the rows of a tape over their rotations, summed."""
    own: dict[int, list[Turn]] = {row: [] for row in range(len(tape))}
    for row, turn in turns:
        own[row].append(turn)
    known: dict[tuple[int, int, bytes], float] = {}
    total = 0.0
    for row, listed in own.items():
        key = (int(tape.opcode[row]), int(tape.payload[row]), tape.angle[row].tobytes())
        if key not in known:
            matrix = row_matrices(tape, np.array([row]))[0]
            known[key] = _phase_over(matrix, listed, int(tape.qubits[row, 0]))
        total += known[key]
    return total


def _phase_over(matrix: Complex, turns: list[Turn], first: int) -> float:
    """Return the phase of a gate over the rotations that it is; `first` is its first qubit."""
    pair = len(matrix) == 4
    product = np.eye(len(matrix), dtype=np.complex128)
    for turn in turns:
        codes = [0, 0]
        codes[int(turn.first != first)] = turn.axes[0]
        if turn.second >= 0:
            codes[int(turn.second != first)] = turn.axes[1]
        pauli = np.kron(_PAULI[codes[0]], _PAULI[codes[1]]) if pair else _PAULI[codes[0]]
        angle = float(turn.angle) if not hasattr(turn.angle, "const") else float(turn.angle.const)
        product = (math.cos(angle / 2) * np.eye(len(matrix)) - 1j * math.sin(angle / 2) * pauli) @ product
    return cmath.phase(complex(np.vdot(product, matrix)))
