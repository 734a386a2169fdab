"""Dense meaning of tapes on few active qubits: columns of an isometry, and a wide tape cut down to what it uses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from qcompile.tape import Op, Tape
from qcompile.verify.gates import dense_gates

__all__ = ["active_qubits", "basis_columns", "compact", "embed", "tape_isometry", "without_terminal_measurements"]

Complex = NDArray[np.complex128]
Ints = NDArray[np.int32]


def active_qubits(tape: Tape, keep: Iterable[int] = ()) -> Ints:
    """Return the qubits that some row other than a barrier acts on, and those of `keep`, ascending."""
    used = np.zeros(tape.n_qubits, dtype=bool)
    rows = tape.opcode != Op.BARRIER
    pairs = tape.qubits[rows]
    used[pairs[pairs >= 0]] = True
    for row in np.flatnonzero(rows & (tape.wide >= 0)):
        used[list(tape.qubits_of(int(row)))] = True
    used[list(keep)] = True
    return np.flatnonzero(used).astype(np.int32)


def compact(tape: Tape, keep: Iterable[int] = ()) -> tuple[Tape, Ints]:
    """Return the tape on its active qubits only, and which these are: new qubit k was qubit `active[k]`.

    Args:
        tape: Any tape; barriers are dropped.
        keep: Qubits that stay even if no row acts on them.
    """
    active = active_qubits(tape, keep)
    to = np.zeros(tape.n_qubits, dtype=np.int32)
    to[active] = np.arange(active.size)
    names = tuple(tape.qubit_names[q] for q in active)
    kept = tape.take(tape.opcode != Op.BARRIER)
    return kept.relabeled(to, n_qubits=int(active.size), qubit_names=names), active


def embed(states: Complex, qubits: Sequence[int] | Ints, n_qubits: int) -> Complex:
    """Return states of few qubits as states of `n_qubits`: qubit k goes to `qubits[k]`, the others are 0.

    Args:
        states: Shape [k, 2**len(qubits)].
        qubits: Distinct qubits.
        n_qubits: New width.
    """
    width = len(qubits)
    index = np.arange(2**width)
    target = np.zeros(2**width, dtype=np.int64)
    for k, q in enumerate(qubits):
        target |= ((index >> (width - 1 - k)) & 1) << (n_qubits - 1 - int(q))
    out = np.zeros((len(states), 2**n_qubits), dtype=np.complex128)
    out[:, target] = states
    return out


def basis_columns(n_qubits: int, zero: Iterable[int], start: int, stop: int) -> Complex:
    """Return basis states number `start` to `stop` - 1 among those in which the qubits of `zero` are 0, as rows."""
    free = [q for q in range(n_qubits) if q not in set(zero)]
    states = np.zeros((stop - start, 2 ** len(free)), dtype=np.complex128)
    states[np.arange(stop - start), np.arange(start, stop)] = 1
    return embed(states, free, n_qubits)


def tape_isometry(tape: Tape, zero_inputs: Iterable[int] = ()) -> Complex:
    """Return the columns of a numeric unitary tape in which `zero_inputs` start in 0.

    Returns:
        Shape [2**n, 2**(n - number of zero inputs)], phase included; columns in the order of the free qubits' bits.
    """
    zero = sorted(set(zero_inputs))
    rows = basis_columns(tape.n_qubits, zero, 0, 2 ** (tape.n_qubits - len(zero)))
    out: Complex = np.ascontiguousarray(dense_gates(tape).apply(rows).T)
    return out


def without_terminal_measurements(tape: Tape) -> tuple[Tape, dict[tuple[str, int], tuple[int, bool]]]:
    """Return the tape without measurements that nothing follows, and what each of their bits was.

    Returns:
        The rest, and for each (key, bit) the measured qubit and whether its outcome is flipped. A measurement is
        terminal when it is not conditioned and no later row acts on its qubits, reads its key, or writes its bit.
    """
    touched: set[int] = set()
    keys: set[str] = set()
    bits: dict[tuple[str, int], tuple[int, bool]] = {}
    keep = np.ones(len(tape), dtype=bool)
    kept_keys: set[str] = set()
    for row in range(len(tape) - 1, -1, -1):
        if tape.opcode[row] == Op.BARRIER:
            continue
        qubits = tape.qubits_of(row)
        read = tape.conditions[tape.condition[row]].keys if tape.condition[row] >= 0 else ()
        if tape.opcode[row] == Op.MEASURE and not read and not touched.intersection(qubits):
            item = tape.measurements[tape.payload[row]]
            mine = [(item.key, item.offset + k) for k in range(len(qubits))]
            if item.key not in keys and item.key not in kept_keys and bits.keys().isdisjoint(mine):
                keep[row] = False
                for k, q in enumerate(qubits):
                    bits[mine[k]] = (q, k < len(item.invert) and item.invert[k])
                touched.update(qubits)
                continue
        if tape.opcode[row] == Op.MEASURE:
            kept_keys.add(tape.measurements[tape.payload[row]].key)
        touched.update(qubits)
        keys.update(read)
    return tape.take(keep), bits
