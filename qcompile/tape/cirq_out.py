"""To Cirq: a tape as a circuit of earliest moments, global phase as its own operation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cirq
import numpy as np
import sympy

from qcompile.errors import InputError
from qcompile.tape.cirq_out_conditions import conditions_for, key_object
from qcompile.tape.cirq_out_gates import MAKERS, fixed_gates, gate_of, half_turns
from qcompile.tape.cirq_out_phase import CARRIERS, absorb_phase
from qcompile.tape.expr import Angle, Expr
from qcompile.tape.opcodes import Op
from qcompile.tape.tape import Tape

__all__ = ["to_cirq"]


def to_cirq(tape: Tape, *, qubits: Sequence[cirq.Qid] | None = None) -> cirq.Circuit:
    """Return a tape as a Cirq circuit.

    Args:
        tape: Any tape; a BARRIER becomes a boundary that no operation of its qubits crosses.
        qubits: Cirq qubit of each qubit of the tape; the default is `LineQubit(k)`.

    Returns:
        A circuit with the same unitary, global phase included. Moments are filled by the earliest strategy. A bit of
        a key that is measured piece by piece gets its own key, `key[bit]`.

    Raises:
        InputError: Too few qubits, a condition on what is not measured, or an opaque gate that is none of Cirq's.
    """
    line = cirq.LineQubit.range(tape.n_qubits) if qubits is None else list(qubits)
    if len(line) != tape.n_qubits or len(set(line)) != len(line):
        raise InputError(f"has {len(line)} qubits", where="to_cirq", hint=f"give {tape.n_qubits} different qubits")
    if any(call.bindings or not call.tape.is_unitary for call in tape.calls):
        tape = tape.inlined()
    return _Writer(tape, line).circuit()


class _Writer:
    def __init__(self, tape: Tape, line: Sequence[cirq.Qid]) -> None:
        self.tape, self.line = tape, line
        self.fixed = fixed_gates()
        # U3 is a PhasedXZGate up to a phase; see gate_of.
        u3 = np.flatnonzero((tape.opcode == Op.U3) & (tape.expr[:, 0] >= 0) & (tape.condition < 0))
        symbolic = Expr.total([tape.phase, *(Expr.of(tape.angles_of(int(r))[0]) * -0.5 for r in u3)])
        self.shifts, phase = absorb_phase(tape, symbolic)
        self.phases: list[Angle] = [phase]
        self.written: dict[str, int] = {}  # first moment after the last measurement of a key
        self.read: dict[str, int] = {}  # first moment after the last condition on a key
        self.key_names = _key_names(tape)
        self.keys: dict[str, list[str]] = {}  # measured so far
        self.bits: dict[tuple[str, int], tuple[str, int, int]] = {}

    def circuit(self) -> cirq.Circuit:
        """Return the whole circuit."""
        tape, line, fixed = self.tape, self.line, self.fixed
        quick = (tape.wide < 0) & (tape.condition < 0) & (tape.tag < 0) & ~tape.is_symbolic
        without = (quick & np.isin(tape.opcode, list(fixed))).tolist()
        with_angles = (quick & np.isin(tape.opcode, list(MAKERS))).tolist()
        moments: list[list[cirq.Operation]] = []
        free = [0] * tape.n_qubits  # first moment that each qubit may still use
        codes, pairs, angles = tape.opcode.tolist(), tape.qubits.tolist(), tape.angle.tolist()
        for row, code in enumerate(codes):
            if without[row] or with_angles[row]:
                if without[row]:
                    gate = fixed[code]
                else:
                    gate, phase = MAKERS[code](angles[row])
                    if phase:
                        self.phases.append(phase)
                a, b = pairs[row]
                at = free[a]
                if b >= 0:
                    at = max(at, free[b])
                    free[b] = at + 1
                    op = gate.on(line[a], line[b])
                else:
                    op = gate.on(line[a])
                free[a] = at + 1
            else:
                where = tape.qubits_of(row)
                at = max([0, *(free[q] for q in where)])
                if code == Op.BARRIER:
                    for q in where:
                        free[q] = at
                    continue
                at = self.after_keys(row, at)
                op = self.operation(row, Op(code), where)
                for q in where:
                    free[q] = at + 1
            while len(moments) <= at:
                moments.append([])
            moments[at].append(op)
        total = Expr.total(self.phases)
        if not total.is_number or total.const != 0.0:
            moments = moments or [[]]
            moments[-1].append(_global_phase(total))
        return cirq.Circuit(cirq.Moment.from_ops(*ops) for ops in moments)

    def after_keys(self, row: int, at: int) -> int:
        """Return the first moment from `at` in which a row may use its measurement keys, and book it."""
        tape = self.tape
        read = tape.conditions[tape.condition[row]].keys if tape.condition[row] >= 0 else ()
        written = tape.measurements[tape.payload[row]].key if tape.opcode[row] == Op.MEASURE else None
        at = max([at, *(self.written.get(key, 0) for key in read)])
        if written is not None:
            at = max(at, self.written.get(written, 0), self.read.get(written, 0))
            self.written[written] = at + 1
        for key in read:
            self.read[key] = max(at + 1, self.read.get(key, 0))
        return at

    def operation(self, row: int, op: Op, where: tuple[int, ...]) -> cirq.Operation:
        """Return the operation of one row, with its condition and tags."""
        tape = self.tape
        qubits = [self.line[q] for q in where]
        made: cirq.Operation
        if op is Op.MEASURE:
            made = self.measurement(row, qubits)
        elif op in (Op.MAT1, Op.MAT2, Op.MAT3):
            matrix = (tape.mat1, tape.mat2, tape.mat3)[len(qubits) - 1][tape.payload[row]]
            made = cirq.MatrixGate(matrix, unitary_check=False).on(*qubits)
        elif op is Op.OPAQUE:
            made = _opaque(tape.opaques[tape.payload[row]], qubits)
        elif op is Op.CALL:
            call = tape.calls[tape.payload[row]]
            inside = cirq.LineQubit.range(call.tape.n_qubits)
            body = to_cirq(call.tape).freeze()
            missing = [q for q in inside if q not in body.all_qubits()]
            if missing:  # so that the sub-circuit keeps its width
                body = cirq.FrozenCircuit(cirq.Moment(cirq.I.on_each(*missing)), body)
            mapped: dict[cirq.Qid, cirq.Qid] = dict(zip(inside, qubits, strict=True))
            made = cirq.CircuitOperation(body, repetitions=call.repetitions, qubit_map=mapped)
        else:
            gate: Any = self.fixed.get(op)
            if row in self.shifts:
                exponent = half_turns(tape.angles_of(row)[0])
                gate = CARRIERS[op][0](exponent=exponent, global_shift=self.shifts[row])
            elif gate is None:
                gate, phase = gate_of(op, tape.angles_of(row), len(qubits))
                if tape.condition[row] < 0 and tape.expr[row, 0] < 0 and phase:
                    self.phases.append(phase)
            made = gate.on(*qubits)
        if tape.condition[row] >= 0:
            made = made.with_classical_controls(
                *conditions_for(tape.conditions[tape.condition[row]], self.bits, self.keys)
            )
        if tape.tag[row] >= 0:
            made = made.with_tags(*tape.tags[tape.tag[row]])
        return made

    def measurement(self, row: int, qubits: Sequence[cirq.Qid]) -> cirq.Operation:
        record = self.tape.measurements[self.tape.payload[row]]
        n = len(qubits)
        name = self.key_names[int(self.tape.payload[row]), n]
        parts = self.keys.setdefault(record.key, [])
        if name not in parts:
            parts.append(name)
        for k in range(n):
            self.bits[record.key, record.offset + k] = (name, k, n)
        return cirq.measure(*qubits, key=key_object(name), invert_mask=record.invert)


def _key_names(tape: Tape) -> dict[tuple[int, int], str]:
    """Return Cirq's key for each (row of `measurements`, number of qubits): the plain key unless it comes in pieces."""
    rows = np.flatnonzero(tape.opcode == Op.MEASURE)
    used = {(int(tape.payload[r]), int(tape.arity[r])) for r in rows}
    pieces: dict[str, set[tuple[int, int]]] = {}
    for payload, n in used:
        record = tape.measurements[payload]
        pieces.setdefault(record.key, set()).add((record.offset, n))
    out, taken = dict[tuple[int, int], str](), set(pieces)
    for payload, n in sorted(used):
        record = tape.measurements[payload]
        name = record.key
        if pieces[record.key] != {(0, n)}:
            last = record.offset + n - 1
            name += f"[{record.offset}]" if n == 1 else f"[{record.offset}-{last}]"
            while name in taken:
                name += "_"
            taken.add(name)
        out[payload, n] = name
    return out


def _opaque(item: Any, qubits: Sequence[cirq.Qid]) -> cirq.Operation:
    if isinstance(item.payload, cirq.Gate):
        return item.payload.on(*qubits)
    if isinstance(item.payload, cirq.Operation):
        return item.payload.with_qubits(*qubits)
    raise InputError(f"holds the opaque gate {item.text!r}", where="circuit", hint="define it before going to Cirq")


def _global_phase(phase: Expr) -> cirq.Operation:
    if phase.is_number:
        return cirq.global_phase_operation(np.exp(1j * phase.const))
    gate: cirq.Gate = cirq.GlobalPhaseGate(sympy.exp(sympy.I * phase.to_sympy()))
    return gate.on()
