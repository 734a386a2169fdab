"""From Cirq: any circuit as a tape, global phase exact.

Logical qubit i is the i-th in Cirq's default order. Gates become rows by `cirq_in_gates`; an unknown gate is
decomposed, else kept as its matrix (up to three qubits), else kept in its place as OPAQUE, like channels and waits.
The phase of a classically conditioned gate is dropped: it is not observable, for a measurement stands before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import cirq
import numpy as np
import sympy

from qcompile.errors import InputError
from qcompile.tape.builder import TapeBuilder
from qcompile.tape.cirq_in_conditions import condition_of
from qcompile.tape.cirq_in_gates import Piece, handler_of
from qcompile.tape.control import controlled
from qcompile.tape.expr import Angle, Expr
from qcompile.tape.opcodes import Op
from qcompile.tape.records import Call, Condition, Opaque
from qcompile.tape.simulate import tape_unitary
from qcompile.tape.tape import Tape

__all__ = ["from_cirq"]

_MAX_DEPTH = 64
_MOST_TEXT = 80  # letters of a gate's own name that are repeated in messages
_PLAIN: tuple[type[Any], ...] = (cirq.GateOperation, cirq.SingleQubitPauliStringGateOperation)
_ATOL = 1e-8  # how well a foreign decomposition must agree with its own gate


def from_cirq(circuit: cirq.AbstractCircuit, *, qubit_order: Any = None) -> Tape:
    """Return a Cirq circuit as a tape.

    Args:
        circuit: Any circuit on qubits: symbols, controls, tags, sub-circuits, measurements, classical conditions and
            channels included.
        qubit_order: A `cirq.QubitOrder` or qubits in order; it may name qubits that the circuit does not use.

    Returns:
        A tape with the unitary of the circuit, global phase included; its qubit k is the k-th of the order.

    Raises:
        InputError: Qudits, confusion maps, loops that end on a measurement, or symbols outside the function list.
    """
    order = cirq.QubitOrder.as_qubit_order(cirq.QubitOrder.DEFAULT if qubit_order is None else qubit_order)
    qubits = order.order_for(circuit.all_qubits())
    for q in qubits:
        if q.dimension != 2:
            raise InputError(f"has {q.dimension} levels", where=f"qubit {q}", hint="use qubits of two levels")
    in_line = all(type(q) is cirq.LineQubit and q.x == k for k, q in enumerate(qubits))
    reader = _Reader(qubits, () if in_line else tuple(str(q) for q in qubits))
    reader.moments(circuit.moments)
    return reader.tape()


class _Reader:
    """Appends Cirq operations to a builder."""

    def __init__(self, qubits: Sequence[cirq.Qid], names: tuple[str, ...] = (), depth: int = 0) -> None:
        self.qubits = tuple(qubits)
        self.index = {q: k for k, q in enumerate(qubits)}
        self.builder = TapeBuilder(len(qubits), names)
        self.phases: list[Angle] = []
        self.widths: dict[str, int] = {}  # bits of each key measured so far
        self.condition: Condition | None = None
        self.tags: tuple[Any, ...] = ()
        self.depth = depth

    def tape(self) -> Tape:
        self.builder.phase = Expr.total(self.phases)
        return self.builder.build()

    def moments(self, moments: Iterable[cirq.Moment]) -> None:
        """Append every operation; plain gates take the short way."""
        known: dict[int, tuple[Any, Piece]] = {}  # by identity; the gate is held so that its id stays its own
        index, rows = self.index, self.rows
        for moment in moments:
            for op in moment.operations:
                if type(op) not in _PLAIN:
                    self.operation(op)
                    continue
                gate = op._gate  # type: ignore[attr-defined] # the property costs as much as the rest of this loop
                found = known.get(id(gate))
                if found is None:
                    handler = handler_of(type(gate))
                    piece = None if handler is None else handler(gate)
                    if piece is None:
                        self.operation(op)
                        continue
                    if not any(len(row[2]) for row in piece[1]):
                        known[id(gate)] = (gate, piece)
                else:
                    piece = found[1]
                rows(piece, [index[q] for q in op._qubits])  # type: ignore[attr-defined] # see above

    def rows(self, piece: Piece, qubits: Sequence[int]) -> None:
        """Append the rows of a known gate."""
        phase, rows = piece
        if self.condition is None:
            if type(phase) is not float or phase:
                self.phases.append(phase)
            if not self.tags and len(rows) == 1 and len(rows[0][1]) == len(qubits) <= 2:
                code, _, angles = rows[0]
                if type(angles) is tuple and self.builder.add_plain(code, qubits, angles):
                    return
        for code, local, angles in rows:
            where = [qubits[k] for k in local]
            if code in (Op.MAT1, Op.MAT2, Op.MAT3):
                self.builder.add_matrix(angles, *where, condition=self.condition, tags=self.tags)
            else:
                self.builder.add(Op(code), *where, angles=angles, condition=self.condition, tags=self.tags)

    def operation(self, op: cirq.Operation) -> None:
        """Append one operation of any kind."""
        if isinstance(op, cirq.TaggedOperation):
            before = self.tags
            self.tags = (*before, *op.tags)
            self.operation(op.sub_operation)
            self.tags = before
        elif isinstance(op, cirq.ClassicallyControlledOperation):
            self.conditioned(op)
        elif isinstance(op, cirq.CircuitOperation):
            self.circuit(op)
        elif isinstance(op, cirq.ControlledOperation):
            self.controls(op.control_values, op.controls, op.sub_operation)
        elif isinstance(op.gate, cirq.ControlledGate):
            n = op.gate.num_controls()
            if op.gate.num_qubits() == n:  # a controlled global phase
                sub: cirq.Operation = op.gate.sub_gate.on()
            else:
                sub = op.gate.sub_gate.on(*op.qubits[n:])
            self.controls(op.gate.control_values, op.qubits[:n], sub)
        elif isinstance(op.gate, cirq.MeasurementGate):
            self.measurement(op.gate, op.qubits)
        elif isinstance(op.gate, cirq.WaitGate):
            self.opaque(op)
        else:
            gate = op.gate
            handler = handler_of(type(gate)) if gate is not None and type(op) in _PLAIN else None
            piece = None if handler is None else handler(gate)
            if piece is not None:
                self.rows(piece, [self.index[q] for q in op.qubits])
            else:
                self.unknown(op)

    def measurement(self, gate: cirq.MeasurementGate, qubits: Sequence[cirq.Qid]) -> None:
        key = str(gate.mkey)
        if gate.confusion_map:
            raise InputError(
                "has a confusion map",
                where=f"measurement {key!r}",
                hint="leave readout errors to the machine's profile",
            )
        self.widths[key] = len(qubits)
        where = [self.index[q] for q in qubits]
        mask = tuple(bool(v) for v in gate.invert_mask)
        self.builder.measure(*where, key=key, invert=mask, condition=self.condition, tags=self.tags)

    def conditioned(self, op: cirq.ClassicallyControlledOperation) -> None:
        found = sorted(op.classical_controls, key=repr)
        if self.condition is not None:
            raise InputError(f"holds {op} inside another condition", where="circuit", hint="use one list of conditions")
        self.condition = condition_of(found, self.widths)
        self.operation(op.without_classical_controls())
        self.condition = None

    def controls(self, values: Any, controls: Sequence[cirq.Qid], sub: cirq.Operation) -> None:
        """Append `sub` under quantum controls: one run a product term, for the terms exclude each other."""
        body = self.sub_tape(sub.qubits, [sub])
        for pattern in _patterns(values):
            kept = [(q, v) for q, v in zip(controls, pattern, strict=True) if v is not None]
            where = [self.index[q] for q in (*(q for q, _ in kept), *sub.qubits)]
            self.splice(controlled(body, [v for _, v in kept if v is not None]), where)

    def circuit(self, op: cirq.CircuitOperation) -> None:
        """Append a sub-circuit: as a CALL when it is unitary and repeated, else unrolled."""
        if op.repeat_until is not None or isinstance(op.repetitions, sympy.Basic):
            raise InputError(
                "holds a sub-circuit with no fixed number of repetitions", where="circuit", hint="give a number"
            )
        times = abs(int(op.repetitions))
        if times > 1 and self.condition is None and not cirq.is_measurement(op) and not cirq.control_keys(op):
            sign = 1 if op.repetitions > 0 else -1
            once = op.replace(repetitions=sign, repetition_ids=None, use_repetition_ids=False).mapped_circuit()
            body = from_cirq(once, qubit_order=op.qubits)
            if body.is_unitary:
                self.builder.call(Call(body, times), *(self.index[q] for q in op.qubits), tags=self.tags)
                return
        unrolled = op.mapped_circuit()
        if self.condition is not None and set(cirq.measurement_key_names(unrolled)) & set(self.condition.keys):
            raise InputError(
                "holds a conditioned sub-circuit that measures its own condition",
                where="circuit",
                hint="condition its operations one by one",
            )
        for inner in unrolled.all_operations():
            self.operation(inner)

    def unknown(self, op: cirq.Operation) -> None:
        """Append a gate that has no row of its own: decomposed, as its matrix, or opaque."""
        n = len(op.qubits)
        if self.depth < _MAX_DEPTH:
            parts = cirq.decompose_once(op, None)
            if parts is not None and {q for part in parts for q in part.qubits} <= set(op.qubits):
                if cirq.is_measurement(op):
                    for part in parts:
                        self.operation(part)
                    return
                body = _as_meant(self.sub_tape(op.qubits, parts), op)
                if body is not None:
                    self.splice(body, [self.index[q] for q in op.qubits])
                    return
        if cirq.is_measurement(op):
            raise InputError(f"measures by {op}", where="circuit", hint="use cirq.measure")
        matrix = cirq.unitary(op, None) if n <= 3 else None
        if matrix is None:
            self.opaque(op)
        elif n:
            where = [self.index[q] for q in op.qubits]
            self.builder.add_matrix(matrix, *where, condition=self.condition, tags=self.tags)
        elif self.condition is None:
            self.phases.append(float(np.angle(matrix[0, 0])))

    def opaque(self, op: cirq.Operation) -> None:
        what = op if op.gate is None else op.gate
        lines = str(what).splitlines() or [""]
        text = lines[0] if len(lines) == 1 and len(lines[0]) <= _MOST_TEXT else type(what).__name__
        item = Opaque(text, what)
        where = [self.index[q] for q in op.qubits]
        self.builder.opaque(item, *where, condition=self.condition, tags=self.tags)

    def sub_tape(self, qubits: Sequence[cirq.Qid], ops: Iterable[cirq.Operation]) -> Tape:
        """Return operations as a tape of their own."""
        inner = _Reader(qubits, depth=self.depth + 1)
        inner.widths = self.widths
        for op in ops:
            inner.operation(op)
        return inner.tape()

    def splice(self, body: Tape, qubits: Sequence[int]) -> None:
        """Append a tape with the present condition and tags."""
        if self.condition is None:
            self.phases.append(body.phase)
        self.builder.extend(body.replace(phase=Expr()), qubits, condition=self.condition, tags=self.tags)


def _as_meant(body: Tape, op: cirq.Operation) -> Tape | None:
    """Return a decomposition with the global phase of its gate, or None when the matrix is the better answer."""
    if len(op.qubits) > 3 or body.parameters:
        return body
    matrix = cirq.unitary(op, None)
    if matrix is None:
        return body
    if not body.is_unitary and not body.calls:
        return None
    made = tape_unitary(body)
    overlap = complex(np.vdot(made, matrix)) / len(matrix)
    if abs(abs(overlap) - 1) > _ATOL:
        return None
    delta = float(np.angle(overlap))
    return body if abs(delta) < 1e-12 else body.with_phase(delta)


def _patterns(values: Any) -> list[tuple[int | None, ...]]:
    """Return the product terms of control values; None is a control that may have either value."""
    if isinstance(values, cirq.ProductOfSums):
        terms: list[tuple[int | None, ...]] = [()]
        for allowed in values:
            choice: Sequence[int | None] = [None] if len(set(allowed)) == 2 else list(allowed)
            terms = [(*term, v) for term in terms for v in choice]
        return terms
    return [tuple(int(v) for v in term) for term in values.expand()]
