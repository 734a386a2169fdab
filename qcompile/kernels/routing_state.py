"""What a router knows while it works: which operations are ready, where qubits sit, what a SWAP would cost here.

A SWAP next to a block on the same two qubits is synthesized together with it, so that it costs less than a lone SWAP
(Canopus, arXiv 2511.04608; MIRAGE, arXiv 2308.03874). The tables of `Site` find that block: an operation on an edge
can still take a SWAP in if everything that came after it, on either qubit, commutes with it.
"""

from __future__ import annotations

import numpy as np

from qcompile.kernels.graphs import IntArray, Wires
from qcompile.kernels.jit import jit

__all__ = [
    "Progress",
    "Site",
    "absorbing_event",
    "block_site",
    "complete",
    "first_random",
    "new_progress",
    "new_site",
    "next_random",
    "note_operation",
    "note_swap",
]

#: (missing[m], cursor[w], left[w], ready[m], count[1]): wires on which an operation still waits; where the current
#: bundle of a wire ends; operations left in it; the stack of operations that became ready and its height.
Progress = tuple[IntArray, IntArray, IntArray, IntArray, IntArray]

#: (edge_event[e], blocked[p], bundle_on[p]): the last event on an edge; the last event on a qubit that later ones
#: cannot be commuted across; the bundle of the latest operation on a qubit.
Site = tuple[IntArray, IntArray, IntArray]


@jit
def new_progress(wires: Wires) -> Progress:
    """Return the state before the first operation, with what is ready at once on the stack, the earliest on top."""
    op_start, _, _, wire_start, wire_op, wire_stop = wires
    m, w = op_start.size - 1, wire_start.size - 1
    missing = np.empty(m, np.int32)
    for k in range(m):
        missing[k] = op_start[k + 1] - op_start[k]
    cursor = np.empty(w, np.int32)
    left = np.zeros(w, np.int32)
    for q in range(w):
        cursor[q] = wire_start[q]
        if wire_start[q] < wire_start[q + 1]:
            cursor[q] = wire_stop[wire_start[q]]
            left[q] = cursor[q] - wire_start[q]
            for k in range(wire_start[q], cursor[q]):
                missing[wire_op[k]] -= 1
    ready = np.empty(m + 1, np.int32)
    count = np.zeros(1, np.int32)
    for k in range(m - 1, -1, -1):
        if missing[k] == 0:
            ready[count[0]] = k
            count[0] += 1
    return missing, cursor, left, ready, count


@jit
def complete(m: int, wires: Wires, progress: Progress) -> None:
    """Mark operation `m` as done and push what becomes ready through it."""
    op_start, op_wire, _, wire_start, wire_op, wire_stop = wires
    missing, cursor, left, ready, count = progress
    for i in range(op_start[m], op_start[m + 1]):
        w = op_wire[i]
        left[w] -= 1
        if left[w] == 0 and cursor[w] < wire_start[w + 1]:
            begin = cursor[w]
            cursor[w] = wire_stop[begin]
            left[w] = cursor[w] - begin
            for k in range(cursor[w] - 1, begin - 1, -1):
                missing[wire_op[k]] -= 1
                if missing[wire_op[k]] == 0:
                    ready[count[0]] = wire_op[k]
                    count[0] += 1


@jit
def new_site(n_physical: int, n_edges: int) -> Site:
    """Return the tables of an untouched machine."""
    return np.full(n_edges, -1, np.int32), np.full(n_physical, -1, np.int32), np.full(n_physical, -1, np.int32)


@jit
def note_operation(event: int, bundle_a: int, bundle_b: int, a: int, b: int, edge: int, site: Site) -> None:
    """Record that an operation ran as `event` on the physical qubits a and b, in these bundles of their wires."""
    edge_event, blocked, bundle_on = site
    if bundle_on[a] != bundle_a:
        blocked[a] = event - 1
    if bundle_on[b] != bundle_b:
        blocked[b] = event - 1
    bundle_on[a], bundle_on[b] = bundle_a, bundle_b
    edge_event[edge] = event


@jit
def note_swap(event: int, a: int, b: int, edge: int, site: Site) -> None:
    """Record that a SWAP ran as `event` on the physical qubits a and b."""
    edge_event, blocked, bundle_on = site
    blocked[a] = blocked[b] = event
    bundle_on[a] = bundle_on[b] = -1
    edge_event[edge] = -1


@jit
def absorbing_event(a: int, b: int, edge: int, site: Site) -> int:
    """Return the event whose block a SWAP on this edge would merge with, or -1."""
    edge_event, blocked, _ = site
    event = edge_event[edge]
    if event > blocked[a] and event > blocked[b]:
        return int(event)
    return -1


@jit
def block_site(qubit: int, event: int, site: Site) -> None:
    """Record that something on one physical qubit must stay after what ran before `event`."""
    _, blocked, bundle_on = site
    blocked[qubit] = event
    bundle_on[qubit] = -1


@jit
def next_random(state: int) -> int:
    """Return the next state of the minimal standard generator, 1 .. 2^31 - 2 (Park and Miller 1988)."""
    return (state * 48271) % 2147483647


@jit
def first_random(seed: int) -> int:
    """Return a state for an integer seed; close seeds give unrelated streams."""
    state = (seed % 2147483563) + 1
    for _ in range(3):
        state = next_random(state ^ 123459876) % 2147483646 + 1
    return state
