"""Cirq gates that a tape keeps closed, but whose meaning is known: wide unitaries and state preparations, as gates."""

from __future__ import annotations

from typing import Any

import numpy as np

from qcompile.errors import InputError
from qcompile.tape import Op, Tape, TapeBuilder, tape_unitary

__all__ = ["open_gates"]

#: Most qubits of a matrix that is written as gates: 8 take some 30 000 CNOTs.
_MOST = 8
_ATOL = 1e-8


def open_gates(tape: Tape) -> Tape:
    """Return the tape with wide unitaries and state preparations as gates; it is the same where there are none.

    A unitary on 4 to 8 qubits is synthesized exactly and compared with its matrix; a state preparation becomes resets
    and the preparation. Other gates stay closed, and those inside fences, where a row may not become several.

    Raises:
        InputError: A unitary does not come out as it should, or is not unitary.
    """
    if not tape.inlined().holds(Op.OPAQUE):
        return tape
    flat = tape.inlined()
    builder = TapeBuilder(flat.n_qubits, flat.qubit_names)
    start = 0
    for row in (int(r) for r in np.flatnonzero((flat.opcode == Op.OPAQUE) & (flat.fence == 0))):
        found = _gates(flat.opaques[flat.payload[row]].payload, int(flat.arity[row]))
        if found is None:
            continue
        builder.extend(flat.take(np.arange(start, row)).with_phase(0.0))
        condition = flat.conditions[flat.condition[row]] if flat.condition[row] >= 0 else None
        tags = flat.tags[flat.tag[row]] if flat.tag[row] >= 0 else ()
        builder.extend(found, flat.qubits_of(row), condition=condition, tags=tags)
        start = row + 1
    if not start:
        return tape
    builder.extend(flat.take(np.arange(start, len(flat))))
    return builder.build()


def _gates(gate: Any, n: int) -> Tape | None:
    """Return what a Cirq gate or operation does, as gates, or None when that is not known."""
    import cirq

    if isinstance(gate, cirq.StatePreparationChannel):
        from qcompile.synthesis import prepare_state

        builder = TapeBuilder(n)
        for q in range(n):
            builder.add("reset", q)
        builder.extend(prepare_state(gate.state))
        return builder.build()
    matrix = cirq.unitary(gate, None) if gate is not None and n <= _MOST else None
    if matrix is None:
        return None
    from qcompile.synthesis import unitary

    found = unitary(matrix)
    gap = float(np.abs(tape_unitary(found) - matrix).max())
    if gap > _ATOL:
        raise InputError(f"comes out {gap:.3g} away from its matrix", where=f"circuit: a gate on {n} qubits")
    return found
