"""A tape made conditional on control qubits, phase included; a cheaper form for circuits that start from zeros."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qcompile.errors import InputError
from qcompile.synthesis.multi_controlled import add_mcp, add_mcx
from qcompile.tape import SPECS, Expr, Op, Tape, TapeBuilder
from qcompile.tape.matrices import gate_matrix

__all__ = ["add_controlled_one_qubit", "controlled_tape", "expanded", "zero_branch_controlled"]

Complex = NDArray[np.complex128]
Item = Complex | tuple[str, Expr]

_AXIS_OPS = {Op.RX: "x", Op.RY: "y", Op.RZ: "z"}
# Gates that leave all zeros as it is, phase included: they need no control while the idle branch rests there.
_FIX_ZEROS = {Op.I, Op.CX, Op.CY, Op.CZ, Op.CH, Op.SWAP, Op.CRX, Op.CRY, Op.CRZ, Op.CP, Op.CCX, Op.CCZ, Op.CSWAP}
_FIX_ZEROS |= {Op.MCX, Op.MCP, Op.ISWAP, Op.ISWAPDG, Op.SQISWAP, Op.SQISWAPDG, Op.BARRIER}
_ATOL = 1e-12


def controlled_tape(tape: Tape, n_controls: int = 1) -> Tape:
    """Return the tape controlled by `n_controls` qubits put before its own.

    Raises:
        InputError: A row has no controlled form here.
    """
    b = TapeBuilder(tape.n_qubits + n_controls)
    controls = tuple(range(n_controls))
    flat = tape.inlined()
    for row in range(len(flat)):
        code = Op(int(flat.opcode[row]))
        qubits = tuple(q + n_controls for q in flat.qubits_of(row))
        if code is Op.BARRIER:
            continue
        if flat.condition[row] >= 0 or not SPECS[code].unitary:
            raise InputError(
                f"holds {SPECS[code].name!r}", where="controlled block", hint="only unitaries can be controlled"
            )
        if len(qubits) == 1:
            _one(b, controls, qubits[0], code, flat, row)
        else:
            _more(b, controls, qubits, code, flat, row)
    _phase(b, controls, flat.phase)
    return b.build()


def zero_branch_controlled(tape: Tape) -> Tape:
    """Return the tape controlled by one qubit put first, right only if all the others start in 0.

    Gates that fix all zeros (CNOT, CZ, SWAP...) stay uncontrolled: for control 0 the state never leaves all zeros. Runs
    of one-qubit gates are merged before they are controlled.
    """
    b = TapeBuilder(tape.n_qubits + 1)
    flat = tape.inlined()
    pending: dict[int, list[Item]] = {}
    for row in range(len(flat)):
        code = Op(int(flat.opcode[row]))
        qubits = tuple(q + 1 for q in flat.qubits_of(row))
        if flat.condition[row] >= 0 or (not SPECS[code].unitary and code is not Op.BARRIER):
            raise InputError(
                f"holds {SPECS[code].name!r}", where="controlled block", hint="only unitaries can be controlled"
            )
        if len(qubits) == 1:
            pending.setdefault(qubits[0], []).append(_item(code, flat, row))
            continue
        for q in qubits:
            flush_controlled(b, 0, q, pending.pop(q, []))
        if code in _FIX_ZEROS:
            if code is not Op.BARRIER:
                b.add(code, *qubits, angles=flat.angles_of(row))
        else:
            _more(b, (0,), qubits, code, flat, row)
    for q in sorted(pending):
        flush_controlled(b, 0, q, pending[q])
    _phase(b, (0,), flat.phase)
    return b.build()


def _item(code: Op, tape: Tape, row: int) -> Item:
    if tape.is_symbolic[row]:
        axis = _AXIS_OPS.get(code)
        if axis is None and code is not Op.P:
            raise InputError(
                f"holds {SPECS[code].name!r} with parameters", where="controlled block", hint="use rx, ry, rz"
            )
        return axis or "p", Expr.of(tape.angles_of(row)[0])
    return _matrix(code, tape, row)


def _matrix(code: Op, tape: Tape, row: int) -> Complex:
    if code is Op.MAT1:
        return np.asarray(tape.mat1[tape.payload[row]])
    return np.asarray(gate_matrix(code, *(float(a) for a in tape.angles_of(row))))


def flush_controlled(b: TapeBuilder, control: int, target: int, items: Sequence[Item]) -> None:
    """Append a controlled run of one-qubit gates: numeric neighbours merged, symbolic y-then-z pairs for two CNOT."""
    merged: list[Item] = []
    for item in items:
        if isinstance(item, tuple) or not merged or isinstance(merged[-1], tuple):
            merged.append(item)
        else:
            merged[-1] = item @ merged[-1]
    k = 0
    while k < len(merged):
        item = merged[k]
        after = merged[k + 1] if k + 1 < len(merged) else None
        if not isinstance(item, tuple):
            add_controlled_one_qubit(b, (control,), target, item)
        elif item[0] == "y" and isinstance(after, tuple) and after[0] == "z":
            _controlled_zy(b, control, target, item[1], after[1])
            k += 1
        else:
            b.add("cp" if item[0] == "p" else f"cr{item[0]}", control, target, angles=[item[1]])
        k += 1


def _controlled_zy(b: TapeBuilder, control: int, target: int, y: Expr, z: Expr) -> None:
    """Controlled Rz(z) Ry(y) with two CNOT for any angles.

    With D = Rz(z/2) Ry(y/2), D X D^-1 X = Rz(z/2) Ry(y) Rz(z/2); conjugating by Rz(z/2) gives Rz(z) Ry(y).
    """
    b.add("rz", target, angles=[z * -0.5])
    b.add("cx", control, target)
    b.add("rz", target, angles=[z * -0.5])
    b.add("ry", target, angles=[y * -0.5])
    b.add("cx", control, target)
    b.add("ry", target, angles=[y * 0.5])
    b.add("rz", target, angles=[z])


def add_controlled_one_qubit(b: TapeBuilder, controls: Sequence[int], target: int, matrix: Complex) -> None:
    """Append a controlled numeric one-qubit unitary: V CRz(beta) V^-1 and a phase on the controls."""
    alpha = 0.5 * float(np.angle(np.linalg.det(matrix)))
    special = matrix * np.exp(-1j * alpha)
    cosine = float(special.trace().real) / 2
    axis = np.array(
        [
            -special[0, 1].imag - special[1, 0].imag,
            special[1, 0].real - special[0, 1].real,
            special[1, 1].imag - special[0, 0].imag,
        ]
    )
    axis = axis / 2
    sine = float(np.linalg.norm(axis))
    if sine > _ATOL:
        n = axis / sine
        beta = 2 * float(np.arctan2(sine, cosine))
        if np.hypot(n[0], n[1]) < 1e-9:
            _controlled_rotation(b, controls, target, "z", beta * float(np.sign(n[2])))
        elif np.hypot(n[0], n[2]) < 1e-9:
            _controlled_rotation(b, controls, target, "y", beta * float(np.sign(n[1])))
        elif np.hypot(n[1], n[2]) < 1e-9:
            _controlled_rotation(b, controls, target, "x", beta * float(np.sign(n[0])))
        else:
            theta, phi = float(np.arctan2(np.hypot(n[0], n[1]), n[2])), float(np.arctan2(n[1], n[0]))
            b.add("rz", target, angles=[-phi])
            b.add("ry", target, angles=[-theta])
            _controlled_rotation(b, controls, target, "z", beta)
            b.add("ry", target, angles=[theta])
            b.add("rz", target, angles=[phi])
    elif cosine < 0:
        alpha += np.pi
    if abs(np.exp(1j * alpha) - 1) > _ATOL:
        _phase(b, controls, Expr(alpha))


def _controlled_rotation(b: TapeBuilder, controls: Sequence[int], target: int, axis: str, angle: float | Expr) -> None:
    if len(controls) == 1:
        b.add(f"cr{axis}", controls[0], target, angles=[angle])
        return
    half = Expr.of(angle) * 0.5
    if axis == "x":
        b.add("h", target)
    turn = "z" if axis == "x" else axis
    b.add(f"r{turn}", target, angles=[half])
    _mcx(b, controls, target)
    b.add(f"r{turn}", target, angles=[-half])
    _mcx(b, controls, target)
    if axis == "x":
        b.add("h", target)


def _mcx(b: TapeBuilder, controls: Sequence[int], target: int) -> None:
    code = {1: Op.CX, 2: Op.CCX}.get(len(controls), Op.MCX)
    b.add(code, *controls, target)


def _phase(b: TapeBuilder, controls: Sequence[int], angle: Expr) -> None:
    if angle.is_number and abs(np.exp(1j * angle.const) - 1) <= _ATOL:
        return
    if not controls:
        b.phase = b.phase + angle
    else:
        b.add({1: Op.P, 2: Op.CP}.get(len(controls), Op.MCP), *controls, angles=[angle])


def _one(b: TapeBuilder, controls: tuple[int, ...], target: int, code: Op, tape: Tape, row: int) -> None:
    angles = tape.angles_of(row)
    if code in _AXIS_OPS:
        _controlled_rotation(b, controls, target, _AXIS_OPS[code], angles[0])
    elif code is Op.P:
        _phase(b, (*controls, target), Expr.of(angles[0]))
    elif code is Op.X:
        _mcx(b, controls, target)
    elif code in (Op.Z, Op.S, Op.SDG, Op.T, Op.TDG):
        exponent = {Op.Z: 1.0, Op.S: 0.5, Op.SDG: -0.5, Op.T: 0.25, Op.TDG: -0.25}[code]
        if code is Op.Z and len(controls) == 1:
            b.add("cz", controls[0], target)
        else:
            _phase(b, (*controls, target), Expr(exponent * np.pi))
    elif code is Op.H and len(controls) == 1:
        b.add("ch", controls[0], target)
    elif tape.is_symbolic[row]:
        raise InputError(f"holds {SPECS[code].name!r} with parameters", where="controlled block", hint="use rx, ry, rz")
    else:
        add_controlled_one_qubit(b, controls, target, _matrix(code, tape, row))


def _more(b: TapeBuilder, controls: tuple[int, ...], qubits: tuple[int, ...], code: Op, tape: Tape, row: int) -> None:
    angles = tape.angles_of(row)
    if code in (Op.CX, Op.CCX, Op.MCX):
        _mcx(b, (*controls, *qubits[:-1]), qubits[-1])
    elif code in (Op.CZ, Op.CCZ):
        if len(controls) + len(qubits) == 3:
            b.add("ccz", *controls, *qubits)
        else:
            _phase(b, (*controls, *qubits), Expr(np.pi))
    elif code in (Op.CP, Op.MCP):
        _phase(b, (*controls, *qubits), Expr.of(angles[0]))
    elif code in (Op.SWAP, Op.CSWAP):
        *own, a, c = qubits
        if len(controls) + len(own) == 1:
            b.add("cswap", *controls, *own, a, c)
        else:
            b.add("cx", c, a)
            _mcx(b, (*controls, *own, a), c)
            b.add("cx", c, a)
    elif code in (Op.CRX, Op.CRY, Op.CRZ):
        _controlled_rotation(b, (*controls, qubits[0]), qubits[1], "xyz"[code - Op.CRX], angles[0])
    elif code is Op.CH:
        add_controlled_one_qubit(b, (*controls, qubits[0]), qubits[1], np.asarray(gate_matrix(Op.H)))
    elif code is Op.RZZ:
        b.add("cx", *qubits)
        _controlled_rotation(b, controls, qubits[1], "z", angles[0])
        b.add("cx", *qubits)
    elif code is Op.MAT2 and len(controls) == 1:
        matrix = np.eye(8, dtype=np.complex128)
        matrix[4:, 4:] = tape.mat2[tape.payload[row]]
        b.add_matrix(matrix, *controls, *qubits)
    else:
        raise InputError(
            f"holds {SPECS[code].name!r}",
            where="controlled block",
            hint="write it with CX, CZ, SWAP and one-qubit gates",
        )


def expanded(tape: Tape) -> Tape:
    """Return the tape with X and phases on four or more qubits written out, idle qubits borrowed where that saves."""
    wide = np.flatnonzero(((tape.opcode == Op.MCX) | (tape.opcode == Op.MCP)) & (tape.arity > 2))
    if not wide.size:
        return tape
    b = TapeBuilder(tape.n_qubits, tape.qubit_names)
    start = 0
    for row in wide:
        if row > start:
            b.extend(tape.take(np.arange(start, row)).replace(phase=Expr()))
        qubits = tape.qubits_of(int(row))
        idle = [q for q in range(tape.n_qubits) if q not in qubits]
        angles = tape.angles_of(int(row))
        is_pi = bool(angles) and not isinstance(angles[0], Expr) and abs(np.exp(1j * float(angles[0])) + 1) < _ATOL
        if tape.opcode[row] == Op.MCX and len(qubits) > 3:
            add_mcx(b, qubits[:-1], qubits[-1], dirty=idle)
        elif tape.opcode[row] == Op.MCX:
            b.add(Op.CCX, *qubits)
        elif is_pi and len(qubits) == 3:
            b.add(Op.CCZ, *qubits)
        else:
            add_mcp(b, angles[0], qubits, dirty=idle)
        start = int(row) + 1
    b.extend(tape.take(np.arange(start, len(tape))).replace(phase=Expr()))
    b.phase = b.phase + tape.phase
    return b.build()
