"""Which native two-qubit gate a block gets, and which way round."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, cast

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.errors import InputError
from qcompile.kernels.kak import weyl_coordinates
from qcompile.synthesis.two_qubit import NATIVE_OPS, cost
from qcompile.tape import Op, Tape
from qcompile.tape.opcodes import IS_SYMMETRIC

if TYPE_CHECKING:
    from qcompile.target import Target
    from qcompile.target.native import NativeGate

__all__ = ["NativeEdges", "native_counts", "native_edges"]

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]


@frozen(eq=False)
class NativeEdges:
    """The native gates on given pairs of qubits.

    Attributes:
        ops: k native gates.
        ranges: Lowest and highest angle of each, or None.
        allowed: bool[k, m], whether the pair has the gate.
        way: int8[k, m]; 0 either way round, 1 only as the pair is given, -1 only exchanged.
        weight: float[k, m], -log(1 - error) of one gate, nan when unknown.
    """

    ops: tuple[Op, ...]
    ranges: tuple[tuple[float, float] | None, ...]
    allowed: Bools
    way: NDArray[np.int8]
    weight: Floats

    def holds(self, tape: Tape, rows: NDArray[np.intp], pair: NDArray[np.intp], exchanged: Bools) -> Bools:
        """Return which numeric rows are native gates played in a direction and at an angle that the machine has.

        Args:
            tape: The tape.
            rows: Two-qubit rows.
            pair: For each row, the column of `allowed`.
            exchanged: For each row, whether its qubits are in the other order than the pair's.
        """
        out = np.zeros(len(rows), dtype=bool)
        for k, op in enumerate(self.ops):
            mine = (tape.opcode[rows] == op) & self.allowed[k, pair]
            if not IS_SYMMETRIC[op]:
                way = self.way[k, pair]
                mine &= (way == 0) | ((way == 1) != exchanged)
            limits = self.ranges[k]
            if limits is not None:
                angle = tape.angle[rows, 0]
                mine &= (angle >= limits[0] - 1e-12) & (angle <= limits[1] + 1e-12)
            out |= mine
        return out


def _known(gate: NativeGate) -> bool:
    """Return whether blocks can be decomposed into the gate; a ZZ gate must reach pi/2."""
    if gate.name not in NATIVE_OPS:
        return False
    limits = gate.angle_range
    return limits is None or not gate.parametric or (limits[0] <= 1e-9 and limits[1] >= math.pi / 2 - 1e-9)


@lru_cache(maxsize=32)
def _edge_keys(target: Target, n: int) -> NDArray[np.int64]:
    """Return int64[m], ascending: n times the first qubit of each edge, plus the second."""
    return np.asarray(target.edges[:, 0].astype(np.int64) * n + target.edges[:, 1])


def native_edges(target: Target | None, pairs: Ints) -> NativeEdges:
    """Return the native gates on `pairs[m, 2]`; without a target CZ everywhere.

    A pair that is no coupling gets every native gate, either way round: the tape is then not placed yet.

    Raises:
        InputError: The target has no native gate into which blocks can be decomposed.
    """
    m = len(pairs)
    if target is None:
        shape = (1, m)
        return NativeEdges((Op.CZ,), (None,), np.ones(shape, bool), np.zeros(shape, np.int8), np.full(shape, np.nan))
    gates = [g for g in target.natives if _known(g)]
    if not gates:
        names = ", ".join(g.name for g in target.natives)
        raise InputError(
            f"has no native gate that synthesis knows ({names})",
            where=f"target {target.name}",
            hint="add cz or another",
        )
    n = max(target.n_qubits, int(pairs.max(initial=0)) + 1)
    known = _edge_keys(target, n)
    keys = pairs.min(axis=1).astype(np.int64) * n + pairs.max(axis=1)
    edge = np.searchsorted(known, keys)
    found = edge < len(known)
    found[found] &= known[edge[found]] == keys[found]
    edge = np.where(found, edge, 0)
    exchanged = pairs[:, 0] > pairs[:, 1]
    allowed = np.ones((len(gates), m), dtype=bool)
    way = np.zeros((len(gates), m), dtype=np.int8)
    weight = np.full((len(gates), m), np.nan)
    if found.any():
        for k, gate in enumerate(gates):
            allowed[k] = ~found | gate.available[edge]
            way[k] = np.where(found, np.where(exchanged, -gate.direction[edge], gate.direction[edge]), 0)
            error = np.where(found, gate.error[edge], np.nan)
            weight[k] = -np.log1p(-np.minimum(error, 1 - 1e-12))
    ops = tuple(NATIVE_OPS[g.name] for g in gates)
    return NativeEdges(ops, tuple(g.angle_range for g in gates), allowed, way, weight)


def native_counts(edges: NativeEdges, matrices: Complex) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Return for each block the row of `edges.ops` to use and how many gates it takes.

    The least expected infidelity wins where every gate of the edge has a known error, else the least count.
    """
    coords = weyl_coordinates(np.ascontiguousarray(matrices))
    counts = np.stack([cost(coords, op) for op in edges.ops]).astype(np.int64)
    if len(edges.ops) == 1:
        return np.zeros(len(matrices), dtype=np.intp), counts[0]
    score = np.where(edges.allowed, counts.astype(np.float64), np.inf)
    weighed = np.where(edges.allowed, counts * edges.weight, np.inf)
    rated = ~np.isnan(weighed).any(axis=0)
    score[:, rated] = np.round(weighed[:, rated], 12)
    best = score.argmin(axis=0)
    return best, cast(NDArray[np.int64], np.take_along_axis(counts, best[None], axis=0)[0])
