"""Rows of a tape as Pauli rotations and a phase, read off their matrices."""

from __future__ import annotations

from typing import cast

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.tape import Op, Tape
from qcompile.tape.simulate import row_matrices

__all__ = ["PauliTerms", "pauli_terms"]

Complex = NDArray[np.complex128]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_PAULI = np.array([[[1, 0], [0, 1]], [[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]], dtype=np.complex128)
_PAIRS = np.einsum("aij,bkl->abikjl", _PAULI, _PAULI).reshape(16, 4, 4)
#: Largest part of a matrix outside the Paulis that it is to consist of.
_ATOL = 1e-11
#: Signs of three commuting Paulis, the third the product of the others, on their common eigenvectors.
_SIGNS = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]], dtype=np.float64)


@frozen(eq=False)
class PauliTerms:
    """Rotations in order of execution: exp(i phase) times their product is the circuit.

    Attributes:
        first, second: int64[m], qubits, second -1 for one qubit.
        axes: int64[m, 2], 1 X, 2 Y, 3 Z on each qubit, 0 where there is none.
        angles: float64[m], radians.
        phase: Radians.
        error: Bound on the operator-norm distance that reading the matrices cost.
    """

    first: Ints
    second: Ints
    axes: Ints
    angles: Floats
    phase: float
    error: float


def pauli_terms(tape: Tape) -> PauliTerms | None:
    """Return the terms of a numeric unitary tape, or None when a row is on more qubits or of another kind."""
    act = np.flatnonzero(tape.opcode != Op.BARRIER)
    arity = tape.arity[act]
    if tape.is_symbolic.any() or not tape.phase.is_number or (arity > 2).any():
        return None
    phase, error = float(tape.phase.const), 0.0
    columns: list[tuple[Ints, Ints, Ints, Ints, Floats]] = []  # row, place in it, codes, (first, second), angle
    for k, read in ((1, _one_qubit), (2, _two_qubit)):
        rows = act[arity == k]
        if not len(rows):
            continue
        found = read(row_matrices(tape, rows))
        if found is None:
            return None
        codes, angles, phases, slack = found
        phase, error = phase + float(phases.sum()), error + slack
        places = angles.shape[1]
        columns.append(
            (
                np.repeat(rows, places),
                np.tile(np.arange(places), len(rows)),
                codes.reshape(-1, 2),
                np.repeat(tape.qubits[rows].astype(np.int64), places, axis=0),
                angles.reshape(-1),
            )
        )
    if not columns:
        none = np.zeros(0, dtype=np.int64)
        return PauliTerms(none, none, np.zeros((0, 2), dtype=np.int64), np.zeros(0), phase, error)
    row, place, codes, qubits, angle = (np.concatenate([c[k] for c in columns]) for k in range(5))
    sequence = np.lexsort((place, row))
    sequence = sequence[angle[sequence] != 0.0]
    codes, qubits, angle = codes[sequence], qubits[sequence], angle[sequence]
    exchanged = codes[:, 0] == 0
    codes[exchanged], qubits[exchanged] = codes[exchanged][:, ::-1], qubits[exchanged][:, ::-1]
    second = np.where(codes[:, 1] == 0, -1, qubits[:, 1])
    return PauliTerms(np.ascontiguousarray(qubits[:, 0]), second, codes, angle, phase, error)


_Read = tuple[Ints, Floats, Floats, float]


def _one_qubit(matrices: Complex) -> _Read | None:
    """Return codes int64[m, 3, 2], angles float64[m, 3] about Z, Y, Z or one axis, phases, and the error."""
    m = len(matrices)
    phases = 0.5 * np.angle(np.linalg.det(matrices))
    unit = matrices * np.exp(-1j * phases)[:, None, None]
    parts = np.einsum("kij,mji->mk", _PAULI, unit) / 2
    codes = np.zeros((m, 3, 2), dtype=np.int64)
    codes[:, :, 0] = (3, 2, 3)
    c, s = unit[:, 1, 1], unit[:, 1, 0]
    total = np.where(np.abs(c) > _ATOL, 2 * np.angle(c), 0.0)
    rest = np.where(np.abs(s) > _ATOL, 2 * np.angle(s), 0.0)
    angles = np.stack([(total - rest) / 2, 2 * np.arctan2(np.abs(s), np.abs(c)), (total + rest) / 2], axis=1)
    for axis in (1, 2, 3):
        alone = (np.abs(np.delete(parts[:, 1:], axis - 1, axis=1)) <= _ATOL).all(axis=1)
        codes[alone, 0, 0] = axis
        angles[alone] = 0.0
        angles[alone, 0] = 2 * np.arctan2(-parts[alone, axis].imag, parts[alone, 0].real)
    return codes, angles, phases, 4 * _ATOL * float(((np.abs(parts) <= _ATOL) & (np.abs(parts) > 1e-15)).any(1).sum())


def _two_qubit(matrices: Complex) -> _Read | None:
    """Return codes int64[m, 4, 2], angles float64[m, 4], phases and the error; None when some matrix is neither.

    A Pauli times what is diagonal in a basis of Pauli pairs {P 1, 1 Q, P Q}, or in that of Bell states.
    """
    m = len(matrices)
    codes, angles = np.zeros((m, 5, 2), dtype=np.int64), np.zeros((m, 5))
    codes[:, :, 0] = 3
    phases = np.zeros(m)
    bases = [((p, 0), (0, q), (p, q)) for p in (1, 2, 3) for q in (1, 2, 3)] + [((1, 1), (3, 3), (2, 2))]
    left = np.arange(m)
    error = 0.0
    for k in range(16):
        parts = np.einsum("pij,mji->mp", _PAIRS, _PAIRS[k] @ matrices[left]) / 4
        for basis in bases:
            inside = [4 * a + b for a, b in basis]
            rest = np.delete(np.abs(parts), [0, *inside], axis=1)
            fits = np.flatnonzero((rest <= _ATOL).all(axis=1))
            if not len(fits):
                continue
            at = left[fits]
            signs = _SIGNS * (1, 1, -1 if basis[0] == (1, 1) else 1)  # XX ZZ = -YY
            values = parts[fits][:, [0]] + parts[fits][:, inside] @ signs.T
            angle = np.angle(values)
            phases[at] = angle.mean(axis=1)
            angles[at, :3] = -2 * angle @ signs / 4
            codes[at, :3] = basis
            if k:  # the Pauli after it: P = i R_P(pi)
                codes[at, 3] = (k // 4, k % 4)
                angles[at, 3] = np.pi
                phases[at] += np.pi / 2
            error += 16 * _ATOL * float((rest[fits] > 1e-15).any(axis=1).sum())
            keep = np.ones(len(left), dtype=bool)
            keep[fits] = False
            left, parts = left[keep], parts[keep]
        if not len(left):
            return codes[:, :4], angles[:, :4], cast(Floats, phases), error
    return None
