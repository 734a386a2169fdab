"""Tapes one after another, backwards, and with their calls unrolled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from qcompile.errors import InputError
from qcompile.tape.expr import Expr
from qcompile.tape.matrices import adjoint_op
from qcompile.tape.opcodes import IS_UNITARY, SPECS, Op
from qcompile.tape.tape import COLUMNS, Tape

__all__ = ["adjoint", "concat", "inlined"]

_TABLES = ("exprs", "measurements", "conditions", "opaques", "calls", "tags", "origins")
_MATRICES = ("mat1", "mat2", "mat3")
_PAYLOAD_TABLES = {
    Op.MAT1: "mat1",
    Op.MAT2: "mat2",
    Op.MAT3: "mat3",
    Op.MEASURE: "measurements",
    Op.OPAQUE: "opaques",
    Op.CALL: "calls",
}


def concat(tapes: Sequence[Tape]) -> Tape:
    """Return the tapes one after another; all must have the same width.

    Raises:
        InputError: Nothing to join, or the widths differ.
    """
    if not tapes or len({t.n_qubits for t in tapes}) != 1:
        raise InputError("needs tapes of one width", where="concat")
    if len(tapes) == 1:
        return tapes[0]
    start: dict[str, int] = dict.fromkeys((*_TABLES, *_MATRICES, "wide"), 0)
    parts: dict[str, list[Any]] = {name: [] for name in (*COLUMNS, "wide_indices")}
    indptr: list[Any] = [np.zeros(1, dtype=np.int32)]
    for tape in tapes:
        shift = {
            "expr": start["exprs"],
            "wide": start["wide"],
            "condition": start["conditions"],
            "tag": start["tags"],
            "origin": start["origins"],
        }
        for name in COLUMNS:
            column = getattr(tape, name)
            if shift.get(name):
                column = np.where(column >= 0, column + shift[name], column)
            elif name == "payload":
                column = column.copy()
                for op, table in _PAYLOAD_TABLES.items():
                    if start[table]:
                        column[tape.opcode == op] += start[table]
            parts[name].append(column)
        parts["wide_indices"].append(tape.wide_indices)
        indptr.append(tape.wide_indptr[1:] + (indptr[-1][-1] if len(indptr[-1]) else 0))
        if not len(indptr[-1]):
            indptr.pop()
        for name in (*_TABLES, *_MATRICES):
            start[name] += len(getattr(tape, name))
        start["wide"] += max(0, len(tape.wide_indptr) - 1)
    first = tapes[0]
    return first.replace(
        **{name: np.concatenate(parts[name]) for name in parts},
        wide_indptr=np.concatenate(indptr),
        **{name: tuple(item for t in tapes for item in getattr(t, name)) for name in _TABLES},
        **{name: np.concatenate([getattr(t, name) for t in tapes]) for name in _MATRICES},
        phase=Expr.total(t.phase for t in tapes),
    )


def adjoint(tape: Tape) -> Tape:
    """Return the inverse of a unitary tape: rows backwards, each inverted, phase negated."""
    tape = tape.inlined().take(np.arange(len(tape.inlined()))[::-1])
    allowed = IS_UNITARY[tape.opcode] | (tape.opcode == Op.BARRIER)
    if not allowed.all() or (tape.condition >= 0).any():
        row = int(np.argmin(allowed & (tape.condition < 0)))
        name = SPECS[Op(int(tape.opcode[row]))].name
        raise InputError(f"cannot be inverted: it holds {name!r}", where="circuit", hint="invert unitary circuits only")
    opcode, angle, expr, payload = tape.opcode.copy(), tape.angle.copy(), tape.expr.copy(), tape.payload.copy()
    exprs = list(tape.exprs)

    def negate(rows: Any, columns: Sequence[int]) -> None:
        for k in columns:
            angle[rows, k] *= -1
            for row in (int(r) for r in np.flatnonzero(rows & (expr[:, k] >= 0))):
                exprs.append(-exprs[expr[row, k]])
                expr[row, k] = len(exprs) - 1

    for code in np.unique(tape.opcode):
        op = Op(int(code))
        rows = tape.opcode == code
        if op is Op.U3:  # inverse of U3(t, p, l) is U3(-t, -l, -p)
            angle[rows] = angle[rows][:, [0, 2, 1]]
            expr[rows] = expr[rows][:, [0, 2, 1]]
            negate(rows, (0, 1, 2))
        elif op is Op.PHXZ:  # inverse of Z^z Z^a X^x Z^-a is Z^a X^-x Z^-a Z^-z = Z^-z Z^(a+z) X^-x Z^-(a+z)
            for row in (int(r) for r in np.flatnonzero(rows)):
                x, z, a = (Expr.of(v) for v in tape.angles_of(row))
                for k, value in enumerate((-x, -z, a + z)):
                    expr[row, k] = -1
                    angle[row, k] = value.const
                    if not value.is_number:
                        exprs.append(value)
                        expr[row, k] = len(exprs) - 1
        elif op is Op.GPI2:
            angle[rows, 0] += np.pi
            for row in (int(r) for r in np.flatnonzero(rows & (expr[:, 0] >= 0))):
                exprs.append(exprs[expr[row, 0]] + np.pi)
                expr[row, 0] = len(exprs) - 1
        elif op is Op.SYC:
            opcode[rows] = Op.FSIM
            angle[rows, :2] = (-np.pi / 2, -np.pi / 6)
        elif op in (Op.MAT1, Op.MAT2, Op.MAT3, Op.BARRIER):
            continue
        else:
            found = adjoint_op(op)
            if found is None:
                raise InputError(f"has no inverse for {SPECS[op].name!r}", where="circuit")
            opcode[rows] = found[0]
            negate(rows, [k for k in range(SPECS[op].n_angles) if found[1][k] < 0])
    return tape.replace(
        opcode=opcode,
        angle=angle,
        expr=expr,
        payload=payload,
        exprs=tuple(exprs),
        mat1=tape.mat1.conj().transpose(0, 2, 1),
        mat2=tape.mat2.conj().transpose(0, 2, 1),
        mat3=tape.mat3.conj().transpose(0, 2, 1),
        phase=-tape.phase,
    )


def inlined(tape: Tape) -> Tape:
    """Return the tape with each CALL replaced by its runs, in place."""
    parts: list[Tape] = []
    last = 0
    for row in (int(r) for r in np.flatnonzero(tape.opcode == Op.CALL)):
        parts.append(tape.take(np.arange(last, row)).replace(phase=Expr(), calls=()))
        call = tape.calls[tape.payload[row]]
        body = call.tape.inlined().relabeled(tape.qubits_of(row), n_qubits=tape.n_qubits)
        for run in range(call.repetitions):
            bound = body.bind(dict(call.bindings[run])) if call.bindings else body
            parts.append(bound.replace(qubit_names=tape.qubit_names))
        last = row + 1
    parts.append(tape.take(np.arange(last, len(tape))).replace(phase=Expr(), calls=()))
    return concat(parts).with_phase(tape.phase)
