"""What a router looks at: the operations that wait, and those after them, by qubit and with weights."""

from __future__ import annotations

from qcompile.kernels.graphs import IntArray, RealArray, Wires
from qcompile.kernels.jit import jit
from qcompile.kernels.routing_state import Progress

__all__ = [
    "COST_WEIGHT",
    "DECAY",
    "DEPTH_WEIGHT",
    "DISCOUNT",
    "EXTENDED_SIZE",
    "EXTENDED_WEIGHT",
    "FAR",
    "NOISE",
    "N_OPTIONS",
    "TURN",
    "look_ahead",
]

# Places in the array of options.
EXTENDED_SIZE, EXTENDED_WEIGHT, DISCOUNT, COST_WEIGHT, DECAY, DEPTH_WEIGHT, TURN, NOISE = 0, 1, 2, 3, 4, 5, 6, 7
N_OPTIONS = 8
#: Distances from here on count as equal when operations on a wire take turns.
FAR = 12


@jit
def look_ahead(
    front: IntArray,
    n_front: int,
    pairs: IntArray,
    wires: Wires,
    progress: Progress,
    options: RealArray,
    memo: tuple[IntArray, IntArray, IntArray, IntArray, IntArray, IntArray],
    entry: tuple[IntArray, IntArray, RealArray, IntArray],
    round_: int,
    layout: IntArray,
    distance: IntArray,
    turns: IntArray,
) -> bool:
    """List the front and the operations after it, by qubit, with weights; return whether any take turns.

    Operations of the front that share a wire commute, and only one of them can be next there: the k-th closest on
    its wire counts TURN^k.

    `entry` is (head[q], next[k], weight[k], partner[k]): for each logical qubit a chain of entries with its partners.
    """
    op_start, op_wire, _, wire_start, wire_op, wire_stop = wires
    missing, cursor, left, _, _ = progress
    op_seen, need, wire_seen, wire_cursor, wire_left, queue = memo
    head, chain, weight, partner = entry
    head[:] = -1
    limit = int(options[EXTENDED_SIZE])
    tail = 0
    for k in range(n_front):
        queue[tail] = front[k]
        tail += 1
    stop = tail
    # Counting sort of the front by distance, on each wire: turns[w, d] becomes the rank of the next one at distance d.
    for k in range(n_front):
        for side in range(2):
            turns[pairs[front[k], side], :] = 0
    for k in range(n_front):
        far = min(distance[layout[pairs[front[k], 0]], layout[pairs[front[k], 1]]], FAR)
        for side in range(2):
            turns[pairs[front[k], side], far] += 1
    for k in range(n_front):
        for side in range(2):
            w = pairs[front[k], side]
            if turns[w, 0] == 0:
                turns[w, 0] = 1
                closer = 0
                for d in range(1, FAR + 1):
                    here = turns[w, d]
                    turns[w, d] = closer
                    closer += here
    sharing = False
    size = 0
    extended = 0
    level_weight = 1.0
    i = 0
    while i < tail and extended <= limit:
        if i == stop:
            level_weight = options[EXTENDED_WEIGHT] if stop == n_front else level_weight * options[DISCOUNT]
            stop = tail
        m = queue[i]
        i += 1
        if pairs[m, 0] >= 0:
            own_weight = level_weight
            if i > n_front:
                extended += 1
            else:
                far = min(distance[layout[pairs[m, 0]], layout[pairs[m, 1]]], FAR)
                rank = 0
                for side in range(2):
                    rank = max(rank, turns[pairs[m, side], far])
                    turns[pairs[m, side], far] += 1
                sharing = sharing or rank > 0
                own_weight = options[TURN] ** rank
            for side in range(2):
                q, other = pairs[m, side], pairs[m, 1 - side]
                chain[size] = head[q]
                weight[size] = own_weight
                partner[size] = other
                head[q] = size
                size += 1
        for j in range(op_start[m], op_start[m + 1]):
            w = op_wire[j]
            if wire_seen[w] != round_:
                wire_seen[w] = round_
                wire_cursor[w] = cursor[w]
                wire_left[w] = left[w]
            wire_left[w] -= 1
            if wire_left[w] == 0 and wire_cursor[w] < wire_start[w + 1]:
                begin = wire_cursor[w]
                wire_cursor[w] = wire_stop[begin]
                wire_left[w] = wire_cursor[w] - begin
                for k in range(begin, wire_cursor[w]):
                    n = wire_op[k]
                    if op_seen[n] != round_:
                        op_seen[n] = round_
                        need[n] = missing[n]
                    need[n] -= 1
                    if need[n] == 0:
                        queue[tail] = n
                        tail += 1
    return sharing
