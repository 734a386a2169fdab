"""The unitary rows of a tape as few dense gates: one-qubit gates are multiplied into their neighbours."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.errors import InputError
from qcompile.kernels.statevector import apply_gates
from qcompile.tape import Op, Tape
from qcompile.tape.simulate import row_matrices

__all__ = ["DenseGates", "dense_gates"]

Complex = NDArray[np.complex128]
_EYE = np.eye(2, dtype=np.complex128)


@frozen(eq=False)
class DenseGates:
    """Gates as matrices, ready for a simulator.

    Attributes:
        n_qubits: Width.
        gates: (qubits, matrix) in order; the first qubit is the most significant of its matrix.
        phase: Global phase in radians.
    """

    n_qubits: int
    gates: tuple[tuple[tuple[int, ...], Complex], ...]
    phase: float

    def apply(self, states: Complex) -> Complex:
        """Return the gates applied to each row of `states`, shape [k, 2**n_qubits], phase included."""
        out = np.array(states, dtype=np.complex128, order="C", copy=True)
        indptr = np.zeros(len(self.gates) + 1, dtype=np.int32)
        np.cumsum([len(q) for q, _ in self.gates], out=indptr[1:])
        sizes = [m.size for _, m in self.gates]
        apply_gates(
            out,
            indptr,
            np.array([q for qs, _ in self.gates for q in qs], dtype=np.int32),
            np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)[: len(sizes)],
            np.concatenate([m.ravel() for _, m in self.gates]) if sizes else np.zeros(0, np.complex128),
            self.n_qubits,
        )
        out *= np.exp(1j * self.phase)
        return out


def dense_gates(tape: Tape, *, fuse: bool = True) -> DenseGates:
    """Return the gates of a numeric unitary tape.

    Args:
        tape: Barriers are passed over.
        fuse: Multiply one-qubit gates into the next gate on two qubits or more.

    Raises:
        InputError: The tape is symbolic, or holds measurements, resets, conditions or opaque operations.
    """
    tape = tape.inlined()
    if (tape.condition >= 0).any():
        raise InputError("holds classical conditions", where="circuit", hint="this check takes unitary circuits")
    if not tape.phase.is_number:
        raise InputError("has a symbolic phase", where="circuit", hint="bind its parameters first")
    rows = np.flatnonzero((tape.opcode != Op.BARRIER) & (tape.arity > 0))
    matrices: dict[int, Complex] = {}
    for width in np.unique(tape.arity[rows]):
        at = rows[tape.arity[rows] == width]
        matrices.update(zip(at.tolist(), row_matrices(tape, at), strict=True))
    pending: dict[int, Complex] = {}
    gates: list[tuple[tuple[int, ...], Complex]] = []
    for row in rows.tolist():
        qubits, matrix = tape.qubits_of(row), matrices[row]
        if len(qubits) == 1 and fuse:
            pending[qubits[0]] = matrix @ pending.get(qubits[0], _EYE)
            continue
        if len(qubits) == 2 and (qubits[0] in pending or qubits[1] in pending):
            a, b = pending.pop(qubits[0], _EYE), pending.pop(qubits[1], _EYE)
            matrix = matrix @ np.kron(a, b)
        for q in qubits:
            if q in pending:
                gates.append(((q,), pending.pop(q)))
        gates.append((qubits, matrix))
    gates += [((q,), m) for q, m in sorted(pending.items())]
    return DenseGates(tape.n_qubits, tuple(gates), tape.phase.const)
