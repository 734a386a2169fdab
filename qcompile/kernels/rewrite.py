"""Runs of one-qubit rows, products of small matrices over groups of rows, and what these products are."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from qcompile.kernels.jit import jit

__all__ = [
    "kinds_of_singles",
    "multiples_of_identity",
    "one_qubit_runs",
    "pair_products",
    "region_order",
    "runs_of_several",
    "single_products",
]

ComplexArray = npt.NDArray[np.complex128]
IntArray = npt.NDArray[np.int32]
BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
Int8Array = npt.NDArray[np.int8]
LongArray = npt.NDArray[np.int64]


@jit
def one_qubit_runs(
    qubits: IntArray,
    wide: IntArray,
    wide_indptr: IntArray,
    wide_indices: IntArray,
    mergeable: BoolArray,
    stops_all: BoolArray,
    n_qubits: int,
) -> IntArray:
    """Return int32[n]: for each mergeable row the first row of its run (rows next to each other on one wire), else -1.

    Args:
        qubits, wide, wide_indptr, wide_indices: Where the rows act, as in a tape.
        mergeable: bool[n], one-qubit rows that may join a run.
        stops_all: bool[n], rows that end every run (a barrier over all qubits).
        n_qubits: Width.
    """
    out = np.full(qubits.shape[0], -1, np.int32)
    first = np.full(n_qubits, -1, np.int32)
    for row in range(qubits.shape[0]):
        if mergeable[row]:
            q = qubits[row, 0]
            if first[q] < 0:
                first[q] = row
            out[row] = first[q]
        elif stops_all[row]:
            first[:] = -1
        elif wide[row] >= 0:
            for k in range(wide_indptr[wide[row]], wide_indptr[wide[row] + 1]):
                first[wide_indices[k]] = -1
        else:
            for k in range(2):
                if qubits[row, k] >= 0:
                    first[qubits[row, k]] = -1
    return out


@jit
def runs_of_several(first: IntArray) -> tuple[LongArray, IntArray, LongArray]:
    """Return the rows in runs of at least two, the run of each, and the first row of each run, all ascending.

    Args:
        first: int32[n], as `one_qubit_runs` returns it.
    """
    n = first.size
    size = np.zeros(n, np.int32)
    for row in range(n):
        if first[row] >= 0:
            size[first[row]] += 1
    n_rows, n_runs = 0, 0
    for row in range(n):
        if size[row] > 1:
            n_rows += size[row]
            n_runs += 1
    rows, group, anchors = np.empty(n_rows, np.int64), np.empty(n_rows, np.int32), np.empty(n_runs, np.int64)
    n_rows, n_runs = 0, 0
    for row in range(n):
        at = first[row]
        if at < 0 or size[at] == 1:
            continue
        if at == row:
            anchors[n_runs] = row
            size[row] = -n_runs  # from here on the number of the run
            n_runs += 1
        rows[n_rows], group[n_rows] = row, -size[at]
        n_rows += 1
    return rows, group, anchors


@jit
def region_order(
    old: LongArray, kept: LongArray, region: LongArray, place: LongArray
) -> tuple[LongArray, IntArray, IntArray]:
    """Return the order of kept and new rows, and the regions of old rows and of the ordered ones, numbered anew.

    Args:
        old: int64[n], region of each old row, from 0 to n + m - 1.
        kept: int64[k], old rows that stay, ascending; in its region, a row's place is its index.
        region: int64[m], region of each new row, in the same range.
        place: int64[m], place of each new row in its region; ties keep the order given.

    Returns:
        int64[k + m] (kept rows by their place in `kept`, new ones counted on from there), int32[n], int32[k + m].
    """
    n, k, total = old.size, kept.size, kept.size + region.size
    most = n + region.size
    start = np.zeros(most + 1, np.int64)
    rank = np.zeros(most, np.int32)
    for row in range(n):
        rank[old[row]] = 1
    for i in range(k):
        start[old[kept[i]] + 1] += 1
    for i in range(region.size):
        start[region[i] + 1] += 1
        rank[region[i]] = 1
    count = 0
    for r in range(most):
        start[r + 1] += start[r]
        if rank[r] == 1:
            rank[r] = count
            count += 1
    order = np.empty(total, np.int64)
    filled = np.zeros(most, np.int32)
    new_region = np.empty(total, np.int32)
    for i in range(total):
        r = old[kept[i]] if i < k else region[i - k]
        own = kept[i] if i < k else place[i - k]
        at = start[r] + filled[r]
        while at > start[r]:
            other = order[at - 1]
            if (kept[other] if other < k else place[other - k]) <= own:
                break
            order[at] = other
            at -= 1
        order[at] = i
        new_region[start[r] + filled[r]] = rank[r]
        filled[r] += 1
    old_region = np.empty(n, np.int32)
    for row in range(n):
        old_region[row] = rank[old[row]]
    return order, old_region, new_region


@jit
def multiples_of_identity(matrices: ComplexArray, atol: float) -> tuple[BoolArray, FloatArray]:
    """Return which of `matrices[m,d,d]` are the identity up to a phase within `atol` (entrywise), and the phases."""
    d = matrices.shape[1]
    hit = np.zeros(matrices.shape[0], np.bool_)
    phase = np.zeros(matrices.shape[0], np.float64)
    for k in range(matrices.shape[0]):
        u = matrices[k]
        lead = complex(0.0, 0.0)
        for i in range(d):
            lead += u[i, i]
        lead /= d
        size = abs(lead)
        if size <= 0.5:
            phase[k] = math.atan2(lead.imag, lead.real)
            continue
        unit = lead / size
        phase[k] = math.atan2(unit.imag, unit.real)
        worst = 0.0
        for i in range(d):
            for j in range(d):
                worst = max(worst, abs(u[i, j] - unit) if i == j else abs(u[i, j]))
        hit[k] = worst <= atol
    return hit, phase


@jit
def kinds_of_singles(matrices: ComplexArray, atol: float) -> tuple[Int8Array, FloatArray, FloatArray]:
    """Return for each of `matrices[m,2,2]` what it is, an angle and a phase.

    0 is exp(i phase) times the identity, 1 exp(i phase) Rz(angle), 2 anything else; entries up to `atol` count as zero.
    """
    idle, phase = multiples_of_identity(matrices, atol)
    kind = np.zeros(matrices.shape[0], np.int8)
    angle = np.zeros(matrices.shape[0], np.float64)
    for k in range(matrices.shape[0]):
        if idle[k]:
            continue
        u = matrices[k]
        if max(abs(u[0, 1]), abs(u[1, 0])) <= atol:
            turn = u[1, 1] * u[0, 0].conjugate()
            kind[k], angle[k] = 1, math.atan2(turn.imag, turn.real)
            phase[k] = math.atan2(u[0, 0].imag, u[0, 0].real) + angle[k] / 2
        else:
            kind[k], phase[k] = 2, 0.0
    return kind, angle, phase


@jit
def single_products(matrices: ComplexArray, group: IntArray, n_groups: int) -> ComplexArray:
    """Return complex[n_groups,2,2]: the product of `matrices[m,2,2]` of each group, later ones on the left."""
    out = np.zeros((n_groups, 2, 2), np.complex128)
    for g in range(n_groups):
        out[g, 0, 0] = 1.0
        out[g, 1, 1] = 1.0
    for k in range(matrices.shape[0]):
        u, m = out[group[k]], matrices[k]
        for j in range(2):
            x, y = u[0, j], u[1, j]
            u[0, j] = m[0, 0] * x + m[0, 1] * y
            u[1, j] = m[1, 0] * x + m[1, 1] * y
    return out


@jit
def pair_products(
    group: IntArray,
    place: npt.NDArray[np.int8],
    index: IntArray,
    singles: ComplexArray,
    pairs: ComplexArray,
    n_groups: int,
) -> ComplexArray:
    """Return complex[n_groups,4,4]: products of one- and two-qubit matrices on the pair of each group.

    Args:
        group: int32[m], rows in order of execution.
        place: int8[m]; 0 or 1 a one-qubit matrix on the first (more significant) or second qubit of the pair, 2 a
            two-qubit matrix in the order of the pair, 3 one with its qubits exchanged.
        index: int32[m], row of `singles` or `pairs`.
        singles: complex[a, 2, 2].
        pairs: complex[b, 4, 4].
        n_groups: Number of groups.
    """
    out = np.zeros((n_groups, 4, 4), np.complex128)
    for g in range(n_groups):
        for i in range(4):
            out[g, i, i] = 1.0
    work = np.zeros((4, 4), np.complex128)
    exchange = np.array([0, 2, 1, 3])
    for k in range(group.size):
        u = out[group[k]]
        if place[k] < 2:
            m = singles[index[k]]
            step = 2 if place[k] == 0 else 1
            for i in (0, 3 - step):
                for j in range(4):
                    x, y = u[i, j], u[i + step, j]
                    u[i, j] = m[0, 0] * x + m[0, 1] * y
                    u[i + step, j] = m[1, 0] * x + m[1, 1] * y
        else:
            p = pairs[index[k]]
            for i in range(4):
                row = i if place[k] == 2 else exchange[i]
                for j in range(4):
                    if place[k] == 2:
                        work[i, j] = (
                            p[row, 0] * u[0, j] + p[row, 1] * u[1, j] + p[row, 2] * u[2, j] + p[row, 3] * u[3, j]
                        )
                    else:
                        work[i, j] = (
                            p[row, 0] * u[0, j] + p[row, 2] * u[1, j] + p[row, 1] * u[2, j] + p[row, 3] * u[3, j]
                        )
            for i in range(4):
                for j in range(4):
                    u[i, j] = work[i, j]
    return out
