"""What was spent: estimated success probability, by cause and by qubit, with a list of what is not known.

Survival multiplies 1 - e_F, never 1 - r. A reported gate error already contains the decoherence of its own qubits, so
idle survival is counted in idle windows only.
"""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.budget.metrics import row_kinds
from qcompile.errors import InputError
from qcompile.kernels.costs import TWO, two_qubit_levels
from qcompile.schedule import Schedule
from qcompile.schedule.costs import is_diagonal_1q
from qcompile.tape import Op
from qcompile.target import Target

__all__ = ["CAUSES", "Ledger", "esp", "idle_error"]

Floats = NDArray[np.float64]
CAUSES = ("one_qubit_gates", "two_qubit_gates", "idle", "readout")
_ONE, _TWO, _IDLE, _READOUT = range(4)


@frozen(eq=False)
class Ledger:
    """Losses of one circuit.

    Attributes:
        loss: float[4, n_qubits], minus the natural logarithm of survival by cause (`CAUSES`) and qubit; half of a
            two-qubit gate goes to each of its qubits. Only what is known is in it.
        missing: (what is not known, how often); empty when everything is known.
        missing_causes: Causes to which something is missing.
    """

    loss: Floats
    missing: tuple[tuple[str, int], ...] = ()
    missing_causes: frozenset[str] = frozenset()

    @property
    def esp(self) -> float | None:
        """Estimated success probability; None when something is not known."""
        return None if self.missing else self.partial

    @property
    def partial(self) -> float:
        """Product of the known survival factors: an upper bound on `esp`."""
        return math.exp(-float(self.loss.sum()))

    def survival(self, cause: str) -> float:
        """Return the known survival of one cause."""
        return math.exp(-float(self.loss[CAUSES.index(cause)].sum()))

    @property
    def by_cause(self) -> dict[str, float]:
        """Known survival by cause."""
        return {cause: self.survival(cause) for cause in CAUSES}

    @property
    def by_qubit(self) -> Floats:
        """float[n_qubits]: known survival by qubit."""
        out: Floats = np.exp(-self.loss.sum(axis=0))
        return out

    @property
    def waterfall(self) -> tuple[tuple[str, float], ...]:
        """(cause, survival up to and including it), from 1 downwards in the order of `CAUSES`."""
        total, steps = 0.0, []
        for k, cause in enumerate(CAUSES):
            total += float(self.loss[k].sum())
            steps.append((cause, math.exp(-total)))
        return tuple(steps)

    def worst_qubits(self, k: int = 3) -> tuple[tuple[int, float], ...]:
        """Return the `k` qubits that lose most and their survival, ties to the lower index."""
        total = self.loss.sum(axis=0)
        order = np.lexsort((np.arange(total.size), -total))[:k]
        return tuple((int(q), math.exp(-float(total[q]))) for q in order if total[q] > 0)


def idle_error(time_s: Floats | float, t1_s: Floats | float, t2_s: Floats | float) -> Floats:
    """Return e_F of waiting: (3 - exp(-t / T1) - 2 exp(-t / T2)) / 4, nan where a time is unknown.

    >>> float(round(idle_error(50e-9, 100e-6, 80e-6) * 1e4, 4))
    4.3737
    """
    t = np.asarray(time_s, dtype=np.float64)
    # expm1 keeps the digits of short waits.
    out: Floats = -(np.expm1(-t / np.asarray(t1_s)) + 2 * np.expm1(-t / np.asarray(t2_s))) / 4
    return out


def _loss(error: float) -> float:
    return math.inf if error >= 1 else -math.log1p(-error)


def esp(schedule: Schedule, target: Target) -> Ledger:
    """Return the ledger of a scheduled tape: gates, idle windows, readout.

    Idle windows use T1 and T2; where the machine states an error per layer of two-qubit gates instead, waiting layers
    are counted. Readout survival is 1 - (p10 + p01) / 2 of each measured qubit. Reset is taken as perfect.
    """
    tape, n = schedule.tape, schedule.tape.n_qubits
    loss = np.zeros((len(CAUSES), n))
    missing: Counter[str] = Counter()
    causes: set[str] = set()

    def lacks(what: str, cause: int) -> None:
        missing[what] += 1
        causes.add(CAUSES[cause])

    unknown = dict(schedule.costs.unknown)
    for row in np.flatnonzero(schedule.costs.error != 0):
        error, qubits = float(schedule.costs.error[row]), tape.qubits_of(int(row))
        cause = _ONE if len(qubits) == 1 else _TWO
        if math.isnan(error):
            lacks(unknown.get(int(row), "error of a gate"), cause)
            continue
        for q in qubits:
            loss[cause, q] += _loss(error) / len(qubits)
    for row in np.flatnonzero(tape.opcode == Op.MEASURE):
        for q in tape.qubits_of(int(row)):
            error = float(target.readout_p10[q] + target.readout_p01[q]) / 2
            if math.isnan(error):
                lacks(f"readout error of qubit {q}", _READOUT)
            else:
                loss[_READOUT, q] += _loss(error)
    per_layer = target.idle_error_per_layer
    if per_layer is not None and np.isnan(target.t2_s[:n]).all():
        try:
            loss[_IDLE] += _waiting_layers(schedule) * _loss(per_layer)
        except InputError as problem:
            lacks(f"layers of two-qubit gates: the circuit {problem.what}", _IDLE)
    else:
        for window in schedule.idle_windows:
            q = window.qubit
            error = float(idle_error(window.duration_ps * 1e-12, float(target.t1_s[q]), float(target.t2_s[q])))
            if math.isnan(error):
                lacks(f"T1 or T2 of qubit {q}", _IDLE)
            else:
                loss[_IDLE, q] += _loss(error)
        if not schedule.idle_is_known:
            lacks("idle windows, for some duration is unknown", _IDLE)
    return Ledger(loss, tuple(missing.items()), frozenset(causes))


def _waiting_layers(schedule: Schedule) -> Floats:
    """Return for each qubit the layers of two-qubit gates in which it waits, from its first gate on.

    A qubit that is read at the end waits until its last two-qubit gate, any other until the last layer.
    """
    tape = schedule.tape
    kind = row_kinds(tape)
    level = two_qubit_levels(kind, tape.qubits, tape.n_qubits)
    total = int(level.max(initial=0))
    first = np.full(tape.n_qubits, -1)
    last = np.zeros(tape.n_qubits, dtype=np.int64)
    gates = np.zeros(tape.n_qubits, dtype=np.int64)
    read = np.zeros(tape.n_qubits, dtype=bool)
    virtual = is_diagonal_1q(tape)
    for row in range(len(tape)):
        if tape.opcode[row] == Op.BARRIER or virtual[row]:
            continue
        for q in tape.qubits_of(row):
            read[q] = tape.opcode[row] in (Op.MEASURE, Op.RESET)
            if first[q] < 0:
                first[q] = max(int(level[row]) - 1, 0)
            if kind[row] == TWO:
                last[q] = level[row]
                gates[q] += 1
    end = np.where(read, last, total)
    return np.where(first >= 0, np.maximum(end - first - gates, 0), 0).astype(np.float64)
