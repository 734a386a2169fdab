"""Compiler-neutral figures of a circuit of native gates: what benchmarks compare."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.errors import InputError
from qcompile.kernels.costs import ONE, SKIP, STOP, TWO, log10_esp, walk
from qcompile.tape import SPECS, Op, Tape
from qcompile.tape.simulate import row_matrices

__all__ = ["Metrics", "metrics", "row_kinds"]

#: Off-diagonal entries below this leave a one-qubit product virtual.
DIAGONAL_ATOL = 1e-9


@frozen(kw_only=True)
class Metrics:
    """Figures of one circuit.

    Attributes:
        n2: Two-qubit gates.
        d2: Depth counting those only.
        depth: Depth of pulses and two-qubit gates.
        pulses: One-qubit pulses after fusing runs and leaving out diagonal ones.
        makespan_s: ASAP makespan.
        idle_s: Idle time summed over qubits, each from its first gate to the end.
        log10esp: log10 of f1^pulses x f2^n2 x exp(-idle / T).
    """

    n2: int
    d2: int
    depth: int
    pulses: int
    makespan_s: float
    idle_s: float
    log10esp: float


def row_kinds(tape: Tape) -> NDArray[np.int32]:
    """Return the kind of each row for `qcompile.kernels.costs`, int32[n].

    Raises:
        InputError: A gate acts on more than two qubits.
    """
    kind = np.full(len(tape), SKIP, dtype=np.int32)
    kind[(tape.opcode < Op.CX) & (tape.opcode != Op.I)] = ONE
    kind[tape.is_two_qubit & (tape.opcode < Op.CCX)] = TWO
    kind[np.isin(tape.opcode, [Op.MEASURE, Op.RESET, Op.OPAQUE])] = STOP
    bad = (tape.opcode >= Op.CCX) & (tape.opcode < Op.MEASURE)
    if bad.any():
        name = SPECS[Op(int(tape.opcode[np.argmax(bad)]))].name
        raise InputError(f"holds {name!r}", where="metrics", hint="give a circuit of one- and two-qubit gates")
    return kind


def metrics(tape: Tape, *, f1: float, f2: float, t1q_s: float, t2q_s: float, T_s: float) -> Metrics:
    """Return the figures of a numeric tape on a uniform machine.

    Args:
        tape: One- and two-qubit gates of any kind; measurements, resets and opaque rows end a run and cost nothing.
        f1: Fidelity of a pulse.
        f2: Fidelity of a two-qubit gate.
        t1q_s: Length of a pulse.
        t2q_s: Length of a two-qubit gate.
        T_s: Time constant of idle qubits.

    Raises:
        InputError: The tape is symbolic, or holds wider gates.

    >>> from qcompile.tape import tape_of
    >>> m = metrics(tape_of("h 0; t 0; cz 0 1; t 1"), f1=1, f2=0.99, t1q_s=1e-8, t2q_s=1e-8, T_s=1)
    >>> m.n2, m.depth, m.pulses
    (1, 2, 1)
    """
    tape = tape.inlined()
    kind = row_kinds(tape)
    ones = np.flatnonzero(kind == ONE)
    slot = np.full(len(tape), -1, dtype=np.int32)
    slot[ones] = np.arange(ones.size)
    matrices = row_matrices(tape, ones) if ones.size else np.zeros((0, 2, 2), dtype=np.complex128)
    # A measurement of many qubits ends the run of each: one row a qubit.
    extra = [(row, q) for row in np.flatnonzero(kind == STOP) for q in tape.qubits_of(int(row))[1:]]
    order = np.argsort(np.concatenate([np.arange(len(tape)), [row for row, _ in extra]]), kind="stable")
    kind = np.concatenate([kind, np.full(len(extra), STOP, dtype=np.int32)])[order]
    slot = np.concatenate([slot, np.full(len(extra), -1, dtype=np.int32)])[order]
    more = np.array([(q, -1) for _, q in extra], dtype=np.int32).reshape(-1, 2)
    qubits = np.concatenate([tape.qubits, more])[order]
    counts, times = walk(kind, qubits, slot, matrices, tape.n_qubits, t1q_s, t2q_s, DIAGONAL_ATOL)
    n2, d2, depth, pulses = (int(c) for c in counts)
    return Metrics(
        n2=n2,
        d2=d2,
        depth=depth,
        pulses=pulses,
        makespan_s=float(times[0]),
        idle_s=float(times[1]),
        log10esp=float(log10_esp(pulses, n2, float(times[1]), f1, f2, T_s)),
    )
