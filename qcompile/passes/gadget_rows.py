"""Rows as Pauli rotations, and the one-qubit Cliffords."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.kernels.euler import zyz_angles
from qcompile.passes.rotations import PAIR_FORM, SINGLE_FORM
from qcompile.tape import Expr, Op, Tape
from qcompile.tape.matrices import gate_matrix
from qcompile.tape.opcodes import AXES
from qcompile.tape.simulate import row_matrices

__all__ = ["Turns", "clifford_of", "is_gadget_row", "turns_of"]

Complex = NDArray[np.complex128]
_HALF = math.pi / 2
_NOWHERE = np.zeros(0, dtype=np.intp)
_PRODUCTS: dict[Op, tuple[tuple[int, int, float], ...]] = {
    Op.SWAP: ((1, 1, _HALF), (2, 2, _HALF), (3, 3, _HALF)),
    Op.ISWAP: ((1, 1, -_HALF), (2, 2, -_HALF)),
    Op.ISWAPDG: ((1, 1, _HALF), (2, 2, _HALF)),
    Op.ECR: ((3, 1, _HALF), (1, 0, math.pi)),
}


_EULER = (Op.U3, Op.PHXZ, Op.MAT1, Op.GPI, Op.GPI2)


@frozen(eq=False)
class Turns:
    """Rotations about Paulis on one or two qubits, in order of execution.

    Attributes:
        row: int64[m], the row that each is part of, ascending.
        first, second: int32[m], its qubits, second -1 where there is none.
        axes: int8[m, 2], the Pauli on each (1 X, 2 Y, 3 Z, 0 where there is no qubit).
        angle: float64[m], radians; 0 where symbolic.
        exprs: Symbolic angles by place.
    """

    row: NDArray[np.intp]
    first: NDArray[np.int32]
    second: NDArray[np.int32]
    axes: NDArray[np.int8]
    angle: NDArray[np.float64]
    exprs: dict[int, Expr]

    def __len__(self) -> int:
        return len(self.row)


@frozen(eq=False)
class _Patterns:
    """What each operation code is made of: at most three rotations, angles affine in the gate's own.

    Attributes:
        gadget, euler: bool[256], whether rows are products of rotations, and whether a matrix tells which.
        count: int[256], number of rotations.
        lone: bool[256, 3], whether a rotation is about one qubit.
        side: int[256, 3], which of the gate's qubits is its first.
        axes: int8[256, 3, 2].
        factor, const: float[256, 3].
    """

    gadget: NDArray[np.bool_]
    euler: NDArray[np.bool_]
    count: NDArray[np.intp]
    lone: NDArray[np.bool_]
    side: NDArray[np.intp]
    axes: NDArray[np.int8]
    factor: NDArray[np.float64]
    const: NDArray[np.float64]


def _patterns() -> _Patterns:
    gadget, euler = np.zeros(256, dtype=bool), np.zeros(256, dtype=bool)
    count, side = np.zeros(256, dtype=np.intp), np.zeros((256, 3), dtype=np.intp)
    lone, axes = np.ones((256, 3), dtype=bool), np.zeros((256, 3, 2), dtype=np.int8)
    factor, const = np.zeros((256, 3)), np.zeros((256, 3))
    fixed: dict[Op, tuple[tuple[int, int, float], ...]] = {Op.H: ((2, 0, _HALF), (1, 0, math.pi)), **_PRODUCTS}
    for op, parts in fixed.items():
        count[op] = len(parts)
        for k, (p, q, angle) in enumerate(parts):
            lone[op, k], axes[op, k], const[op, k] = q == 0, (p, q), angle
    for op in _EULER:
        euler[op], count[op], axes[op, :, 0] = True, 3, (3, 2, 3)
    for code in np.flatnonzero(SINGLE_FORM.known):
        count[code], axes[code, 0, 0] = 1, AXES[code, 0]
        factor[code, 0], const[code, 0] = SINGLE_FORM.factor[code, 0], SINGLE_FORM.const[code, 0]
    for code in np.flatnonzero(PAIR_FORM.known):
        p, q = AXES[code, :2]
        count[code], lone[code, 0], side[code, 2], axes[code] = 3, False, 1, ((p, q), (p, 0), (q, 0))
        factor[code], const[code] = PAIR_FORM.factor[code, :3], PAIR_FORM.const[code, :3]
    gadget[count > 0] = True
    gadget[Op.I] = True
    return _Patterns(gadget, euler, count, lone, side, axes, factor, const)


_PATTERNS = _patterns()


def is_gadget_row(tape: Tape) -> NDArray[np.bool_]:
    """Return which rows are products of Pauli rotations on at most two qubits, whatever else they are."""
    out = _PATTERNS.gadget[tape.opcode]
    if tape.exprs:
        out &= ~(_PATTERNS.euler[tape.opcode] & tape.is_symbolic)
    return np.asarray(out)


def turns_of(tape: Tape) -> Turns:
    """Return the rotations of a tape whose rows all are gadget rows, in order; global phases are left out."""
    code = tape.opcode
    count = _PATTERNS.count[code]
    row = np.repeat(np.arange(len(tape)), count)
    place = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    codes = code[row]
    symbolic = np.flatnonzero(tape.expr[row, 0] >= 0) if tape.exprs else _NOWHERE
    value = tape.angle[row, 0].copy()
    value[symbolic] = 0.0
    angle = value * _PATTERNS.factor[codes, place] + _PATTERNS.const[codes, place]
    euler = np.flatnonzero(_PATTERNS.euler[code])
    if len(euler):
        angle[_PATTERNS.euler[codes]] = zyz_angles(row_matrices(tape, euler))[0][:, ::-1].reshape(-1)
    some = angle != 0.0
    exprs: dict[int, Expr] = {}
    for k in symbolic.tolist():
        factor = float(_PATTERNS.factor[codes[k], place[k]])
        if factor != 0.0:
            exprs[k] = tape.exprs[tape.expr[row[k], 0]] * factor + float(angle[k])
            angle[k], some[k] = 0.0, True
    if exprs:
        index = np.cumsum(some) - 1
        exprs = {int(index[k]): value for k, value in exprs.items()}
    row, codes, place = row[some], codes[some], place[some]
    side = _PATTERNS.side[codes, place]
    lone = _PATTERNS.lone[codes, place]
    first = tape.qubits[row, side]
    second = np.where(lone, np.int32(-1), tape.qubits[row, 1])
    return Turns(row, first, second, _PATTERNS.axes[codes, place], angle[some], exprs)


@cache
def _cliffords() -> dict[tuple[int, int, int, int], Complex]:
    """Return the 24 one-qubit Cliffords V by (P, sign, Q, sign) with V^-1 X V = +-P and V^-1 Z V = +-Q."""
    pauli = [gate_matrix(op) for op in (Op.X, Op.Y, Op.Z)]
    h, s = gate_matrix(Op.H), gate_matrix(Op.S)
    known: dict[tuple[int, int, int, int], Complex] = {}
    todo: list[Complex] = [np.eye(2, dtype=np.complex128)]
    while todo:
        v = todo.pop()
        key: list[int] = []
        for start in (pauli[0], pauli[2]):
            image = v.conj().T @ start @ v
            overlap = [float(np.trace(image @ m).real) / 2 for m in pauli]
            k = int(np.argmax(np.abs(overlap)))
            key += [k + 1, int(overlap[k] < 0)]
        name = (key[0], key[1], key[2], key[3])
        if name not in known:
            known[name] = v
            todo += [v @ h, v @ s]
    return known


def clifford_of(p: int, p_sign: int, q: int, q_sign: int) -> Complex:
    """Return a V with V^-1 X V = (-1)^p_sign P and V^-1 Z V = (-1)^q_sign Q."""
    return _cliffords()[p, p_sign, q, q_sign]
