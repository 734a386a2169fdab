"""Replay of witnesses on arrays. Nothing here is shared with the kernels that passes use."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from qcompile.kernels.jit import jit

__all__ = ["compare_matrices", "first_disorder", "region_matrices", "replay_layout"]

ComplexArray = npt.NDArray[np.complex128]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int32]
Int8Array = npt.NDArray[np.int8]


@jit
def first_disorder(indptr: IntArray, wire: IntArray, axis: Int8Array, n_wires: int, sequence: IntArray) -> int:
    """Return -1 when running the rows in `sequence` is a legal reordering, else a row that may not be where it is.

    On each wire, rows are cut into runs of equal axis (axis 0 alone; axis 4 is under no order). A reordering that
    keeps the order of the runs on every wire exchanges only rows that commute: two rows that change places lie in one
    run on each wire they share, that is, both are block diagonal there in the same Pauli basis.
    """
    n = indptr.size - 1
    number = np.full(wire.size, -1, np.int32)
    basis = np.zeros(n_wires, np.int8)
    count = np.zeros(n_wires, np.int32)
    for row in range(n):
        for k in range(indptr[row], indptr[row + 1]):
            w = wire[k]
            if axis[k] == 4:
                continue
            if axis[k] == 0 or axis[k] != basis[w]:
                count[w] += 1
                basis[w] = axis[k]
            number[k] = count[w]
    reached = np.zeros(n_wires, np.int32)
    for place in range(sequence.size):
        row = sequence[place]
        for k in range(indptr[row], indptr[row + 1]):
            if number[k] < 0:
                continue
            if number[k] < reached[wire[k]]:
                return int(row)
            reached[wire[k]] = number[k]
    return -1


@jit
def _apply(out: ComplexArray, m: ComplexArray, bits: IntArray, d: int, work: ComplexArray) -> None:
    """Replace `out[d,d]` by m out, where bit i of an index of m (most significant first) is bit `bits[i]` of d's."""
    k = bits.size
    size = 1 << k
    mask = 0
    for i in range(k):
        mask |= 1 << bits[i]
    for base in range(d):
        if base & mask:
            continue
        for row in range(size):
            for col in range(d):
                work[row, col] = 0.0
            for inner in range(size):
                value = m[row, inner]
                if value == 0.0:
                    continue
                at = base
                for i in range(k):
                    if (inner >> (k - 1 - i)) & 1:
                        at |= 1 << bits[i]
                for col in range(d):
                    work[row, col] += value * out[at, col]
        for row in range(size):
            at = base
            for i in range(k):
                if (row >> (k - 1 - i)) & 1:
                    at |= 1 << bits[i]
            for col in range(d):
                out[at, col] = work[row, col]


@jit
def region_matrices(
    region: IntArray,
    arity: IntArray,
    slot: IntArray,
    index: IntArray,
    mats1: ComplexArray,
    mats2: ComplexArray,
    mats3: ComplexArray,
    n_regions: int,
    width: IntArray,
) -> ComplexArray:
    """Return complex[n_regions, 8, 8]: the product of the rows of each region in its top left corner.

    Args:
        region: int32[m], rows in order of execution.
        arity: int32[m], 1 to 3.
        slot: int32[m, 3], place of each qubit among the qubits of its region, 0 the most significant.
        index: int32[m], row of mats1, mats2 or mats3.
        mats1, mats2, mats3: Matrices by arity.
        n_regions: Number of regions.
        width: int32[n_regions], qubits of each region, 1 to 3.
    """
    out = np.zeros((n_regions, 8, 8), np.complex128)
    for r in range(n_regions):
        for i in range(8):
            out[r, i, i] = 1.0
    work = np.zeros((8, 8), np.complex128)
    bits = np.zeros(3, np.int32)
    for k in range(region.size):
        r = region[k]
        for i in range(arity[k]):
            bits[i] = width[r] - 1 - slot[k, i]
        d = 1 << width[r]
        if arity[k] == 1:
            _apply(out[r], mats1[index[k]], bits[:1], d, work)
        elif arity[k] == 2:
            _apply(out[r], mats2[index[k]], bits[:2], d, work)
        else:
            _apply(out[r], mats3[index[k]], bits[:3], d, work)
    return out


@jit
def compare_matrices(old: ComplexArray, new: ComplexArray, width: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return `phase[m]` and `error[m]`: old = exp(i phase) new within `error` (Frobenius norm)."""
    m = old.shape[0]
    phase = np.zeros(m, np.float64)
    error = np.zeros(m, np.float64)
    for r in range(m):
        d = 1 << width[r]
        overlap = complex(0.0, 0.0)
        for i in range(d):
            for j in range(d):
                overlap += new[r, i, j].conjugate() * old[r, i, j]
        phase[r] = math.atan2(overlap.imag, overlap.real)
        lead = complex(math.cos(phase[r]), math.sin(phase[r]))
        total = 0.0
        for i in range(d):
            for j in range(d):
                gap = old[r, i, j] - lead * new[r, i, j]
                total += gap.real * gap.real + gap.imag * gap.imag
        error[r] = math.sqrt(total)
    return phase, error


@jit
def replay_layout(
    events: IntArray,
    layout: IntArray,
    old_indptr: IntArray,
    old_qubits: IntArray,
    new_indptr: IntArray,
    new_qubits: IntArray,
) -> int:
    """Replay events on `layout` (changed in place); return -1, or the first event whose qubits do not follow it."""
    inverse = np.empty(layout.size, np.int32)
    for k in range(layout.size):
        inverse[layout[k]] = k
    for e in range(events.shape[0]):
        i, j = events[e, 0], events[e, 1]
        if i >= 0 and j >= 0:
            length = old_indptr[i + 1] - old_indptr[i]
            if new_indptr[j + 1] - new_indptr[j] != length:
                return e
            for k in range(length):
                if new_qubits[new_indptr[j] + k] != layout[old_qubits[old_indptr[i] + k]]:
                    return e
        elif j >= 0:
            if new_indptr[j + 1] - new_indptr[j] != 2:
                return e
            p, q = new_qubits[new_indptr[j]], new_qubits[new_indptr[j] + 1]
            a, b = inverse[p], inverse[q]
            layout[a], layout[b] = q, p
            inverse[p], inverse[q] = b, a
        elif i >= 0:
            if old_indptr[i + 1] - old_indptr[i] != 2:
                return e
            a, b = old_qubits[old_indptr[i]], old_qubits[old_indptr[i] + 1]
            p, q = layout[a], layout[b]
            layout[a], layout[b] = q, p
            inverse[p], inverse[q] = b, a
        else:
            return e
    return -1
