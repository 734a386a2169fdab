"""Wide gates and symbolic two-qubit gates as pairs and rotations of one angle."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
from attrs import evolve

from qcompile.synthesis.emit import add_two_qubit
from qcompile.synthesis.multi_controlled import add_mcp, add_mcx, add_toffoli
from qcompile.synthesis.shannon import add_unitary
from qcompile.tape import Angle, Expr, Op, Tape, TapeBuilder
from qcompile.tape.matrices import gate_matrix

__all__ = ["add_cswap", "add_symbolic_pair", "decompose_wide"]

_WIDE = (Op.CCX, Op.CCZ, Op.CSWAP, Op.MAT3, Op.MCX, Op.MCP)
#: Two-qubit gates with angles: kept while numeric, since block synthesis reads their matrices; taken apart when
#: symbolic.
_PAIRS = (Op.CRX, Op.CRY, Op.CRZ, Op.CP, Op.RXX, Op.RYY, Op.RZZ, Op.FSIM)
_HALF_TURN = 0.5 * math.pi


def decompose_wide(tape: Tape, *, keep: Collection[Op] = (), borrow: bool = True, clean: Collection[int] = ()) -> Tape:
    """Return an equal tape, phase included, without unitary gates on more than two qubits or symbolic gates outside
    `keep`.

    A symbolic two-qubit gate becomes RZZ(t) or RXX(t) where `keep` holds one of them, else CX R(t) CX: in both cases
    every symbolic angle
    stays the affine angle of one rotation. Numeric two-qubit gates stay. Conditions, tags, origins and fences pass to
    the new rows.

    Args:
        tape: Logical tape. The bodies of CALL rows are treated the same way.
        keep: Operation codes that may stay though wide or symbolic (what the machine has natively, or what is routed
        whole).
        borrow: Use idle qubits as dirty ancillas of gates with many controls where that saves CNOTs.
        clean: Qubits without a row of their own that start in 0: used as clean ancillas, and given back in 0. The
            result then equals the tape on such inputs only.
    """
    allowed = frozenset(Op(op) for op in keep)
    if tape.calls:
        calls = tuple(evolve(c, tape=decompose_wide(c.tape, keep=allowed, borrow=borrow)) for c in tape.calls)
        tape = tape.replace(calls=calls)
    mask = np.isin(tape.opcode, [op for op in _WIDE if op not in allowed])
    mask |= np.isin(tape.opcode, [op for op in _PAIRS if op not in allowed]) & tape.is_symbolic
    rows = np.flatnonzero(mask)
    if not rows.size:
        return tape
    builder = TapeBuilder(tape.n_qubits)
    sources: list[int] = []
    for row in rows:
        _expand(builder, tape, int(row), allowed, borrow=borrow, clean=tuple(clean))
        sources += [int(row)] * (len(builder) - len(sources))
    joined = Tape.concat([tape.take(~mask), builder.build()])
    order = np.argsort(np.concatenate([np.flatnonzero(~mask), np.array(sources, dtype=np.intp)]), kind="stable")
    return joined.take(order)


def _expand(
    builder: TapeBuilder, tape: Tape, row: int, keep: frozenset[Op], *, borrow: bool, clean: tuple[int, ...]
) -> None:
    """Append the gates that replace one row."""
    op, qubits, angles = Op(int(tape.opcode[row])), tape.qubits_of(row), tape.angles_of(row)
    builder.origin = tape.origins[tape.origin[row]] if tape.origin[row] >= 0 else ""
    builder.fence = int(tape.fence[row])
    condition = tape.conditions[tape.condition[row]] if tape.condition[row] >= 0 else None
    tags = tape.tags[tape.tag[row]] if tape.tag[row] >= 0 else ()
    matrix = tape.mat3[tape.payload[row]] if op is Op.MAT3 else None
    if condition is None and not tags:
        _add(builder, op, qubits, angles, matrix, keep, borrow=borrow, clean=clean)
    else:
        part = TapeBuilder(tape.n_qubits)
        _add(part, op, qubits, angles, matrix, keep, borrow=borrow)
        if condition is not None:
            _phase_as_gates(part, qubits[0])
        done = part.build()
        every = np.zeros(len(done), dtype=np.int32)
        if condition is not None:
            done = done.replace(condition=every, conditions=(condition,))
        if tags:
            done = done.replace(tag=every, tags=(tags,))
        builder.extend(done)
    builder.origin, builder.fence = "", 0


def _phase_as_gates(builder: TapeBuilder, qubit: int) -> None:
    """Turn the phase into gates, which a condition can hold: exp(i f) = P(2f) Rz(-2f)."""
    if builder.phase == Expr():
        return
    builder.add(Op.P, qubit, angles=[builder.phase * 2.0])
    builder.add(Op.RZ, qubit, angles=[builder.phase * -2.0])
    builder.phase = Expr()


def _add(
    builder: TapeBuilder,
    op: Op,
    qubits: Sequence[int],
    angles: Sequence[Angle],
    matrix: npt.NDArray[np.complex128] | None,
    keep: frozenset[Op],
    *,
    borrow: bool,
    clean: tuple[int, ...] = (),
) -> None:
    """Append one gate in pieces."""
    others = [q for q in range(builder.n_qubits) if q not in qubits and q not in clean]
    idle = others if borrow and op in (Op.MCX, Op.MCP) else []
    if op is Op.CCX:
        add_toffoli(builder, *qubits)
    elif op is Op.CCZ:
        builder.add(Op.H, qubits[2])
        add_toffoli(builder, *qubits)
        builder.add(Op.H, qubits[2])
    elif op is Op.CSWAP:
        add_cswap(builder, *qubits)
    elif op is Op.MCX:
        add_mcx(builder, qubits[:-1], qubits[-1], clean=clean, dirty=idle)
    elif op is Op.MCP:
        add_mcp(builder, angles[0], qubits, clean=clean, dirty=idle)
    elif matrix is not None:
        add_unitary(builder, matrix, qubits)
    else:
        add_symbolic_pair(builder, op, qubits[0], qubits[1], angles, keep=keep)


def add_cswap(builder: TapeBuilder, control: int, first: int, second: int) -> None:
    """Append the controlled SWAP: 7 CX.

    CX (second to first) on both sides of a doubly controlled Z between Hadamards; its last phase gate on the pair and
    the CX after it
    are one two-qubit gate of two CX.
    """
    builder.add(Op.CX, second, first)
    builder.add(Op.H, second)
    for k in range(4):
        builder.add(Op.CX, (second, first)[k % 2], control)
        builder.add((Op.TDG, Op.T)[k % 2], control)
    builder.add(Op.T, second)
    add_two_qubit(builder, first, second, [_cswap_tail()])


@cache
def _cswap_tail() -> npt.NDArray[np.complex128]:
    """Return CX(second, first) H(second) and the ZZ phase of the doubly controlled Z on (first, second)."""
    cx, swap = gate_matrix(Op.CX), gate_matrix(Op.SWAP)
    phases = np.kron(gate_matrix(Op.T), gate_matrix(Op.TDG))
    out = swap @ cx @ swap @ np.kron(np.eye(2), gate_matrix(Op.H)) @ cx @ phases @ cx
    return np.asarray(out, dtype=np.complex128)


def add_symbolic_pair(
    builder: TapeBuilder,
    op: Op,
    first: int,
    second: int,
    angles: Sequence[Angle],
    *,
    keep: Collection[Op] = (),
) -> None:
    """Append a two-qubit gate with angles (numbers or expressions) as rotations of one native axis.

    Everything is reduced to R_ZZ: CRZ(t) = Rz(t/2) on the target and R_ZZ(-t/2); CP(t) the same with both Rz and a
    phase t/4; other Pauli axes
    by Cliffords. FSIM(t, f) = R_XX(t) R_YY(t) CP(-f); its first two share two CX.

    Args:
        op: CRX, CRY, CRZ, CP, RXX, RYY, RZZ or FSIM.
        keep: If it holds RZZ or RXX, that gate is the interaction; else two CX are.
    """
    t = angles[0]
    if op is Op.FSIM:
        _add_exchange(builder, first, second, t, keep)
        add_symbolic_pair(builder, Op.CP, first, second, [-angles[1]], keep=keep)
    elif op in (Op.RZZ, Op.RXX, Op.RYY):
        axis = {Op.RZZ: "z", Op.RXX: "x", Op.RYY: "y"}[op]
        _add_interaction(builder, axis, first, second, t, keep)
    elif op is Op.CP:
        builder.add(Op.RZ, first, angles=[t * 0.5])
        builder.add(Op.RZ, second, angles=[t * 0.5])
        _add_interaction(builder, "z", first, second, t * -0.5, keep)
        builder.phase = builder.phase + t * 0.25
    else:
        axis = {Op.CRZ: "z", Op.CRX: "x", Op.CRY: "y"}[op]
        _to_z(builder, axis, second)
        builder.add(Op.RZ, second, angles=[t * 0.5])
        _add_interaction(builder, "z", first, second, t * -0.5, keep)
        _from_z(builder, axis, second)


def _to_z(builder: TapeBuilder, axis: str, qubit: int) -> None:
    """Append the Clifford C with C P C^dagger = Z."""
    if axis == "y":
        builder.add(Op.SDG, qubit)
    if axis != "z":
        builder.add(Op.H, qubit)


def _from_z(builder: TapeBuilder, axis: str, qubit: int) -> None:
    """Append its inverse."""
    if axis != "z":
        builder.add(Op.H, qubit)
    if axis == "y":
        builder.add(Op.S, qubit)


def _add_interaction(
    builder: TapeBuilder, axis: str, first: int, second: int, angle: Angle, keep: Collection[Op]
) -> None:
    """Append exp(-i angle/2 PP)."""
    if axis == "x" and Op.RXX in keep:
        builder.add(Op.RXX, first, second, angles=[angle])
        return
    for q in (first, second):
        _to_z(builder, axis, q)
    if Op.RZZ in keep:
        builder.add(Op.RZZ, first, second, angles=[angle])
    elif Op.RXX in keep:
        for q in (first, second):
            builder.add(Op.H, q)
        builder.add(Op.RXX, first, second, angles=[angle])
        for q in (first, second):
            builder.add(Op.H, q)
    else:
        builder.add(Op.CX, first, second)
        builder.add(Op.RZ, second, angles=[angle])
        builder.add(Op.CX, first, second)
    for q in (first, second):
        _from_z(builder, axis, q)


def _add_exchange(builder: TapeBuilder, first: int, second: int, angle: Angle, keep: Collection[Op]) -> None:
    """Append exp(-i angle/2 (XX + YY))."""
    if Op.RZZ in keep or Op.RXX in keep:
        _add_interaction(builder, "x", first, second, angle, keep)
        _add_interaction(builder, "y", first, second, angle, keep)
        return
    # Rx(pi/2) on both turns ZZ to YY and keeps XX; CX turns X on the control to XX and Z on the target to ZZ.
    for q in (first, second):
        builder.add(Op.RX, q, angles=[-_HALF_TURN])
    builder.add(Op.CX, first, second)
    builder.add(Op.RX, first, angles=[angle])
    builder.add(Op.RZ, second, angles=[angle])
    builder.add(Op.CX, first, second)
    for q in (first, second):
        builder.add(Op.RX, q, angles=[_HALF_TURN])
