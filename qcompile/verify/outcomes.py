"""Tapes with measurements, resets and conditions, by exact branching; and distributions of measured bits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.errors import InputError
from qcompile.tape import SPECS, Condition, Op, Tape
from qcompile.tape.simulate import row_matrix
from qcompile.verify.gates import dense_gates
from qcompile.verify.simulate import compact, without_terminal_measurements

__all__ = ["Branch", "Outcomes", "branches", "measured_bits", "outcome_distribution"]

Complex = NDArray[np.complex128]
Floats = NDArray[np.float64]
Bit = tuple[str, int]

#: Most branches that are followed; a limit on work, not on time.
MAX_BRANCHES = 1 << 14
_LOST = 1e-30  # squared norm under which a branch cannot matter


@frozen(eq=False)
class Branch:
    """One history of a run.

    Attributes:
        bits: Measured bits by (key, bit), the last value written.
        state: complex128[2**n], unnormalised: its squared norm is the probability of the history.
    """

    bits: dict[Bit, int]
    state: Complex


@frozen(eq=False)
class Outcomes:
    """A distribution over measured bits.

    Attributes:
        bits: (key, bit) pairs in the order in which keys appear, bits ascending; the first is the most significant.
        probability: float[2**len(bits)].
    """

    bits: tuple[Bit, ...]
    probability: Floats

    def marginal(self, bits: tuple[Bit, ...]) -> Floats:
        """Return the distribution of some bits, the first most significant."""
        m = len(self.bits)
        axes = [self.bits.index(b) for b in bits]
        tensor = self.probability.reshape([2] * m)
        rest = tuple(k for k in range(m) if k not in axes)
        left = tensor.sum(axis=rest) if rest else tensor
        order = np.argsort(np.argsort(axes))
        return np.ascontiguousarray(left.transpose(order)).reshape(-1)


def measured_bits(tape: Tape) -> tuple[Bit, ...]:
    """Return every (key, bit) that a tape writes: keys in order of appearance, bits ascending."""
    found: dict[str, set[int]] = {}
    for row in np.flatnonzero(tape.opcode == Op.MEASURE):
        item = tape.measurements[tape.payload[row]]
        found.setdefault(item.key, set()).update(range(item.offset, item.offset + int(tape.arity[row])))
    return tuple((key, bit) for key, values in found.items() for bit in sorted(values))


def holds(condition: Condition, bits: Mapping[Bit, int]) -> bool:
    """Return whether a classical condition holds.

    Raises:
        InputError: A key has not been measured yet.
    """
    for key in condition.keys:
        if not any(name == key for name, _ in bits):
            raise InputError(f"reads key {key!r} before it is measured", where="circuit")
    if condition.kind == "nonzero":
        value = any(bits[b] for b in bits if b[0] in condition.keys)
    elif condition.kind == "bits":
        spelled = 0
        for bit in condition.bits:
            spelled = 2 * spelled + bits.get(bit, 0)
        value = spelled == condition.value
    else:
        import cirq

        store = cirq.ClassicalDataDictionaryStore()
        for key in condition.keys:
            where = sorted(b for name, b in bits if name == key)
            qubits = cirq.LineQubit.range(len(where))
            store.record_measurement(cirq.MeasurementKey.parse_serialized(key), [bits[key, b] for b in where], qubits)
        value = bool(condition.payload.resolve(store))
    return value != condition.negate


def branches(tape: Tape, state: Complex) -> list[Branch]:
    """Return every history of a tape from one state.

    Args:
        tape: Numeric tape; channels are taken through their Kraus operators, each a history.
        state: complex128[2**m] with m >= n_qubits; qubits beyond the tape's are spectators, such as a reference system.

    Raises:
        InputError: There are too many histories, or an opaque operation has no Kraus operators.
    """
    tape = tape.inlined()
    width = int(np.log2(state.size))
    live = [Branch({}, np.array(state, dtype=np.complex128).reshape(-1))]
    phase = np.exp(1j * float(tape.phase))
    special = (tape.opcode >= Op.MEASURE) | (tape.condition >= 0)
    row, n = 0, len(tape)
    while row < n:
        if not special[row]:
            stop = row
            while stop < n and not special[stop]:
                stop += 1
            part = tape.take(np.arange(row, stop)).replace(phase=0.0).relabeled(range(tape.n_qubits), n_qubits=width)
            after = dense_gates(part).apply(np.stack([b.state for b in live]))
            live = [Branch(b.bits, after[k]) for k, b in enumerate(live)]
            row = stop
            continue
        if tape.opcode[row] != Op.BARRIER:
            live = [new for b in live for new in _step(tape, row, b, width)]
            if len(live) > MAX_BRANCHES:
                raise InputError(f"has more than {MAX_BRANCHES} histories", where="circuit")
        row += 1
    return [Branch(b.bits, phase * b.state) for b in live]


def _step(tape: Tape, row: int, branch: Branch, width: int) -> list[Branch]:
    if tape.condition[row] >= 0 and not holds(tape.conditions[tape.condition[row]], branch.bits):
        return [branch]
    op, qubits = Op(int(tape.opcode[row])), tape.qubits_of(row)
    if op is Op.MEASURE:
        item, out = tape.measurements[tape.payload[row]], [branch]
        for k, q in enumerate(qubits):
            flip = k < len(item.invert) and item.invert[k]
            out = [
                Branch({**b.bits, (item.key, item.offset + k): value ^ int(flip)}, part)
                for b in out
                for value in (0, 1)
                if _norm(part := _projected(b.state, q, value, width)) > _LOST
            ]
        return out
    if op is Op.RESET:
        out = []
        for value in (0, 1):
            part = _projected(branch.state, qubits[0], value, width)
            if _norm(part) > _LOST:
                out.append(Branch(branch.bits, _moved_to_zero(part, qubits[0], width) if value else part))
        return out
    kraus = _kraus(tape.opaques[tape.payload[row]].payload) if op is Op.OPAQUE else [row_matrix(tape, row)]
    if op is Op.CALL:  # calls were unrolled
        raise AssertionError(SPECS[op].name)
    tensor = np.moveaxis(branch.state.reshape([2] * width), qubits, range(len(qubits)))
    out = []
    for matrix in kraus:
        moved = (matrix @ tensor.reshape(len(matrix), -1)).reshape(tensor.shape)
        part = np.ascontiguousarray(np.moveaxis(moved, range(len(qubits)), qubits)).reshape(-1)
        if _norm(part) > _LOST:
            out.append(Branch(branch.bits, part))
    return out


def _kraus(gate: Any) -> list[Complex]:
    import cirq

    found = cirq.kraus(gate, default=None)
    if found is None:
        raise InputError(f"holds {gate!r}, whose meaning is not known", where="circuit")
    return [np.asarray(k, dtype=np.complex128) for k in found]


def _norm(state: Complex) -> float:
    return float(np.vdot(state, state).real)


def _projected(state: Complex, qubit: int, value: int, width: int) -> Complex:
    out = np.array(state).reshape(2**qubit, 2, -1)
    out[:, 1 - value] = 0
    return out.reshape(2**width)


def _moved_to_zero(state: Complex, qubit: int, width: int) -> Complex:
    return np.ascontiguousarray(state.reshape(2**qubit, 2, -1)[:, ::-1]).reshape(2**width)


def outcome_distribution(tape: Tape, *, state: Complex | None = None) -> Outcomes:
    """Return the exact distribution of everything a tape measures.

    Args:
        tape: Numeric tape; qubits that no row touches cost nothing when `state` is not given.
        state: complex128[2**n_qubits], the input; all zeros when left out.

    Raises:
        InputError: Nothing is measured, the tape is symbolic, or it has too many histories.
    """
    tape = tape.inlined()
    order = measured_bits(tape)
    if not order:
        raise InputError("measures nothing", where="circuit", hint="add a measurement")
    if state is None:
        tape, _ = compact(tape)
        state = np.zeros(2**tape.n_qubits, dtype=np.complex128)
        state[0] = 1
    middle, last = without_terminal_measurements(tape)
    place = {bit: k for k, bit in enumerate(order)}
    out = np.zeros([2] * len(order))
    width = tape.n_qubits
    qubits = sorted({q for q, _ in last.values()})
    for branch in branches(middle, state):
        weight = (np.abs(branch.state) ** 2).reshape([2] * width)
        weight = weight.sum(axis=tuple(q for q in range(width) if q not in qubits))
        index: list[Any] = [branch.bits.get(bit, 0) for bit in order]
        free = sorted((place[bit], q, flip) for bit, (q, flip) in last.items())
        for k, q, flip in free:
            index[k] = slice(None)
            if flip:
                weight = np.flip(weight, axis=qubits.index(q))
        # Axes of `weight` follow the qubits; those of the slice follow the bits.
        out[tuple(index)] += weight.transpose([qubits.index(q) for _, q, _ in free]) if free else weight
    return Outcomes(order, out.reshape(-1))
