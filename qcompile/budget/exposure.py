"""How long each qubit holds a state, against its coherence times."""

from __future__ import annotations

import math

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.schedule import Schedule
from qcompile.target import Target

__all__ = ["Exposure", "exposure"]

Floats = NDArray[np.float64]
_PS = 1e-12


@frozen(eq=False)
class Exposure:
    """Time over T1 and time over T2, per qubit. nan is unknown; unused qubits have 0.

    Attributes:
        held_s: float[n], from a qubit's first physical operation to the start of its last measurement, or to the end.
        t1: float[n], `held_s` / T1.
        t2: float[n], `held_s` / T2.
        t2_at_least: float[n], the same with T2 replaced by its bound 2 T1 where T2 is unknown.
    """

    held_s: Floats
    t1: Floats
    t2: Floats
    t2_at_least: Floats

    @property
    def worst_t1(self) -> float | None:
        """Largest exposure to T1, or None when one is unknown."""
        return _worst(self.t1)

    @property
    def worst_t2(self) -> float | None:
        """Largest exposure to T2, or None when one is unknown."""
        return _worst(self.t2)

    @property
    def worst_t2_at_least(self) -> float:
        """A lower bound on the largest exposure to T2 from what is known."""
        known = self.t2_at_least[~np.isnan(self.t2_at_least)]
        return float(known.max(initial=0.0))


def _worst(values: Floats) -> float | None:
    worst = float(values.max(initial=0.0))
    return None if math.isnan(worst) else worst


def exposure(schedule: Schedule, target: Target) -> Exposure:
    """Return how long every qubit holds a state under a schedule, against T1 and T2.

    A qubit that is measured or reset last is held until that starts (what happens while it lasts is in the readout
    error); any other is held to the end, for its state is wanted.
    """
    use, n = schedule.occupation, schedule.tape.n_qubits
    makespan = -1 if schedule.makespan_ps is None else schedule.makespan_ps
    end = np.where(use.ends_read, use.read_ps, makespan)
    known = (use.first_ps >= 0) & (end >= 0)
    held = np.where(known, (end - use.first_ps) * _PS, math.nan)
    held = np.where(use.used, held, 0.0)
    t1, t2 = target.t1_s[:n], target.t2_s[:n]
    with np.errstate(invalid="ignore"):
        by_t1, by_t2 = held / t1, held / t2
        bound = np.where(np.isnan(t2), held / (2 * t1), by_t2)
    unused = ~use.used
    for array in (by_t1, by_t2, bound):
        array[unused] = 0.0
    return Exposure(held, by_t1, by_t2, bound)
