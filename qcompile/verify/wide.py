"""Unitary tapes too wide for state vectors: Clifford circuits exactly, shallow ones as matrix-product states."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qcompile.tape import Op
from qcompile.verify.certificate import Effort, Finding
from qcompile.verify.dense import Pair
from qcompile.verify.gates import dense_gates
from qcompile.verify.mps import MatrixProductState, TooEntangled, mps_distance
from qcompile.verify.simulate import without_terminal_measurements
from qcompile.verify.stabilizer import choi_stabilizers, same_group

__all__ = ["compare_clifford", "compare_products", "compare_sampled_outcomes"]

_DRAWS = 32


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
    m = pair.physical.n_qubits
    left, right = dense_gates(pair.logical), dense_gates(pair.physical)
    rng = np.random.default_rng(seed)
    site_of = _sites(pair)
    worst = worst_aligned = lost = 0.0
    bond = 1
    for trial in range(effort.states):
        factors = _product_input(pair, site_of, rng if trial else None)
        wanted = MatrixProductState(factors, max_bond=effort.max_bond, max_steps=effort.max_steps)
        found = MatrixProductState(factors, max_bond=effort.max_bond, max_steps=effort.max_steps)
        try:
            home = wanted.apply(left, site_of[pair.initial].tolist())
            end = found.apply(right, site_of.tolist())
            bond = max(bond, wanted.bond, found.bond)
            _put_back(found, [end[q] for q in pair.final.tolist()], home)
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


def _sites(pair: Pair) -> NDArray[np.int64]:
    """Return the site of each physical qubit: logical qubits on a line, the rest after them.

    The line is the logical order, or reverse Cuthill-McKee on the graph of logical two-qubit gates where that brings
    them closer.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import reverse_cuthill_mckee

    n, m = pair.logical.n_qubits, pair.physical.n_qubits
    pairs = pair.logical.qubits[pair.logical.is_two_qubit]
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n)).tocsr()
    natural, banded = np.arange(n), np.empty(n, dtype=np.int64)
    if n:
        banded[reverse_cuthill_mckee((graph + graph.T).tocsr(), symmetric_mode=True)] = np.arange(n)
    lengths = [int(np.abs(line[pairs[:, 0]] - line[pairs[:, 1]]).sum()) for line in (natural, banded)]
    held = set(pair.initial.tolist())
    site_of = np.zeros(m, dtype=np.int64)
    site_of[pair.initial] = banded if lengths[1] < lengths[0] else natural
    site_of[[q for q in range(m) if q not in held]] = np.arange(n, m)
    return site_of


def _product_input(pair: Pair, site_of: NDArray[np.int64], rng: np.random.Generator | None) -> NDArray[np.complex128]:
    """Return one-qubit states by site: random for free logical qubits when `rng` is given, else 0."""
    factors = np.zeros((pair.physical.n_qubits, 2), dtype=np.complex128)
    factors[:, 0] = 1
    if rng is not None:
        free = site_of[pair.initial[[k for k in range(pair.logical.n_qubits) if k not in set(pair.zero)]]]
        factors[free] = rng.normal(size=(len(free), 2)) + 1j * rng.normal(size=(len(free), 2))
        factors[free] /= np.linalg.norm(factors[free], axis=1, keepdims=True)
    return factors


def compare_sampled_outcomes(pair: Pair, effort: Effort, seed: int) -> Finding | None:
    """Return how far the probabilities of drawn outcomes differ, for wide shallow tapes that measure at their end.

    Outcomes x are drawn from the logical tape's p as a matrix-product state, and the same x looked up in the physical
    tape's q. The mean of max(0, 1 - q / p) estimates the total variation distance; the largest abs(1 - q / p) of all
    draws is returned, which is stricter. None when something else than unitary rows precedes the measurements, or a
    bond grows beyond the effort.
    """
    logical, wanted = without_terminal_measurements(pair.logical)
    physical, found = without_terminal_measurements(pair.physical)
    pure = all((t.opcode < Op.MEASURE).all() and (t.condition < 0).all() for t in (logical, physical))
    if not pure or not wanted or wanted.keys() != found.keys():
        return None
    rng = np.random.default_rng(seed)
    site_of = _sites(pair)
    worst, bond = 0.0, 1
    free = len(pair.zero) < pair.logical.n_qubits
    try:
        for trial in range(effort.states if free else 1):
            factors = _product_input(pair, site_of, rng if trial else None)
            p = MatrixProductState(factors, max_bond=effort.max_bond, max_steps=effort.max_steps)
            q = MatrixProductState(factors, max_bond=effort.max_bond, max_steps=effort.max_steps)
            home = p.apply(dense_gates(logical), site_of[pair.initial].tolist())
            end = q.apply(dense_gates(physical), site_of.tolist())
            bond = max(bond, p.bond, q.bond)
            for _ in range(_DRAWS):
                drawn, chance = p.outcome({home[q]: None for q, _ in wanted.values()}, rng)
                bits = {bit: drawn[home[q]] ^ flip for bit, (q, flip) in wanted.items()}
                looked_up = {end[qubit]: bits[bit] ^ flip for bit, (qubit, flip) in found.items()}
                worst = max(worst, abs(1 - q.outcome(looked_up)[1] / chance))
    except TooEntangled:
        return None
    return Finding(
        method=f"probabilities of {_DRAWS} drawn outcomes by matrix-product states, bond {bond}",
        distance=min(worst, 1.0),
        proof=False,
        cannot_see=("outcomes that were not drawn", "phases and states after the measurement", "noise of the machine"),
        n_active=pair.physical.n_qubits,
    )


def _put_back(state: MatrixProductState, now: list[int], wanted: list[int]) -> None:
    """Move the qubit at site `now[k]` to site `wanted[k]`, for all k; the others are 0 and fill what is left."""
    items, goal = [-1] * state.n_qubits, [-1] * state.n_qubits
    for k, (here, there) in enumerate(zip(now, wanted, strict=True)):
        items[here], goal[there] = k, k
    for site, item in enumerate(goal):
        at = items.index(item, site)
        if at != site:
            state.move(at, site)
            items.insert(site, items.pop(at))
