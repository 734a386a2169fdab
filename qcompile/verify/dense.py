"""Two unitary tapes compared by state vectors: every column where that is affordable, else random states."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.ir.contract import Contract, ContractKind
from qcompile.tape import Tape
from qcompile.verify.certificate import Effort, Finding, Subject
from qcompile.verify.gates import DenseGates, dense_gates
from qcompile.verify.simulate import active_qubits, basis_columns, compact, embed

__all__ = ["Pair", "compare_dense", "cut_down"]

Complex = NDArray[np.complex128]
Ints = NDArray[np.int32]

_CHUNK = 1 << 21  # amplitudes of one batch of columns


@frozen(eq=False)
class Pair:
    """Two numeric tapes cut down to what they use.

    Attributes:
        logical: On the logical qubits that either tape moves or acts on.
        physical: On the physical qubits that hold those or are acted on.
        initial: Physical qubit of each logical one at the start, in the numbers of the cut tapes.
        final: The same at the end.
        zero: Logical qubits (cut numbers) that start in 0.
        ancillas: Logical qubits (cut numbers) that must also end in 0.
        kept: Which logical qubits these are.
    """

    logical: Tape
    physical: Tape
    initial: Ints
    final: Ints
    zero: tuple[int, ...]
    ancillas: tuple[int, ...]
    kept: Ints


def cut_down(subject: Subject) -> Pair:
    """Return the two tapes of a subject on as few qubits as tell everything.

    A logical qubit is left out when neither tape does anything to it: no row acts on it, and the physical qubit that
    holds it is untouched and the same at the end.
    """
    start, end = subject.initial_layout, subject.final_layout
    used_l = np.zeros(subject.logical.n_qubits, dtype=bool)
    used_l[active_qubits(subject.logical)] = True
    used_p = np.zeros(subject.physical.n_qubits, dtype=bool)
    used_p[active_qubits(subject.physical)] = True
    kept = np.flatnonzero(used_l | used_p[start] | (start != end)).astype(np.int32)
    logical, _ = compact(subject.logical, kept)
    physical, active = compact(subject.physical, [*start[kept], *end[kept]])
    place = np.full(subject.physical.n_qubits, -1, dtype=np.int32)
    place[active] = np.arange(active.size)
    number = {int(q): k for k, q in enumerate(kept)}
    contract = subject.contract
    zero = sorted({number[q] for q in (*contract.zero_inputs, *contract.ancillas) if q in number})
    ancillas = sorted({number[q] for q in contract.ancillas if q in number})
    return Pair(logical, physical, place[start[kept]], place[end[kept]], tuple(zero), tuple(ancillas), kept)


def compare_dense(pair: Pair, contract: Contract, effort: Effort, seed: int) -> Finding | None:
    """Return the distance of two unitary tapes, or None when the work would exceed the effort."""
    n, m = pair.logical.n_qubits, pair.physical.n_qubits
    left, right = dense_gates(pair.logical), dense_gates(pair.physical)
    columns = 2 ** (n - len(pair.zero))
    gates = len(left.gates) + len(right.gates) + 1
    if m <= effort.exact_qubits and float(columns) * 2**m * gates <= effort.work:
        return _exact(pair, contract, left, right, columns)
    if m <= effort.state_qubits and float(effort.states) * 2**m * gates <= effort.work:
        return _sampled(pair, left, right, effort.states, seed)
    return None


def _run(pair: Pair, left: DenseGates, right: DenseGates, inputs: Complex) -> tuple[Complex, Complex]:
    """Return (wanted, found) on the physical qubits for rows of logical input states."""
    m = pair.physical.n_qubits
    found = right.apply(embed(inputs, pair.initial, m))
    return embed(left.apply(inputs), pair.final, m), found


def _exact(pair: Pair, contract: Contract, left: DenseGates, right: DenseGates, columns: int) -> Finding:
    n, m = pair.logical.n_qubits, pair.physical.n_qubits
    size = max(1, min(columns, _CHUNK >> m))
    raw = aligned = leak = worst = 0.0
    turn: complex | None = None
    for start in range(0, columns, size):
        inputs = basis_columns(n, pair.zero, start, min(columns, start + size))
        wanted, found = _run(pair, left, right, inputs)
        if turn is None:
            # One phase for all columns, from the first batch: the aligned distance is then an upper bound, and tight
            # where it matters, that is for circuits that differ by a phase only.
            overlap = complex(np.vdot(wanted, found))
            turn = overlap / abs(overlap) if abs(overlap) > 0 else 1.0
        norms = (np.abs(found - wanted) ** 2).sum(axis=1)
        raw += float(norms.sum())
        worst = max(worst, float(norms.max()))
        aligned += float((np.abs(found - turn * wanted) ** 2).sum())
        leak = max(leak, _leak(found, pair))
    root = float(np.sqrt(columns))
    raw, aligned, worst = float(np.sqrt(raw)), min(float(np.sqrt(aligned)), float(np.sqrt(raw))), float(np.sqrt(worst))
    distance = {ContractKind.UNITARY: raw, ContractKind.ISOMETRY: worst}.get(contract.kind, aligned / root)
    details = (
        ("raw", raw),
        ("aligned", aligned),
        ("normalized", raw / root),
        ("aligned_normalized", aligned / root),
        ("column", worst),
        ("ancilla_leak", leak),
    )
    return Finding(
        method=f"exact {'unitary' if not pair.zero else 'isometry'}, {columns} columns",
        distance=max(distance, leak),
        proof=True,
        cannot_see=("noise of the machine",),
        n_active=m,
        details=details,
    )


def _sampled(pair: Pair, left: DenseGates, right: DenseGates, states: int, seed: int) -> Finding:
    n, m = pair.logical.n_qubits, pair.physical.n_qubits
    rng = np.random.default_rng(seed)
    free = [q for q in range(n) if q not in set(pair.zero)]
    worst = leak = 0.0
    for _ in range(states):
        raw = rng.normal(size=(1, 2 ** len(free))) + 1j * rng.normal(size=(1, 2 ** len(free)))
        inputs = embed(raw / np.linalg.norm(raw), free, n)
        wanted, found = _run(pair, left, right, inputs)
        worst = max(worst, float(np.linalg.norm(found - wanted)))
        leak = max(leak, _leak(found, pair))
    return Finding(
        method=f"state vectors, {states} random inputs (norm of the difference)",
        distance=max(worst, leak),
        proof=False,
        cannot_see=("differences that random inputs miss", "noise of the machine"),
        n_active=m,
        details=(("column", worst), ("ancilla_leak", leak)),
    )


def _leak(found: Complex, pair: Pair) -> float:
    """Return the largest amplitude norm outside "ancillas are 0" for the contract's ancillas."""
    if not pair.ancillas:
        return 0.0
    m = pair.physical.n_qubits
    index = np.arange(2**m)
    outside = np.zeros(2**m, dtype=bool)
    for k in pair.ancillas:
        outside |= (index >> (m - 1 - int(pair.final[k]))) & 1 == 1
    return float(np.sqrt((np.abs(found[:, outside]) ** 2).sum(axis=1).max(initial=0.0)))
