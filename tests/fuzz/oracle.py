"""What a circuit does, by Cirq's own matrices and branching: nothing of the compiler's or the checker's algebra."""

from __future__ import annotations

from collections.abc import Sequence

import cirq
import numpy as np
from numpy.typing import NDArray

__all__ = ["TooManyHistories", "distance", "embedded", "histories", "records_of"]

Complex = NDArray[np.complex128]
Record = tuple[tuple[str, tuple[tuple[int, ...], ...]], ...]

MOST = 96
_LOST = 1e-24


class TooManyHistories(Exception):
    """More histories than are worth following."""


def histories(
    circuit: cirq.AbstractCircuit, qubits: Sequence[cirq.Qid], columns: Complex
) -> list[tuple[Record, Complex]]:
    """Return every history of a circuit on some states: what was recorded, and the unnormalised states.

    Args:
        circuit: Numeric.
        qubits: All of them, the first most significant.
        columns: complex128[2**n, c], states to start from.
    """
    n, place = len(qubits), {q: k for k, q in enumerate(qubits)}
    live: list[tuple[cirq.ClassicalDataDictionaryStore, Complex]] = [
        (cirq.ClassicalDataDictionaryStore(), columns.reshape((2,) * n + (-1,)))
    ]
    for op in circuit.all_operations():
        if isinstance(op.untagged, cirq.CircuitOperation):
            inner = list(op.untagged.mapped_circuit(deep=True).all_operations())
        else:
            inner = [op]
        for one in inner:
            axes = [place[q] for q in one.qubits]
            live = [new for store, state in live for new in _step(one, axes, store, state)]
            live = [(s, v) for s, v in live if np.vdot(v, v).real > _LOST]
            if len(live) > MOST:
                raise TooManyHistories
    return [(_record(store), state.reshape(2**n, -1)) for store, state in live]


def _copied(store: cirq.ClassicalDataDictionaryStore) -> cirq.ClassicalDataDictionaryStore:
    """Return a store of its own; Cirq's `copy` shares lists, so that a key measured again would show in both."""
    return cirq.ClassicalDataDictionaryStore(
        _records={k: list(v) for k, v in store.records.items()},
        _measured_qubits={k: list(v) for k, v in store.measured_qubits.items()},
        _channel_records={k: list(v) for k, v in store.channel_records.items()},
        _measurement_types=dict(store.measurement_types),
    )


def _record(store: cirq.ClassicalDataDictionaryStore) -> Record:
    return tuple(sorted((str(key), tuple(tuple(v) for v in values)) for key, values in store.records.items()))


def _step(
    op: cirq.Operation, axes: list[int], store: cirq.ClassicalDataDictionaryStore, state: Complex
) -> list[tuple[cirq.ClassicalDataDictionaryStore, Complex]]:
    if cirq.is_measurement(op) and isinstance(op.gate, cirq.MeasurementGate):
        out = []
        key = cirq.MeasurementKey.parse_serialized(cirq.measurement_key_name(op))
        flips = op.gate.full_invert_mask()
        for bits in np.ndindex(*(2,) * len(axes)):
            index: list[object] = [slice(None)] * state.ndim
            for axis, bit in zip(axes, bits, strict=True):
                index[axis] = bit
            kept = np.zeros_like(state)
            kept[tuple(index)] = state[tuple(index)]
            after = _copied(store)
            after.record_measurement(key, [b ^ int(f) for b, f in zip(bits, flips, strict=True)], op.qubits)
            out.append((after, kept))
        return out
    if isinstance(op.untagged, cirq.ClassicallyControlledOperation):
        if not all(c.resolve(store) for c in op.classical_controls):
            return [(store, state)]
        return _step(op.without_classical_controls(), axes, store, state)
    if cirq.has_unitary(op):
        return [(store, _applied(cirq.unitary(op), axes, state))]
    return [(_copied(store), _applied(k, axes, state)) for k in cirq.kraus(op)]


def _applied(matrix: Complex, axes: list[int], state: Complex) -> Complex:
    k = len(axes)
    moved = np.tensordot(matrix.reshape((2,) * (2 * k)), state, axes=(range(k, 2 * k), axes))
    return np.moveaxis(moved, range(k), axes)


def embedded(columns: Complex, places: Sequence[int], n: int) -> Complex:
    """Return states of k qubits as states of n, qubit j on `places[j]`, the rest in 0."""
    k = len(places)
    index = np.arange(2**k)
    where = sum(((index >> (k - 1 - j)) & 1) << (n - 1 - int(p)) for j, p in enumerate(places))
    out = np.zeros((2**n, columns.shape[1]), dtype=np.complex128)
    out[where if k else [0]] = columns
    return out


def distance(wanted: list[tuple[Record, Complex]], found: list[tuple[Record, Complex]], *, phase: bool) -> float:
    """Return how far two sets of histories are apart, summed over records; with one history each, entry by entry.

    Args:
        wanted, found: From `histories`, on the same qubits.
        phase: Whether a global phase counts.
    """
    if len(wanted) == len(found) == 1 and wanted[0][0] == found[0][0]:
        a, b = wanted[0][1], found[0][1]
        overlap = np.vdot(a, b)
        turn = 1.0 if phase or abs(overlap) == 0 else overlap / abs(overlap)
        return float(np.abs(b - turn * a).max())
    total = 0.0
    for record in {r for r, _ in wanted} | {r for r, _ in found}:
        left, right = ([s for r, s in side if r == record] for side in (wanted, found))
        for c in range((left or right)[0].shape[1]):
            vectors = np.stack([*(s[:, c] for s in left), *(s[:, c] for s in right)], axis=1)
            sign = np.array([1.0] * len(left) + [-1.0] * len(right))
            r = np.linalg.qr(vectors)[1]
            total += float(np.abs(np.linalg.eigvalsh((r * sign) @ r.conj().T)).sum())
    return total


def records_of(found: list[tuple[Record, Complex]]) -> dict[Record, NDArray[np.float64]]:
    """Return the probability of each record for each starting state."""
    out: dict[Record, NDArray[np.float64]] = {}
    for record, state in found:
        weight = (np.abs(state) ** 2).sum(axis=0)
        out[record] = out.get(record, np.zeros_like(weight)) + weight
    return out
