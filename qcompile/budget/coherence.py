"""Coherence limits of the paper: eq. 76 in its three readings, eq. 80."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike

from qcompile.errors import InputError
from qcompile.schedule import Schedule
from qcompile.target import Target

__all__ = [
    "CoherenceNeed",
    "coherence_need",
    "development_coherence_s",
    "idle_survival",
    "layers_within",
    "serial_sum_s",
]

#: Coherence that eq. 80 asks for per circuit layer.
SECONDS_PER_LAYER = 10e-6


def serial_sum_s(layer_s: Sequence[float], cnot_s: Sequence[float]) -> float:
    """Return the right side of eq. 76 as printed: all layers and all CNOTs one after another.

    Args:
        layer_s: Length of each layer of one-qubit gates.
        cnot_s: Length of each CNOT.

    It over-rejects by the parallelism of the circuit: up to 8 times for the ladder ansatz at n = 108, L = 10.
    """
    return math.fsum(layer_s) + math.fsum(cnot_s)


def idle_survival(held_s: ArrayLike, t2_s: ArrayLike) -> float:
    """Return prod_q exp(-t_q / T2_q): the criterion that eq. 76 should be, to be held against 1 - delta.

    nan where a time is unknown. A time equal to T2 leaves only 1/e, so that eq. 76 under-protects.
    """
    return math.exp(-float((np.asarray(held_s, dtype=np.float64) / np.asarray(t2_s, dtype=np.float64)).sum()))


@frozen(kw_only=True)
class CoherenceNeed:
    """Three numbers for eq. 76; None is unknown.

    Attributes:
        serial_s: The sum as printed: all two-qubit gates, and the one-qubit time of the busiest qubit.
        critical_path_s: Makespan of the schedule.
        idle_survival: prod_q exp(-idle time of q / T2 of q).
    """

    serial_s: float | None
    critical_path_s: float | None
    idle_survival: float | None


def coherence_need(schedule: Schedule, target: Target) -> CoherenceNeed:
    """Return what eq. 76 asks of a machine's coherence time, in its three readings."""
    tape, duration = schedule.tape, schedule.duration_ps
    two = np.asarray(tape.is_two_qubit)
    pulses = schedule.costs.pulses > 0
    serial = None
    if not ((two | pulses) & (duration < 0)).any():
        layers = np.zeros(tape.n_qubits, dtype=np.int64)
        np.add.at(layers, tape.qubits[pulses, 0], duration[pulses])
        serial = serial_sum_s([float(layers.max(initial=0)) * 1e-12], (duration[two] * 1e-12).tolist())
    survival = None
    if schedule.idle_is_known:
        idle = np.zeros(tape.n_qubits)
        for window in schedule.idle_windows:
            idle[window.qubit] += window.duration_ps * 1e-12
        waits = idle > 0
        value = idle_survival(idle[waits], target.t2_s[: tape.n_qubits][waits])
        survival = None if math.isnan(value) else value
    return CoherenceNeed(serial_s=serial, critical_path_s=schedule.makespan_s, idle_survival=survival)


def development_coherence_s(n_layers: int) -> float:
    """Return the coherence time that eq. 80 asks for: 10 us for each circuit layer."""
    return SECONDS_PER_LAYER * n_layers


def layers_within(coherence_s: float) -> int:
    """Return the most layers that eq. 80 allows.

    >>> layers_within(70.2e-6), layers_within(100e-6)
    (7, 10)
    """
    if not coherence_s >= 0:
        raise InputError(f"is {coherence_s}", where="coherence_s", hint="use a time from 0 s")
    return int(coherence_s / SECONDS_PER_LAYER * (1 + 1e-12))  # 100 us are ten layers, whatever the division rounds to
