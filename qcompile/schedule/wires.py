"""What each row of a tape holds or reads: qubits and classical bits, as one table of wires."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.kernels.schedule import dependencies, transpose
from qcompile.tape import Op, Tape

__all__ = ["Dependencies", "dependencies_of"]

Ints = NDArray[np.int32]


@frozen(eq=False)
class Dependencies:
    """Direct predecessors and successors of every row, both as CSR.

    Attributes:
        before_indptr: int32[n + 1].
        before: int32[k], rows that must end before the row starts.
        after_indptr: int32[n + 1].
        after: int32[k], rows that wait for the row.
    """

    before_indptr: Ints
    before: Ints
    after_indptr: Ints
    after: Ints


def dependencies_of(tape: Tape) -> Dependencies:
    """Return what must come before what in a tape without calls.

    A qubit and a bit of a measurement key are wires that one row holds at a time. A classical condition reads the bits
    of its keys: conditioned rows on different qubits may run together, but not before the measurement, and no later
    measurement may overwrite a bit that an earlier condition still needs.
    """
    n = len(tape)
    arity = tape.arity.astype(np.int64)
    rows = [np.repeat(np.arange(n), (tape.qubits >= 0).sum(axis=1) * (tape.wide < 0))]
    wires = [tape.qubits[tape.wide < 0][tape.qubits[tape.wide < 0] >= 0]]
    for row in np.flatnonzero(tape.wide >= 0):
        rows.append(np.full(arity[row], row))
        wires.append(np.asarray(tape.qubits_of(int(row)), dtype=np.int32))
    shared = [np.zeros(sum(len(part) for part in rows), dtype=bool)]
    bits: dict[tuple[str, int], int] = {}
    of_key: dict[str, list[int]] = {}
    for row in np.flatnonzero((tape.opcode == Op.MEASURE) | (tape.condition >= 0)):
        if tape.condition[row] >= 0:
            for key in dict.fromkeys(tape.conditions[tape.condition[row]].keys):
                read = of_key.get(key, [])
                rows.append(np.full(len(read), row))
                wires.append(np.asarray(read, dtype=np.int32))
                shared.append(np.ones(len(read), dtype=bool))
        if tape.opcode[row] == Op.MEASURE:
            item = tape.measurements[tape.payload[row]]
            written = []
            for bit in range(item.offset, item.offset + int(arity[row])):
                if (item.key, bit) not in bits:
                    bits[item.key, bit] = tape.n_qubits + len(bits)
                    of_key.setdefault(item.key, []).append(bits[item.key, bit])
                written.append(bits[item.key, bit])
            rows.append(np.full(len(written), row))
            wires.append(np.asarray(written, dtype=np.int32))
            shared.append(np.zeros(len(written), dtype=bool))
    row_of, wire_of, reads = np.concatenate(rows), np.concatenate(wires), np.concatenate(shared)
    order = np.argsort(row_of, kind="stable")
    indptr = np.zeros(n + 1, dtype=np.int32)
    np.cumsum(np.bincount(row_of, minlength=n), out=indptr[1:])
    before_indptr, before = dependencies(
        indptr, wire_of[order].astype(np.int32), reads[order], tape.n_qubits + len(bits)
    )
    return Dependencies(before_indptr, before, *transpose(before_indptr, before))
