"""Regions on more than three qubits: by parity and Pauli tables, else by matrix, or by a random state beyond eight."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from qcompile.tape import Tape
from qcompile.tape.simulate import apply_rows
from qcompile.verify.validate_parity import compare_parities
from qcompile.verify.validate_pauli import compare_pauli

__all__ = ["WideOutcome", "compare_wide"]

Complex = NDArray[np.complex128]
Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

#: Widest region compared as a matrix, and by its action on one random state.
_DENSE, _STATE = 8, 18
_SEED = 20_029


@frozen(eq=False)
class WideOutcome:
    """What comparing one wide region found.

    Attributes:
        reason: Why it is not the same, or an empty text.
        error: Bound on (for random states: estimate of) the operator-norm distance.
        phases: float[n_points], old = exp(i phase) new at each point.
        evidence: `exact` or `numerical`.
    """

    reason: str
    error: float = 0.0
    phases: Floats = field(factory=lambda: np.zeros(0))
    evidence: str = "exact"


def compare_wide(
    old: Tape, rows: Rows, new: Tape, others: Rows, names: Sequence[str], points: Floats, atol: float
) -> WideOutcome:
    """Compare old rows with new rows as one region.

    Args:
        old, rows, new, others: The rows of both tapes, in order of execution, all unitary and unconditional.
        names, points: Parameter names and float[n_points, n_names], values for symbolic phases. Wide regions with
            symbols are compared at these points and at more random ones.
        atol: Largest distance allowed.
    """
    pieces = [t.take(r).replace(phase=0.0) for t, r in ((old, rows), (new, others))]
    used = sorted({q for t in pieces for row in range(len(t)) for q in t.qubits_of(row)})
    table = np.zeros(old.n_qubits, dtype=np.int32)
    table[used] = np.arange(len(used))
    local = [t.relabeled(table, n_qubits=len(used)) for t in pieces]
    symbols = {name for t in local for name in t.parameters}
    proved = compare_parities(local[0], local[1]) if not symbols else None
    if proved is not None and proved[1] <= atol:
        return WideOutcome("", proved[1], np.full(len(points), proved[0]))
    found = compare_pauli(local[0], local[1], atol) if not symbols else None
    if found is not None:
        return WideOutcome("", found[1], np.full(len(points), found[0]))
    if len(used) > _STATE:
        return WideOutcome("its kind cannot be compared on this many qubits")
    more = np.random.default_rng(_SEED).uniform(-3, 3, (8, len(names))) if symbols else np.zeros((0, len(names)))
    phases = np.zeros(len(points))
    worst = 0.0
    start = _start(len(used))
    for k, values in enumerate(np.concatenate([points, more]) if symbols else points[:1]):
        at = dict(zip(names, (float(v) for v in values), strict=True))
        a, b = (apply_rows(t.bind({n: at[n] for n in t.parameters}), start) for t in local)
        overlap = np.vdot(b, a)
        lead = overlap / abs(overlap) if abs(overlap) > 0.1 else 1.0
        worst = max(worst, float(np.linalg.norm(a - lead * b)))
        if k < len(points):
            phases[k] = math.atan2(lead.imag, lead.real)
    if not symbols:
        phases[:] = phases[0]
    evidence = "numerical" if symbols or len(used) > _DENSE else "exact"
    if not worst <= atol:
        return WideOutcome(f"it differs by {worst:.3g}")
    return WideOutcome("", worst, phases, evidence)


def _start(n_qubits: int) -> Complex:
    """Return all basis states, or one random state for wide regions; complex[2**n, k]."""
    if n_qubits <= _DENSE:
        return np.eye(2**n_qubits, dtype=np.complex128)
    rng = np.random.default_rng(_SEED)
    state = rng.normal(size=(2**n_qubits, 1)) + 1j * rng.normal(size=(2**n_qubits, 1))
    out: Complex = state / np.linalg.norm(state)
    return out
