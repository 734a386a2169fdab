"""A cascade on a line: neighbours meet and change places, so that everybody meets everybody in 2 n - 3 layers.

Three native gates carry a phase and a SWAP together, hence 3 n (n - 1) / 2 gates at depth 6 n - 9: more gates than
sweeps along trees need, in far fewer layers (Fowler, Devitt, Hollenberg 2004, for the Fourier transform).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qcompile.mapping.cascade import Cascade
from qcompile.passes.base import Step
from qcompile.tape import LayoutWitness, Op, Tape

__all__ = ["line_schedule", "with_swaps"]

Ints = NDArray[np.int64]
_ROW_COLUMNS = ("opcode", "angle", "expr", "wide", "payload", "condition", "tag", "origin", "fence")


def line_schedule(tape: Tape, cascade: Cascade) -> tuple[Step, int]:
    """Return the step to a tape whose two-qubit gates join neighbours of `cascade.qubits`, and the number of SWAPs.

    Qubits i < j of the cascade meet in layer i + j and exchange places right after their phase, whether or not there is
    one; only the last pair stays as it is.

    Args:
        tape: A tape.
        cascade: `recognise(tape)`.
    """
    n = len(cascade.qubits)
    kept = np.arange(len(tape))
    one, other = np.triu_indices(n, 1)
    more = one + other != (1 if cascade.reverse else 2 * n - 3)
    one, other = one[more], other[more]
    time = _row_times(tape, cascade)
    swap_time = 4 * (4 * n + 8 - 2 * (one + other) if cascade.reverse else 2 * (one + other)) + 1
    source = np.concatenate([kept, np.full(len(one), -1)])
    pair = np.concatenate([np.full(len(tape), -1), np.arange(len(one))])
    sequence = np.lexsort((np.arange(len(source)), np.concatenate([time, swap_time])))
    source, pair = source[sequence], pair[sequence]
    ends = np.stack([cascade.qubits[one], cascade.qubits[other]], axis=1)
    return with_swaps(tape, source, ends[pair[source < 0]])


def with_swaps(tape: Tape, source: Ints, ends: Ints) -> tuple[Step, int]:
    """Return the step to a tape with SWAPs put in, every row following them, and the number of SWAPs.

    Args:
        tape: A tape.
        source: int64[m], the rows in the order in which they are to run, -1 for a SWAP.
        ends: int64[k, 2], the qubits of `tape` that each SWAP exchanges.
    """
    is_swap = source < 0
    layout = np.arange(tape.n_qubits, dtype=np.int32)
    qubits = np.full((len(source), 2), -1, dtype=np.int32)
    wide = tape.wide_indices.copy()
    pairs = iter(ends.tolist())
    for at, row in enumerate(source.tolist()):
        if row >= 0:
            held = tape.qubits[row]
            qubits[at] = np.where(held >= 0, layout[held], -1)
            if tape.wide[row] >= 0:
                low, high = tape.wide_indptr[tape.wide[row] : tape.wide[row] + 2]
                wide[low:high] = layout[tape.wide_indices[low:high]]
        else:
            a, b = next(pairs)
            qubits[at] = layout[a], layout[b]
            layout[[a, b]] = layout[[b, a]]
    rows = np.where(is_swap, 0, source)
    columns = {name: getattr(tape, name)[rows].copy() for name in _ROW_COLUMNS}
    columns["opcode"][is_swap] = Op.SWAP
    columns["angle"][is_swap] = 0.0
    for name in ("expr", "wide", "payload", "condition", "tag", "origin"):
        columns[name][is_swap] = -1
    columns["fence"][is_swap] = 0
    after = tape.replace(qubits=qubits, wide_indices=wide, **columns)
    events = np.stack([source, np.arange(len(source))], axis=1)
    witness = LayoutWitness(events=events, initial=np.arange(tape.n_qubits), final=layout)
    return Step(tape, after, witness), int(is_swap.sum())


def _row_times(tape: Tape, cascade: Cascade) -> Ints:
    """Return int64[n_rows], four times twice the layer of each row: phases even, gates on one qubit in between."""
    n = len(cascade.qubits)
    place = np.full(tape.n_qubits, -1)
    place[cascade.qubits] = np.arange(n)
    last = 4 * n + 8
    slot = cascade.slot
    own = np.where(tape.arity == 1, place[tape.qubits[:, 0]], 0)
    kind = np.where((slot > 0) & (slot < 8 * n + 16), slot % 8, -1)
    if cascade.reverse:
        time = np.where(kind == 3, last - (2 * (2 * own + 1) - 1), 0)
    else:
        time = np.where(kind == 1, 2 * (2 * own + 1) - 1, np.where(kind == 3, 2 * (own + n - 1) + 1, 0))
    time = np.where(slot >= 8 * n + 16, last + 1 + (slot > 8 * n + 16), time)
    met = 2 * (cascade.star + cascade.mate)
    time[cascade.star_rows] = last - met if cascade.reverse else met
    return 4 * time.astype(np.int64)
