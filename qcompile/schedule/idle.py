"""What each qubit does over time: first and last use, busy time, gaps."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.tape import Op, Tape

__all__ = ["IdleWindow", "Occupation", "idle_windows", "occupation"]

Longs = NDArray[np.int64]


@frozen
class IdleWindow:
    """A time in which a qubit holds a state and nothing is done to it.

    Attributes:
        qubit: Physical qubit.
        start_ps: Begin of the window.
        duration_ps: Its length, positive.
        before: Row that ended at the begin.
        after: Row that starts at the end, or -1 when the window runs to the end of the circuit.
    """

    qubit: int
    start_ps: int
    duration_ps: int
    before: int
    after: int


@frozen(eq=False)
class Occupation:
    """Use of every qubit. -1 is unknown; qubits without a physical operation have first and last -1 and busy 0.

    Attributes:
        used: bool[n_qubits], whether the qubit has a physical operation.
        first_ps: int64[n_qubits], start of the first physical operation.
        last_ps: int64[n_qubits], end of the last one.
        busy_ps: int64[n_qubits], summed length of physical operations.
        ends_read: bool[n_qubits], whether the last physical operation is a measurement or a reset.
        read_ps: int64[n_qubits], start of that last operation.
    """

    used: NDArray[np.bool_]
    first_ps: Longs
    last_ps: Longs
    busy_ps: Longs
    ends_read: NDArray[np.bool_]
    read_ps: Longs

    @property
    def idle_ps(self) -> Longs:
        """int64[n_qubits]: time between first and last use in which nothing is done; -1 where unknown."""
        known = (self.first_ps >= 0) & (self.last_ps >= 0) & (self.busy_ps >= 0)
        return np.where(known, self.last_ps - self.first_ps - self.busy_ps, np.where(self.used, -1, 0))


def physical_rows(tape: Tape, pulses: Longs) -> NDArray[np.bool_]:
    """Return which rows touch the hardware: everything but barriers and virtual one-qubit gates."""
    virtual = (tape.opcode < Op.CX) & (pulses == 0)
    return np.asarray(~virtual & (tape.opcode != Op.BARRIER), dtype=np.bool_)


def occupation(tape: Tape, start_ps: Longs, duration_ps: Longs, pulses: Longs) -> Occupation:
    """Return the use of every qubit under a schedule."""
    n = tape.n_qubits
    used = np.zeros(n, dtype=np.bool_)
    first, last, busy = np.full(n, -1, np.int64), np.full(n, -1, np.int64), np.zeros(n, np.int64)
    ends_read, read = np.zeros(n, dtype=np.bool_), np.full(n, -1, np.int64)
    for row in np.flatnonzero(physical_rows(tape, pulses)):
        start, length = int(start_ps[row]), int(duration_ps[row])
        known = start >= 0 and length >= 0
        for q in tape.qubits_of(int(row)):
            if not used[q]:
                used[q], first[q] = True, start
            last[q] = start + length if known else -1
            ends_read[q], read[q] = tape.opcode[row] in (Op.MEASURE, Op.RESET), start
            busy[q] = busy[q] + length if length >= 0 and busy[q] >= 0 else -1
    return Occupation(used, first, last, busy, ends_read, read)


def idle_windows(
    tape: Tape, start_ps: Longs, duration_ps: Longs, pulses: Longs, makespan_ps: int | None
) -> tuple[IdleWindow, ...]:
    """Return the gaps that cost coherence, ordered by qubit and time.

    A reset qubit is in 0 and a measured one is read: no gap counts after a reset, after a qubit's last measurement, or
    between a measurement and a reset. Gaps with an unknown end are left out; `makespan_ps` None says that there may be
    some.
    """
    out: list[IdleWindow] = []
    previous = np.full(tape.n_qubits, -1, dtype=np.int64)
    ended = np.full(tape.n_qubits, -1, dtype=np.int64)
    for row in np.flatnonzero(physical_rows(tape, pulses)):
        start, length = int(start_ps[row]), int(duration_ps[row])
        for q in tape.qubits_of(int(row)):
            before = int(previous[q])
            if before >= 0 and start > ended[q] >= 0:
                kind = tape.opcode[before]
                harmless = kind == Op.RESET or (kind == Op.MEASURE and tape.opcode[row] == Op.RESET)
                if not harmless:
                    out.append(IdleWindow(q, int(ended[q]), start - int(ended[q]), before, int(row)))
            previous[q] = row
            ended[q] = start + length if start >= 0 and length >= 0 else -1
    for q in range(tape.n_qubits):
        before, end = int(previous[q]), int(ended[q])
        held = before >= 0 and tape.opcode[before] not in (Op.MEASURE, Op.RESET)
        if held and makespan_ps is not None and 0 <= end < makespan_ps:
            out.append(IdleWindow(q, end, makespan_ps - end, before, -1))
    return tuple(sorted(out, key=lambda w: (w.qubit, w.start_ps)))
