"""Regions with parameters: trigonometric polynomials compared on as many points as their degree needs.

Let old and new be the unitaries of a region. Every entry of M = new^-1 old is a trigonometric polynomial in each
parameter; M is a multiple of the identity for all values when its off-diagonal entries, and the differences of its
diagonal ones, vanish on 2 d + 1 equidistant points of a period, d the degree. Angles that are affine with
commensurable factors qualify; others are compared at random points and reported as numerical evidence.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.kernels.validate import compare_matrices
from qcompile.tape import Expr, Op, Tape
from qcompile.verify.validate_matrices import matrices_of

__all__ = ["SymbolicOutcome", "compare_symbolic"]

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]

#: Codes whose entries have frequency 1/2 in their angle; the entries of all others have frequency 1 at most.
_HALF = frozenset((Op.RX, Op.RY, Op.RZ, Op.CRX, Op.CRY, Op.CRZ, Op.RXX, Op.RYY, Op.RZZ))
_MOST_POINTS = 4096
_RANDOM_POINTS = 24
_SEED = 20_023


@frozen(eq=False)
class SymbolicOutcome:
    """What comparing symbolic regions found.

    Attributes:
        region: First region that differs, or -1.
        error: Sum over the regions of the largest Frobenius distance seen.
        phases: float[n_points, n_regions] at the points given.
        evidence: `exact` or `numerical`.
    """

    region: int
    error: float
    phases: Floats
    evidence: str


@frozen(eq=False)
class _Side:
    """The symbolic angles of one tape in the regions compared, as sums of factor times parameter."""

    tape: Tape
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    local: NDArray[np.intp]
    exprs: tuple[Expr, ...]

    def at(self, names: Sequence[dict[str, int]], values: Floats) -> Tape:
        """Return the tape with its symbolic angles at `values[region, parameter]`."""
        angle, expr = self.tape.angle.copy(), self.tape.expr.copy()
        for row, column, k, e in zip(self.rows, self.columns, self.local, self.exprs, strict=True):
            if e.program:
                angle[row, column] = e.evaluate({name: values[k, names[k][name]] for name in e.names})
            else:
                angle[row, column] = e.const + math.fsum(f * values[k, names[k][name]] for name, f in e.terms)
        expr[self.rows, self.columns] = -1
        return self.tape.replace(angle=angle, expr=expr)


def _side(tape: Tape, region: Ints, rows: NDArray[np.intp], local: Ints) -> _Side:
    mine = rows[local[region[rows]] >= 0]
    at, columns = np.nonzero(tape.expr[mine] >= 0)
    chosen = mine[at]
    exprs = tuple(tape.exprs[k] for k in tape.expr[chosen, columns])
    return _Side(tape, chosen, columns, local[region[chosen]].astype(np.intp), exprs)


def _grid(sides: Sequence[_Side], names: list[dict[str, int]], n: int) -> tuple[list[list[int]], Floats, list[bool]]:
    """Return the points per parameter of each region, the unit of each, and whether they prove equality."""
    width = max((len(d) for d in names), default=0)
    unit = np.full((n, width), math.inf)
    proper = [True] * n
    for side in sides:
        for k, e in zip(side.local, side.exprs, strict=True):
            proper[k] &= not e.program
            for name, factor in e.terms:
                unit[k, names[k][name]] = min(unit[k, names[k][name]], abs(factor))
    degree = np.zeros((n, width))
    for side in sides:
        for row, k, e in zip(side.rows, side.local, side.exprs, strict=True):
            for name, factor in e.terms:
                ratio = abs(factor) / unit[k, names[k][name]]
                proper[k] &= abs(ratio - round(ratio)) < 1e-9
                degree[k, names[k][name]] += round(ratio) * (1 if side.tape.opcode[row] in _HALF else 2)
    points = [[2 * int(degree[k, j]) + 1 for j in range(len(names[k]))] for k in range(n)]
    return points, unit, [good and math.prod(p) <= _MOST_POINTS for good, p in zip(proper, points, strict=True)]


def compare_symbolic(
    old: Tape,
    new: Tape,
    regions: Sequence[Ints],
    pieces: Sequence[NDArray[np.intp]],
    slots: Sequence[Ints],
    ids: NDArray[np.intp],
    width: Ints,
    atol: float,
    all_names: Sequence[str],
    shared: Floats,
) -> SymbolicOutcome:
    """Compare the regions `ids` on their own grids, and return their phases at the points `shared[k, name]`."""
    n = len(ids)
    local = np.full(len(width), -1, dtype=np.int32)
    local[ids] = np.arange(n)
    sides = [_side(t, r, p, local) for t, r, p in zip((old, new), regions, pieces, strict=True)]
    names: list[dict[str, int]] = [{} for _ in range(n)]
    for side in sides:
        for k, e in zip(side.local, side.exprs, strict=True):
            for name in e.names:
                names[k].setdefault(name, len(names[k]))
    points, unit, proper = _grid(sides, names, n)
    rng = np.random.default_rng(_SEED)
    sizes = [math.prod(p) if good else _RANDOM_POINTS for p, good in zip(points, proper, strict=True)]
    worst = np.zeros(n)
    most = max((len(d) for d in names), default=0)

    def compare(values: Floats) -> tuple[Floats, Floats]:
        products = [
            matrices_of(side.at(names, values), region, rows, slot, ids, width)
            for side, region, rows, slot in zip(sides, regions, pieces, slots, strict=True)
        ]
        return compare_matrices(products[0], products[1], width[ids])

    for g in range(max(sizes, default=0)):
        values = np.zeros((n, most))
        for k in range(n):
            rest = g % sizes[k]
            for j in range(len(names[k])):
                if proper[k]:
                    rest, step = divmod(rest, points[k][j])
                    values[k, j] = 4 * math.pi * step / (unit[k, j] * points[k][j])
                else:
                    values[k, j] = rng.uniform(-3.0, 3.0)
        worst = np.maximum(worst, compare(values)[1])
        if not (worst <= atol).all():
            return SymbolicOutcome(int(ids[np.argmin(worst <= atol)]), math.inf, np.zeros((len(shared), n)), "exact")
    column = {name: k for k, name in enumerate(all_names)}
    phases = np.zeros((len(shared), n))
    for s, point in enumerate(shared):
        values = np.zeros((n, most))
        for k in range(n):
            for name, j in names[k].items():
                values[k, j] = point[column[name]]
        phases[s] = compare(values)[0]
    return SymbolicOutcome(-1, float(worst.sum()), phases, "exact" if all(proper) else "numerical")
