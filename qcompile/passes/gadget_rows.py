"""Rows as Pauli rotations, and Pauli rotations as rows."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.kernels.euler import zyz_angles
from qcompile.passes.rotations import PAIR_FORM, SINGLE_FORM
from qcompile.tape import Expr, Op, Tape, TapeBuilder
from qcompile.tape.matrices import gate_matrix
from qcompile.tape.opcodes import AXES
from qcompile.tape.simulate import row_matrices

__all__ = ["Turn", "add_flip", "add_rotation", "clifford_of", "is_gadget_row", "turns_by_row", "turns_of"]

Angle = float | Expr
Complex = NDArray[np.complex128]
_HALF = math.pi / 2
_PRODUCTS: dict[Op, tuple[tuple[int, int, float], ...]] = {
    Op.SWAP: ((1, 1, _HALF), (2, 2, _HALF), (3, 3, _HALF)),
    Op.ISWAP: ((1, 1, -_HALF), (2, 2, -_HALF)),
    Op.ISWAPDG: ((1, 1, _HALF), (2, 2, _HALF)),
    Op.ECR: ((3, 1, _HALF), (1, 0, math.pi)),
}


@frozen(eq=False)
class Turn:
    """A rotation about the Pauli `axes[0]` on `first`, times `axes[1]` on `second` (-1 where there is none)."""

    first: int
    second: int
    axes: tuple[int, int]
    angle: Angle


def is_gadget_row(tape: Tape) -> NDArray[np.bool_]:
    """Return which rows are products of Pauli rotations on at most two qubits, whatever else they are."""
    known = SINGLE_FORM.known | PAIR_FORM.known
    known = known.copy()
    known[[Op.I, Op.H, *_PRODUCTS]] = True
    out = known[tape.opcode]
    euler = np.isin(tape.opcode, (Op.U3, Op.PHXZ, Op.MAT1, Op.GPI, Op.GPI2))
    return np.asarray(out | (euler & ~tape.is_symbolic))


def turns_of(tape: Tape) -> list[Turn]:
    """Return the rotations of a tape whose rows all are gadget rows, in order; global phases are left out."""
    return [turn for _, turn in turns_by_row(tape)]


def turns_by_row(tape: Tape) -> list[tuple[int, Turn]]:
    """Return the rotations of a tape as `turns_of` does, each with its row."""
    found: list[tuple[int, Turn]] = []
    euler = np.flatnonzero(np.isin(tape.opcode, (Op.U3, Op.PHXZ, Op.MAT1, Op.GPI, Op.GPI2)))
    angles, place = np.zeros((0, 3)), {}
    if len(euler):
        angles = zyz_angles(row_matrices(tape, euler))[0]
        place = {int(row): k for k, row in enumerate(euler)}
    for row in range(len(tape)):
        code = Op(int(tape.opcode[row]))
        a, b = int(tape.qubits[row, 0]), int(tape.qubits[row, 1])
        out: list[Turn] = []
        if code is Op.I:
            continue
        if code is Op.H:
            out += [Turn(a, -1, (2, 0), _HALF), Turn(a, -1, (1, 0), math.pi)]
        elif row in place:
            z2, y, z1 = (float(v) for v in angles[place[row]])
            out += [Turn(a, -1, (3, 0), z1), Turn(a, -1, (2, 0), y), Turn(a, -1, (3, 0), z2)]
        elif code in _PRODUCTS:
            out += [Turn(a, b if q else -1, (p, q), t) for p, q, t in _PRODUCTS[code]]
        else:
            form = SINGLE_FORM if SINGLE_FORM.known[code] else PAIR_FORM
            value = tape.angles_of(row)[0] if tape.expr[row, 0] >= 0 else float(tape.angle[row, 0])
            main, first, second = (value * float(form.factor[code, k]) + float(form.const[code, k]) for k in range(3))
            p, q = int(AXES[code, 0]), int(AXES[code, 1])
            if form is SINGLE_FORM:
                out.append(Turn(a, -1, (p, 0), main))
            else:
                out += [Turn(a, b, (p, q), main), Turn(a, -1, (p, 0), first), Turn(b, -1, (q, 0), second)]
        found += [(row, t) for t in out if isinstance(t.angle, Expr) or t.angle != 0.0]
    return found


def add_flip(builder: TapeBuilder, a: int, b: int, kind: int) -> None:
    """Append C(P, Q), up to a phase."""
    p, q = kind // 3 + 1, kind % 3 + 1
    if p == 3:
        builder.add((Op.CX, Op.CY, Op.CZ)[q - 1], a, b)
    elif q == 3:
        builder.add((Op.CX, Op.CY, Op.CZ)[p - 1], b, a)
    else:  # X = H Z H, Y = S X S^-1
        for op in (Op.SDG, Op.H)[2 - p :]:
            builder.add(op, a)
        builder.add(Op.CX if q == 1 else Op.CY, a, b)
        for op in (Op.H, Op.S)[:p]:
            builder.add(op, a)


_SINGLE = {1: Op.RX, 2: Op.RY, 3: Op.RZ}
_DOUBLE = {1: Op.RXX, 2: Op.RYY, 3: Op.RZZ}


def add_rotation(builder: TapeBuilder, a: int, b: int, p: int, q: int, angle: Angle) -> None:
    """Append the rotation about P on a, times Q on b where q is not 0."""
    if q == 0 or p == 0:
        builder.add(_SINGLE[p or q], a if p else b, angles=[angle])
    elif p == q:
        builder.add(_DOUBLE[p], a, b, angles=[angle])
    elif 3 in (p, q):
        control, target, other = (a, b, q) if p == 3 else (b, a, p)
        builder.add(Op.CRX if other == 1 else Op.CRY, control, target, angles=[angle * -2.0])
        builder.add(_SINGLE[other], target, angles=[angle])
    else:
        # S X S^-1 = Y turns the rotation about X and Y into one about X and X.
        y = a if p == 2 else b
        builder.add(Op.SDG, y)
        builder.add(Op.RXX, a, b, angles=[angle])
        builder.add(Op.S, y)


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
