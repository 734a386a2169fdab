"""Noise of a target for Cirq's simulators.

A reported gate error already contains the decoherence of its own qubits while the gate lasts, and not that of the
others. So every qubit relaxes and dephases for the length of each moment, and a gate adds only what its error has left
over that: e_res = 1 - (1 - e_gate) / prod(1 - e_thermal), at least 0. The whole is then e_gate.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import cirq
import numpy as np

from qcompile.errors import InputError
from qcompile.target.cirq_device import TargetDevice
from qcompile.target.cirq_gates import is_virtual, matches
from qcompile.target.target import Target
from qcompile.target.thermal import residual_error, thermal_error

if TYPE_CHECKING:
    from qcompile.target.native import NativeGate

__all__ = ["TargetNoise"]


class TargetNoise(cirq.NoiseModel):
    """Noise of native circuits on a target. What is unknown (nan) adds no noise.

    A moment lasts as long as its longest operation. Machines that state a memory error instead of T1 and T2 get it on
    every qubit that waits through a moment of two-qubit gates. T1 without T2 gives pure relaxation, T2 without T1 pure
    dephasing. Readout flips act before the measurement; the measured qubits do not decohere on top.

    Raises:
        ValueError: A qubit is not on the machine.
        InputError: A gate is not native: it would silently get no noise.
    """

    def __init__(self, target: Target) -> None:
        self.target = target
        self.device = TargetDevice(target)

    def noisy_moment(self, moment: cirq.Moment, system_qubits: Sequence[cirq.Qid]) -> list[cirq.Moment]:
        """Return the moment between its readout flips and the noise of its duration."""
        operations = [op.untagged.without_classical_controls().untagged for op in moment]
        duration = max((self._duration(op) for op in operations), default=0.0)
        before = [op for operation in operations for op in self._readout(operation)]
        gates = [op for operation in operations for op in self._residual(operation)]
        measured = {q for op in operations if isinstance(op.gate, cirq.MeasurementGate) for q in op.qubits}
        waiting = [q for q in system_qubits if q not in measured]
        relaxing = [op for q in waiting for op in self._damping(q, duration)]
        dephasing = [op for q in waiting for op in self._dephasing(q, duration)]
        memory = self._memory(operations, waiting)
        layers = (before, moment.operations, gates, memory, relaxing, dephasing)
        return [cirq.Moment(layer) for layer in layers if layer]

    def _duration(self, op: cirq.Operation) -> float:
        gate, target = op.gate, self.target
        qubits = [self.device.index_of(q) for q in op.qubits]
        if gate is None or not qubits or is_virtual(gate, target):
            return 0.0
        if isinstance(gate, cirq.WaitGate):
            return float(gate.duration.total_nanos()) * 1e-9
        if isinstance(gate, cirq.MeasurementGate):
            lengths = target.duration_readout_s[qubits]
        elif isinstance(gate, cirq.ResetChannel):
            lengths = target.duration_reset_s[qubits]
        elif len(qubits) == 1:
            lengths = target.duration_1q_s[qubits]
        else:
            native, edge = self._native(op)
            lengths = native.duration_s[[edge]]
        return max((float(length) for length in lengths if not math.isnan(length)), default=0.0)

    def _native(self, op: cirq.Operation) -> tuple[NativeGate, int]:
        assert op.gate is not None
        qubits = [self.device.index_of(q) for q in op.qubits]
        edge = self.target.edge_index(*qubits) if len(qubits) == 2 else -1
        for native in self.target.natives:
            if edge >= 0 and native.available[edge] and matches(op.gate, native):
                return native, edge
        names = ", ".join(native.name for native in self.target.natives)
        hint = f"compile to {names} on couplings of {self.target.name} first"
        raise InputError(f"is {op!r}, which is not native", where="circuit", hint=hint)

    def _thermal(self, q: int, duration: float) -> float:
        if math.isnan(duration):
            return 0.0
        error = float(thermal_error(duration, self.target.t1_s[q], self.target.t2_s[q]))
        if not math.isnan(error):
            return error
        # What the damping below really applies where one of the times is unknown.
        t1 = self.target.t1_s[q] if not math.isnan(self.target.t1_s[q]) else math.inf
        t2 = self.target.t2_s[q] if not math.isnan(self.target.t2_s[q]) else 2 * t1
        return float(thermal_error(duration, t1, t2))

    def _residual(self, op: cirq.Operation) -> Iterator[cirq.Operation]:
        gate = op.gate
        silent = cirq.MeasurementGate | cirq.ResetChannel | cirq.WaitGate | cirq.GlobalPhaseGate
        if gate is None or isinstance(gate, silent) or is_virtual(gate, self.target):
            return
        qubits = [self.device.index_of(q) for q in op.qubits]
        if len(qubits) == 1:
            error, duration = self.target.error_1q[qubits[0]], self.target.duration_1q_s[qubits[0]]
        else:
            native, edge = self._native(op)
            error, duration = native.error[edge], native.duration_s[edge]
        if math.isnan(error):
            return
        left = float(residual_error(error, *(self._thermal(q, float(duration)) for q in qubits)))
        if left > 0:
            yield cirq.depolarize(left, n_qubits=len(qubits)).on(*op.qubits)

    def _readout(self, op: cirq.Operation) -> Iterator[cirq.Operation]:
        if not isinstance(op.gate, cirq.MeasurementGate):
            return
        for qubit in op.qubits:
            q = self.device.index_of(qubit)
            up = float(np.nan_to_num(self.target.readout_p10[q]))
            down = float(np.nan_to_num(self.target.readout_p01[q]))
            if up + down > 0:
                # Generalized damping moves 0 to 1 with (1 - p) gamma and 1 to 0 with p gamma.
                yield cirq.generalized_amplitude_damp(down / (up + down), min(up + down, 1.0)).on(qubit)

    def _damping(self, qubit: cirq.Qid, duration: float) -> Iterator[cirq.Operation]:
        t1 = float(self.target.t1_s[self.device.index_of(qubit)])
        if duration > 0 and not math.isnan(t1):
            yield cirq.amplitude_damp(-math.expm1(-duration / t1)).on(qubit)

    def _dephasing(self, qubit: cirq.Qid, duration: float) -> Iterator[cirq.Operation]:
        q = self.device.index_of(qubit)
        t1, t2 = float(self.target.t1_s[q]), float(self.target.t2_s[q])
        if duration <= 0 or math.isnan(t2):
            return
        rate = 2 / t2 - (0.0 if math.isnan(t1) else 1 / t1)  # 2 / Tphi
        if rate > 0:
            yield cirq.phase_damp(-math.expm1(-duration * rate)).on(qubit)

    def _memory(self, operations: Sequence[cirq.Operation], waiting: Sequence[cirq.Qid]) -> list[cirq.Operation]:
        error = self.target.idle_error_per_layer
        pairs = [op for op in operations if len(op.qubits) == 2 and not isinstance(op.gate, cirq.MeasurementGate)]
        if error is None or not pairs:
            return []
        busy = {q for op in pairs for q in op.qubits}
        return [cirq.depolarize(error).on(q) for q in waiting if q not in busy]
