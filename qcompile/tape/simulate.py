"""Dense meaning of a unitary tape on few qubits: numpy, complex128, phase included."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qcompile.errors import InputError
from qcompile.tape.matrices import gate_matrices_of, matrices_of_rows
from qcompile.tape.opcodes import ARITY, IS_UNITARY, SPECS, Op
from qcompile.tape.tape import Tape

__all__ = ["apply_rows", "row_matrices", "row_matrix", "tape_state", "tape_unitary"]

Complex = NDArray[np.complex128]


def row_matrices(tape: Tape, rows: NDArray[np.intp]) -> Complex:
    """Return the matrices of numeric rows that all have the same number of qubits, shape [len(rows), d, d].

    Raises:
        InputError: A row is symbolic or no unitary.
    """
    if not len(rows):
        return np.zeros((0, 2, 2), dtype=np.complex128)
    opcode = tape.opcode[rows]
    if tape.exprs and tape.is_symbolic[rows].any():
        raise InputError("holds unbound parameters", where="circuit", hint="bind them first")
    if not IS_UNITARY[opcode].all():
        op = Op(int(opcode[np.argmin(IS_UNITARY[opcode])]))
        raise InputError(f"holds {SPECS[op].name!r}, which is no unitary", where="circuit")
    width = int(ARITY[opcode[0]]) or int(tape.arity[rows[0]])
    if width in (1, 2) and (not tape.holds(Op.MCX, Op.MCP) or ARITY[opcode].all()):
        listed = (tape.mat1, tape.mat2)[width - 1]
        return matrices_of_rows(opcode, tape.angle[rows], tape.payload[rows], listed, n_qubits=width)
    out = np.empty((len(rows), 2**width, 2**width), dtype=np.complex128)
    for code in np.unique(opcode):
        op, at = Op(int(code)), np.flatnonzero(opcode == code)
        table = {Op.MAT1: tape.mat1, Op.MAT2: tape.mat2, Op.MAT3: tape.mat3}.get(op)
        if table is not None:
            out[at] = table[tape.payload[rows[at]]]
        else:
            out[at] = gate_matrices_of(op, tape.angle[rows[at]], n_qubits=width)
    return out


def row_matrix(tape: Tape, row: int) -> Complex:
    """Return the matrix of one numeric row."""
    out: Complex = row_matrices(tape, np.array([row]))[0]
    return out


def apply_matrix(state: Complex, matrix: Complex, qubits: Sequence[int], n_qubits: int) -> Complex:
    """Apply a matrix to `qubits` of `state`, shape [2**n, k]; returns the same shape."""
    k = len(qubits)
    tensor = state.reshape([2] * n_qubits + [-1])
    tensor = np.moveaxis(tensor, qubits, range(k))
    shape = tensor.shape
    tensor = (matrix @ tensor.reshape(2**k, -1)).reshape(shape)
    return np.ascontiguousarray(np.moveaxis(tensor, range(k), qubits)).reshape(state.shape)


def apply_rows(tape: Tape, state: Complex) -> Complex:
    """Return the tape applied to the columns of `state`, shape [2**n, k].

    Raises:
        InputError: The tape is symbolic or not unitary.
    """
    tape = tape.inlined()
    out = np.asarray(state, dtype=np.complex128)
    matrices: dict[int, Complex] = {}
    arity = tape.arity
    act = tape.opcode != Op.BARRIER
    if (tape.condition >= 0).any():
        raise InputError("holds classical conditions", where="circuit", hint="this check takes unitary circuits")
    where = np.zeros(len(tape), dtype=np.intp)
    for k in np.unique(arity[act]):
        rows = np.flatnonzero(act & (arity == k))
        where[rows] = np.arange(len(rows))
        matrices[int(k)] = row_matrices(tape, rows)
    for row in np.flatnonzero(act):
        out = apply_matrix(out, matrices[int(arity[row])][where[row]], tape.qubits_of(int(row)), tape.n_qubits)
    if not tape.phase.is_number:
        raise InputError("has a symbolic phase", where="circuit", hint="bind its parameters first")
    phased: Complex = np.exp(1j * tape.phase.const) * out
    return phased


def tape_unitary(tape: Tape) -> Complex:
    """Return the unitary of a numeric tape, shape [2**n, 2**n], phase included."""
    return apply_rows(tape, np.eye(2**tape.n_qubits, dtype=np.complex128))


def tape_state(tape: Tape) -> Complex:
    """Return the state that the tape makes of all zeros, shape [2**n], phase included."""
    start = np.zeros((2**tape.n_qubits, 1), dtype=np.complex128)
    start[0] = 1
    return apply_rows(tape, start)[:, 0]
