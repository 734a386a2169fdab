"""What a caller's grants allow beyond equality: inputs that are zero, outputs seen through measurements alone.

Both checks walk over the old tape in the order of execution with rules of their own, made of matrices.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.tape import Op, RegionWitness, Tape
from qcompile.tape.opcodes import IS_UNITARY
from qcompile.tape.simulate import apply_rows
from qcompile.verify.validate_rows import entries_of

__all__ = ["Settled", "settle_measured", "settle_zero"]

Complex = NDArray[np.complex128]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int32]

_ATOL = 1e-10


@frozen(eq=False)
class Settled:
    """Regions that need no further comparison.

    Attributes:
        regions: Their numbers.
        phases: float[n_points], summed phases, old = exp(i phase) new on the known inputs.
        error: Summed distances.
        evidence: `exact`, or `numerical` when some region was compared on random states or values only.
    """

    regions: list[int]
    phases: Floats
    error: float
    evidence: str = "exact"


def _local_matrix(tape: Tape, rows: Sequence[int], qubits: tuple[int, ...]) -> Complex | None:
    """Return the unitary of numeric rows on `qubits`, or None when they touch others or are not unitary."""
    table = np.full(tape.n_qubits, -1, dtype=np.int32)
    table[list(qubits)] = np.arange(len(qubits))
    part = tape.take(np.array(rows, dtype=np.intp)).replace(phase=0.0)
    if any(q not in qubits for row in range(len(part)) for q in part.qubits_of(row)):
        return None
    if not IS_UNITARY[part.opcode].all() or (part.condition >= 0).any() or (part.fence != 0).any():
        return None
    return apply_rows(part.relabeled(table, n_qubits=len(qubits)), np.eye(2 ** len(qubits), dtype=np.complex128))


def _inputs(known: Sequence[Complex | None]) -> Complex:
    """Return the states that qubits can be in, complex[2**k, 2**f]: given vectors, the whole space for the f others."""
    out: Complex = np.ones((1, 1), dtype=np.complex128)
    for state in known:
        out = np.asarray(np.kron(out, np.eye(2) if state is None else state[:, None]), dtype=np.complex128)
    return out


def _own_state(images: Complex, place: int, k: int) -> Complex | None:
    """Return the state of qubit `place` of k where it is pure and the same for every column of `images`, else None."""
    rows = np.moveaxis(images.reshape((2,) * k + (-1,)), place, 0).reshape(2, -1)
    u, s, _ = np.linalg.svd(rows, full_matrices=False)
    return np.ascontiguousarray(u[:, 0]) if len(s) < 2 or s[1] <= _ATOL else None


def _is_basis(states: Sequence[Complex], bit: int | None = None) -> bool:
    """Return whether a qubit is in a basis state (or in the one asked for) at every point."""
    found = {int(abs(v[1]) > 0.5) if min(abs(v[0]), abs(v[1])) <= _ATOL else -1 for v in states}
    return found <= {0, 1} if bit is None else found == {bit}


def _copies_agree(old: Tape, rows: NDArray[np.intp], new: Tape, others: Sequence[int], zeros: set[int]) -> bool:
    """Return whether two lists of CX give every qubit the same parity of inputs, those in `zeros` being 0."""
    found = []
    for tape, part in ((old, rows), (new, others)):
        index = np.asarray(part, dtype=np.intp)
        plain = (tape.opcode[index] == Op.CX) & (tape.condition[index] < 0) & (tape.fence[index] == 0)
        if not plain.all():
            return False
        parity: dict[int, int] = {}
        for a, b in tape.qubits[index].tolist():
            held = [parity.get(q, 0 if q in zeros else 1 << q) for q in (a, b)]
            parity[b] = held[0] ^ held[1]
        found.append(parity)
    own = {q: 0 if q in zeros else 1 << q for parity in found for q in parity}
    return {**own, **found[0]} == {**own, **found[1]}


def settle_zero(
    old: Tape,
    new: Tape,
    witness: RegionWitness,
    changed: Bools,
    sequence: Ints,
    names: Sequence[str],
    points: Floats,
    atol: float,
) -> Settled:
    """Return the changed regions of one old row, or of CX alone, that are equal on the states that their inputs can be.

    A qubit's own state is followed from |0> through every row after which it is still pure and the same for all inputs.

    Args:
        old, new, witness: The claim.
        changed: bool[n_regions], regions that are not equal row by row.
        sequence: Old rows in the order of execution.
        names, points: Parameter names and float[n_points, n_names] values at which symbolic rows are compared.
        atol: Largest distance allowed.
    """
    bound = [
        tuple(t.bind({n: float(v) for n, v in zip(names, p, strict=True) if n in t.parameters}) for t in (old, new))
        for p in points
    ]
    alone = np.bincount(witness.old, minlength=len(changed)) == 1
    new_rows: dict[int, list[int]] = {}
    for row in range(len(new)):
        if changed[witness.new[row]]:
            new_rows.setdefault(int(witness.new[row]), []).append(row)
    zero = np.array([1.0, 0.0], dtype=np.complex128)
    known: dict[int, list[Complex]] = {q: [zero] * len(points) for q in range(old.n_qubits)}
    out = Settled([], np.zeros(len(points)), 0.0)
    error = 0.0
    copied: set[int] = set()  # regions of several rows that were looked at
    for row in (int(r) for r in sequence):
        code, qubits = Op(int(old.opcode[row])), old.qubits_of(row)
        region = int(witness.old[row])
        if changed[region] and not alone[region] and region not in copied:
            copied.add(region)
            zeros = {q for q, states in known.items() if _is_basis(states, 0)}
            if _copies_agree(old, np.flatnonzero(witness.old == region), new, new_rows.get(region, []), zeros):
                out.regions.append(region)
        plain = old.condition[row] < 0
        if code is Op.RESET and plain:
            known[qubits[0]] = [zero] * len(points)
            continue
        if code is Op.BARRIER or not any(q in known for q in qubits):
            continue
        if code is Op.MEASURE:
            for q in (q for q in qubits if q in known and not _is_basis(known[q])):
                known.pop(q)
            continue
        if not IS_UNITARY[code] or not plain or len(qubits) > 3:
            controls = qubits[: len(qubits) - 1] if code is Op.MCX else qubits if code is Op.MCP else ()
            idle = plain and any(q in known and _is_basis(known[q], 0) for q in controls)
            if idle and changed[region] and alone[region] and region not in new_rows:
                out.regions.append(region)
            for q in () if idle else qubits:
                known.pop(q, None)
            continue
        images = []
        gap, lead = 0.0, []
        for point, (a, b) in enumerate(bound):
            start = _inputs([known[q][point] if q in known else None for q in qubits])
            images.append(_row_images(a, row, qubits) @ start)
            if changed[region] and alone[region]:
                other = _local_matrix(b, new_rows.get(region, []), qubits)
                if other is None:
                    gap = math.inf
                    continue
                overlap = np.vdot(other @ start, images[-1])
                lead.append(math.atan2(overlap.imag, overlap.real))
                gap = max(gap, float(np.linalg.norm(images[-1] - np.exp(1j * lead[-1]) * (other @ start))))
        if changed[region] and alone[region] and gap <= atol:
            out.regions.append(region)
            out.phases[:] += lead
            error += gap
        for i, q in enumerate(qubits):
            states = [_own_state(m, i, len(qubits)) for m in images]
            known.pop(q, None)
            if all(v is not None for v in states):
                known[q] = [v for v in states if v is not None]
    return Settled(out.regions, out.phases, error)


def _row_images(tape: Tape, row: int, qubits: tuple[int, ...]) -> Complex:
    table = np.full(tape.n_qubits, -1, dtype=np.int32)
    table[list(qubits)] = np.arange(len(qubits))
    part = tape.take([row]).replace(phase=0.0).relabeled(table, n_qubits=len(qubits))
    return apply_rows(part, np.eye(2 ** len(qubits), dtype=np.complex128))


def settle_measured(old: Tape, new: Tape, witness: RegionWitness, changed: Bools, sequence: Ints) -> list[int]:
    """Return the changed regions of one old row and no new one whose row no later measurement can notice.

    Such a row is, on each of its wires, either followed by nothing that stays, or block diagonal in Z and followed only
    by rows that are, up to a measurement, a reset or the end: it commutes to where it acts by phases on outcomes and
    by unitaries on qubits that nobody looks at.
    """
    n = old.n_qubits
    entries = entries_of(old)
    alone = np.bincount(witness.old, minlength=len(changed)) == 1
    empty = np.bincount(witness.new, minlength=len(changed)) == 0
    candidate = (changed & alone & empty)[witness.old] & IS_UNITARY[old.opcode]
    candidate &= (old.condition < 0) & (old.fence == 0)
    unused = [True] * n  # nothing that stays follows on the wire
    only_z = [True] * n  # only rows diagonal in Z follow before the wire is measured, reset or left
    out: list[int] = []
    for row in (int(r) for r in sequence[::-1]):
        span = range(int(entries.indptr[row]), int(entries.indptr[row + 1]))
        sites = [(int(entries.wire[k]), int(entries.axis[k])) for k in span if entries.wire[k] < n]
        if candidate[row] and all(unused[w] or (only_z[w] and axis in (3, 4)) for w, axis in sites):
            out.append(int(witness.old[row]))
            continue
        plain = old.condition[row] < 0
        for w, axis in sites:
            unused[w] = bool(plain and old.opcode[row] == Op.RESET)
            if plain and old.opcode[row] in (Op.RESET, Op.MEASURE):
                only_z[w] = True
            elif axis not in (3, 4):
                only_z[w] = False
    return out
