"""The steps of a search over Pauli rotations, and the Clifford behind them, as rows."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.passes.gadget_rows import clifford_of
from qcompile.tape import Expr, Op, Tape

__all__ = ["tape_of_steps"]

Angle = float | Expr
Ints = NDArray[np.int32]
Int8s = NDArray[np.int8]

_SINGLE = {1: Op.RX, 2: Op.RY, 3: Op.RZ}
_DOUBLE = {1: Op.RXX, 2: Op.RYY, 3: Op.RZZ}
#: A gate, its places among the step's qubits (a, b), and its angle over that of the step.
_Gate = tuple[Op, tuple[int, ...], float]


def _flip_gates(kind: int) -> list[_Gate]:
    """Return the gates of C(P, Q), up to a phase."""
    p, q = kind // 3 + 1, kind % 3 + 1
    if p == 3:
        return [((Op.CX, Op.CY, Op.CZ)[q - 1], (0, 1), 0.0)]
    if q == 3:
        return [((Op.CX, Op.CY, Op.CZ)[p - 1], (1, 0), 0.0)]
    # X = H Z H, Y = S X S^-1
    before: list[_Gate] = [(op, (0,), 0.0) for op in (Op.SDG, Op.H)[2 - p :]]
    after: list[_Gate] = [(op, (0,), 0.0) for op in (Op.H, Op.S)[:p]]
    return [*before, (Op.CX if q == 1 else Op.CY, (0, 1), 0.0), *after]


def _rotation_gates(p: int, q: int) -> list[_Gate]:
    """Return the gates of the rotation about P on a times Q on b, one of which may be 0."""
    if q == 0 or p == 0:
        return [(_SINGLE[p or q], (0 if p else 1,), 1.0)] if p or q else []
    if p == q:
        return [(_DOUBLE[p], (0, 1), 1.0)]
    if 3 in (p, q):
        pair, other = ((0, 1), q) if p == 3 else ((1, 0), p)
        return [(Op.CRX if other == 1 else Op.CRY, pair, -2.0), (_SINGLE[other], pair[1:], 1.0)]
    # S X S^-1 = Y turns the rotation about X and Y into one about X and X.
    y = 0 if p == 2 else 1
    return [(Op.SDG, (y,), 0.0), (Op.RXX, (0, 1), 1.0), (Op.S, (y,), 0.0)]


@frozen(eq=False)
class _Gates:
    """Gates of each kind of step: flips by kind, then rotations by 9 + 4 P + Q.

    Attributes:
        count: int[25].
        op: uint8[25, 5].
        place: int[25, 5, 2], 0 or 1 for a and b, 2 for none.
        factor: float[25, 5].
    """

    count: NDArray[np.intp]
    op: NDArray[np.uint8]
    place: NDArray[np.intp]
    factor: NDArray[np.float64]


def _gates() -> _Gates:
    listed = [_flip_gates(kind) for kind in range(9)] + [_rotation_gates(k // 4, k % 4) for k in range(16)]
    op, place, factor = np.zeros((25, 5), np.uint8), np.full((25, 5, 2), 2), np.zeros((25, 5))
    for k, gates in enumerate(listed):
        for i, (code, where, share) in enumerate(gates):
            op[k, i], place[k, i, : len(where)], factor[k, i] = code, where, share
    return _Gates(np.array([len(gates) for gates in listed]), op, place, factor)


_GATES = _gates()


def tape_of_steps(
    steps: Ints, paulis: Int8s, signs: Int8s, angles: list[Angle], image: Int8s, frame_signs: Int8s
) -> Tape:
    """Return the rows of steps, then one-qubit Cliffords and SWAPs.

    Args:
        steps: int32[k, 4], see `kernels.gadgets.reduce_gadgets`.
        paulis, signs: int8[m, n] and int8[m], the rotations as the steps left them: each is what it was when played.
        angles: Radians of the rotations.
        image, frame_signs: int8[2 n, n] and int8[2 n], what the Clifford makes of X and Z of each qubit, each pair on
            one qubit.
    """
    n = image.shape[1]
    played = (steps[:, 0] == 1) & (steps[:, 2] >= 0)
    steps, played = (part[played | (steps[:, 0] == 0)] for part in (steps, played))
    x, y, z = steps[:, 1], steps[:, 2], steps[:, 3]
    pairs = np.where(played[:, None], steps[:, 2:4], steps[:, 1:3])
    kind = z.copy()
    turned = np.flatnonzero(played)
    own = paulis[x[turned]]
    at = np.arange(len(turned))
    kind[turned] = 9 + 4 * own[at, y[turned]] + np.where(z[turned] >= 0, own[at, z[turned]], 0)
    count = _GATES.count[kind]
    row = np.repeat(np.arange(len(steps)), count)
    slot = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    kinds = kind[row]
    wide = np.column_stack([pairs, np.full(len(steps), -1, dtype=np.int32)])
    qubits = wide[row[:, None], _GATES.place[kinds, slot]]
    sign = np.where(signs == 1, -1.0, 1.0)
    numbers = np.array([0.0 if isinstance(a, Expr) else a for a in angles], dtype=np.float64) * sign
    turn = np.where(played, x, 0)[row] if len(angles) else np.zeros(len(row), dtype=np.intp)
    factor = _GATES.factor[kinds, slot]
    angle = np.zeros((len(row), 3))
    angle[:, 0] = np.where(factor != 0.0, numbers[turn] * factor, 0.0) if len(angles) else 0.0
    site = (image[::2] != 0).argmax(axis=1)
    across = np.arange(n)
    keys = np.stack([image[::2][across, site], frame_signs[::2], image[1::2][across, site], frame_signs[1::2]], axis=1)
    swaps = _swaps(site.tolist())
    total = len(row) + n + len(swaps)
    lone = np.column_stack([site, np.full(n, -1)])
    rows_of_none = np.full(total, -1, dtype=np.int32)
    payload = rows_of_none.copy()
    payload[len(row) : len(row) + n] = across
    expr = np.full((total, 3), -1, dtype=np.int32)
    exprs: dict[Expr, int] = {}
    if any(isinstance(a, Expr) for a in angles):
        for k in np.flatnonzero(factor != 0.0).tolist():
            value = angles[turn[k]]
            if isinstance(value, Expr):
                expr[k, 0] = exprs.setdefault(value * float(sign[turn[k]] * factor[k]), len(exprs))
    return Tape(
        n_qubits=n,
        opcode=np.concatenate([_GATES.op[kinds, slot], np.full(n, Op.MAT1), np.full(len(swaps), Op.SWAP)]),
        qubits=np.concatenate([qubits, lone, np.array(swaps, dtype=np.int32).reshape(-1, 2)]),
        angle=np.concatenate([angle, np.zeros((n + len(swaps), 3))]),
        expr=expr,
        wide=rows_of_none,
        payload=payload,
        condition=rows_of_none,
        tag=rows_of_none,
        origin=rows_of_none,
        fence=np.zeros(total, dtype=np.int32),
        wide_indptr=np.zeros(1, dtype=np.int32),
        wide_indices=np.zeros(0, dtype=np.int32),
        mat1=np.array([clifford_of(*key) for key in keys.tolist()]),
        exprs=tuple(exprs),
    )


def _swaps(site: list[int]) -> list[tuple[int, int]]:
    """Return the SWAPs after which what is on `site[q]` is on q."""
    where = list(site)
    out = []
    for q in range(len(where)):
        if where[q] != q:
            out.append((q, where[q]))
            other = where.index(q)
            where[other], where[q] = where[q], q
    return out
