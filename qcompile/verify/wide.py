"""Unitary tapes too wide for state vectors: Clifford circuits exactly, shallow ones as matrix-product states."""

from __future__ import annotations

import numpy as np

from qcompile.verify.certificate import Effort, Finding
from qcompile.verify.dense import Pair
from qcompile.verify.gates import dense_gates
from qcompile.verify.mps import MatrixProductState, TooEntangled, mps_distance
from qcompile.verify.stabilizer import choi_stabilizers, same_group

__all__ = ["compare_clifford", "compare_products"]


def compare_clifford(pair: Pair) -> Finding | None:
    """Return 0 or 1, whether two Clifford tapes are the same isometry up to a phase; None when one is not Clifford."""
    free = [k for k in range(pair.logical.n_qubits) if k not in set(pair.zero)]
    n, m = pair.logical.n_qubits, pair.physical.n_qubits
    right = choi_stabilizers(dense_gates(pair.physical), [int(pair.initial[k]) for k in free])
    if right is None:
        return None
    left = choi_stabilizers(dense_gates(pair.logical), free)
    if left is None:
        return None
    # The logical side with qubits that stay 0 in the places of the other physical qubits.
    w, extra = n + len(free), m - n
    bits = np.zeros((w + extra, 2 * (w + extra)), dtype=bool)
    others = [q for q in range(m) if q not in set(pair.final.tolist())]
    column = np.concatenate([pair.final, m + np.arange(len(free))]).astype(int)
    bits[:w, column] = left[0][:, :w]
    bits[:w, w + extra + column] = left[0][:, w:]
    bits[w + np.arange(extra), w + extra + np.array(others, dtype=int)] = True
    sign = np.concatenate([left[1], np.zeros(extra, dtype=bool)])
    same = same_group((bits, sign), right)
    return Finding(
        method="stabilizer group of the Choi state (Clifford circuit)",
        distance=0.0 if same else 1.0,
        proof=True,
        cannot_see=("the global phase", "noise of the machine"),
        n_active=m,
    )


def compare_products(pair: Pair, effort: Effort, seed: int) -> Finding | None:
    """Return the distance on product inputs by matrix-product states; None when a bond grows beyond the effort."""
    n, m = pair.logical.n_qubits, pair.physical.n_qubits
    left, right = dense_gates(pair.logical), dense_gates(pair.physical)
    rng = np.random.default_rng(seed)
    held = set(pair.initial.tolist())
    site_of = np.zeros(m, dtype=int)
    site_of[pair.initial] = np.arange(n)
    site_of[[q for q in range(m) if q not in held]] = np.arange(n, m)
    zero = np.zeros((m, 2), dtype=np.complex128)
    zero[:, 0] = 1
    worst = worst_aligned = lost = 0.0
    bond = 1
    for trial in range(effort.states):
        factors = zero.copy()
        if trial:
            free = [k for k in range(n) if k not in set(pair.zero)]
            factors[free] = rng.normal(size=(len(free), 2)) + 1j * rng.normal(size=(len(free), 2))
            factors[free] /= np.linalg.norm(factors[free], axis=1, keepdims=True)
        wanted = MatrixProductState(factors, max_bond=effort.max_bond)
        found = MatrixProductState(factors, max_bond=effort.max_bond)
        try:
            wanted.apply(left)
            found.apply(right, site_of.tolist())
            bond = max(bond, wanted.bond, found.bond)
            _put_back(found, site_of[pair.final].tolist())
        except TooEntangled:
            return None
        worst = max(worst, mps_distance(found, wanted))
        worst_aligned = max(worst_aligned, mps_distance(found, wanted, aligned=True))
        lost = max(lost, found.discarded + wanted.discarded)
    return Finding(
        method=f"matrix-product states, bond {bond}, zero and {effort.states - 1} random product inputs",
        distance=worst,
        proof=False,
        cannot_see=("differences on entangled inputs", "noise of the machine"),
        n_active=m,
        details=(("column", worst), ("aligned", worst_aligned), ("discarded", lost)),
    )


def _put_back(state: MatrixProductState, sites: list[int]) -> None:
    """Move the qubit at `sites[k]` to site k, for all k in order; the rest are ancillas that must be in 0."""
    for k in range(len(sites)):
        at = sites[k]
        if at != k:
            state.move(at, k)
            sites[:] = [s + 1 if k <= s < at else s for s in sites]
            sites[k] = k
