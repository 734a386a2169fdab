"""The figures of a compiled circuit that limits, reports and tables share."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from qcompile.budget import Ledger, esp, exposure, metrics
from qcompile.passes.slots import some_point
from qcompile.schedule import Schedule
from qcompile.tape import Tape
from qcompile.target import Target
from qcompile.verify import active_qubits

__all__ = ["figures_of", "neutral_metrics"]

Json = dict[str, Any]


def _median(values: Any) -> float | None:
    known = np.asarray(values, dtype=float)
    known = known[np.isfinite(known)]
    return float(np.median(known)) if len(known) else None


@lru_cache(maxsize=32)
def _typical(target: Target) -> tuple[float | None, ...]:
    """Return the median errors and lengths of one- and two-qubit gates, and the shorter of T1 and T2."""
    e1, e2 = _median(target.error_1q), _median(np.concatenate([g.error for g in target.natives]))
    t1q, t2q = _median(target.duration_1q_s), _median(np.concatenate([g.duration_s for g in target.natives]))
    times = [t for t in (_median(target.t1_s), _median(target.t2_s)) if t is not None]
    return e1, e2, t1q, t2q, min(times, default=None)


def _at_some_point(tape: Tape) -> Tape:
    """Return the tape with generic angles for its parameters: counts do not depend on which."""
    return tape.bind(some_point(tape.parameters)) if tape.parameters else tape


def neutral_metrics(tape: Tape, target: Target) -> Json:
    """Return `n2`, `d2`, `depth`, `pulses` and `log10esp` of a native tape, with the machine's median figures.

    `log10esp` is log10 of f1^pulses f2^n2 exp(-idle / T), T the median of T1 (T2 where it is smaller); None where the
    machine does not state a figure.
    """
    given = _typical(target)
    known = [0.0 if value is None else value for value in given]
    found = metrics(
        _at_some_point(tape), f1=1 - known[0], f2=1 - known[1], t1q_s=known[2], t2q_s=known[3], T_s=known[4] or 1.0
    )
    return {
        "n2": found.n2,
        "d2": found.d2,
        "depth": found.depth,
        "pulses": found.pulses,
        "log10esp": None if None in given else found.log10esp,
    }


def figures_of(tape: Tape, plan: Schedule, target: Target) -> Json:
    """Return what was spent: gates, time, exposure and estimated success, None where a machine does not say."""
    counts = neutral_metrics(tape, target)
    held = exposure(plan, target)
    ledger: Ledger = esp(plan, target)
    return {
        "active_qubits": int(active_qubits(tape).size),
        "two_qubit_gates": counts["n2"],
        "two_qubit_depth": counts["d2"],
        "depth": counts["depth"],
        "pulses": counts["pulses"],
        "makespan_s": plan.makespan_s,
        "exposure_t1": held.worst_t1,
        "exposure_t2": held.worst_t2,
        "esp": ledger.esp,
        "esp_at_most": ledger.partial,
        "esp_missing": [f"{what} ({times}x)" for what, times in ledger.missing],
        "survival": ledger.by_cause,
        "worst_qubits": [[target.qubit_names[q], survival] for q, survival in ledger.worst_qubits()],
    }
